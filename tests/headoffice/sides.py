"""A till as head office sees one: it makes real records, signs requests, reads answers."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from starlette.testclient import TestClient

from pos.clock import Clock, stamp
from pos.ids import order_number
from pos.protocol import framing
from pos.protocol.enrolment import Enrol, Enrolled, proof_digest
from pos.protocol.framing import Encoding
from pos.protocol.problems import Problem
from pos.protocol.records import Batch, Heartbeat, Pulse, Receipt, Sent
from pos.protocol.signing import ANSWER, NONCE, check_answer, signed_headers
from pos.record import (
    FIRST_PREVIOUS,
    VERSION,
    Adjustment,
    Fact,
    LedgerCreated,
    OrderClosed,
    Record,
    ShiftOpened,
    Signer,
    SoldLine,
    Taken,
    Where,
    chain,
    new_key,
    to_bytes,
)

T = TypeVar("T")
DAY = "2026-03-02"


class Now:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        self.ticks = 0.0

    def clock(self) -> Clock:
        return Clock(lambda: self.moment, lambda: self.ticks)

    def later(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Ledger:
    """Records of one till, chained and signed; `sent` is what goes over the wire."""

    shop: str = "0001"
    till: str = "01"
    epoch: int = 1
    key: bytes = field(default_factory=new_key)
    ledger_id: str = "ledger-1"
    sent: list[Sent] = field(default_factory=list)
    head: str = FIRST_PREVIOUS.hex()
    jn: int = 0
    seq: int = 0
    at: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.signer = Signer(self.key)

    def begin(self) -> Ledger:
        """The first two records."""
        self.add(LedgerCreated(self.ledger_id, self.signer.public_key))
        self.add(ShiftOpened(self.where()))
        return self

    def where(self, day: str = DAY) -> Where:
        return Where("1001", f"shift-{self.till}", day)

    def add(self, fact: Fact) -> Sent:
        """One more record."""
        self.jn += 1
        self.at += timedelta(seconds=7)
        record = Record(VERSION, self.shop, self.till, self.epoch, self.jn, stamp(self.at), fact)
        return self.add_bytes(to_bytes(record))

    def add_bytes(self, body: bytes) -> Sent:
        """These very bytes as the record of the place `jn`."""
        digest = chain(bytes.fromhex(self.head), body)
        sent = Sent(self.jn, body.decode(), digest.hex(), self.signer.sign(digest).hex(), self.head)
        self.head = sent.hash
        self.sent.append(sent)
        return sent

    def sell(self, lines: int = 2, day: str = DAY, sku: int = 0) -> Sent:
        """A closed order of `lines` lines at 3.00, 0.50 off the first, paid in cash."""
        self.seq += 1
        number = order_number(self.shop, self.till, self.epoch, self.seq)
        sold = tuple(
            SoldLine(
                *(n, 100 + n, f"S{sku + n}", f"690{n:04d}", f"商品{n}", "瓶", 1000, 300, 300),
                (Adjustment("line_discount", 50),) if n == 1 else (),
                *(250 if n == 1 else 300, 1300, 29 if n == 1 else 35),
            )
            for n in range(1, lines + 1)
        )
        total = sum(line.net_fen for line in sold)
        order_id = f"order-{number}"
        return self.add(
            OrderClosed(
                self.where(day),
                order_id,
                self.seq,
                number,
                "",
                stamp(self.at),
                sold,
                (Taken("cash", total, total + 100),),
                total,
                sum(line.tax_fen for line in sold),
                0,
                100,
            )
        )

    def batch(self, first: int = 0, last: int | None = None) -> Batch:
        """A batch of `sent[first:last]`."""
        return Batch(self.shop, self.till, self.epoch, tuple(self.sent[first:last]))


class Side:
    """A till at the other end of an HTTP client."""

    def __init__(self, client: TestClient, now: Now, ledger: Ledger) -> None:
        self.client, self.now, self.ledger = client, now, ledger
        self.token = ""
        self.count = 0
        self.counting = threading.Lock()

    def enrol(self, code: str) -> Enrolled:
        signer = self.ledger.signer
        digest = proof_digest(code, self.ledger.ledger_id, signer.public_key)
        asked = Enrol(
            code,
            self.ledger.ledger_id,
            signer.public_key,
            self.ledger.epoch,
            signer.sign(digest).hex(),
            "0.1",
        )
        answer = self.client.post("/v1/enrol", content=framing.encode(asked))
        assert answer.status_code == 200, answer.text
        found = framing.decode(answer.content, Enrolled)
        self.token = found.token
        return found

    def send(self, batch: Batch, encoding: Encoding = "zstd") -> Receipt:
        return self.ask("POST", "/v1/records", batch, Receipt, encoding)

    def beat(self, **changed: Any) -> Pulse:
        return self.ask("POST", "/v1/heartbeat", self.heart(**changed), Pulse)

    def heart(self, **changed: Any) -> Heartbeat:
        told: dict[str, Any] = {
            "shop": self.ledger.shop,
            "till": self.ledger.till,
            "epoch": self.ledger.epoch,
            "ledger_id": self.ledger.ledger_id,
            "jn": self.ledger.jn,
            "hash": self.ledger.head if self.ledger.jn else "",
            "pending": 0,
            "rejected": 0,
            "oldest": "",
            "version": "0.1",
            "clock": stamp(self.now.moment),
        }
        return Heartbeat(**(told | changed))

    def ask(
        self, method: str, path: str, message: Any, kind: type[T], encoding: Encoding = "zstd"
    ) -> T:
        """A signed call that must succeed; its answer is checked as a till checks it."""
        answer = self.call(method, path, message, encoding)
        assert answer.status_code == 200, answer.text
        nonce = answer.request.headers[NONCE]
        raw = answer.extensions.get("raw", answer.content)
        assert check_answer(self.token, nonce, 200, raw, answer.headers[ANSWER])
        return framing.decode(answer.content, kind)

    def refused(self, method: str, path: str, message: Any = None, **changed: Any) -> Problem:
        """A signed call that must not succeed; what it was told."""
        answer = self.call(method, path, message, **changed)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["content-type"] == "application/json"
        problem = framing.decode(answer.content, Problem)
        assert problem.words
        return problem

    def call(
        self,
        method: str,
        path: str,
        message: Any = None,
        encoding: Encoding = "zstd",
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Any:
        """A signed call, whatever comes of it."""
        with self.counting:
            self.count += 1
            nonce = f"{self.count:032x}"
        body = b"" if message is None else framing.compress(framing.encode(message), encoding)
        if raw is not None:
            body = raw
        made = signed_headers(
            *(self.token, self.ledger.shop, self.ledger.till, method, path, body),
            *(self.now.moment, nonce),
        )
        made["Accept-Encoding"] = "identity"
        if body and encoding != "identity":
            made["Content-Encoding"] = encoding
        return self.client.request(method, path, content=body, headers=made | (headers or {}))


def plain(message: Any) -> Any:
    """A message as JSON data, for comparing."""
    return json.loads(framing.encode(message))
