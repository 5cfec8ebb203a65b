"""A sale without a screen that a customer's payment code pays.

The attempt is on disk before the wallet is asked, as at the counter: an outcome that stays unknown
leaves the order on hold and the attempt to be looked after (`pos payment recover`, or the till when
it starts). The code itself is in memory only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.access.rights import require
from pos.access.signing import where_of
from pos.config import Config
from pos.money import yuan
from pos.payments.attempt import parkable
from pos.payments.codes import PaymentCode, read_code
from pos.payments.row import Attempt, Park
from pos.refusal import Refused
from pos.sale import tenders
from pos.sale.order import Order
from pos.system import read_private
from pos.till import attempting, gateways
from pos.till.attempting import TAKEN, Done
from pos.till.headless import Headless, Tendered
from pos.till.settling import Settler
from pos.words import CATALOGUE

if TYPE_CHECKING:
    from pos.store.ledger import Ended, Ledger

ReadCode = Callable[[], str]


class ByCode:
    """Takes one order's money from a wallet, the rest of it after that."""

    def __init__(self, config: Config, ledger: Ledger, till: Headless, settler: Settler) -> None:
        self._config, self._ledger, self._till, self._settler = config, ledger, till, settler
        self._words = CATALOGUE[config.settings.till.language]

    def sell(
        self,
        codes: Sequence[str],
        ask_code: ReadCode,
        channel: str,
        fen: int | None,
        rest: Sequence[Tendered],
        seconds: float,
    ) -> Ended:
        """`fen` by the wallet (None: all that `rest` leaves), then `rest`; for at most so long.

        Everything that can be refused is before the code is read. `channel` is empty where the code
        says whose it is. Refused: what a sale and a wallet refuse; sell_not_paid where the wallet
        said no, and the order is void; sell_unresolved where it did not answer.
        """
        require("cli.sell", self._till.session)
        if self._config.training:
            raise Refused("training_refuses")
        order = self._till.order(codes)
        fen = self._check(order, fen, rest)
        if channel:
            self._check_enabled(channel)
        code = read_code(ask_code())
        if code.wallet not in gateways.CHANNELS or (channel and code.wallet != channel):
            raise Refused("pay_code_other_wallet")
        self._check_enabled(code.wallet)
        self._till.come()
        self._ledger.save_draft(order)
        done = self._pay(order, code, fen, seconds)
        if done.ended is not None:
            return done.ended
        if done.attempt.state in TAKEN and done.order is not None:
            paid = self._till.take(done.order, rest)
            return self._ledger.close_order(paid, where_of(self._till.session))
        raise self._unpaid(order, done.attempt)

    def _check(self, order: Order, fen: int | None, rest: Sequence[Tendered]) -> int:
        """What the wallet is asked for; Refused where the rest would not cover the order."""
        others = [one.fen for one in rest if one.way != "cash"]
        cash = any(one.way == "cash" for one in rest)
        if fen is None and cash:
            raise Refused("wrong_usage", why="--tender wechat=12.00 --cash 20")
        left = tenders.due(order) - sum(one or 0 for one in others)
        wanted = tenders.check_wallet(order, left if fen is None else fen)
        trial = tenders.take_wallet(order, "wechat", wanted, "0" * 32)
        self._till.take(trial, rest)
        return wanted

    def _check_enabled(self, channel: str) -> None:
        if not gateways.enabled(self._config, channel):
            way = self._words.slips.ways.get(channel, channel)
            raise Refused("wallet_off", way=way, channel=channel)
        if self._settler.gateways.find(channel) is None:
            raise self._settler.gateways.troubles[channel]

    def _pay(self, order: Order, code: PaymentCode, fen: int, seconds: float) -> Done:
        session, place = self._till.session, self._ledger.place
        settings = self._config.settings
        attempt_id = place.ids.uuid7()
        name = settings.shop.name or self._words.counter.shop.format(id=settings.shop.id)
        where = (settings.shop.id, settings.till.id, session.operator_id)
        secret = hashlib.sha256(b"payment code" + read_private(self._config.pepper)).digest()
        attempt = Attempt(
            attempt_id=attempt_id,
            order_id=order.order_id,
            channel=code.wallet,
            way="code",
            charge=attempting.charge_of(attempt_id.replace("-", ""), fen, name, where),
            created_at=place.clock.now(),
            code_mark=code.digest(secret),
        )
        try:
            return self._settler.pay(attempt, where_of(session), code, seconds)
        except attempting.CodeUsed as why:
            self._ledger.drop_draft(order.order_id)
            state = getattr(self._words.payments, f"state_{why.attempt.state}")
            amount = yuan(why.attempt.charge.fen)
            raise Refused("pay_code_used", state=state, amount=amount) from None

    def _unpaid(self, order: Order, attempt: Attempt) -> Refused:
        """No money: the order is void. Not known: it waits, on hold, and so does the attempt."""
        way = self._words.slips.ways.get(attempt.channel, attempt.channel)
        told = {
            "way": way,
            "amount": yuan(attempt.charge.fen),
            "number": attempt.charge.out_trade_no,
        }
        if not attempt.unresolved:
            state = getattr(self._words.payments, f"state_{attempt.state}")
            self._ledger.void_order(order, where_of(self._till.session), state)
            return Refused("sell_not_paid", state=state, **told)
        if parkable(attempt, self._ledger.place.clock.now()):
            with suppress(Refused):
                self._settler.run(attempting.apply(self._ledger, attempt.attempt_id, Park()))
        label = self._words.wallets.parked_label
        self._ledger.save_draft(replace(order, state="held", label=label))
        return Refused("sell_unresolved", **told)
