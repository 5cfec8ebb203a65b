"""The printer on a network: TCP on 127.0.0.1, one connection after another, as printers have it.

A second sender waits in the kernel's queue until the first has closed.
"""

from __future__ import annotations

import select
import socket
import threading
from types import TracebackType
from typing import Self

from pos.simulators.printer.device import VirtualPrinter
from pos.simulators.printer.session import Session, SocketChannel, Waker

_RECEIVE_BUFFER = 16_384
"""Bytes the kernel takes in for the printer: few, so that one that does not read is felt."""
_QUEUE = 8
_APPLY_SECONDS = 5.0


class PrinterServer:
    """Listens from its making until `close`; port 0 takes a free one. OSError if it is taken."""

    def __init__(self, printer: VirtualPrinter, port: int = 0, host: str = "127.0.0.1") -> None:
        self.printer = printer
        self.host = host
        self.port = port
        self._closing = False
        self._asked = 0
        self._followed = 0
        self._turn = threading.Condition()
        self._waker = Waker()
        self._listening = False
        try:
            self._listener = self._bind()
        except (OSError, OverflowError):
            self._waker.close()
            raise
        self.port = self._listener.getsockname()[1]
        self._follow()
        printer.on_change.append(self._changed)
        self._thread = threading.Thread(target=self._serve, name="printer-tcp", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection at hand and gives the port back."""
        if self._closing:
            return
        self._closing = True
        self.printer.on_change.remove(self._changed)
        self._waker.wake()
        self._thread.join()
        self._listener.close()
        self._waker.close()

    def _bind(self) -> socket.socket:
        """The port, bound; connections are refused until it listens."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            listener.bind((self.host, self.port))
            listener.setblocking(False)
        except (OSError, OverflowError):
            listener.close()
            raise
        return listener

    def _follow(self) -> None:
        """Listens or refuses, as the printer's faults say."""
        listening = not self.printer.trouble.refuse
        if self._listening and not listening:
            self._listener.close()
            self._listener = self._bind()
        elif listening and not self._listening:
            self._listener.listen(_QUEUE)
        self._listening = listening

    def _hang_up_waiting(self) -> None:
        """A printer without power forgets who waits in the queue."""
        if self._closing:
            return
        if self._listening:
            self._listener.close()
            self._listener = self._bind()
            self._listening = False
        self._follow()

    def _changed(self) -> None:
        """The printer changed: waits until this server has followed."""
        if threading.current_thread() is self._thread:
            return
        with self._turn:
            self._asked += 1
            mine = self._asked
            self._waker.wake()
            self._turn.wait_for(lambda: self._followed >= mine, _APPLY_SECONDS)

    def _woken(self) -> bool:
        with self._turn:
            asked = self._asked
        if not self._closing:
            self._follow()
        with self._turn:
            self._followed = asked
            self._turn.notify_all()
        return self._closing

    def _serve(self) -> None:
        while not self._closing:
            readers: list[socket.socket | Waker] = [self._waker]
            if self._listening:
                readers.append(self._listener)
            ready, _, _ = select.select(readers, [], [])
            if self._waker in ready:
                self._waker.clear()
                self._woken()
            elif self._listener in ready:
                self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        channel = SocketChannel(connection)
        if self.printer.trouble.close_at_once:
            note = self.printer.connect()
            channel.close(reset=False)
            self.printer.disconnect(note, "closed")
            return
        Session(self.printer, channel, self._waker, self._woken, self._hang_up_waiting).run()
