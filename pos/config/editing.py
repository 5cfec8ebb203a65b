"""Values put into a config.toml that a person wrote, who finds the rest as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping


def with_keys(text: str, section: str, keys: Mapping[str, object]) -> str:
    """config.toml with keys of a section given values; its comments stay."""
    found = re.search(rf"(?m)^\[{re.escape(section)}\][^\n]*\n", text)
    if found is None:
        text += f"\n[{section}]\n"
        return with_keys(text, section, keys)
    head, rest = text[: found.end()], text[found.end() :]
    body, sep, tail = rest.partition("\n[")
    for key, value in keys.items():
        shown = json.dumps(value, ensure_ascii=False)  # as TOML writes texts, numbers, truth
        found = re.search(rf'(?m)^{key} = ("[^"]*"|[^\s#]+)', body)
        if found is None:
            body = f"{key} = {shown}\n{body}"
        else:
            body = f"{body[: found.start()]}{key} = {shown}{body[found.end() :]}"
    return head + body + sep + tail
