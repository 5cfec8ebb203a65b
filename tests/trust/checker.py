"""Checks an exported journal. Imports nothing of the till; holds only its public key.

`python checker.py PUBLIC_KEY JOURNAL.jsonl [--witness EPOCH.JN.HASH]`: exit 0 and one line of JSON
with what it adds up to, or exit 1 and the first record that does not hold. A witness is a head that
somebody else has seen (a receipt, head office): the journal has to contain it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class BadError(Exception):
    """The first record that does not hold, and how."""

    def __init__(self, jn: int, what: str) -> None:
        super().__init__(f"{jn}: {what}")
        self.jn, self.what = jn, what


def need(good: bool, jn: int, what: str) -> None:
    if not good:
        raise BadError(jn, what)


def parsed(line: bytes, jn: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise BadError(jn, f"not JSON: {error}") from error


def lines_of(fact: dict[str, Any], jn: int) -> tuple[int, int]:
    """Money of an order's lines: list less what was taken off is net, tax is inside net."""
    net = tax = 0
    for line in fact["lines"]:
        off = sum(a["fen"] for a in line["adjustments"])
        need(line["list_fen"] - off == line["net_fen"], jn, f"line {line['line_no']}: net")
        inside = 0 <= line["tax_fen"] <= line["net_fen"] or line["net_fen"] <= line["tax_fen"] <= 0
        need(inside, jn, f"line {line['line_no']}: tax")
        net, tax = net + line["net_fen"], tax + line["tax_fen"]
    return net, tax


class Journal:
    """Goes through records in their order and keeps what the next one has to follow."""

    def __init__(self, head: dict[str, Any], public_key: str) -> None:
        self.head = head
        self.key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self.public_key = public_key
        self.jn, self.last, self.epoch = 0, bytes(32), 0
        self.seqs: dict[int, int] = {}
        self.orders: set[str] = set()
        self.closed = self.voided = self.net = self.tax = 0
        self.seen: dict[int, tuple[int, str]] = {}

    def take(self, line: bytes) -> None:
        """One line of the file."""
        at = self.jn + 1
        written = parsed(line, at)
        need(written.get("jn") == at, at, "a record is missing or out of place")
        body = written["body"].encode()
        digest = hashlib.sha256(self.last + body).digest()
        need(digest.hex() == written["hash"], at, "the hash does not follow the record before")
        try:
            self.key.verify(bytes.fromhex(written["signature"]), digest)
        except (InvalidSignature, ValueError) as error:
            raise BadError(at, "not signed by this till") from error
        record = parsed(body, at)
        need(record["jn"] == at, at, "it says another number")
        need((record["shop"], record["till"]) == (self.head["shop"], self.head["till"]), at, "till")
        need(record["epoch"] >= max(self.epoch, 1), at, "an epoch that had ended")
        first = record["fact"]["kind"] == "ledger.created"
        need(first == (at == 1), at, "the first record is not the ledger's own")
        if first:
            need(record["fact"]["public_key"] == self.public_key, at, "another key")
        self.jn, self.last, self.epoch = at, digest, record["epoch"]
        self.seen[at] = (self.epoch, digest.hex())
        self.fact(record["fact"], at)

    def fact(self, fact: dict[str, Any], jn: int) -> None:
        """Orders are gapless and add up."""
        kind = fact["kind"]
        if kind not in ("order.closed", "order.voided"):
            return
        seq = self.seqs.get(self.epoch, 0) + 1
        need(fact["seq"] == seq, jn, f"order {fact['seq']} instead of {seq}")
        need(int(fact["number"][8:]) == seq, jn, "the number is not of this order")
        need(int(fact["number"][6:8]) == self.epoch, jn, "the number is of another epoch")
        need(fact["order_id"] not in self.orders, jn, "an order that had ended")
        self.orders.add(fact["order_id"])
        self.seqs[self.epoch] = seq
        net, tax = lines_of(fact, jn)
        if kind == "order.voided":
            self.voided += 1
            return
        need(net == fact["total_fen"], jn, "lines do not add up to the total")
        need(tax == fact["tax_fen"], jn, "taxes do not add up")
        need(sum(t["fen"] for t in fact["tenders"]) == net, jn, "tenders do not add up")
        given = sum(t["given_fen"] - t["fen"] for t in fact["tenders"])
        need(given == fact["change_fen"], jn, "the change is not what was given too much")
        self.closed += 1
        self.net += net
        self.tax += tax

    def done(self, witness: str) -> dict[str, Any]:
        """The end of the file is the end it was written with, and what others saw is in it."""
        need(self.jn == self.head["records"], self.jn + 1, "records are missing at the end")
        need(self.last.hex() == self.head["last"], self.jn, "another last record")
        if witness:
            epoch, jn, digest = witness.split(".")
            found = self.seen.get(int(jn), (0, ""))
            need(found == (int(epoch), digest), int(jn), "not the record that the witness saw")
        return {
            "ok": True,
            "records": self.jn,
            "head": self.last.hex(),
            "closed": self.closed,
            "voided": self.voided,
            "net_fen": self.net,
            "tax_fen": self.tax,
        }


def check(path: str, public_key: str, witness: str = "") -> dict[str, Any]:
    """What the journal adds up to; raises BadError."""
    with open(path, "rb") as lines:
        head = parsed(lines.readline(), 0)
        need(head.get("format") == "guitai-journal/1", 0, "not an exported journal")
        need(head["public_key"] == public_key, 0, "of another till")
        journal = Journal(head, public_key)
        for line in lines:
            journal.take(line)
        return journal.done(witness)


def main(arguments: list[str]) -> int:
    witness = ""
    if "--witness" in arguments:
        place = arguments.index("--witness")
        witness = arguments[place + 1]
        del arguments[place : place + 2]
    public_key, path = arguments
    try:
        found = check(path, public_key, witness)
    except (BadError, KeyError, TypeError) as error:
        bad = (
            error if isinstance(error, BadError) else BadError(0, f"{type(error).__name__} {error}")
        )
        sys.stdout.write(json.dumps({"ok": False, "first_bad": bad.jn, "what": bad.what}) + "\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
