"""What a template may say: a Jinja2 sandbox narrowed to receipts.

Everything a template puts in is escaped by `written`, and nothing can undo that: there are no
`safe` filter, no block filters and no method calls. Only what the template's own macros and
blocks wrote goes in as it is, since all values in it are escaped already.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as ALL_FILTERS
from jinja2.runtime import BlockReference, Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context

from pos.receiptline.budget import CURRENT
from pos.receiptline.width import char_width, clusters
from pos.text import clean

MAX_VALUE = 4000
MAX_PAD = 256
MAX_RANGE = 1000
_CALL = 20
"""Steps that a macro, block or template costs beside its parts."""
_MAX_NUMBER = 10**18
_MAX_TEXT = 100_000
_MARKUP = re.compile(r'[\\|{}~_"`^;=-]')
# names no template can write, since they hold a blank
_LOOP, _CHARGE, _JOINED = "loop over", "step of", "joined as"
_KEPT_FILTERS = ("default", "first", "last", "length")
_HALF_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:x[0-9A-Fa-f]?)?\Z")
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.AssignBlock: "{% set %} … {% endset %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
}


class Written(str):
    """Receipt markup that the template's own macros wrote. What is made of it is plain text."""

    __slots__ = ()


class Padded(str):
    """Clean text whose spaces count, as `pad` makes it."""

    __slots__ = ()


def escaped(value: str) -> str:
    """`value` harmless (`pos.text.clean`), with every sign of the markup as `\\xNN`.

    That form means the same in a column and in a property, to every reader of ReceiptLine.
    """
    return _MARKUP.sub(_hex, clean(value, MAX_VALUE))


def _hex(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def written(value: object) -> str:
    """What `{{ value }}` puts in. None is nothing; lists and objects are no text: TypeError."""
    if isinstance(value, Written):
        return value
    if value is None:
        return ""
    if isinstance(value, Padded):
        return _MARKUP.sub(_hex, value).replace(" ", "\\x20")
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, int | float | decimal.Decimal | datetime.date | datetime.time) and (
        not isinstance(value, bool)
    ):
        return escaped(str(value))
    if isinstance(value, StrictUndefined):
        return str(value)
    raise TypeError(type(value).__name__)


class Sandbox(ImmutableSandboxedEnvironment):
    """The templates of one filling, by name, and what they may use."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, sources: dict[str, str]) -> None:
        super().__init__(
            loader=DictLoader(sources),
            undefined=StrictUndefined,
            trim_blocks=True,
            keep_trailing_newline=True,
            lstrip_blocks=True,
            line_statement_prefix=None,
            line_comment_prefix=None,
            optimized=False,
            autoescape=False,
            auto_reload=False,
            finalize=written,
        )
        self.filters = {name: ALL_FILTERS[name] for name in _KEPT_FILTERS}
        self.filters |= FILTERS
        self.filters |= {_LOOP: _counted, _CHARGE: _charged, _JOINED: _joined}
        self.globals = {"range": range}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check(tree)
        _meter(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Of a mapping its items and never its methods: `order.items` is what the order says."""
        if not isinstance(obj, Mapping):
            return super().getattr(obj, attribute)
        try:
            return obj[attribute]
        except KeyError:
            return self.undefined(obj=obj, name=attribute)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Macros, blocks and `range` alone can be called."""
        if called is range:
            numbers = range(*args)
            if len(numbers) > MAX_RANGE:
                raise OverflowError("range")
            return numbers
        if not isinstance(called, Macro | BlockReference):
            raise SecurityError("call")
        out = Written(super().call(context, called, *args, **kwargs))
        CURRENT.get().write(len(out))
        return out

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Sums of numbers within 18 digits, and texts put together within limits."""
        if isinstance(left, str) and isinstance(right, str) and operator == "+":
            return _joined(context, [left, right])
        for side in (left, right):
            if not isinstance(side, int | float | decimal.Decimal):
                raise TypeError(operator)
        if operator == "**" and not -64 <= right <= 64:
            raise OverflowError(operator)
        result = self.binop_table[operator](left, right)
        if not -_MAX_NUMBER <= result <= _MAX_NUMBER:
            raise OverflowError(operator)
        return result


