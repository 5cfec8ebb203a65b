"""`pos backup key|create|verify|restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pos.cli.desk import (
    ConfigOption,
    JsonOption,
    OperatorOption,
    desk,
    refusing,
    show,
    tell,
    words_of,
)
from pos.cli.journal import progress
from pos.clock import system_clock
from pos.config import find
from pos.refusal import Refused
from pos.store import backup

BackupArgument = Annotated[Path, typer.Argument(help="guitai-….age")]
IdentityOption = Annotated[Path, typer.Option("--identity", help="技术员的私钥文件 the secret key")]


def key(
    path: Annotated[Path, typer.Argument(help="私钥写到哪里 where the secret key goes")],
    json: JsonOption = False,
) -> None:
    """Make the technician's key pair: the secret half into a file, the public half told."""
    words = words_of(find(None))
    with refusing(words):
        public = backup.new_identity(path)
        if json:
            show({"path": str(path), "recipient": public})
        else:
            tell(words.backup.key_made.format(path=path, public=public))


def create(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Back up ledger, settings and secrets, sealed for the technician; also while the till runs."""
    with desk(config) as place, place.looking("cli.backup.create", operator):
        settings = place.config.settings.backup
        if not settings.recipient:
            raise Refused("backup_no_recipient")
        made = backup.create(
            place.config.ledger,
            place.config.named_files(),
            settings.recipient,
            place.config.backups,
            system_clock().now(),
            settings.keep,
            progress,
        )
        if json:
            show(msgspec.to_builtins(made))
            return
        words = place.words.backup
        tell(words.made.format(path=made.path, size=made.size, jn=made.manifest.jn))
        if made.removed:
            tell(words.removed.format(count=len(made.removed)))


def verify(file: BackupArgument, identity: IdentityOption, json: JsonOption = False) -> None:
    """Open a backup with the technician's key and check every file, the chain and the tables."""
    words = words_of(find(None))
    with refusing(words):
        found = backup.verify(file, identity, progress)
        if json:
            show(msgspec.to_builtins(found))
            return
        values = msgspec.to_builtins(found) | {"head": found.head[:16]}
        tell(words.backup.good.format(**values))


def restore(
    file: BackupArgument,
    identity: IdentityOption,
    into: Annotated[Path, typer.Option("--into", help="空文件夹 an empty folder")],
    json: JsonOption = False,
) -> None:
    """Lay a backup out in an empty folder; the ledger begins a new epoch."""
    words = words_of(find(None))
    with refusing(words):
        found = backup.restore(file, identity, into, progress)
        if json:
            show(msgspec.to_builtins(found) | {"epoch": found.epoch + 1})
        else:
            tell(words.backup.restored.format(folder=into, epoch=found.epoch + 1))
