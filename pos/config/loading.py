"""From a file to a Config, or to everything that is wrong with it."""

from __future__ import annotations

import importlib.resources
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from pos import devices
from pos.commands import Keymap, keymap
from pos.config import sent
from pos.config.checking import walk
from pos.config.lines import line_of, lines_of
from pos.config.sections import Settings
from pos.refusal import Refused


@dataclass(frozen=True)
class Config:
    """Settings with the file they came from; relative paths start at its folder."""

    file: Path
    settings: Settings
    keymap: Keymap
    training: bool = False
    """A till that trains: another ledger, nothing that reaches anybody outside."""
    sent: tuple[str, ...] = ()
    """Keys that are as head office sent them."""
    sent_trouble: Refused | None = None
    """Why what head office sent is left aside; config.toml is in force."""

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.file.parent / self.settings.ledger.path

    @property
    def signing_key(self) -> Path:
        """The file of the till's private key."""
        return self.file.parent / self.settings.secrets.signing_key

    @property
    def pepper(self) -> Path:
        """The file of the PIN pepper."""
        return self.file.parent / self.settings.secrets.pepper

    @property
    def receipts(self) -> Path:
        """The folder of the shop's own receipt templates."""
        return self.file.parent / self.settings.receipt.folder

    @property
    def headoffice_token(self) -> Path:
        """The file of the token that head office gave."""
        return self.file.parent / self.settings.secrets.headoffice

    @property
    def chain_pepper(self) -> Path:
        """The file of the chain's pepper, there after enrolment."""
        return self.file.parent / self.settings.secrets.chain_pepper

    @property
    def promotions(self) -> tuple[Path | None, Path | None]:
        """The files of offers and of coupons; None where there is none."""
        named = self.settings.promotions
        offers = self.file.parent / named.file if named.file else None
        return offers, self.file.parent / named.coupons if named.coupons else None

    @property
    def link_key(self) -> Path:
        """Signs the code on receipts, as head office does."""
        return self.file.parent / self.settings.invoices.link_key

    @property
    def person_key(self) -> Path:
        """The file of the key that seals people's data."""
        return self.file.parent / self.settings.secrets.person_key

    @property
    def next_person_key(self) -> Path:
        """Where that key's successor lies until it takes its place."""
        return self.person_key.with_name(self.person_key.name + ".next")

    @property
    def next_pepper(self) -> Path:
        """Where the pepper's successor lies until it takes its place."""
        return self.pepper.with_name(self.pepper.name + ".next")

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.file.parent / self.settings.backup.folder

    @property
    def closes(self) -> Path | None:
        """The folder of copies that day closes make; None where none are made."""
        folder = self.settings.shift.copies
        return self.file.parent / folder if folder else None

    def named_files(self) -> dict[str, Path]:
        """Small files this till cannot do without, by path beside config.toml: itself, secrets,
        keys and certificates of wallets, whatever else it names that is there; own templates."""
        root = self.file.parent
        named = {self.file.name: self.file}
        texts = sent.flat(msgspec.to_builtins(self.settings)).values()
        paths = [root / text for text in texts if isinstance(text, str) and text]
        paths += [self.next_person_key, self.next_pepper]
        if self.receipts.is_dir():
            paths += sorted(self.receipts.glob("*.receipt"))
        for path in paths:
            place = os.path.relpath(path, root)
            if path != self.ledger and not place.startswith("..") and path.is_file():
                named[place] = path
        return named


def find(option: Path | None) -> Path:
    """`--config FILE`, else `$POS_CONFIG`, else `./config.toml`."""
    return Path(option or os.environ.get("POS_CONFIG") or "config.toml").absolute()


def load(path: Path) -> Config:
    """Read and check; Refused names the first thing that is wrong."""
    problems, config = check(path)
    if problems or config is None:
        raise problems[0]
    return config


def check(path: Path) -> tuple[list[Refused], Config | None]:
    """Everything wrong with a file, in the order of its lines; and the Config if nothing is."""
    try:
        text = path.read_text("utf-8-sig")  # Windows' Notepad writes a byte order mark
    except FileNotFoundError:
        return [Refused("config_missing", file=path)], None
    except (OSError, UnicodeDecodeError) as error:
        return [Refused("config_unreadable", file=path, why=str(error))], None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nesting without end
        return [Refused("config_not_toml", file=path, why=str(error))], None
    lines = lines_of(text)
    problems = list(walk(Settings, data, (), path, lines))
    if problems:
        return sorted(problems, key=lambda p: int(str(p.values["line"]))), None
    settings = msgspec.convert(data, Settings)
    problems = [
        Refused(one.code, **one.values, file=path, line=line_of(lines, ("printers", name)))
        for name, printer in settings.printers.items()
        for one in devices.problems(name, printer)
    ]
    if problems:
        return problems, None
    try:
        changed = dict(settings.keys)
        keys = keymap(changed.pop("preset", "cn"), changed)
    except Refused as refused:
        return [_in_keys(refused, path, lines)], None
    return [], _with_sent(Config(path, settings, keys), data)


def _with_sent(config: Config, data: Mapping[str, Any]) -> Config:
    """What head office sent is laid over; where it does not fit the till still opens without."""
    if config.settings.headoffice.settings != "headoffice":
        return config
    try:
        settings, keys = sent.laid_over(data, sent.file_of(config.ledger))
    except Refused as refused:
        return replace(config, sent_trouble=refused)
    return replace(config, settings=settings, sent=keys)


def default_text() -> str:
    """The commented config.toml that travels with the product."""
    packed = importlib.resources.files("pos") / "config.toml"
    if packed.is_file():
        return packed.read_text("utf-8")
    return (Path(__file__).parents[2] / "config.toml").read_text("utf-8")


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Dotted names of keys whose values differ between two parsed files."""
    a, b = sent.flat(old), sent.flat(new)
    return tuple(sorted(k for k in a.keys() | b.keys() if a.get(k) != b.get(k)))


def _in_keys(refused: Refused, file: Path, lines: Mapping[tuple[str, ...], int]) -> Refused:
    names = [str(refused.values[k]) for k in ("name", "one", "two") if k in refused.values]
    at = [lines[("keys", n)] for n in names if ("keys", n) in lines]
    line = max(at) if at else line_of(lines, ("keys",))
    return Refused(refused.code, **refused.values, file=file, line=line)