def _check(tree: nodes.Template) -> None:
    """TemplateSyntaxError for what a receipt has no use for or what could undo an escape."""
    for kind, shown in _FORBIDDEN.items():
        for node in tree.find_all(kind):
            raise TemplateSyntaxError(shown, node.lineno)
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            raise TemplateSyntaxError("recursive", loop.lineno)
    for output in tree.find_all(nodes.Output):
        for before, after in zip(output.nodes, output.nodes[1:], strict=False):
            if not isinstance(before, nodes.TemplateData) or isinstance(after, nodes.TemplateData):
                continue
            if _HALF_ESCAPE.search(before.data):
                raise TemplateSyntaxError("\\{{", after.lineno)


def _meter(tree: nodes.Template) -> None:
    """Charge every loop, macro, block and template for the parts in it."""
    for concat in list(tree.find_all(nodes.Concat)):
        # joined text is measured: doubling it line by line would fill the memory
        items = nodes.List(list(concat.nodes), lineno=concat.lineno)
        concat.nodes = [_filter(items, _JOINED, [], concat.lineno)]
    for loop in list(tree.find_all(nodes.For)):
        charge: list[nodes.Expr] = [nodes.Const(_parts(loop)), nodes.Const(loop.lineno)]
        loop.iter = _filter(cast(nodes.Expr, loop.iter), _LOOP, charge, loop.lineno)
    for part in list(tree.find_all((nodes.Macro, nodes.CallBlock, nodes.Block))):
        cast(nodes.Macro | nodes.CallBlock | nodes.Block, part).body.insert(0, _charge(part))
    first = tree.body[0] if tree.body else None
    if not isinstance(first, nodes.Extends):
        tree.body.insert(0, _charge(tree))


def _parts(node: nodes.Node) -> int:
    """What working through `node` once costs: its parts, and a quarter of a step a character."""
    written = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
    return 1 + sum(1 for _ in node.find_all(nodes.Node)) + written // 4


def _charge(node: nodes.Node) -> nodes.Output:
    charge: list[nodes.Expr] = [nodes.Const(_CALL + _parts(node)), nodes.Const(node.lineno)]
    spent = _filter(nodes.Const(""), _CHARGE, charge, node.lineno)
    return nodes.Output([spent], lineno=node.lineno)


def _filter(value: nodes.Expr, name: str, args: Iterable[nodes.Expr], line: int) -> nodes.Filter:
    return nodes.Filter(value, name, list(args), [], None, None, lineno=line)


@pass_context
def _counted(context: Context, items: Iterable[object], steps: int, line: int) -> object:
    return CURRENT.get().counted(items, steps, context.name or "", line)


@pass_context
def _charged(context: Context, value: str, steps: int, line: int) -> str:
    CURRENT.get().charge(steps, context.name or "", line)
    return value


@pass_context
def _joined(_context: Context, parts: list[object]) -> str:
    texts = [str(part) for part in parts]
    if sum(map(len, texts)) > _MAX_TEXT:
        raise OverflowError("~")
    return "".join(texts)


def _yuan(fen: int) -> str:
    """Fen as yuan: 1230 → `12.30`."""
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def _qty(milli: int) -> str:
    """Thousandths as a quantity: 1000 → `1`, 355 → `0.355`."""
    sign, rest = ("-" if milli < 0 else ""), abs(milli)
    return f"{sign}{rest // 1000}.{rest % 1000:03d}".rstrip("0").rstrip(".")


def _pad(value: object, width: int, align: str = "left") -> Padded:
    """`value` cut or filled with spaces that stay to `width` paper columns (at most 256)."""
    text = clean(str(value), MAX_VALUE)
    width = max(0, min(int(width), MAX_PAD))
    kept, used = "", 0
    for sign in clusters(text):
        if used + char_width(sign) > width:
            break
        kept += sign
        used += char_width(sign)
    gap = " " * (width - used)
    return Padded(gap + kept if align == "right" else kept + gap)


def _masked(value: object, shown: int = 4) -> str:
    """All but the last `shown` signs as `*`, at most half of them shown."""
    text = clean(str(value), MAX_VALUE)
    shown = min(max(0, int(shown)), len(text) // 2)
    return "*" * (len(text) - shown) + text[len(text) - shown :]


FILTERS: dict[str, Callable[..., Any]] = {
    "yuan": _yuan,
    "qty": _qty,
    "pad": _pad,
    "masked": _masked,
}
