"""Signing in and out, the own password, and the accounts there are."""

from __future__ import annotations

from pos.headoffice.pages import accounts
from pos.headoffice.pages.gate import Answer, Moved, Shown, Visit
from pos.headoffice.pages.views.shops import shops
from pos.refusal import Refused


def door(visit: Visit) -> Answer:
    """`/sign-in`"""
    if visit.account is not None:
        return Moved("/")
    return Shown("sign_in.html", {"name": "", "why": ""})


def sign_in(visit: Visit) -> Answer:
    """The form of `/sign-in`."""
    name = visit.get("name")
    try:
        token = accounts.sign_in(visit.house, name, visit.get("password"), visit.address)
    except Refused as refused:
        status = 429 if refused.code in ("sign_in_wait", "sign_in_crowd") else 422
        return Shown("sign_in.html", {"name": name, "why": visit.told(refused)}, status)
    if visit.token:
        accounts.sign_out(visit.house, visit.token)
    return Moved("/", session=token)


def sign_out(visit: Visit) -> Answer:
    """The form of every page's end."""
    accounts.sign_out(visit.house, visit.token)
    return Moved("/sign-in", "signed_out", session="")


def password(visit: Visit) -> Answer:
    """`/password`"""
    return Shown("password.html", {"why": "", "least": accounts.LEAST})


def change_password(visit: Visit) -> Answer:
    """The form of `/password`."""
    old, new, again = (visit.get(name) for name in ("old", "new", "again"))
    try:
        accounts.change_password(visit.house, visit.who.name, old, new, again, visit.token)
    except Refused as refused:
        return Shown("password.html", {"why": visit.told(refused), "least": accounts.LEAST}, 422)
    return Moved("/", "password")


def people(visit: Visit) -> Answer:
    """`/accounts`"""
    return _people(visit, {})


def change_people(visit: Visit) -> Answer:
    """The forms of `/accounts`: a new one, a new password, open, close."""
    name, act = visit.get("name"), visit.get("act")
    try:
        match act:
            case "add":
                role, shop = visit.get("role"), visit.get("shop")
                fresh = accounts.add(visit.house, name, role, shop, visit.who.name)
                return _people(visit, {"fresh": fresh, "fresh_name": accounts.name_of(name)})
            case "reset":
                fresh = accounts.reset(visit.house, name)
                return _people(visit, {"fresh": fresh, "fresh_name": accounts.name_of(name)})
            case "close" | "open":
                accounts.set_active(visit.house, name, act == "open")
                return Moved("/accounts", "account")
    except Refused as refused:
        return _people(visit, {"why": visit.told(refused), "name": name}, 422)
    return Moved("/accounts")


def _people(visit: Visit, values: dict[str, str], status: int = 200) -> Shown:
    told = {"why": "", "name": "", "fresh": "", "fresh_name": ""} | values
    known = visit.house.database.read(lambda work: shops(work, visit))
    people = accounts.listed(visit.house)
    return Shown(
        "accounts.html",
        {**told, "people": people, "roles": accounts.ROLES, "shops": known},
        status,
    )
