"""What can go wrong with an invoice, by name. `_admin/script` gives one to a number, or to the
next request that comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["", "lost", "dropped", "hang", "half", "unavailable"]


@dataclass(frozen=True)
class Script:
    """`answer`: how the first answer fails; `dropped` before anything was taken, `lost` after.

    `fails`: the status it ends in; `signs_after`: reInvoice calls until 24 becomes 2;
    `callbacks`: seconds after the end at which the platform calls back; `form`: what a red form
    comes to; `reject`: a code instead of anything.
    """

    name: str
    does: str
    answer: Answer = ""
    fails: Literal["", "22", "24"] = ""
    cause: str = ""
    signs_after: int = 1
    slow_s: float = 0.0
    callbacks: tuple[float, ...] = (0.0,)
    form: Literal["free", "waiting", "refused", "lapsed", "failed"] = "free"
    reject: str = ""
    hidden_s: float = 0.0


SCRIPTS = (
    Script("good", "issued after a moment, one callback"),
    Script("lost", "taken, the answer is lost", answer="lost"),
    Script("dropped", "not taken, the connection breaks", answer="dropped"),
    Script("hang", "taken, no answer for long", answer="hang"),
    Script("half", "taken, half an answer", answer="half"),
    Script("unavailable", "not taken, HTTP 502", answer="unavailable"),
    Script("lost_hidden", "lost, and unknown for a while", answer="lost", hidden_s=2.0),
    Script("slow", "a long time at 20", slow_s=600.0),
    Script("failed", "ends in 22", fails="22", cause="购方税号在电子税局中不存在"),
    Script("unsigned", "24 until reInvoice", fails="24", cause="签章服务繁忙"),
    Script("never_signed", "24 for good", fails="24", cause="签章失败", signs_after=99),
    Script("callback_late", "called back much later", callbacks=(30.0,)),
    Script("callback_twice", "called back twice", callbacks=(0.0, 0.5)),
    Script("callback_never", "never called back", callbacks=()),
    Script("buyer_confirms", "red form waits for the buyer", form="waiting"),
    Script("buyer_refuses", "red form refused by the buyer", form="refused"),
    Script("form_failed", "red form fails at the bureau", form="failed"),
    Script("rejected", "E4000 whatever it is", reject="E4000"),
)


def script(name: str) -> Script:
    """Raises `LookupError`."""
    for one in SCRIPTS:
        if one.name == name:
            return one
    raise LookupError(name)
