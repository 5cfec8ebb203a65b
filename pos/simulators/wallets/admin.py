"""`/_admin/…`: what a test, or a key of a demonstration, asks of the world behind the provider.

GET ledger, orders, scripts, clock, calls?number=N
POST clock {"set": MOMENT | "advance": SECONDS | "resume": true | "reset": true}
POST script {"script": NAME, "number": out_trade_no or out_refund_no (absent: the next one)}
POST scan {"qr": TEXT or NUMBER, "act": "pay"|"decline"|"wait"}
POST confirm {"order": NUMBER, "act": "pay"|"decline"}
POST foreign {"fen": N, "terminal": TEXT, "kind": "payment"|"refund"}
POST bill {"date": DAY, "script": NAME or ""}
POST settings {NAME: VALUE}
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pos.simulators.wallets.clock import moment_of, rfc3339
from pos.simulators.wallets.scripts import SCRIPTS, Op
from pos.simulators.wallets.server import Reply, Request

if TYPE_CHECKING:
    from pos.simulators.wallets.wallet import WalletSimulator

_OPS: tuple[Op, ...] = (
    "pay",
    "create",
    "query",
    "cancel",
    "close",
    "refund",
    "refund_query",
)


def answer(simulator: WalletSimulator, request: Request) -> Reply:
    """200 with JSON; 404 for what is not there, 409 for what cannot be done, 400 for nonsense."""
    what = request.path.removeprefix("/_admin/")
    try:
        if request.method == "GET":
            return _json(200, _tell(simulator, what, request.query))
        wishes = json.loads(request.body or b"{}")
        if not isinstance(wishes, dict):
            return _json(400, {"error": "a JSON object is wanted"})
        return _json(200, _do(simulator, what, wishes))
    except LookupError as why:
        status = 409 if what in ("scan", "confirm") else 404
        return _json(status, {"error": str(why)})
    except (ValueError, TypeError) as why:
        return _json(400, {"error": str(why)})


def _json(status: int, data: object) -> Reply:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8"})


def _tell(simulator: WalletSimulator, what: str, query: str) -> Any:
    if what == "ledger":
        entries = simulator.ledger()
        paid = sum(entry.fen for entry in entries if entry.kind == "payment")
        left = sum(entry.signed_fen for entry in entries)
        rows = [asdict(entry) | {"time": rfc3339(entry.at)} for entry in entries]
        return {"entries": rows, "charged_fen": paid, "returned_fen": paid - left}
    if what == "orders":
        with simulator.book.open_at_now():
            return {
                "orders": [asdict(order) for order in simulator.book.orders.values()],
                "refunds": [asdict(refund) for refund in simulator.book.refunds.values()],
            }
    if what == "scripts":
        return [asdict(it) for it in SCRIPTS if simulator.wallet in it.wallets]
    if what == "clock":
        return _clock(simulator)
    if what == "calls":
        number = parse_qs(query).get("number", [""])[0]
        return {op: simulator.casting.calls(number, op) for op in _OPS}
    raise LookupError(what)


def _clock(simulator: WalletSimulator) -> dict[str, object]:
    now = simulator.clock.now()
    return {"now": now, "time": rfc3339(now)}


def _do(simulator: WalletSimulator, what: str, wishes: dict[str, Any]) -> Any:
    if what == "clock":
        return _set_clock(simulator, wishes)
    if what == "script":
        return {"script": simulator.casting.give(wishes["script"], wishes.get("number")).name}
    if what == "scan":
        return {"state": simulator.scan(wishes["qr"], _act(wishes))}
    if what == "confirm":
        return {"state": simulator.confirm(wishes["order"], _act(wishes))}
    if what == "foreign":
        if not isinstance(wishes.get("fen"), int) or wishes["fen"] < 1:
            raise ValueError("fen: a whole number above 0")
        terminal = str(wishes.get("terminal", "OTHER-TILL"))
        return {"order": simulator.foreign(wishes["fen"], terminal, wishes.get("kind", "payment"))}
    if what == "bill":
        simulator.set_bill_fault(str(wishes["date"]), str(wishes["script"]))
        return {"date": wishes["date"], "script": wishes["script"]}
    if what == "settings":
        return _set(simulator, wishes)
    raise LookupError(what)


def _act(wishes: dict[str, Any]) -> Any:
    act = wishes.get("act", "pay")
    if act not in ("pay", "decline", "wait"):
        raise ValueError("act: pay, decline or wait")
    return act


def _set_clock(simulator: WalletSimulator, wishes: dict[str, Any]) -> dict[str, object]:
    clock = simulator.clock
    if "set" in wishes:
        moment = wishes["set"]
        clock.set(moment_of(moment) if isinstance(moment, str) else float(moment))
    if "advance" in wishes:
        clock.advance(float(wishes["advance"]))
    if wishes.get("resume"):
        clock.resume()
    if wishes.get("reset"):
        clock.reset()
    simulator.book.keep_clock()
    return _clock(simulator)


def _set(simulator: WalletSimulator, wishes: dict[str, Any]) -> dict[str, Any]:
    known = asdict(simulator.settings)
    for name, value in wishes.items():
        if name not in known:
            raise LookupError(name)
        kind = type(known[name])
        if isinstance(value, bool) or not isinstance(value, (int, kind)):
            raise TypeError(f"{name}: {kind.__name__}")
        if name == "signing" and value not in ("public_key", "certificate", "mixed"):
            raise ValueError("signing: public_key, certificate or mixed")
        setattr(simulator.settings, name, kind(value))
    return asdict(simulator.settings)
