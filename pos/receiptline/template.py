"""`fill()`: a receipt template and what it is filled with, to a ReceiptLine document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Template, TemplateNotFound, TemplateSyntaxError, UndefinedError

from pos.receiptline.budget import CURRENT, Budget
from pos.receiptline.filling import Sandbox
from pos.refusal import Refused

MAX_SOURCE = 1_000_000
_QUOTED = re.compile(r"'([^']*)'")
_SHOWN = 60


def fill(
    source: str,
    data: Mapping[str, object],
    name: str = "",
    others: Mapping[str, str] | None = None,
) -> str:
    """The document that template `source` (file `name`) makes of `data`.

    `others` are the templates, by name, that it may include, import or extend. Every value put in
    is escaped, so that data is never markup. Filters: `yuan` (fen), `qty` (thousandths), `pad`
    (paper columns, "right"), `masked` (signs left to see), `default`, `first`, `last`, `length`.

    Refused, all with `name` and `line`: `receipt_template_syntax`, `receipt_missing_value`,
    `receipt_no_template`, `receipt_endless`, `receipt_template_fault`; `receipt_too_long`.
    """
    sources = {**(others or {}), name: source}
    if sum(map(len, sources.values())) > MAX_SOURCE:
        raise Refused("receipt_too_long", name=name, most=MAX_SOURCE)
    budget = Budget(name)
    token = CURRENT.set(budget)
    try:
        template = _sandbox(tuple(sources.items())).get_template(name)
        parts: list[str] = []
        for part in template.root_render_func(template.new_context(dict(data))):
            budget.write(len(part))
            parts.append(part)
        return "".join(parts)
    except Refused:
        raise
    except Exception as fault:
        raise _refused(fault, name) from None
    finally:
        CURRENT.reset(token)


@lru_cache(maxsize=16)
def _sandbox(sources: tuple[tuple[str, str], ...]) -> Sandbox:
    """Compiled templates are kept: compiling takes a hundred times as long as filling."""
    return Sandbox(dict(sources))


def _refused(fault: Exception, name: str) -> Refused:
    """What went wrong, with the template and line where it did."""
    if isinstance(fault, TemplateSyntaxError):
        return Refused(
            "receipt_template_syntax",
            name=fault.name or name,
            line=fault.lineno,
            why=(fault.message or "")[:_SHOWN],
        )
    where, line = _place(fault, name)
    if isinstance(fault, RecursionError):
        return Refused("receipt_endless", name=where, line=line)
    if isinstance(fault, UndefinedError):
        quoted = _QUOTED.findall(fault.message or "")
        what = quoted[-1] if quoted else ""
        return Refused("receipt_missing_value", name=where, line=line, what=what[:_SHOWN])
    if isinstance(fault, TemplateNotFound):
        other = str(fault.name or "")[:_SHOWN]
        return Refused("receipt_no_template", name=where, line=line, other=other)
    why = f"{type(fault).__name__}: {fault}"
    return Refused("receipt_template_fault", name=where, line=line, why=why[:_SHOWN])


def _place(fault: Exception, name: str) -> tuple[str, int]:
    """The innermost template and line that was at work; line 0 when none was."""
    where, line = name, 0
    trace = fault.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            where = template.name or ""
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return where, line
