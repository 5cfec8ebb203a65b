"""Rows of one file that tell of the same goods: merged where they agree, refused where not.

Rows that share a barcode or an item code, directly or by way of others, are one group. A group is
one product where name and specification are the same and no figure differs: then its first row
keeps the place, takes what only the others say, and the others count as repeated (shops list the
same goods under several shelves). Otherwise every row of the group is rejected: which of them is
right only the shop can know. A row with neither code is found by name and specification.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pos.goods.importing.cells import set_of
from pos.goods.importing.checking import COLUMNS, SLOT, Checked, search_text
from pos.goods.importing.report import Value
from pos.goods.importing.staging import StagingFile
from pos.goods.initials import MOST_VARIANTS

_NAME, _SPEC, _SKU = SLOT["name"], SLOT["spec"], SLOT["sku"]
_INITIALS, _SEARCH = SLOT["initials"], SLOT["search"]
# texts in which shelves may differ; of these the first row's stays
_SOFT = set_of("line category short_name brand origin supplier name spec initials search")
_FIRM = tuple(slot for column, slot in SLOT.items() if column not in _SOFT)
_FILLED = tuple(slot for column, slot in SLOT.items() if column not in ("line", "search"))
_CHANGE = f"UPDATE rows SET {', '.join(f'{c} = ?' for c in COLUMNS)} WHERE line = ?"  # noqa: S608  # nosec B608  # names and clauses of ours, values are bound
_CLEARING = (
    "DELETE FROM codes WHERE line IN (SELECT line FROM moved WHERE root IS NULL)",
    "UPDATE codes SET line = (SELECT root FROM moved WHERE moved.line = codes.line)"
    " WHERE line IN (SELECT line FROM moved)",
    "DELETE FROM rows WHERE line IN (SELECT line FROM moved)",
)
_MOST_LINES = 10


class Clash(msgspec.Struct, frozen=True):
    """Why a group cannot go in: a code of `words.goods.GoodsWords`, its values and its column."""

    code: str
    column: str
    values: dict[str, Value]


class Conflict(msgspec.Struct, frozen=True):
    """A row that stays out because of others."""

    line: int
    clash: Clash


class Merger:
    """Puts good rows into the staging file and keeps track of the groups among them.

    `headers` gives the header in the file for each staging column, and for "code".
    """

    def __init__(self, staging: StagingFile, headers: Mapping[str, str]) -> None:
        self._staging = staging
        self._headers = headers
        self._parent: dict[int, int] = {}
        self._clashes: dict[int, Clash] = {}
        self._absorbed: list[int] = []
        self._by_name = self._by_code = 0
        self.repeated = 0

    def put(self, batch: Sequence[Checked]) -> None:
        """The next rows of the file."""
        keys = [self._key(row) for row in batch]
        names = [(key, row.values[0]) for row, key in zip(batch, keys, strict=True) if key]
        if self._staging.claim(batch, names):
            self._staging.put(batch)
            return
        codes = [code for row in batch for code in _all_codes(row)]
        holder = {row[0]: row[1] for row in self._staging.held("codes", "code", codes)}
        namer = dict(self._staging.held("names", "key", [key for key, _ in names]))
        fresh: list[Checked] = []
        met: list[tuple[Checked, str]] = []
        for row, key in zip(batch, keys, strict=True):
            line = row.values[0]
            holders = {holder[code] for code in _all_codes(row)}
            if key:
                holders.add(namer[key])
            if holders <= {line}:
                fresh.append(row)
            else:
                met.append((row, key))
        self._staging.put(fresh)
        for row, key in met:
            self._meet(row, key)

    def _key(self, row: Checked) -> str:
        """What names a row besides its barcodes: its item code; its name where it has no code."""
        if sku := row.values[_SKU]:
            self._by_code += 1
            return f"s{sku}"
        if row.codes or row.packs:
            self._by_code += 1
            return ""
        self._by_name += 1
        return _name_key(row.values[_NAME], row.values[_SPEC])

    def _meet(self, row: Checked, key: str) -> None:
        """A row that shares something with rows before it."""
        line = row.line
        told: dict[str, tuple[int, int | None]] = dict.fromkeys(row.codes, (1, None))
        told |= {pack.code: (pack.factor, pack.price_fen) for pack in row.packs}
        held = [f for f in self._staging.held("codes", "code", list(told)) if f[1] != line]
        named = [f for f in self._staging.held("names", "key", [key]) if f[1] != line]
        roots = sorted({self._root(found[1]) for found in (*held, *named)})
        shared = ("code", held[0][0]) if held else ("sku", row.values[_SKU] or row.values[_NAME])
        clash = self._pack_clash(told, held)
        root = self._unite(roots, row, shared, clash)
        self._parent[line] = root
        own = [(root, code, line) for code in told]
        self._staging.run("UPDATE codes SET line = ? WHERE code = ? AND line = ?", own)
        self._staging.run(
            "UPDATE names SET line = ? WHERE key = ? AND line = ?", [(root, key, line)]
        )

    def _unite(
        self, roots: list[int], row: Checked | None, shared: tuple[str, str], clash: Clash | None
    ) -> int:
        """Several groups, and perhaps a new row, become one; its first row."""
        root, *others = roots
        clashes = [self._clashes.pop(r) for r in roots if r in self._clashes]
        clash = clashes[0] if clashes else clash
        if clash is None:
            base = self._stored(root)
            before = base.copy()
            told = [self._stored(other) for other in others]
            for values in (*told, *([row.values] if row else ())):
                clash = clash or self._differs(base, values, shared)
                _fill(base, values)
            if clash is None and base != before:
                base[_SEARCH] = search_text(base)
                self._staging.run(_CHANGE, [(*base, root)])
        for other in others:
            self._parent[other] = root
            self._absorbed.append(other)
        if clash is not None:
            self._clashes[root] = clash
        return root

    def _differs(
        self, one: Sequence[Any], two: Sequence[Any], shared: tuple[str, str]
    ) -> Clash | None:
        """Why two rows that share a code are not the same product, or not told the same way."""
        kind, text = shared
        column = self._headers.get(kind, "")
        values: dict[str, Value] = {"text": text}
        specs = one[_SPEC], two[_SPEC]
        if _plain(one[_NAME]) != _plain(two[_NAME]) or (
            all(specs) and _plain(specs[0]) != _plain(specs[1])
        ):
            return Clash("code_shared" if kind == "code" else "sku_shared", column, values)
        for slot in _FIRM:
            if one[slot] is not None and two[slot] is not None and one[slot] != two[slot]:
                differs = self._headers.get(COLUMNS[slot], COLUMNS[slot])
                return Clash("repeated_differs", differs, values)
        return None

    def _pack_clash(
        self, told: Mapping[str, tuple[int, int | None]], held: Sequence[tuple[Any, ...]]
    ) -> Clash | None:
        """A code that stands for another number of units, or has another price, than before."""
        for text, _, factor, fen in held:
            if told[text] != (factor, fen):
                return Clash("pack_differs", self._headers.get("code", ""), {"text": text})
        return None

    def settle(self) -> Iterator[Conflict]:
        """After the last row: merged rows are put in order, conflicts taken out and told.

        `repeated` counts from then on.
        """
        if self._by_name and self._by_code:
            self._match_names()
        gone: dict[int, list[int]] = {root: [root] for root in self._clashes}
        for line in self._parent:
            root = self._root(line)
            if root in gone:
                gone[root].append(line)
            else:
                self.repeated += 1
        self._clear(gone)
        for root, lines in gone.items():
            first = sorted(lines)[: _MOST_LINES + 2]
            for line in lines:
                others = [other for other in first if other != line]
                yield Conflict(line, _with_lines(self._clashes[root], others))

    def _clear(self, gone: Mapping[int, Sequence[int]]) -> None:
        """Codes follow their rows to the first of the group; what is in conflict goes."""
        moved: list[tuple[int, int | None]] = [(root, None) for root in gone]
        for line in self._absorbed:
            root = self._root(line)
            moved.append((line, None if root in gone else root))
        if moved:
            self._staging.run("INSERT OR REPLACE INTO moved VALUES (?, ?)", moved)
            for statement in _CLEARING:
                self._staging.ask(statement)

    def _match_names(self) -> None:
        """Rows with no code at all against those that have one and the same name."""
        found: dict[int, set[int]] = {}
        for batch in self._staging.batches("SELECT line, name, spec, sku FROM rows"):
            keys = {line: _name_key(name, spec) for line, name, spec, _ in batch}
            held = dict(self._staging.held("names", "key", list(set(keys.values()))))
            for line, key in keys.items():
                if key in held and held[key] != line:
                    found.setdefault(self._root(held[key]), set()).add(self._root(line))
        for nameless, coded in found.items():
            others = sorted(coded - {nameless})
            name = str(self._stored(nameless)[_NAME])
            if len(others) == 1:
                self._unite(sorted((nameless, *others)), None, ("name", name), None)
            elif others:
                clash = Clash("name_shared", self._headers.get("name", ""), {"text": name})
                self._clashes.setdefault(nameless, _with_lines(clash, others))

    def _stored(self, line: int) -> list[Any]:
        return list(self._staging.ask("SELECT * FROM rows WHERE line = ?", (line,))[0])

    def _root(self, line: int) -> int:
        """The first row of the group that a row belongs to."""
        parent = self._parent
        root = line
        while (above := parent.get(root)) is not None:
            root = above
        while line != root:
            parent[line], line = root, parent[line]
        return root


def _all_codes(row: Checked) -> Sequence[str]:
    return [*row.codes, *(pack.code for pack in row.packs)] if row.packs else row.codes


def _with_lines(clash: Clash, others: Sequence[int]) -> Clash:
    if "lines" in clash.values:
        return clash
    told = ", ".join(map(str, others[:_MOST_LINES])) + (" …" if len(others) > _MOST_LINES else "")
    return Clash(clash.code, clash.column, clash.values | {"lines": told})


def _fill(base: list[Any], other: Sequence[Any]) -> None:
    """What only `other` says goes to `base`."""
    for slot in _FILLED:
        if base[slot] is None:
            base[slot] = other[slot]
    variants = dict.fromkeys([*base[_INITIALS].split(), *other[_INITIALS].split()])
    base[_INITIALS] = " ".join([*variants][:MOST_VARIANTS])


def _name_key(name: str, spec: str | None) -> str:
    return f"n{_plain(name)}\x00{_plain(spec or '')}"


def _plain(text: str) -> str:
    """A name as it counts: case, width and spaces do not."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
