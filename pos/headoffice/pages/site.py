"""THE table of pages: path, the right it needs, the rule that fills it."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from pos.headoffice.house import House
from pos.headoffice.pages.gate import HEADERS, Gate, Page
from pos.headoffice.pages.painting import look
from pos.headoffice.pages.views import (
    adding,
    aside,
    bills,
    closes,
    goods,
    invoices,
    orders,
    people,
    receipt,
    stock,
    tills,
    today,
)

LOOK = "/look.css"
_PASSWORD = frozenset({"password"})
_PASSWORDS = frozenset({"old", "new", "again"})
TABLE = (
    Page("GET", "/sign-in", None, people.door),
    Page("POST", "/sign-in", None, people.sign_in, secret=_PASSWORD),
    Page("POST", "/sign-out", "read", people.sign_out),
    Page("GET", "/password", "read", people.password),
    Page("POST", "/password", "read", people.change_password, secret=_PASSWORDS),
    Page("GET", "/accounts", "own", people.people, whole=True),
    Page("POST", "/accounts", "own", people.change_people, whole=True),
    Page("GET", "/i/{token}", None, receipt.show),
    Page("POST", "/i/{token}", None, receipt.apply),
    Page("GET", "/", "read", today.show),
    Page("GET", "/tills", "read", tills.show),
    Page("GET", "/orders", "read", orders.show),
    Page("GET", "/orders/{number}", "read", orders.show_one),
    Page("GET", "/invoices", "read", invoices.show),
    Page("GET", "/invoices/{no}", "read", invoices.show_one),
    Page("POST", "/invoices/{no}", "change", invoices.change),
    Page("GET", "/aside", "read", aside.show),
    Page("GET", "/aside/{ref}", "read", aside.show_one),
    Page("POST", "/aside/{ref}", "change", aside.decide),
    Page("GET", "/stock", "read", stock.show),
    Page("GET", "/closes", "read", closes.show),
    Page("GET", "/products", "read", goods.show),
    Page("POST", "/products", "change", adding.add),
    Page("GET", "/product", "read", goods.show_one),
    Page("POST", "/product", "change", goods.change),
    Page("GET", "/bills", "read", bills.show, whole=True),
    Page("POST", "/bills", "change", bills.upload, whole=True, most_bytes=bills.MOST_BYTES),
)


def add_pages(app: FastAPI, house: House) -> None:
    """Put the pages beside the calls of tills."""
    gate = Gate(house)
    for page in TABLE:
        app.router.add_route(
            page.path, gate.endpoint(page), methods=[page.method], include_in_schema=False
        )
    sheet = look()

    async def style(_request: Request) -> Response:
        headers = HEADERS | {"Cache-Control": "public, max-age=300"}
        return Response(sheet, media_type="text/css", headers=headers)

    app.router.add_route(LOOK, style, methods=["GET"], include_in_schema=False)
