"""What can go wrong, as data: each script is one customer, one network and one right end.

A script is chosen by the last four digits of the payment code (`99NN`), by the amount
(8888.NN yuan, which is the way for a QR order), or by a call to the administration; the number
of an order or of a refund can be given its script before it exists.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any, Literal

Wallet = Literal["wechat", "alipay"]
Flow = Literal["code", "qr", "refund", "bill"]
End = Literal["paid", "not_paid", "returned", "refunded", "refund_failed", "bill"]
Op = Literal["pay", "create", "query", "cancel", "close", "refund", "refund_query"]
Decline = Literal["", "balance", "expired", "invalid", "declined", "blocked", "bank"]
RefundEnd = Literal["success", "abnormal", "closed"]

BOTH: tuple[Wallet, ...] = ("wechat", "alipay")
AMOUNT_BASE_FEN = 888_800

# Nothing has been done when the answer goes wrong / all has been done and only the answer is wrong.
BEFORE = frozenset(
    {"lost_before", "hang_before", "system_before", "portal", "rate_limited", "paying", "recall"}
    | {"not_done", "late_arrival", "short"}
)
AFTER = frozenset(
    {"lost", "hang", "system", "slow", "cut_off", "twice"}
    | {"wrong_amount", "wrong_id", "wrong_merchant", "odd_text", "unsigned_error"}
    | {"bad_signature", "stale", "unknown_serial", "unsigned"}
)


@dataclass(frozen=True)
class Script:
    """`faults` are told per call: the first `pay` gets the first fault, and "" is none.

    `charged` and `returned` say how often the amount is taken and given back when the till does
    everything right; `end` is the state the till must reach. Times are seconds of the
    provider's clock.
    """

    number: int
    name: str
    flows: tuple[Flow, ...]
    does: str
    end: End
    charged: int
    returned: int = 0
    wallets: tuple[Wallet, ...] = BOTH
    decline: Decline = ""
    asks: bool = False  # the customer has to do something first
    scan_after_s: float | None = None  # QR: None waits for somebody at the administration
    act: Literal["", "pay", "decline"] = ""
    after_s: float | None = None
    after_queries: int | None = None
    cancel_act_s: float | None = None  # the customer pays so long after the first cancel
    late_s: float | None = None  # money appears so long after the order was thought over
    late_from: tuple[str, ...] = ("closed", "revoked")
    auto_revoke: bool = True
    faults: dict[Op, tuple[str, ...]] = field(default_factory=dict)
    refund: RefundEnd = "success"
    refund_after_s: float = 0.0
    coupon: bool = False


def _code(number: int, name: str, does: str, end: End = "paid", **more: Any) -> Script:
    charged = {"paid": 1, "not_paid": 0, "returned": 1}[end]
    back = 1 if end == "returned" else 0
    return Script(number, name, ("code",), does, end, charged, back, **more)


def _answer(number: int, fault: str, does: str, end: End = "paid", **more: Any) -> Script:
    return _code(number, fault, does, end, faults={"pay": (fault,)}, **more)


def _qr(number: int, name: str, does: str, end: End = "paid", **more: Any) -> Script:
    charged = {"paid": 1, "not_paid": 0, "returned": 1}[end]
    back = 1 if end == "returned" else 0
    return Script(number, name, ("qr",), does, end, charged, back, **more)


def _refund(number: int, name: str, does: str, end: End = "refunded", **more: Any) -> Script:
    back = 1 if end == "refunded" else 0
    return Script(number, name, ("refund", "code"), does, end, 1, back, **more)


def _bill(number: int, name: str, does: str, wallets: tuple[Wallet, ...] = BOTH) -> Script:
    return Script(number, name, ("bill",), does, "bill", 0, 0, wallets)


_QUIET: dict[str, Any] = {"asks": True, "auto_revoke": False}

SCRIPTS: tuple[Script, ...] = (
    Script(0, "paid", ("code", "qr"), "paid at once; a QR waits to be scanned", "paid", 1),
    _code(
        2,
        "asks_then_pays",
        "password asked, paid after two queries",
        asks=True,
        act="pay",
        after_queries=2,
    ),
    _code(
        3,
        "asks_then_pays_20s",
        "password asked, paid after 20 s",
        asks=True,
        act="pay",
        after_s=20,
    ),
    _code(
        4,
        "asks_then_declines",
        "password asked, customer gives up after two queries",
        "not_paid",
        asks=True,
        act="decline",
        after_queries=2,
    ),
    _code(
        5,
        "asks_for_ever",
        "password asked, nobody answers; WeChat revokes at 45 s",
        "not_paid",
        asks=True,
    ),
    _code(6, "balance_short", "declined: not enough money", "not_paid", decline="balance"),
    _code(7, "code_expired", "declined: the code is too old", "not_paid", decline="expired"),
    _code(8, "code_invalid", "declined: no such code", "not_paid", decline="invalid"),
    _code(9, "declined", "declined by the wallet's rules", "not_paid", decline="declined"),
    _code(10, "account_blocked", "declined: account abnormal", "not_paid", decline="blocked"),
    _code(
        11,
        "bank_error",
        "500 BANK_ERROR, nothing charged",
        "not_paid",
        decline="bank",
        wallets=("wechat",),
    ),
    _answer(12, "system_before", "system error, nothing done", "not_paid"),
    _answer(13, "system", "system error although the money moved"),
    _answer(14, "lost_before", "connection closed, nothing done", "not_paid"),
    _answer(15, "lost", "connection closed after the money moved: the answer is lost"),
    _answer(16, "hang_before", "no answer, nothing done", "not_paid"),
    _answer(17, "hang", "no answer although the money moved"),
    _code(
        18,
        "accepted",
        "accepted (202 / 10003), paid after 3 s without a password",
        asks=True,
        act="pay",
        after_s=3,
    ),
    _answer(19, "portal", "a captive portal answers 200 with HTML, nothing done", "not_paid"),
    _answer(20, "wrong_amount", "paid, the answer names another amount"),
    _answer(21, "wrong_id", "paid, the answer names another order"),
    _answer(22, "bad_signature", "paid, the answer is signed by another key"),
    _answer(23, "stale", "paid, the answer's signature is an hour old", wallets=("wechat",)),
    _answer(24, "unknown_serial", "paid, the answer names a key nobody knows"),
    _answer(25, "unsigned", "paid, the answer carries no signature"),
    _answer(26, "cut_off", "paid, the connection closes in the middle of the answer"),
    _answer(27, "slow", "paid, the answer takes its time"),
    _answer(28, "rate_limited", "refused: too many calls; nothing done", "not_paid"),
    _answer(29, "twice", "the request arrives twice; charged once"),
    _code(
        30,
        "pays_as_reversed",
        "the customer pays between the last query and the cancel; it is given back",
        "returned",
        cancel_act_s=0,
        **_QUIET,
    ),
    _code(
        31,
        "reverse_fails_first",
        "nobody pays; the cancel fails twice, then works",
        "not_paid",
        faults={"cancel": ("system_before", "system_before")},
        **_QUIET,
    ),
    _code(
        32,
        "reverse_refused",
        "the cancel is refused twice while the customer is paying, then works",
        "not_paid",
        faults={"cancel": ("paying", "paying")},
        wallets=("wechat",),
        **_QUIET,
    ),
    _code(
        33,
        "reverse_not_done",
        "the cancel answers well and does nothing; the customer pays 5 s later",
        "returned",
        cancel_act_s=5,
        faults={"cancel": ("not_done",)},
        **_QUIET,
    ),
    _code(
        34,
        "late_success",
        "cancelled and confirmed; 120 s later the money is there",
        "returned",
        late_s=120,
        **_QUIET,
    ),
    _code(
        35,
        "failed_then_charged",
        "PAYERROR; charged 60 s later if nobody reverses it",
        "not_paid",
        act="decline",
        after_queries=1,
        late_s=60,
        late_from=("failed",),
        wallets=("wechat",),
        **_QUIET,
    ),
    _answer(36, "late_arrival", "the request is lost on its way and arrives 30 s later"),
    _code(
        37,
        "query_system_errors",
        "password asked; three queries fail, then it is paid",
        asks=True,
        act="pay",
        after_queries=1,
        faults={"query": ("system_before",) * 3},
    ),
    _code(
        38,
        "query_wrong_amount",
        "the answer is lost and the first query names another amount",
        faults={"pay": ("lost",), "query": ("wrong_amount",)},
    ),
    _code(
        39,
        "query_bad_signature",
        "the answer is lost and the first query is signed by another key",
        faults={"pay": ("lost",), "query": ("bad_signature",)},
    ),
    _code(
        40,
        "query_lost",
        "the answer is lost and so are the first two queries",
        faults={"pay": ("lost",), "query": ("lost", "lost")},
    ),
    _code(
        41,
        "reverse_recall",
        "nobody pays; the first cancel says: call again (recall / retry_flag Y)",
        "not_paid",
        faults={"cancel": ("recall",)},
        **_QUIET,
    ),
    _code(
        42,
        "reverse_lost",
        "nobody pays; the cancel works and its answer is lost",
        "not_paid",
        faults={"cancel": ("lost",)},
        **_QUIET,
    ),
    _answer(43, "wrong_merchant", "paid, the answer names another merchant", wallets=("wechat",)),
    _answer(44, "odd_text", "paid, braces, quotes and emoji in the answer's text"),
    _answer(45, "unsigned_error", "paid, the answer is an unsigned error", wallets=("alipay",)),
    _code(46, "coupon", "paid with a coupon: the customer pays less", coupon=True),
    _qr(50, "qr_paid", "scanned after 2 s and paid", scan_after_s=2, act="pay", after_s=0),
    _qr(
        51,
        "qr_scanned_late",
        "scanned after 20 s, paid 10 s later",
        scan_after_s=20,
        act="pay",
        after_s=10,
    ),
    _qr(52, "qr_never", "nobody scans", "not_paid"),
    _qr(
        53,
        "qr_declined",
        "scanned after 5 s, not paid",
        "not_paid",
        scan_after_s=5,
        act="decline",
        after_s=10,
    ),
    _qr(
        54,
        "qr_paid_after_close",
        "closed and confirmed; 30 s later the money is there",
        "returned",
        scan_after_s=5,
        late_s=30,
    ),
    _qr(
        55,
        "qr_pays_as_closed",
        "the customer pays as the close arrives",
        "returned",
        scan_after_s=5,
        cancel_act_s=0,
    ),
    _qr(
        56,
        "qr_answer_lost",
        "the answer with the QR is lost: nobody can scan",
        "not_paid",
        faults={"create": ("lost",)},
    ),
    _qr(
        57, "qr_customer", "scanned after 6 s, paid 3 s later", scan_after_s=6, act="pay", after_s=3
    ),
    _refund(60, "refund_slow", "the refund takes 30 s", refund_after_s=30),
    _refund(
        61,
        "refund_abnormal",
        "the refund ends ABNORMAL: a person must see to it",
        "refund_failed",
        refund="abnormal",
        wallets=("wechat",),
    ),
    _refund(
        62,
        "refund_closed",
        "the refund ends CLOSED: another number is needed",
        "refund_failed",
        refund="closed",
        wallets=("wechat",),
    ),
    _refund(63, "refund_lost", "refunded, the answer is lost", faults={"refund": ("lost",)}),
    _refund(
        64,
        "refund_system_error",
        "system error, nothing done; the same number works next time",
        faults={"refund": ("system_before",)},
    ),
    _refund(
        65,
        "refund_short",
        "the merchant's balance is too low the first time",
        faults={"refund": ("short",)},
    ),
    _refund(
        66,
        "refund_bad_signature",
        "refunded, the answer is signed by another key",
        faults={"refund": ("bad_signature",)},
    ),
    _bill(70, "bill_creating", "the bill is still being made"),
    _bill(71, "bill_none", "no bill: nothing was traded that day"),
    _bill(72, "bill_hash", "the file is not the one that was hashed", ("wechat",)),
    _bill(73, "bill_missing_row", "the last payment is not in the bill"),
    _bill(74, "bill_extra_row", "the bill has a payment nobody made"),
    _bill(75, "bill_fee_off", "a fee is one yuan too high"),
    _bill(76, "bill_amount_off", "an amount is one yuan too high"),
    _bill(77, "bill_sum_off", "the summary does not add up"),
)
BY_NAME = {script.name: script for script in SCRIPTS}
BY_NUMBER = {script.number: script for script in SCRIPTS}
DEFAULT = BY_NAME["paid"]


def fits(script: Script, wallet: Wallet, flow: Flow) -> bool:
    return wallet in script.wallets and flow in script.flows


def by_code(code: str, wallet: Wallet) -> Script | None:
    """The script a payment code asks for: its last four digits are `99NN`."""
    if len(code) < 4 or code[-4:-2] != "99":
        return None
    script = BY_NUMBER.get(int(code[-2:]))
    return script if script and fits(script, wallet, "code") else None


def by_amount(fen: int, wallet: Wallet, flow: Flow) -> Script | None:
    """The script an amount asks for: 8888.NN yuan."""
    script = BY_NUMBER.get(fen - AMOUNT_BASE_FEN)
    return script if script and fits(script, wallet, flow) else None


def code_for(script: Script, wallet: Wallet, serial: int = 0) -> str:
    """A payment code of 18 digits that asks for `script`; `serial` makes it a fresh one."""
    prefix = "13" if wallet == "wechat" else "28"
    return f"{prefix}{serial:012d}99{script.number:02d}"


def table() -> str:
    """All scripts as text, the one in the package's docstring. W WeChat, A Alipay; c code, q QR,
    r refund, b bill."""
    lines = [f"NN {'name':20} who how {'end':13} +/- what happens"]
    for script in SCRIPTS:
        who = "".join(it[0].upper() for it in script.wallets)
        how = "".join(it[0] for it in script.flows)
        head = f"{script.number:02d} {script.name:20} {who:3} {how:3} {script.end:13}"
        words = textwrap.wrap(script.does, 46)
        lines.append(f"{head} {script.charged}/{script.returned} {words[0]}")
        lines += [" " * 49 + more for more in words[1:]]
    return "\n".join(lines)
