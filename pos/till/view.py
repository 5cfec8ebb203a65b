"""What a screen paints: plain values, made by the till, without any rule in them."""

from __future__ import annotations

from typing import Literal

import msgspec

from pos.commands import Mode

Tone = Literal["info", "ok", "warn", "error"]


class HeaderView(msgspec.Struct, frozen=True):
    """The top line. The clock is painted by the screen."""

    shop: str
    till: str
    operator: str
    business_date: str
    network: str
    printer: str
    unsent: str
    alarm: str = ""


class LineView(msgspec.Struct, frozen=True):
    """One line of an order; sums are yuan as text. `note` tells of prices and discounts."""

    line_no: int
    name: str
    code: str
    quantity: str
    unit_price: str
    list_amount: str
    net: str
    note: str = ""


class ReceiptPiece(msgspec.Struct, frozen=True):
    """Text of a receipt from screen column `column` on; `code` is painted dark on light."""

    column: int
    text: str
    bold: bool = False
    invert: bool = False
    underline: bool = False
    code: bool = False


ReceiptRows = tuple[tuple[ReceiptPiece, ...], ...]


class OrderView(msgspec.Struct, frozen=True):
    """The order in front of the cashier; `selected` is an index into `lines`, or -1."""

    lines: tuple[LineView, ...]
    selected: int
    pieces: str
    list_total: str
    saved: str
    total: str
    held: int = 0
    customer: str = ""
    delivery: str = ""
    offers: tuple[tuple[str, str], ...] = ()
    """Offers on the order as a whole, with what each takes off."""
    hint: str = ""
    banner: str = ""
    """What kind of order this is, where it is no plain sale."""
    seller: str = ""
    note: str = ""


class TenderView(msgspec.Struct, frozen=True):
    """A tender that was taken."""

    name: str
    amount: str
    reference: str


class PayView(msgspec.Struct, frozen=True):
    """The payment panel: `due` is large; `quick` are keys with the sums they take."""

    total: str
    saved: str
    due: str
    cash_due: str
    tenders: tuple[TenderView, ...]
    quick: tuple[tuple[str, str], ...]


class RefundView(msgspec.Struct, frozen=True):
    """The refund panel: `due` is large, `backs` is how it goes back, `given` what has gone."""

    total: str
    due: str
    backs: tuple[TenderView, ...]
    given: tuple[TenderView, ...] = ()


WalletState = Literal["qr", "waiting", "unknown", "cancelling", "paid", "declined", "late"]


class WalletView(msgspec.Struct, frozen=True):
    """A payment by a wallet: what is, what to do, and the QR to scan while there is one.

    `clock` is the countdown or how long it has been waited; `large`: the QR fills the screen.
    """

    state: WalletState
    way: str
    title: str
    amount: str
    number: str
    clock: str
    hints: tuple[str, ...]
    too_small: str
    qr: str = ""
    large: bool = False


class ChangeView(msgspec.Struct, frozen=True):
    """A sale that is closed on disk: the change stays large until the next key.

    Of a `refund`, `change` is what went back.
    """

    number: str
    total: str
    given: str
    change: str
    tenders: tuple[TenderView, ...]
    receipt: ReceiptRows = ()
    columns: int = 0
    refund: bool = False


class FindView(msgspec.Struct, frozen=True):
    """A list that is searched while one types; `note` says how many there are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    selected: int
    note: str
    right: frozenset[int] = frozenset()
    """Columns of figures."""
    banner: str = ""


class ReceiptView(msgspec.Struct, frozen=True):
    """A receipt as on paper, from row `top` on, `columns` wide."""

    title: str
    rows: ReceiptRows
    columns: int
    top: int


class WorkView(msgspec.Struct, frozen=True):
    """Long work: what is done, how far it is (0 to 1), how it is stopped."""

    title: str
    lines: tuple[str, ...]
    part: float


class ListView(msgspec.Struct, frozen=True):
    """A short list to choose from: by number and Enter, or with the arrows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    selected: int


class CountRow(msgspec.Struct, frozen=True):
    """A note or coin, or another way of paying: what was typed, and what it comes to."""

    name: str
    typed: str
    amount: str
    cash: bool


class CountView(msgspec.Struct, frozen=True):
    """A blind count: nothing here says what is expected. `selected` behind the rows hands it in."""

    title: str
    columns: tuple[str, str, str]
    rows: tuple[CountRow, ...]
    selected: int
    sum_label: str
    cash_sum: str
    submit: str
    note: str = ""


class CountedRow(msgspec.Struct, frozen=True):
    """A way of paying after its count; `verdict` says over, short or even."""

    name: str
    declared: str
    expected: str
    difference: str
    verdict: str
    differs: bool


class CountedView(msgspec.Struct, frozen=True):
    """What differs, once it was handed in."""

    title: str
    columns: tuple[str, str, str, str]
    rows: tuple[CountedRow, ...]
    lines: tuple[str, ...]


class ReportView(msgspec.Struct, frozen=True):
    """A report from row `top` on; `bars` are thousandths of the largest, none where it has none."""

    title: str
    range: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int]
    bars: tuple[int, ...]
    top: int
    note: str


class GridView(msgspec.Struct, frozen=True):
    """A page of keys: each with a name and a price."""

    title: str
    cells: tuple[tuple[str, str, str], ...]


class DialogView(msgspec.Struct, frozen=True):
    """A question in a box over the order: what it is about, and who is asked."""

    title: str
    lines: tuple[str, ...]


class HelpView(msgspec.Struct, frozen=True):
    """The keys: sections of (key, name, sentence); `top` is the first row shown."""

    title: str
    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    top: int


class SignInView(msgspec.Struct, frozen=True):
    """The front page."""

    shop: str
    till: str
    lines: tuple[str, ...]


class PromptView(msgspec.Struct, frozen=True):
    """The one input line. `masked` hides what is typed; `prefix` stands before it (`3 x`)."""

    label: str
    hint: str = ""
    prefix: str = ""
    masked: bool = False


class MessageView(msgspec.Struct, frozen=True):
    """One line for the person at the till."""

    text: str
    tone: Tone


class FooterKey(msgspec.Struct, frozen=True):
    """A key that does something now."""

    key: str
    name: str
    allowed: bool


Panel = (
    PayView
    | RefundView
    | ChangeView
    | ListView
    | DialogView
    | GridView
    | HelpView
    | SignInView
    | FindView
    | ReceiptView
    | WorkView
    | WalletView
    | CountView
    | CountedView
    | ReportView
)


class View(msgspec.Struct, frozen=True):
    """The whole screen. `order` stays visible behind a panel where there is room."""

    mode: Mode
    header: HeaderView
    prompt: PromptView
    footer: tuple[FooterKey, ...]
    order: OrderView | None = None
    panel: Panel | None = None
    message: MessageView | None = None
    busy: bool = False
