"""A payment by a wallet as the screen shows it: what is, how long, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.commands import shown_key
from pos.money import yuan
from pos.payments.attempt import parkable, shows_qr
from pos.payments.row import Attempt
from pos.till import panels
from pos.till.view import Panel, PromptView, WalletState, WalletView
from pos.words.payments import tell

if TYPE_CHECKING:
    from pos.till.till import Till

_STATES: dict[str, WalletState] = {
    "created": "waiting",
    "sending": "waiting",
    "waiting": "waiting",
    "unknown": "unknown",
    "cancelling": "cancelling",
    "paid": "paid",
    "decided_paid": "paid",
    "paid_late": "late",
}


HINTED = (
    *("back", "wechat", "alipay", "pay_query", "pay_park", "pay_large", "pay_print"),
    *("unresolved", "payment_decide"),
)
"""Commands whose keys the hints tell."""
_NOT_YET = ("not_paid_yet", "not_found")
"""Of a QR that nobody has scanned this is all there is to know (Alipay has no order before)."""


def header(till: Till) -> str:
    """How many are unresolved beside the one on the screen; empty where there is none."""
    shown = till.state.wallet is not None and till.state.wallet.unresolved
    count = till.state.unresolved - int(shown)
    return till.words.wallets.count.format(count=count) if count > 0 else ""


def prompt(till: Till) -> PromptView:
    """The entry line, where nothing is typed now."""
    words, wallet = till.words.wallets, till.state.wallet
    if wallet is None or not wallet.live:
        return PromptView(words.prompt_settled)
    return PromptView(words.prompt.format(way=way_name(till, wallet.channel)))


def panel(till: Till) -> Panel | None:
    """The payment on the screen, or what is due where it was put away."""
    return panels.pay(till) if till.state.wallet is None else view(till, till.state.wallet)


def view(till: Till, wallet: Attempt) -> WalletView:
    """The payment on the screen."""
    words, now = till.words.wallets, till.clock.now()
    way = way_name(till, wallet.channel)
    scanned = shows_qr(wallet)
    kind: WalletState = "qr" if scanned else _STATES.get(wallet.state, "declined")
    if wallet.live and wallet.cancel_asked:
        kind = "cancelling"
    name = "cancelling" if kind == "cancelling" else "qr" if scanned else wallet.state
    keys = {command: shown_key(till.keymap.key_of(command)) for command in HINTED}
    hints = [words.hints[name].format(way=way, **keys)] if name in words.hints else []
    if wallet.reason and not (scanned and wallet.reason in _NOT_YET):
        hints.insert(0, tell(till.words.payments, wallet.reason))
    if parkable(wallet, now):
        hints.append(words.hints["parkable"].format(**keys))
    clock = ""
    if scanned and wallet.expires_at is not None:
        left = max(0, int((wallet.expires_at - now).total_seconds()))
        clock = words.left.format(seconds=left)
    elif wallet.live and wallet.sent_at is not None:
        waited = max(0, int((now - wallet.sent_at).total_seconds()))
        clock = words.waited.format(seconds=waited)
    return WalletView(
        state=kind,
        way=way,
        title=words.titles[name],
        amount=yuan(wallet.charge.fen),
        number=wallet.charge.out_trade_no,
        clock=clock,
        hints=tuple(hints),
        too_small=words.show_code,
        qr=wallet.qr if scanned else "",
        large=till.state.wallet_large,
    )


def way_name(till: Till, channel: str) -> str:
    """A way to pay in words."""
    return till.words.slips.ways.get(channel, channel)
