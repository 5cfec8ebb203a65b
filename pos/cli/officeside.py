"""Head office as `pos doctor` sees it: reached, trusted, what waits; no reason not to sell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from pos.cli.counterside import Finding
from pos.clock import system_clock
from pos.config import Config
from pos.protocol.between import Holds
from pos.refusal import Refused
from pos.store import outbox
from pos.store.reader import Reader
from pos.sync.trouble import LinkFailed
from pos.words import Words
from pos.words.refusals import say

SKEW_SECONDS = 60


def of_headoffice(config: Config, words: Words) -> Iterator[Finding]:
    """One signed question that changes nothing, and what lies here unsent or sent back."""
    if not config.settings.headoffice.url:
        yield "headoffice", "ok", "-"
        return
    if config.sent_trouble is not None:
        why = say(words.refusals, config.sent_trouble)
        yield "headoffice", "warn", words.sync.settings_bad.format(why=why)
    try:
        yield _asked(config, words)
    except Refused as refused:
        yield "headoffice", "warn", say(words.refusals, refused)
    try:
        with closing(Reader(config.ledger)) as reader:
            pending, parked, oldest = outbox.counts(reader)
    except (Refused, sqlite3.Error):
        return  # told where the ledger is looked at
    about = words.sync.pending.format(pending=pending, rejected=parked, oldest=oldest or "-")
    yield "unsent", "warn" if parked else "ok", about


def _asked(config: Config, words: Words) -> Finding:
    from pos.sync.link import AT_ONCE, open_link

    link = open_link(config, system_clock(), AT_ONCE)
    try:
        link.ask("GET", "/v1/holds", Holds)
    except LinkFailed as failed:
        raise failed.refused() from failed
    finally:
        link.close()
    url, skew = config.settings.headoffice.url, link.skew or 0
    if abs(skew) > SKEW_SECONDS:
        return "headoffice", "warn", f"{words.sync.row_clock} {words.sync.seconds.format(n=skew)}"
    return "headoffice", "ok", url
