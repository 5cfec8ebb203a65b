"""What the demo's till talks to, each a process of its own on this machine."""

from __future__ import annotations

import json
import subprocess  # nosec B404  # fixed commands, no shell
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from pos.cli import demo_people, joining
from pos.config import load
from pos.config.editing import with_keys
from pos.protocol.enrolment import split_address
from pos.refusal import Refused

WECHAT_KEYS = {
    "mchid": "mchid",
    "appid": "appid",
    "serial_no": "merchant_serial",
    "private_key": "merchant_key",
    "public_key_id": "public_key_id",
    "public_key": "public_key",
}
ALIPAY_KEYS = {
    "app_id": "app_id",
    "seller_id": "seller_id",
    "private_key": "app_private_key",
    "alipay_public_key": "alipay_public_key",
}
"""Keys of `[payments.*]` by what the simulators call them."""
TAX_KEYS = ("app_key", "app_secret")
"""Keys of `[invoices.*]` that the simulator calls the same."""
_END_SECONDS = 5.0


def _with_invoices(text: str, told: dict[str, Any]) -> str:
    """config.toml with the platform that issues invoices; who owns them stays as it is."""
    text = with_keys(text, "invoices", {"provider": "nuonuo"})
    text = with_keys(text, "invoices.seller", {"tax_id": told["files"]["seller"]})
    keys = {key: told["files"][key] for key in TAX_KEYS}
    more = {"base_url": told["url"], "token_url": told["url"]}
    return with_keys(text, "invoices.nuonuo", keys | more)


class Companions:
    """What stands beside the till of the demo: a printer that keeps pictures, both wallets, the
    invoice platform, head office."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self.printed = config.parent / "printed"
        self.office = ""
        """Head office's address, once it is there."""
        self.office_password = ""  # nosec B105  # empty until one is there
        """Of its pages' first account, good for one signing in."""
        self._children: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Companions:
        try:
            self._write_down()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _write_down(self) -> None:
        """Start everything and tell config.toml where it is."""
        wallets = self._config.parent / "wallets"
        printing = self._start("printer", self.printed)
        started = {name: self._start(name, wallets / name) for name in ("wechat", "alipay")}
        issuing = self._start("tax", self._config.parent / "tax")
        printer = self._told("printer", printing)
        text = self._config.read_text("utf-8")
        text = with_keys(text, "printers.receipt", {"port": printer["port"]})
        for wallet, names in (("wechat", WECHAT_KEYS), ("alipay", ALIPAY_KEYS)):
            told = self._told(wallet, started[wallet])
            keys = {key: told["files"][name] for key, name in names.items()}
            more = {"enabled": True, "base_url": told["url"]}
            if wallet == "wechat":
                more["standby_url"] = ""
            text = with_keys(text, f"payments.{wallet}", keys | more)
        self._config.write_text(_with_invoices(text, self._told("tax", issuing)), "utf-8")
        self._join()

    def _join(self) -> None:
        """Head office on a free port; the till is enrolled once, and told the port each time."""
        folder = self._config.parent / "headoffice"
        if not (folder / "headoffice.toml").exists():
            self._ask("headoffice", "init", "--dir", str(folder))
        self._ask("headoffice", "migrate", "--dir", str(folder))
        config = load(self._config)
        shop, till = config.settings.shop, config.settings.till
        code = ""
        if not config.headoffice_token.exists():
            place = ["--shop", shop.id, "--till", till.id, "--shop-name", shop.name]
            told = self._ask("headoffice", "till", "add", *place, "--dir", str(folder), "--json")
            _, code = split_address(json.loads(told)["code"])
            demo_people.open_accounts(config, folder)
        # nobody saw what `init` printed: a demo's pages are opened anew each time
        fresh = self._ask("headoffice", "account", "reset", "admin", "--dir", str(folder), "--json")
        self.office_password = str(json.loads(fresh)["password"])
        serving = ["headoffice", "serve", "--dir", str(folder), "--port", "0", "--json"]
        self.office = str(self._told("headoffice", self._child(serving))["url"])
        if code:
            joining.join(self._config, joining.Door(code, self.office, "", till.language))
            return
        text = self._config.read_text("utf-8")
        text = with_keys(text, "headoffice", {"url": self.office})
        self._config.write_text(with_keys(text, "invoices", {"link": self.office}), "utf-8")

    def _ask(self, *arguments: str) -> str:
        """One of our own verbs in a process of its own; what it says."""
        done = subprocess.run(  # noqa: S603  # nosec B603  # our own interpreter and module
            [sys.executable, "-m", "pos.cli", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused("simulator_failed", name=" ".join(arguments[:2]))
        return done.stdout

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdout is not None:
                child.stdout.close()

    def _start(self, simulator: str, folder: Path) -> subprocess.Popen[str]:
        """A simulator as a process of its own."""
        arguments = ["simulator", simulator, "--port", "0", "--dir", str(folder), "--json"]
        if simulator in ("wechat", "alipay"):
            arguments.append("--customer")
        return self._child(arguments)

    def _child(self, arguments: list[str]) -> subprocess.Popen[str]:
        """A process that ends with us."""
        child = subprocess.Popen(  # noqa: S603  # nosec B603  # our own interpreter and module
            [sys.executable, "-m", "pos.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl+C on the till is no business of theirs
        )
        self._children.append(child)
        return child

    @staticmethod
    def _told(name: str, child: subprocess.Popen[str]) -> dict[str, Any]:
        """The line of JSON it begins with, once it is there."""
        told = child.stdout.readline() if child.stdout is not None else ""
        try:
            return dict(json.loads(told))
        except ValueError as error:
            raise Refused("simulator_failed", name=name) from error
