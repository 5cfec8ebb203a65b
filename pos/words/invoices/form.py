"""The words of invoices; a missing one is a type error."""

from __future__ import annotations

import msgspec


class InvoiceWords(msgspec.Struct, frozen=True):
    """One field for each word; braces are filled in. The first are refusals."""

    # the buyer
    invoice_title_missing: str
    invoice_title_long: str
    invoice_title_sign: str
    invoice_title_formula: str
    invoice_special_person: str
    invoice_tax_id_missing: str
    invoice_tax_id_wrong: str
    invoice_tax_id_doubtful: str
    invoice_id_wrong: str
    invoice_email_wrong: str
    invoice_mobile_wrong: str
    invoice_field_long: str
    invoice_field_sign: str
    invoice_field_formula: str
    # the order
    invoice_nothing: str
    invoice_returned: str
    invoice_stored: str
    invoice_prepaid_special: str
    invoice_too_large: str
    invoice_too_many: str
    invoice_rate: str
    invoice_waiver: str
    invoice_code_missing: str
    invoice_code_unknown: str
    invoice_code_general: str
    # the shop's settings and files
    invoice_codes_missing: str
    invoice_codes_header: str
    invoice_codes_empty: str
    invoice_setting_missing: str
    template_missing: str
    template_damaged: str
    template_header: str
    template_filled: str
    template_column: str
    template_long: str
    template_choice: str
    template_readback: str
    invoice_none: str
    invoice_stopped: str
    # what was asked for
    invoice_off: str
    invoice_not_here: str
    invoice_voided: str
    invoice_late: str
    invoice_pending: str
    invoice_exists: str
    invoice_unknown: str
    invoice_not_issued: str
    invoice_red_first: str
    invoice_erased: str
    invoice_number_wrong: str
    invoice_no_address: str
    invoice_not_delivered: str
    invoice_not_workbook: str
    # lists and progress
    states: dict[str, str]
    red_states: dict[str, str]
    causes: dict[str, str]
    day: str
    none: str
    day_title: str
    day_hint: str
    day_columns: tuple[str, ...]
    filters: dict[str, str]
    batch: str
    batch_stop: str
    batch_stopped: str
    batch_done: str
    batch_refused: str
    batch_file: str
    batch_file_hint: str
    export_to: str
    export_hint: str
    export_done: str
    invoice_none_listed: str
    invoice_none_failed: str
    progress: str
    left: str
    exported: str
    delivered: str
    special: str
    at_headoffice: str
    above: dict[str, str]
    # the key
    acts: dict[str, str]
    columns: tuple[str, ...]
    kinds: tuple[str, str, str]
    reasons: tuple[str, ...]
    ask_kind: str
    ask_title: str
    ask_title_hint: str
    ask_title_person: str
    ask_tax_id: str
    ask_tax_hint: str
    ask_sent_to: str
    ask_sent_to_hint: str
    ask_keep: str
    tax_id_ok: str
    tax_id_doubt: str
    asked: str
    asking: str
    issued_news: str
    failed_news: str
    red_news: str
    red_failed_news: str
    # red letters
    invoice_red_already: str
    invoice_red_row: str
    invoice_red_too_much: str
    invoice_red_none: str
    invoice_none_back: str
    red_title: str
    red_columns: tuple[str, ...]
    red_send: str
    red_quantity: str
    red_quantity_hint: str
    red_cause: str
    red_asked: str
    # the code for the customer's phone
    invoice_no_link: str
    code_title: str
    code_until: str
    code_hint: str
    code_too_small: str
    # the link on a receipt
    link_forged: str
    link_expired: str
