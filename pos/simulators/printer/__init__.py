"""A receipt printer that is not there: takes ESC/POS, keeps what it would have printed.

`interpret(bytes)` judges a stream; `VirtualPrinter` with `PrinterServer`, `PtyLine` or `FifoLine`
is a printer to send to. Written from Epson's published ESC/POS command reference alone; nothing
here is shared with the programs that make such bytes.
"""

from pos.simulators.printer.device import Connection, VirtualPrinter
from pos.simulators.printer.folder import Folder
from pos.simulators.printer.interpreter import Interpreter, interpret
from pos.simulators.printer.lines import FifoLine, PtyLine
from pos.simulators.printer.paper import Code, Fault, Kick, Model, Receipt, Row, Span, Style
from pos.simulators.printer.server import PrinterServer
from pos.simulators.printer.status import State
from pos.simulators.printer.trouble import Trouble

__all__ = [
    "Code",
    "Connection",
    "Fault",
    "FifoLine",
    "Folder",
    "Interpreter",
    "Kick",
    "Model",
    "PrinterServer",
    "PtyLine",
    "Receipt",
    "Row",
    "Span",
    "State",
    "Style",
    "Trouble",
    "VirtualPrinter",
    "interpret",
]
