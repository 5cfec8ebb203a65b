"""Sections of config.toml: every key told, checked, and read as a technician writes it."""

from __future__ import annotations

import tomllib
from typing import get_args, get_type_hints

import msgspec
import pytest

from pos.devices import Display, Drawer, Printer, Scale, ScaleLabel, Scanner

SECTIONS = (Printer, Drawer, Scanner, Scale, Display, ScaleLabel)
WRITTEN = """
[printers.receipt]
connection = "network"
host = "192.0.2.87"
paper_mm = 58
cut = "full"

[drawer]
pin = 5
open_on = ["cash", "card"]

[scanners.counter]
mode = "serial"
device = "/dev/serial/by-id/usb-scanner"

[scale]
enabled = true
protocol = "ds781"

[display]
enabled = true
protocol = "vfd"

[[scale_labels]]
pattern = "22xxxxxwwwwwc"
"""


class Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    printers: dict[str, Printer]
    drawer: Drawer
    scanners: dict[str, Scanner]
    scale: Scale
    display: Display
    scale_labels: tuple[ScaleLabel, ...]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_tells_what_it_is(section: type[msgspec.Struct]) -> None:
    assert section.__doc__
    for name, kind in get_type_hints(section, include_extras=True).items():
        told = [m.description for m in get_args(kind) if isinstance(m, msgspec.Meta)]
        assert any(told), name


def test_what_a_technician_writes() -> None:
    whole = msgspec.convert(tomllib.loads(WRITTEN), Whole)
    assert whole.printers["receipt"].width == 32
    assert whole.drawer.open_on == ("cash", "card")
    assert whole.scanners["counter"].baudrate == 9600
    assert whole.scale_labels == (ScaleLabel("22xxxxxwwwwwc"),)
    assert Printer().width == 48
    assert Printer(columns=42).width == 42


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        (Printer, "port", 0),
        (Printer, "paper_mm", 57),
        (Printer, "encoding", "utf-8"),
        (Printer, "usb_vendor", 70000),
        (Printer, "hosts", "x"),
        (Drawer, "pin", 3),
        (Drawer, "on_ms", 1000),
        (Scanner, "prefix", "\x1b"),
        (Scanner, "mode", "usb"),
        (Scale, "request", "5"),
        (Scale, "line", "9N1"),
        (Display, "welcome", "欢迎"),
        (ScaleLabel, "pattern", "xx22"),
        (ScaleLabel, "pattern", "22xxxxxqqqqqc"),
    ],
)
def test_what_is_wrong_is_refused(section: type, key: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({key: value}, section)


@pytest.mark.parametrize("section", SECTIONS[:5])
def test_defaults_are_right_by_their_own_rules(section: type[msgspec.Struct]) -> None:
    assert msgspec.convert(msgspec.to_builtins(section()), section) == section()
