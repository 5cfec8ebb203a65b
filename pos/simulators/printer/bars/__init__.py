"""Bar codes of GS k: which data each takes, and the bars it prints."""

from pos.simulators.printer.bars.symbol import BadCode, Symbol
from pos.simulators.printer.bars.table import encode

__all__ = ["BadCode", "Symbol", "encode"]
