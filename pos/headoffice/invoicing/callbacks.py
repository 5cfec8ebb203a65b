"""The provider's calls. They are not signed, so they say nothing but that it is time to ask.

Each invoice has an address of its own that only the provider was told. A call to it, early, late,
twice or made up, at most brings the next question forward; what counts is the answer to that.
"""

from __future__ import annotations

import hmac

from pos.clock import stamp
from pos.headoffice.house import House
from pos.headoffice.invoicing import keeping

PATH = "/callbacks/invoices/{no}/{mark}"
_MARK = 32


def address(house: House, no: str) -> str:
    """Where news of an invoice is taken."""
    base = house.settings.server.url.rstrip("/")
    return base + PATH.format(no=no, mark=_mark(house, no))


def take(house: House, no: str, mark: str) -> bool:
    """A call came; False where its address is none of ours."""
    if not hmac.compare_digest(_mark(house, no).encode(), mark.encode()):
        return False
    now = stamp(house.clock.now())
    if house.database.run(lambda work: keeping.ask_soon(work, no, now)):
        house.issuing.set()
    return True


def _mark(house: House, no: str) -> str:
    return house.keys.session(f"callback|{no}")[:_MARK]
