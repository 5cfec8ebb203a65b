"""What is plugged in or answers: for `pos printer discover`, each with a section to paste."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import stat
import subprocess  # nosec B404  # fixed commands, no shell
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal

import msgspec

from pos.refusal import Refused
from pos.text import clean

Kind = Literal["network", "usb", "serial", "file", "cups"]

MOST_HOSTS = 1024
_WORKERS = 48
_COMMAND_SECONDS = 5
_PRINTER_CLASS = "07"
_BULK = "02"


class Finding(msgspec.Struct, frozen=True):
    """Something that may be a printer. `where` names it, `about` is what it says of itself.

    `reach` is empty, or a word of `words.hardware` for what keeps us from using it. `section`
    is TOML for config.toml.
    """

    kind: Kind
    where: str
    about: str
    section: str
    reach: str = ""


def hosts_of(text: str) -> list[str]:
    """The hosts of an address, a name or a network like 192.168.1.0/24.

    Refused: `network_form`, `network_too_large` beyond 1,024 hosts.
    """
    text = text.strip()
    if "/" not in text:
        if not text or any(c.isspace() for c in text):
            raise Refused("network_form", text=text)
        return [text]
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Refused("network_form", text=text) from None
    if network.num_addresses > MOST_HOSTS:
        raise Refused("network_too_large", text=text, most=MOST_HOSTS)
    return [str(host) for host in network.hosts()]


def on_network(
    hosts: Iterable[str],
    port: int = 9100,
    seconds: float = 1.0,
    stop: threading.Event | None = None,
) -> list[Finding]:
    """Hosts that take a connection on `port` within `seconds`; nothing is sent to them."""
    waiting: SimpleQueue[tuple[int, str]] = SimpleQueue()
    count = 0
    for count, host in enumerate(hosts, 1):
        waiting.put((count, host))
    found: list[tuple[int, str]] = []
    asked = stop or threading.Event()

    def work() -> None:
        while not asked.is_set():
            try:
                number, host = waiting.get_nowait()
            except Empty:
                return
            if _takes(host, port, seconds):
                found.append((number, host))

    threads = [
        threading.Thread(target=work, name=f"discover:{n}", daemon=True)
        for n in range(min(_WORKERS, count))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [_network_finding(host, port) for _, host in sorted(found)]


def _takes(host: str, port: int, seconds: float) -> bool:
    with suppress(OSError, UnicodeError), socket.create_connection((host, port), seconds):
        return True
    return False


def _network_finding(host: str, port: int) -> Finding:
    keys: list[tuple[str, str | int]] = [("connection", "network"), ("host", host), ("port", port)]
    return Finding("network", f"{host}:{port}", "", section_of("receipt", keys))


def on_usb(root: Path = Path("/sys/bus/usb/devices"), dev: Path = Path("/dev")) -> list[Finding]:
    """USB devices with an interface of the printer class, read from sysfs."""
    found = []
    for interface in sorted(root.glob("*:*")):
        if _read(interface / "bInterfaceClass") != _PRINTER_CLASS:
            continue
        device = root / interface.name.split(":")[0]
        vendor, product = _hex(device / "idVendor"), _hex(device / "idProduct")
        if vendor is None or product is None:
            continue
        serial = _read(device / "serial")
        names = [_read(device / "manufacturer"), _read(device / "product")]
        ends = [
            f"{end.name.removeprefix('ep_')} {_read(end / 'direction')}"
            for end in sorted(interface.glob("ep_*"))
            if _read(end / "bmAttributes") == _BULK
        ]
        keys: list[tuple[str, str | int]] = [
            ("connection", "usb"),
            ("usb_vendor", vendor),
            ("usb_product", product),
        ]
        if serial:
            keys.append(("usb_serial", serial))
        node = dev / "bus/usb" / _number(device / "busnum") / _number(device / "devnum")
        about = ", ".join(part for part in (" ".join(filter(None, names)), *ends) if part)
        where = f"{vendor:04x}:{product:04x}"
        found.append(Finding("usb", where, about, section_of("receipt", keys), _reach(node)))
    return found


def on_device_files(dev: Path = Path("/dev")) -> list[Finding]:
    """Printers that the kernel's own driver serves: /dev/usb/lp*, /dev/lp*."""
    found = []
    for path in sorted([*(dev / "usb").glob("lp*"), *dev.glob("lp[0-9]*")]):
        with suppress(OSError):
            if stat.S_ISCHR(path.stat().st_mode):
                keys: list[tuple[str, str | int]] = [("connection", "file"), ("device", str(path))]
                found.append(
                    Finding("file", str(path), "", section_of("receipt", keys), _reach(path))
                )
    return found


def on_serial(by_id: Path = Path("/dev/serial/by-id")) -> list[Finding]:
    """Serial ports with something behind them, by the name that stays when ports are swapped."""
    from serial.tools import list_ports

    names = {}
    with suppress(OSError):
        names = {os.path.realpath(path): str(path) for path in sorted(by_id.iterdir())}
    found = []
    for port in sorted(list_ports.comports()):
        where = names.get(os.path.realpath(port.device), port.device)
        keys: list[tuple[str, str | int]] = [
            ("connection", "serial"),
            ("device", where),
            ("baudrate", 115_200),
        ]
        about = clean("" if port.description == "n/a" else port.description or "")
        reach = _reach(Path(port.device))
        found.append(Finding("serial", where, about, section_of("receipt", keys), reach))
    return found


def on_cups() -> list[Finding]:
    """Queues that CUPS knows, with the device behind each."""
    command = shutil.which("lpstat")
    if not command:
        return []
    try:
        told = subprocess.run(  # noqa: S603  # nosec B603  # a fixed command
            [command, "-v"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    found = []
    for line in told.stdout.decode("utf-8", "replace").splitlines():
        head, colon, device = line.partition(": ")
        if not colon or not head.startswith("device for "):
            continue
        queue = clean(head.removeprefix("device for "))
        keys: list[tuple[str, str | int]] = [("connection", "cups"), ("queue", queue)]
        found.append(Finding("cups", queue, clean(device), section_of("receipt", keys)))
    return found


def section_of(name: str, keys: Sequence[tuple[str, str | int]]) -> str:
    """A `[printers.NAME]` section ready to paste."""
    lines = [f"[printers.{name}]"]
    for key, value in keys:
        if isinstance(value, str):
            # TOML's basic strings escape as JSON's do
            lines.append(f"{key} = {msgspec.json.encode(clean(value)).decode()}")
        elif key.startswith("usb_"):
            lines.append(f"{key} = 0x{value:04x}")
        else:
            lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def _reach(path: Path) -> str:
    if not path.exists():
        return "device_missing"
    return "" if os.access(path, os.R_OK | os.W_OK) else "device_denied"


def _read(path: Path) -> str:
    try:
        return clean(path.read_bytes()[:200].decode("utf-8", "replace"))
    except OSError:
        return ""


def _hex(path: Path) -> int | None:
    try:
        return int(_read(path), 16)
    except ValueError:
        return None


def _number(path: Path) -> str:
    digits = _read(path)
    return digits.zfill(3) if digits.isdigit() else "000"
