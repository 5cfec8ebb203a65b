"""The command line beside a head office that is running: it asks the process that has the database.

Only who may read the folder's secrets can sign such a call, and it is good for a minute.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from pos.clock import Clock, moment_of, stamp
from pos.config import sent
from pos.headoffice import master, tills
from pos.headoffice.goods import import_staged
from pos.headoffice.house import House, Keys
from pos.protocol.enrolment import with_address
from pos.protocol.master import Coupon, Kind, Promotion, Setting, Value
from pos.protocol.problems import ProblemError
from pos.refusal import Refused

PATH = "/local"
SIGNATURE, TIME = "Pos-Local", "Pos-Time"
_SECONDS = 60
_TIMEOUT = 15.0
_FILE = "serving"


class OffersFile(msgspec.Struct, frozen=True):
    """Checked offers and coupons on their way into the streams."""

    promotions: tuple[Promotion, ...]
    coupons: tuple[Coupon, ...]


def told(folder: Path, url: str) -> None:
    """Write down where head office listens, for as long as it does."""
    (folder / _FILE).write_text(url + "\n", "utf-8")


def listening(folder: Path) -> str:
    """Where a head office of this folder listens, empty where none does."""
    try:
        return (folder / _FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def forget(folder: Path) -> None:
    """It listens no more."""
    (folder / _FILE).unlink(missing_ok=True)


def ask(folder: Path, keys: Keys, clock: Clock, act: str, values: Mapping[str, str]) -> Any:
    """What the running head office answers. Refused: its own refusals, headoffice_in_use."""
    url = listening(folder)
    if not url:
        raise Refused("headoffice_in_use", holder="?")
    body = json.dumps({"act": act, **values}).encode()
    at = stamp(clock.now())
    headers = {SIGNATURE: _signed(keys, at, body), TIME: at, "Content-Type": "application/json"}
    request = urllib.request.Request(url + PATH, body, headers)  # noqa: S310 - our own address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            found = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise Refused("headoffice_in_use", holder=f"{url} ({error})") from error
    if "refused" in found:
        raise Refused(found["refused"], **found["values"])
    return found["answer"]


def answer(house: House, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Do what the command line asks. ProblemError: unauthorised, malformed."""
    at = headers.get(TIME.lower(), "")
    given = headers.get(SIGNATURE.lower(), "").encode("latin-1", "replace")
    good = hmac.compare_digest(_signed(house.keys, at, body).encode(), given)
    if not good or abs((moment_of(at) - house.clock.now()).total_seconds()) > _SECONDS:
        raise ProblemError("unauthorised", "local")
    asked = json.loads(body)
    try:
        return {"answer": act(house, asked.pop("act"), asked)}
    except Refused as refused:
        return {"refused": refused.code, "values": refused.values}


def act(house: House, name: str, values: Mapping[str, str]) -> Any:
    """One of the acts that the command line may ask for, here or in the running process."""
    match name:
        case "add":
            code = tills.add(house, values["shop"], values["till"], values["name"])
            return with_address(house.settings.server.url, code)
        case "revoke":
            tills.revoke(house, values["shop"], values["till"])
            return None
        case "account_add":
            from pos.headoffice.pages import accounts

            return accounts.add(house, values["name"], values["role"], values["shop"], "cli")
        case "account_reset":
            from pos.headoffice.pages import accounts

            return accounts.reset(house, values["name"])
        case "setting":
            gone: list[tuple[Kind, str]] = []
            told: list[Setting] = []
            if values["value"]:
                sent.check_value(values["key"], values["value"])
                told.append(Setting(values["key"], values["value"]))
            else:
                gone.append(("setting", values["key"]))
            by = "pos headoffice setting"
            return master.put(house, told, by, shop=values["shop"], gone=gone).changed
        case "list":
            return [dict(row) for row in tills.listed(house)]
        case "import":
            done = import_staged(
                house,
                Path(values["staged"]),
                "pos headoffice import",
                int(values["tax_bp"]),
                values["effective_at"],
                values["shop"],
            )
            return msgspec.to_builtins(done)
        case "offers":
            given = msgspec.json.decode(Path(values["staged"]).read_bytes(), type=OffersFile)
            fresh: list[Value] = [*given.promotions, *given.coupons]
            return master.put(house, fresh, "pos headoffice offers", shop=values["shop"]).changed
        case _:
            raise ProblemError("not_found", name)


def _signed(keys: Keys, at: str, body: bytes) -> str:
    return keys.session(f"local|{at}|{hashlib.sha256(body).hexdigest()}")
