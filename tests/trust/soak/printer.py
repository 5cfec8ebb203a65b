"""`python -m tests.trust.soak.printer`: a printer, a process of its own, told what is wrong.

A line on standard input: `well`, faults as `pos simulator printer --fault` takes them, or `told`:
then one line of JSON says how many papers it gave for each order's number.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from typing import Any

_NUMBER = re.compile(r"\b0001\d{11}\b")


class Printer:
    """The other side of it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.soak.printer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.port = int(self._answer())

    def becomes(self, *faults: str) -> None:
        """From now on it has these faults, none if none is given."""
        self._say(" ".join(faults) or "well")

    def papers(self) -> dict[str, int]:
        """How many receipts stand on paper, by number."""
        self._say("told")
        found: dict[str, int] = json.loads(self._answer())
        return found

    def stop(self) -> None:
        """Switch it off."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _count(printer: Any, papers: Counter[str], ended: threading.Event) -> None:
    """Keep the numbers of what was printed, not the papers."""
    while not ended.wait(0.5):
        given, printer.receipts[:] = list(printer.receipts), []
        del printer.kicks[:]
        printer.connections[:] = [one for one in printer.connections if one.ended is None]
        for receipt in given:
            papers.update(set(_NUMBER.findall(" ".join(receipt.lines))))


def main() -> None:
    """Print until the other side goes."""
    from pos.simulators.printer import PrinterServer, VirtualPrinter
    from pos.simulators.printer.trouble import STATES, parse

    printer, papers, ended = VirtualPrinter(), Counter[str](), threading.Event()
    counting = threading.Thread(target=_count, args=(printer, papers, ended))
    with PrinterServer(printer) as server:
        counting.start()
        print(server.port, flush=True)
        for line in sys.stdin:
            words = line.split()
            if words == ["told"]:
                print(json.dumps(papers), flush=True)
                continue
            trouble, states = parse([word for word in words if word != "well"])
            printer.set_trouble(trouble)
            printer.change(**{field: states.get(field, False) for field in STATES.values()})
        ended.set()
        counting.join()


if __name__ == "__main__":
    main()
