"""Products looked after at the counter: made, changed, switched off, imported; each by right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.access.signing import where_of
from pos.config import basis_points
from pos.money import yuan
from pos.refusal import Refused
from pos.sale import entry
from pos.store.finding import FoundProduct
from pos.text import clean, clean_code
from pos.till import finding, importing, moving, selling, signing
from pos.till.state import Approved

if TYPE_CHECKING:
    from pos.store.ledger import Ledger
    from pos.till.till import Till

LONGEST_NAME = 80


def create(till: Till, text: str) -> None:
    """Make a product of a barcode nobody knows: name, then price; it goes on the order."""
    code = clean_code(text) or till.state.unknown
    if not code:
        raise Refused("code_first")
    if till.reader.product(code) is not None:
        raise Refused("barcode_known", code=code)

    def act(approved: Approved | None) -> None:
        words = till.words.finding

        def named(name: str) -> None:
            name = _name(name)

            def priced(amount: str) -> None:
                _make(till, code, name, entry.read_amount(amount), approved)

            moving.ask(till, words.new_price.format(name=name), "", priced)

        moving.ask(till, words.new_product.format(code=code), "", named, free=True)

    _guarded(till, "new_product", act)


def _make(till: Till, code: str, name: str, fen: int, approved: Approved | None) -> None:
    if fen <= 0:
        raise Refused("price_out_of_range")
    tax = basis_points(till.config.settings.tax.default_rate)
    values = {"name": name, "unit": "件", "price_fen": fen, "tax_bp": tax}
    where = where_of(till.session)
    facts = signing.override(till, "new_product", approved, "", f"{code} {yuan(fen)}")

    def made(product_id: int) -> None:
        till.state.unknown = ""
        till.tell(till.words.finding.new_made.format(name=name), "ok")
        importing.keep_initials(till, product_id, name)
        if till.state.mode == "products":
            finding.search(till, code)
        else:
            selling.entered(till, code)

    def job(ledger: Ledger) -> int:
        from pos.store import products  # SQLModel loads in the ledger's thread

        return products.create(ledger, values, code, where, *facts)

    till.write(job, made)


def edit_price(till: Till, product: FoundProduct) -> None:
    """Change the list price of a product."""
    words = till.words.finding

    def act(approved: Approved | None) -> None:
        def priced(text: str) -> None:
            fen = entry.read_amount(text)
            if fen <= 0:
                raise Refused("price_out_of_range")
            after = yuan(fen)
            _edit(till, product, {"price_fen": fen}, "edit_price", approved, after)

        moving.ask(till, words.price_of.format(name=product.name), yuan(product.price_fen), priced)

    _guarded(till, "edit_price", act)


def edit_name(till: Till, product: FoundProduct) -> None:
    """Change the name of a product."""
    words = till.words.finding

    def act(approved: Approved | None) -> None:
        def named(text: str) -> None:
            name = _name(text)
            _edit(till, product, {"name": name}, "edit_name", approved, name)
            importing.keep_initials(till, product.product_id, name)

        moving.ask(till, words.name_of.format(name=product.name), "", named, free=True)

    _guarded(till, "edit_name", act)


def switch(till: Till, product: FoundProduct) -> None:
    """Switch a product off, or on again."""

    def act(approved: Approved | None) -> None:
        on = 0 if product.active else 1
        _edit(till, product, {"active": on}, "switch_product", approved, str(on))

    _guarded(till, "switch_product", act)


def _edit(
    till: Till,
    product: FoundProduct,
    values: dict[str, object],
    command: str,
    approved: Approved | None,
    after: str,
) -> None:
    where, words = where_of(till.session), till.words.finding
    facts = signing.override(till, command, approved, product.sku, after)
    said = words.edited
    if "active" in values:
        said = words.enabled if values["active"] else words.disabled

    def done(_: object) -> None:
        finding.again(till)
        till.tell(said.format(name=product.name), "ok")

    def job(ledger: Ledger) -> None:
        from pos.store import products

        products.edit(ledger, product.product_id, values, where, *facts)

    till.write(job, done)


def ask_import(till: Till) -> None:
    """Import a product file: checked in a process of its own, put in at once, stoppable."""
    words = till.words.finding

    def act(approved: Approved | None) -> None:
        def named(path: str) -> None:
            importing.start(till, path, approved)

        moving.ask(till, words.import_file, words.import_hint, named, free=True)

    _guarded(till, "import_products", act)


def _guarded(till: Till, command: str, act: Any) -> None:
    if till.config.settings.catalog.owner != "till":
        raise Refused("catalog_owned")
    signing.guard(till, command, lambda _: None, act)


def _name(text: str) -> str:
    name = clean(text, LONGEST_NAME)
    if not name:
        raise Refused("name_missing")
    return name
