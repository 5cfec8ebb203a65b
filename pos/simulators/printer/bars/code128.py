"""Code 128: GS k 73, with the code sets in the data, and GS k 79, which finds them itself.

The reference's data: ``{A`` ``{B`` ``{C`` choose the code set (one must come first), ``{S``
shifts one character between A and B, ``{1``–``{4`` are FNC1–4, ``{{`` is ``{``. In code set C
each byte is one number 0–99: two digits. Elements and check character: ISO/IEC 15417.
"""

from __future__ import annotations

from pos.simulators.printer.bars.symbol import BadCode, Symbol, table

_PATTERNS = table(
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 2331112"
)
_START = {"A": 103, "B": 104, "C": 105}
_SWITCH = {"A": 101, "B": 100, "C": 99}
_SHIFT, _FNC1, _FNC2, _FNC3, _STOP = 98, 102, 97, 96, 106
_FNC4 = {"A": 101, "B": 100}


class _Reader:
    """Walks over the data and collects symbol values and what a scanner reads."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.set = ""
        self.values: list[int] = []
        self.read = bytearray()

    def run(self) -> None:
        if self.data[:1] != b"{" or self.data[1:2] not in (b"A", b"B", b"C"):
            raise BadCode("no code set at the beginning")
        while self.at < len(self.data):
            byte = self.data[self.at]
            self.at += 1
            if byte == 0x7B:
                self._brace()
            else:
                self._char(byte, self.set)

    def _brace(self) -> None:
        if self.at >= len(self.data):
            raise BadCode("brace at the end")
        mark = chr(self.data[self.at])
        self.at += 1
        if mark in "ABC":
            if mark != self.set:
                self.values.append(_SWITCH[mark] if self.set else _START[mark])
            self.set = mark
        elif mark == "1":
            self.values.append(_FNC1)
        elif self.set == "C":
            raise BadCode("code set C has no such mark")
        elif mark == "S":
            self._shifted()
        elif mark in "234":
            number = {"2": _FNC2, "3": _FNC3, "4": _FNC4[self.set]}[mark]
            self.values.append(number)
        elif mark == "{":
            self._char(0x7B, self.set)
        else:
            raise BadCode("unknown mark behind a brace")

    def _shifted(self) -> None:
        if self.at >= len(self.data):
            raise BadCode("shift at the end")
        byte = self.data[self.at]
        self.at += 1
        self.values.append(_SHIFT)
        self._char(byte, "B" if self.set == "A" else "A")

    def _char(self, byte: int, code_set: str) -> None:
        if code_set == "C":
            if byte > 99:
                raise BadCode("code set C takes bytes 0 to 99")
            self.values.append(byte)
            self.read += f"{byte:02d}".encode()
            return
        if code_set == "A" and byte <= 0x5F:
            self.values.append((byte - 0x20) % 96)
        elif code_set == "B" and 0x20 <= byte <= 0x7F:
            self.values.append(byte - 0x20)
        else:
            raise BadCode(f"code set {code_set} has no such character")
        self.read.append(byte)


def code128(data: bytes) -> Symbol:
    """Data with its code sets, as GS k 73 takes it."""
    reader = _Reader(data)
    reader.run()
    if len(reader.values) < 2:
        raise BadCode("no data")
    check = (reader.values[0] + sum(n * v for n, v in enumerate(reader.values))) % 103
    widths = "".join(_PATTERNS[v] for v in (*reader.values, check, _STOP))
    read = bytes(reader.read)
    shown = "".join(chr(b) if 0x20 <= b < 0x7F else " " for b in read)
    return Symbol("CODE128", read, tuple(map(int, widths)), shown)


def code128_auto(data: bytes) -> Symbol:
    """Data without code sets, as GS k 79 takes it: pairs of digits in C, else B, else A."""
    if not data or max(data) > 0x7F:
        raise BadCode("not a Code 128 character")
    if data.isdigit() and len(data) % 2 == 0:
        pairs = bytes(int(data[n : n + 2]) for n in range(0, len(data), 2))
        return code128(b"{C" + pairs)
    marked, code_set = bytearray(), ""
    for byte in data:
        wanted = "A" if byte < 0x20 else "B" if byte > 0x5F or not code_set else code_set
        if wanted != code_set:
            marked += b"{" + wanted.encode()
            code_set = wanted
        marked += b"{{" if byte == 0x7B else bytes([byte])
    return code128(bytes(marked))
