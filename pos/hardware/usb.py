"""A printer on USB, reached through libusb; its endpoints are read from the device.

What `/dev/usb/lp0` gives too, without its changing number; the kernel's own printer driver is
set aside while a job runs and put back after it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from pos.hardware.transport import Broken, Unreachable, reason_of

PRINTER_CLASS = 7
_PIECE = 4096
Find = Callable[[], Iterable[Any]]


def devices() -> Iterable[Any]:
    """All USB devices; Unreachable where libusb is missing."""
    import usb.core  # type: ignore[import-untyped]

    try:
        return list(usb.core.find(find_all=True) or ())
    except usb.core.NoBackendError:
        raise Unreachable("usb_library_missing", where="libusb-1.0") from None
    except usb.core.USBError as error:
        raise Unreachable(_reason(error), where="USB") from error


class Usb:
    """Bulk transfers to the printer interface of the one device that fits the ids."""

    keeps = False

    def __init__(
        self, vendor: int = 0, product: int = 0, serial: str = "", find: Find = devices
    ) -> None:
        """0 and empty fit any device that has a printer interface."""
        self.vendor, self.product, self.serial = vendor, product, serial
        self.two_way = True
        self._find = find
        self._device: Any = None
        self._out: Any = None
        self._in: Any = None
        self._interface = -1
        self._put_back = False

    def open(self) -> None:
        """See `Transport`."""
        found = [d for d in self._find() if self._fits(d)]
        at = f"{self.vendor:04x}:{self.product:04x}" if self.vendor else "USB"
        if not found:
            raise Unreachable("device_missing", where=at)
        if len(found) > 1:
            raise Unreachable("usb_several", where=at, count=len(found))
        self._device = found[0]
        try:
            self._claim()
        except OSError as error:
            self.close()
            raise Unreachable(_reason(error), where=at) from error
        if self._out is None:
            self.close()
            raise Unreachable("usb_no_endpoint", where=at)

    def _claim(self) -> None:
        device = self._device
        interface = _interface(device)
        if interface is None:
            return
        number = int(interface.bInterfaceNumber)
        with suppress(NotImplementedError):
            if device.is_kernel_driver_active(number):
                device.detach_kernel_driver(number)
                self._put_back = True
        self._interface = number
        _claim_interface(device, number)
        self._out = _endpoint(interface, outward=True)
        self._in = _endpoint(interface, outward=False)
        self.two_way = self._in is not None

    def write(self, data: memoryview, seconds: float) -> int:
        """See `Transport`. libusb does not say how much of a transfer that failed was taken."""
        try:
            return int(self._out.write(bytes(data[:_PIECE]), max(1, round(seconds * 1000))))
        except OSError as error:
            code = "printer_write_timeout" if _late(error) else _reason(error)
            raise Broken(code, maybe=True) from error

    def read(self, seconds: float) -> bytes:
        """See `Transport`."""
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, max(1, round(seconds * 1000))))
        except OSError as error:
            if _late(error):
                return b""
            raise Broken(_reason(error)) from error

    def finish(self, seconds: float) -> bool:
        """A bulk transfer that returned has been taken by the printer."""
        return True

    def close(self) -> None:
        """See `Transport`."""
        if self._device is None:
            return
        if self._interface >= 0:
            with suppress(OSError, NotImplementedError):
                _release(self._device, self._interface)
        if self._put_back:
            with suppress(OSError, NotImplementedError):
                self._device.attach_kernel_driver(self._interface)
        self._device = self._out = self._in = None
        self._interface, self._put_back = -1, False

    def _fits(self, device: Any) -> bool:
        if self.vendor and device.idVendor != self.vendor:
            return False
        if self.product and device.idProduct != self.product:
            return False
        if self.serial and serial_of(device) != self.serial:
            return False
        # an id that is told fits whatever class the maker gave it
        return bool(self.vendor) or has_printer(device)


def has_printer(device: Any) -> bool:
    """Whether a device has an interface of the printer class."""
    with suppress(OSError, NotImplementedError):
        return any(i.bInterfaceClass == PRINTER_CLASS for c in device for i in c)
    return False


def serial_of(device: Any) -> str:
    """The serial number; empty where there is none, or none that we may read."""
    with suppress(OSError, ValueError, NotImplementedError):
        return str(device.serial_number or "")
    return ""


def _interface(device: Any) -> Any:
    """The printer interface, else the first with a way out."""
    every = [i for c in device for i in c if _endpoint(i, outward=True) is not None]
    printers = [i for i in every if i.bInterfaceClass == PRINTER_CLASS]
    return next(iter(printers or every), None)


def _endpoint(interface: Any, *, outward: bool) -> Any:
    """The first bulk endpoint of a direction (USB 2.0 §9.6.6: bit 7 in, type 2 bulk)."""
    for endpoint in interface:
        if endpoint.bmAttributes & 3 == 2 and (endpoint.bEndpointAddress < 0x80) == outward:
            return endpoint
    return None


def _claim_interface(device: Any, number: int) -> None:
    import usb.util  # type: ignore[import-untyped]

    usb.util.claim_interface(device, number)


def _release(device: Any, number: int) -> None:
    import usb.util

    usb.util.release_interface(device, number)
    usb.util.dispose_resources(device)


def _late(error: OSError) -> bool:
    return error.errno == errno.ETIMEDOUT


def _reason(error: OSError) -> str:
    return "printer_closed" if error.errno == errno.EPIPE else reason_of(error)
