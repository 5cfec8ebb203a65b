"""What is found, and that what is printed for it can be pasted and read."""

from __future__ import annotations

import os
import socket
import time
import tomllib
from pathlib import Path

import msgspec
import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from pos.devices import Printer
from pos.hardware.discovery import (
    Finding,
    hosts_of,
    on_cups,
    on_device_files,
    on_network,
    on_serial,
    on_usb,
    section_of,
)
from pos.refusal import Refused


def pasted(finding: Finding) -> Printer:
    section = tomllib.loads(finding.section)["printers"]["receipt"]
    return msgspec.convert(section, Printer)


def test_hosts() -> None:
    assert hosts_of("192.0.2.0/30") == ["192.0.2.1", "192.0.2.2"]
    assert hosts_of("192.0.2.9/32") == ["192.0.2.9"]
    assert hosts_of(" printer.example ") == ["printer.example"]
    assert len(hosts_of("192.0.2.17/24")) == 254
    with pytest.raises(Refused, match="network_too_large"):
        hosts_of("10.0.0.0/8")
    for text in ("", "a b", "192.0.2.0/33", "x/24"):
        with pytest.raises(Refused, match="network_form"):
            hosts_of(text)


def test_printers_on_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        began = time.monotonic()
        found = on_network(["127.0.0.2", "127.0.0.1", "no host.invalid"], port, 1.0)
        assert time.monotonic() - began < 3
    assert [finding.where for finding in found] == [f"127.0.0.1:{port}"]
    printer = pasted(found[0])
    assert (printer.connection, printer.host, printer.port) == ("network", "127.0.0.1", port)
    assert on_network([], 9100) == []


def test_usb_printers_from_sysfs(tmp_path: Path) -> None:
    root, dev = tmp_path / "sys", tmp_path / "dev"
    files = {
        "1-1/idVendor": "0416\n",
        "1-1/idProduct": "5011\n",
        "1-1/serial": "B\x1b[31m001\n",
        "1-1/manufacturer": "Xprinter\n",
        "1-1/product": "XP-80C\n",
        "1-1/busnum": "1\n",
        "1-1/devnum": "4\n",
        "1-1:1.0/bInterfaceClass": "07\n",
        "1-1:1.0/ep_03/bmAttributes": "02\n",
        "1-1:1.0/ep_03/direction": "out\n",
        "1-1:1.0/ep_81/bmAttributes": "02\n",
        "1-1:1.0/ep_81/direction": "in\n",
        "1-2/idVendor": "046d\n",
        "1-2:1.0/bInterfaceClass": "03\n",
        "1-3:1.0/bInterfaceClass": "07\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (finding,) = on_usb(root, dev)
    assert (finding.where, finding.about) == ("0416:5011", "Xprinter XP-80C, 03 out, 81 in")
    assert finding.reach == "device_missing"
    printer = pasted(finding)
    assert (printer.usb_vendor, printer.usb_product, printer.usb_serial) == (
        0x0416,
        0x5011,
        "B[31m001",
    )
    (dev / "bus/usb/001").mkdir(parents=True)
    (dev / "bus/usb/001/004").write_text("")
    assert on_usb(root, dev)[0].reach == ""
    assert on_usb(tmp_path / "none") == []


def test_device_files(tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb/lp0").symlink_to("/dev/null")
    (tmp_path / "usb/lp1").write_text("no device")
    (finding,) = on_device_files(tmp_path)
    printer = pasted(finding)
    assert (printer.connection, printer.device) == ("file", str(tmp_path / "usb/lp0"))


def test_serial_ports_by_the_name_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usb-Gprinter-if00").symlink_to("/dev/null")
    port = ListPortInfo("/dev/null")
    port.description = "Gprinter\x07"
    monkeypatch.setattr(list_ports, "comports", lambda: [port])
    (finding,) = on_serial(tmp_path)
    assert (finding.where, finding.about) == (str(tmp_path / "usb-Gprinter-if00"), "Gprinter")
    assert pasted(finding).device == finding.where
    (finding,) = on_serial(tmp_path / "none")
    assert finding.where == "/dev/null"


def test_cups_queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert on_cups() == []
    tool = tmp_path / "lpstat"
    tool.write_text("#!/bin/sh\necho 'device for kitchen: usb://Xprinter/XP-80C'\necho other\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")
    (finding,) = on_cups()
    assert (finding.where, finding.about) == ("kitchen", "usb://Xprinter/XP-80C")
    assert pasted(finding).queue == "kitchen"


def test_a_section_holds_what_was_found_whatever_it_is() -> None:
    section = section_of("a", [("queue", 'x"]\n[shop]\nid="9"'), ("usb_vendor", 0x416)])
    read = tomllib.loads(section)
    assert list(read) == ["printers"]
    assert read["printers"]["a"]["usb_vendor"] == 0x416
