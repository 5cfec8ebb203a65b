"""What is kept of a closed day, behind the till: the whole check with a dated copy of the ledger,
and a sealed backup. The day is closed already; what fails here is told, and stops nobody."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pos.config import Config
from pos.record import DayClosed
from pos.refusal import Refused
from pos.store import copies, erasing
from pos.store.reader import Reader
from pos.system import make_private
from pos.words.refusals import say

if TYPE_CHECKING:
    from pos.till.till import Till

_ROOM_TO_SELL = 64 * 1024**2
Progress = Callable[[int, int], bool]
"""Gets records checked and all of them; False stops."""


def keep(till: Till, fact: DayClosed) -> None:
    """A copy, then a backup, one after the other in a thread of their own; Esc on the slip stops
    what is under way. A damaged ledger is an alarm; all else is one line."""
    words, stop = till.words.shifts, threading.Event()
    till.stop_check = stop.set
    told: list[str] = []

    def progress(done: int, total: int) -> bool:
        till.later(lambda: till.tell(words.checking.format(done=done, total=total)))
        return not stop.is_set()

    def well(said: str, name: str) -> None:
        if name:
            told.append(said.format(name=name))
            till.tell("；".join(told), "ok" if not till.state.alarm else "warn")

    def bad(said: str, refused: Refused) -> None:
        why = say(till.words.refusals, refused)
        if refused.code == "backup_copy_bad":
            till.state.alarm = words.check_bad.format(why=why)
            till.alarm_message(till.state.alarm)
            return
        told.append(said.format(why=why))
        till.tell("；".join(told), "warn")

    def copied(name: str) -> None:
        well(words.checked, name)
        back_up()

    def not_copied(refused: Refused) -> None:
        bad(words.not_copied, refused)
        if refused.code in ("backup_copy_bad", "check_stopped"):
            till.stop_check = None
        else:
            back_up()

    def back_up() -> None:
        def sealed(name: str) -> None:
            till.stop_check = None
            well(words.backed_up, name)

        def not_sealed(refused: Refused) -> None:
            till.stop_check = None
            bad(words.not_backed_up, refused)

        now = till.clock.now()
        till.aside(
            lambda: _name(backup_of(till.config, now, progress)), sealed, not_sealed, "check"
        )

    def copy() -> str:
        return _name(copy_of(till.config, fact, progress))

    till.aside(copy, copied, not_copied, "check")


def _name(path: Path | None) -> str:
    return path.name if path else ""


def backup_of(config: Config, now: datetime, progress: Progress) -> Path | None:
    """A sealed backup, older ones give way. None where the shop wants none, or trains.

    Refused: check_stopped, backup_recipient, backup_copy_bad, backup_no_room, backup_failed.
    """
    from pos.store import backup

    settings = config.settings.backup
    if not (settings.at_close and settings.recipient) or config.training:
        return None
    folder = config.backups
    try:
        folder.mkdir(parents=True, exist_ok=True)
        size = config.ledger.stat().st_size
        for place in (folder, config.ledger.parent):  # sealed in one, copied in the other
            if shutil.disk_usage(place).free < 2 * size + _ROOM_TO_SELL:
                raise Refused("backup_no_room", path=place)
        with closing(Reader(config.ledger)) as reader:
            records = reader.head()[0]

        def step(jn: int) -> None:
            if not progress(jn, records):
                raise Refused("check_stopped", path=folder)

        made = backup.create(
            config.ledger,
            config.named_files(),
            settings.recipient,
            folder,
            now,
            settings.keep,
            step,
        )
    except (OSError, sqlite3.Error) as error:
        raise Refused("backup_failed", path=folder, why=str(error)) from error
    return Path(made.path)


def copy_of(config: Config, fact: DayClosed, progress: Progress) -> Path | None:
    """A dated copy of the ledger, fully checked; older ones give way. None where none is kept.

    Made beside the running till. Where `progress` stops it the copy stays, `.unchecked` by its
    name. Refused: backup_copy_bad, check_stopped,
    copy_no_room, copy_failed; copies_not_erased (made, but an older one is not as it should be).
    """
    from pos.store.backup import checked_copy

    settings, folder = config.settings, config.closes
    if folder is None:
        return None
    place = settings.shop.id + settings.till.id
    target = folder / f"ledger-{place}-{fact.business_date}-Z{fact.z:04d}.db"
    unchecked = target.with_suffix(".unchecked")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        size = config.ledger.stat().st_size
        if shutil.disk_usage(folder).free < 2 * size + _ROOM_TO_SELL:
            raise Refused("copy_no_room", path=folder)
        unchecked.unlink(missing_ok=True)
        with closing(Reader(config.ledger)) as reader:
            records = reader.head()[0]
            make_private(unchecked)
            reader.copy_into(unchecked)

        def step(jn: int) -> None:
            if not progress(jn, records):
                raise Refused("check_stopped", path=unchecked)

        try:
            checked_copy(unchecked, step)
            unchecked.replace(target)
            copies.rotate(folder, target, settings.shift.keep_copies)
        finally:  # somebody may have been erased since it was begun
            with closing(Reader(config.ledger)) as reader:
                erasing.from_copies(reader, folder)
    except (OSError, sqlite3.Error) as error:
        raise Refused("copy_failed", path=target, why=str(error)) from error
    return target
