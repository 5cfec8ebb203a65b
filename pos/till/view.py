"""What a screen paints: plain values, made by the till, without any rule in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pos.commands import Mode

Tone = Literal["info", "ok", "warn", "error"]


@dataclass(frozen=True)
class HeaderView:
    """The top line. The clock is painted by the screen."""

    shop: str
    till: str
    operator: str
    business_date: str
    network: str
    printer: str
    unsent: str
    alarm: str = ""


@dataclass(frozen=True)
class LineView:
    """One line of an order; sums are yuan as text. `note` tells of prices and discounts."""

    line_no: int
    name: str
    code: str
    quantity: str
    unit_price: str
    list_amount: str
    net: str
    note: str = ""


@dataclass(frozen=True)
class OrderView:
    """The order in front of the cashier; `selected` is an index into `lines`, or -1."""

    lines: tuple[LineView, ...]
    selected: int
    pieces: str
    list_total: str
    saved: str
    total: str
    held: int = 0


@dataclass(frozen=True)
class TenderView:
    """A tender that was taken."""

    name: str
    amount: str
    reference: str


@dataclass(frozen=True)
class PayView:
    """The payment panel: `due` is large; `quick` are keys with the sums they take."""

    total: str
    saved: str
    due: str
    cash_due: str
    tenders: tuple[TenderView, ...]
    quick: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ChangeView:
    """A sale that is closed on disk: the change stays large until the next key."""

    number: str
    total: str
    given: str
    change: str
    tenders: tuple[TenderView, ...]


@dataclass(frozen=True)
class ListView:
    """A short list to choose from: by number and Enter, or with the arrows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    selected: int


@dataclass(frozen=True)
class DialogView:
    """A question in a box over the order: what it is about, and who is asked."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class HelpView:
    """The keys: sections of (key, name, sentence); `top` is the first row shown."""

    title: str
    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    top: int


@dataclass(frozen=True)
class SignInView:
    """The front page."""

    shop: str
    till: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PromptView:
    """The one input line. `masked` hides what is typed; `prefix` stands before it (`3 x`)."""

    label: str
    hint: str = ""
    prefix: str = ""
    masked: bool = False


@dataclass(frozen=True)
class MessageView:
    """One line for the person at the till."""

    text: str
    tone: Tone


@dataclass(frozen=True)
class FooterKey:
    """A key that does something now."""

    key: str
    name: str
    allowed: bool


Panel = PayView | ChangeView | ListView | DialogView | HelpView | SignInView


@dataclass(frozen=True)
class View:
    """The whole screen. `order` stays visible behind a panel where there is room."""

    mode: Mode
    header: HeaderView
    prompt: PromptView
    footer: tuple[FooterKey, ...]
    order: OrderView | None = None
    panel: Panel | None = None
    message: MessageView | None = None
    busy: bool = False
