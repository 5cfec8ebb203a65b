"""The OpenAPI page, made of the table of calls and the protocol's own types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from pos.headoffice.service.calls import Call
from pos.protocol.problems import STATUS, Code, Problem
from pos.protocol.signing import ANSWER, NONCE, PROTOCOL, SIGNATURE, TILL, TIME

_EVERY: tuple[Code, ...] = ("malformed", "too_large", "encoding", "too_many", "failed", "busy")
_SIGNED: tuple[Code, ...] = ("protocol", "unauthorised", "stale", "replayed", "revoked")
_JSON = "application/json"
PATTERNS = {
    "number": "^[0-9]{15}$",
    "shop": "^[0-9]{4}$",
}
"""Names in paths that are not plain ids."""
_ID = "^[0-9A-Za-z._:-]{1,64}$"


def names_of(call: Call) -> dict[str, str]:
    """Patterns of the names in a call's path and query."""
    inside = {name: PATTERNS.get(name, _ID) for name in re.findall(r"\{(\w+)\}", call.path)}
    return inside | call.query


def operation(call: Call) -> dict[str, Any]:
    """What a call asks and answers."""
    found: dict[str, Any] = {"parameters": _parameters(call), "responses": _responses(call)}
    if call.asks is not None:
        found["requestBody"] = {"required": True, "content": {_JSON: {"schema": _ref(call.asks)}}}
    if call.signed is not None:
        found["security"] = [{"till": []}]
    return found


def components(calls: Sequence[Call]) -> dict[str, Any]:
    """Schemas of everything that is asked or answered, and how a till signs."""
    kinds = [kind for call in calls for kind in (call.asks, call.answers) if kind is not None]
    _refs, schemas = msgspec.json.schema_components(
        list(dict.fromkeys([*kinds, Problem])), ref_template="#/components/schemas/{name}"
    )
    told = (
        f"HMAC over the request in {SIGNATURE}, with {PROTOCOL}, {TILL}, {TIME}, {NONCE}; "
        f"answers carry {ANSWER}. See pos.protocol."
    )
    till = {"type": "apiKey", "in": "header", "name": SIGNATURE, "description": told}
    return {"schemas": schemas, "securitySchemes": {"till": till}}


def _parameters(call: Call) -> list[dict[str, Any]]:
    inside = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": names_of(call)[name]},
        }
        for name in re.findall(r"\{(\w+)\}", call.path)
    ]
    return inside + [
        {"name": name, "in": "query", "schema": {"type": "string", "pattern": pattern}}
        for name, pattern in call.query.items()
    ]


def _responses(call: Call) -> dict[str, Any]:
    codes = _EVERY + call.problems + (_SIGNED if call.signed is not None else ())
    if "{" in call.path:
        codes = (*codes, "not_found")
    answers = (
        {_JSON: {"schema": _ref(call.answers)}}
        if call.answers is not None
        else {"application/x-ndjson": {"schema": {"type": "string"}}}
    )
    found: dict[str, Any] = {"200": {"description": call.about, "content": answers}}
    for status in sorted({STATUS[code] for code in codes}):
        told = ", ".join(sorted({code for code in codes if STATUS[code] == status}))
        found[str(status)] = {"description": told, "content": {_JSON: {"schema": _ref(Problem)}}}
    return found


def _ref(kind: type[Any]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
