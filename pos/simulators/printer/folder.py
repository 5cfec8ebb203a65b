"""Keeps receipts as files: text, picture, bytes, and what is to be said about them.

Of every receipt ``receipt-0001.txt``, ``.png``, ``.bin`` and ``.json``; of the newest
``last.txt`` and ``last.png``, replaced in one step; of every connection ``connection-0001.bin``,
the bytes as they came. Pictures are drawn in a thread of their own: no answer waits for them.
"""

from __future__ import annotations

import os
import queue
import re
import threading
from pathlib import Path

import msgspec

from pos.simulators.printer.fonts import NoFontError
from pos.simulators.printer.paper import Receipt
from pos.simulators.printer.picture import png


class Folder:
    """Files under `path`, made if absent; numbers go on after those that are there.

    `complaint` tells why something could not be written, or is None. Close it.
    """

    def __init__(self, path: Path, font: Path | None = None) -> None:
        self.path = path
        self.complaint: str | None = None
        self._font = font
        path.mkdir(parents=True, exist_ok=True)
        self._receipts = self._highest("receipt")
        self._connections = self._highest("connection")
        self._waiting: queue.SimpleQueue[Receipt | bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="printer-paper", daemon=True)
        self._thread.start()

    def _highest(self, kind: str) -> int:
        form = re.compile(rf"{kind}-(\d+)\.bin")
        found = (form.fullmatch(path.name) for path in self.path.iterdir())
        return max((int(match[1]) for match in found if match), default=0)

    def put(self, receipt: Receipt) -> None:
        """Writes a receipt, soon."""
        self._waiting.put(receipt)

    def put_connection(self, raw: bytes) -> None:
        """Writes what a connection sent, soon."""
        self._waiting.put(raw)

    def close(self) -> None:
        """Writes what still waits, and ends."""
        self._waiting.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        while (thing := self._waiting.get()) is not None:
            try:
                if isinstance(thing, Receipt):
                    self._receipts += 1
                    self._write_receipt(f"receipt-{self._receipts:04d}", thing)
                else:
                    self._connections += 1
                    self._write(f"connection-{self._connections:04d}.bin", thing)
            except (OSError, NoFontError) as why:
                self.complaint = str(why)

    def _write_receipt(self, name: str, receipt: Receipt) -> None:
        text = receipt.text.encode()
        self._write(f"{name}.bin", receipt.raw)
        self._write(f"{name}.txt", text)
        self._write(f"{name}.json", _said(receipt))
        self._write("last.txt", text)
        picture = png(receipt, self._font)
        self._write(f"{name}.png", picture)
        self._write("last.png", picture)

    def _write(self, name: str, content: bytes) -> None:
        beside = self.path / f".{name}.new"
        beside.write_bytes(content)
        os.replace(beside, self.path / name)


def _said(receipt: Receipt) -> bytes:
    told = {
        "ended": receipt.ended,
        "start": receipt.start,
        "end": receipt.end,
        "lines": receipt.lines,
        "codes": [{"kind": code.kind, "data": code.text} for code in receipt.codes],
        "kicks": receipt.kicks,
        "faults": receipt.faults,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
