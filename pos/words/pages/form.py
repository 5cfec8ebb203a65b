"""The words a page may need; a missing one is a type error."""

from __future__ import annotations

import msgspec

from pos.words.pages.invoicing import InvoicingWords


class PageWords(msgspec.Struct, frozen=True):
    """`denied` by why a page is not shown, `done` by what a form did."""

    # refusals
    sign_in_wrong: str
    sign_in_wait: str
    sign_in_crowd: str
    account_name: str
    account_there: str
    account_unknown: str
    account_role: str
    account_last: str
    shop_unknown: str
    password_wrong: str
    password_differs: str
    password_short: str
    password_weak: str
    date_form: str
    number_form: str
    order_unknown_here: str
    link_waiting: str
    link_not_here: str
    invoice_at_counter: str
    invoice_other_buyer: str
    invoice_exists_here: str
    invoice_tries: str
    invoice_crowd: str
    invoice_shop_setup: str
    record_unknown: str
    note_missing: str
    aside_settled: str
    # frame
    title: str
    brand: str
    menu: str
    language: str
    sign_out: str
    sign_in: str
    back: str
    sorry: str
    home: str
    nothing: str
    all_shops: str
    show: str
    shop: str
    till: str
    day: str
    when: str
    nav: dict[str, str]
    weekdays: tuple[str, ...]
    denied: dict[str, str]
    done: dict[str, str]
    # the customer's page
    invoicing: InvoicingWords
    receipt: str
    order_number: str
    invoiceable: str
    invoice_until: str
    invoice_how: str
    invoices: str
    invoice_red_part: str
    invoice_states: dict[str, str]
    # signing in
    name: str
    password: str
    sign_in_hint: str
    old_password: str
    new_password: str
    again: str
    password_hint: str
    must_change: str
    save: str
    role: str
    roles: dict[str, str]
    new_account: str
    open: str
    close: str
    closed: str
    reset: str
    fresh_password: str
    waits_change: str
    # today
    takings: str
    orders: str
    average: str
    returns: str
    voided: str
    against: str
    against_so_far: str
    by_hour: str
    by_shop: str
    hour: str
    a_week_ago: str
    as_table: str
    ways_title: str
    ways: dict[str, str]
    best: str
    refreshed: str
    alerts: dict[str, str]
    # tills
    seen: str
    pending: str
    oldest: str
    rejected: str
    version: str
    skew: str
    never: str
    till_states: dict[str, str]
    seen_states: dict[str, str]
    silent: str
    epochs: str
    epoch: str
    records: str
    gapless_to: str
    made_into_tables: str
    fenced_at: str
    gaps: str
    gap_kinds: dict[str, str]
    since: str
    forks: str
    fork: str
    late: str
    late_hint: str
    # orders
    number: str
    number_hint: str
    kinds: dict[str, str]
    operator: str
    total: str
    tax: str
    rounding: str
    change: str
    given: str
    reference: str
    goods: str
    quantity: str
    price: str
    amount: str
    list_price: str
    tenders: str
    back_with: str
    return_of: str
    order_states: dict[str, str]
    next_page: str
    previous_page: str
    previous_day: str
    next_day: str
    today: str
    reason: str
    # rejected and conflicts
    aside_hint: str
    verdicts: dict[str, str]
    open_ones: str
    with_settled: str
    received: str
    record: str
    bytes: str
    kept_here: str
    hash: str
    signature: str
    note: str
    note_hint: str
    settle: str
    settled_by: str
    flaws: str
    flaws_hint: str
    no_aside: str
    account_made: str
    # goods and prices
    product_unknown: str
    product_name: str
    product_there: str
    product_code: str
    code_there: str
    new_product: str
    new_unit: str
    barcode: str
    sku_hint: str
    tax_rate: str
    sold_by: str
    by_piece: str
    by_weight: str
    price_new_missing: str
    price_form: str
    price_large: str
    price_member: str
    price_lowest: str
    price_begun: str
    time_form: str
    time_past: str
    time_far: str
    whole_only: str
    quantity_form: str
    find: str
    find_hint: str
    unit: str
    category: str
    barcodes: str
    item_code: str
    price_now: str
    member_price: str
    lowest_price: str
    new_price: str
    effective: str
    effective_hint: str
    change_price: str
    prices: str
    price_states: dict[str, str]
    always: str
    take_back: str
    product_data: str
    low_from: str
    on_sale: str
    off_sale: str
    changes_log: str
    changed_by: str
    change_kinds: dict[str, str]
    first_n: str
    no_products: str
    # low stock
    on_hand: str
    below_nothing: str
    low_hint: str
    no_low: str
    # closes
    z_told: str
    z_arrived: str
    agrees: str
    differs: str
    not_closed: str
    over_short: str
    counted_not: str
    closed_by_itself: str
    shifts: str
    drawer: str
    declared: str
    expected: str
    approver: str
    no_closes: str
    closes_differ: str
    # reconciliation
    bill_missing: str
    channel: str
    bill_file: str
    bill_hint: str
    upload: str
    matched: str
    fees: str
    differences: str
    waiting: str
    unreadable: str
    bill_incomplete: str
    classes: dict[str, str]
    all_classes: str
    explained: str
    by_till: str
    of_bill: str
    of_records: str
    difference: str
    nobodys: str
    bill_line: str
    settled_at_till: str
    no_differences: str
    last_runs: str
    not_matched: str
