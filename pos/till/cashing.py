"""Cash beside sales: the float, in, out, and the drop (解款) before the drawer is too full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pos.access.signing import where_of
from pos.config import fen as fen_of
from pos.money import yuan
from pos.refusal import Refused
from pos.sale import counting as rules
from pos.sale import entry
from pos.sale.counting import Cash
from pos.till import closing, counting, moving, printing, signing
from pos.till.state import Approved, Counting
from pos.words.refusals import fill

if TYPE_CHECKING:
    from pos.record import CashMoved
    from pos.store.ledger import Ledger
    from pos.till.till import Till

Move = Literal["in", "out", "drop"]
_MOVES: dict[str, Move] = {"cash_in": "in", "cash_out": "out", "cash_drop": "drop"}


def ask(till: Till, command: Literal["cash_in", "cash_out", "cash_drop"]) -> None:
    """存入, 支出, 解款: a sum, then a reason; by right or with somebody who has it."""
    words, move = till.words.shifts, _MOVES[command]

    def act(approved: Approved | None) -> None:
        def typed(text: str) -> None:
            _offer_reasons(till, command, move, entry.read_amount(text), approved)

        hint = yuan(till.state.drop_due) if move == "drop" and till.state.drop_due else ""
        moving.ask(till, words.amounts[move], hint, typed)

    signing.guard(till, command, lambda _: None, act)


def _offer_reasons(
    till: Till, command: str, move: Move, fen: int, approved: Approved | None
) -> None:
    if fen <= 0:
        raise Refused("amount_not_positive")
    if fen > rules.MOST_FEN:
        raise Refused("amount_too_large")

    def picked(reason: str) -> None:
        facts = signing.override(till, command, approved, "", yuan(fen))
        where = where_of(till.session)

        def job(ledger: Ledger) -> CashMoved:
            return closing.move_cash(ledger, where, move, fen, reason, *facts)

        def done(fact: CashMoved) -> None:
            if till.spool is not None:
                till.spool.kick()
            printing.take_up(till)
            till.tell(f"{till.words.shifts.moved[move]} {yuan(fact.fen)}  {reason}", "ok")
            look_at_drawer(till)
            till.refresh_header()

        till.write(job, done)

    moving.offer_reasons(till, till.words.shifts.reasons[move], picked)


# --- the float ---


def ask_float(till: Till) -> None:
    """A shift that has no float yet begins with it; Enter takes what was left in the drawer."""
    words, reader, session = till.words.shifts, till.reader, till.session
    if not till.config.settings.shift.ask_float:
        return
    if not closing.wants_float(reader, session.shift_id):
        return
    offered = closing.float_offered(reader, till.config)
    rows = counting.denominations(till)

    def then(now: Counting) -> None:
        if now.typed:
            _keep_float(till, counting.cash_of(till, now), words.float_counted)
        else:
            _keep_float(till, offered, words.float_taken)

    counting.start(
        till, Counting(words.float_title, session.shift_id, rows, then, "selling", offered)
    )


def _keep_float(till: Till, cash: Cash | int, said: str) -> None:
    fen = cash if isinstance(cash, int) else cash.fen
    where = where_of(till.session)

    def done(_: object) -> None:
        till.state.counting, till.state.mode = None, "selling"
        till.tell(fill(said, fen=fen), "ok")
        look_at_drawer(till)

    if not fen:
        done(None)
        return
    till.write(lambda ledger: closing.move_cash(ledger, where, "float", cash, ""), done)


# --- too much cash ---


def look_at_drawer(till: Till) -> None:
    """Whether there is more cash in the drawer than the shop wants to lose."""
    settings, session = till.config.settings.shift, till.state.session
    ceiling = fen_of(settings.drawer_ceiling)
    if not ceiling or session is None:
        till.state.drop_due = 0
        return
    there = closing.drawer_fen(till.reader, session.shift_id, session.business_date)
    till.state.drop_due = rules.drop_due(there, ceiling, fen_of(settings.float))
    till.state.drop_put_off = False
    if till.state.drop_due:
        till.alarm_message(fill(till.words.shifts.drop_now, fen=till.state.drop_due))


def drop_first(till: Till) -> bool:
    """Before an order is paid: ask for the drop, once an order. Cash is taken all the same."""
    state = till.state
    if not state.drop_due or state.drop_put_off:
        return False
    state.drop_put_off = True
    till.alarm_message(fill(till.words.shifts.drop_now, fen=state.drop_due))
    ask(till, "cash_drop")
    return True
