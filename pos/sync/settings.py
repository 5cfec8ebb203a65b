"""Settings that come down: looked at before they are put in, then in a file that config reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from pos.config import sent
from pos.protocol.framing import decode
from pos.protocol.master import Setting
from pos.refusal import Refused
from pos.store import incoming
from pos.store.incoming import Staged
from pos.store.reader import Reader
from pos.system import replace_file
from pos.words import CATALOGUE, Language
from pos.words.refusals import say

_TOLD = "SELECT key, value FROM other WHERE kind = 'setting' AND value IS NOT NULL"


def check(staged: Staged, language: Language) -> None:
    """Refused("ho_bad_change", …) names a setting that is not head office's, or no value."""
    with closing(sqlite3.connect(staged.path)) as raw:
        told = raw.execute(_TOLD).fetchall()
    for key, value in told:
        setting = decode(value.encode(), Setting)
        try:
            sent.check_value(setting.key, setting.value)
        except Refused as refused:
            why = say(CATALOGUE[language].refusals, refused)
            raise Refused("ho_bad_change", kind="setting", key=key[:60], why=why[:120]) from refused


def write_down(ledger: Path) -> None:
    """The file beside the ledger says what the ledger has; the till reads it when it starts."""
    with closing(Reader(ledger)) as reader:
        found = incoming.received(reader, "setting")
    values = {key: msgspec.json.decode(value, type=Setting).value for key, value in found.items()}
    path = sent.file_of(ledger)
    text = sent.text_of(values).encode()
    there = path.read_bytes() if path.exists() else None
    if there != text and (there is not None or values):
        replace_file(path, text)
