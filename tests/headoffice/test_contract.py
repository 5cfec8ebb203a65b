"""Everything the OpenAPI page allows, and more, asked of a real server: never a 5xx."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from requests.auth import AuthBase
from schemathesis.core.result import Ok

from pos.clock import system_clock
from pos.headoffice import tills
from pos.headoffice.database import Database
from pos.headoffice.house import House, Keys, Limits, Settings
from pos.headoffice.service.app import make_app
from pos.protocol.enrolment import Enrol, proof_digest
from pos.protocol.signing import new_nonce, signed_headers
from tests.headoffice.sides import Ledger

_CASES = int(os.environ.get("POS_API_CASES", "3"))
"""Of each call, signed and not."""
_NO_HTTP = "Invalid HTTP request received."
"""What the HTTP server itself says of a request line that is none."""


class Signed(AuthBase):
    """Signs whatever is sent, as a till would."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        assert isinstance(body, bytes)
        place = urlsplit(request.url or "")
        target = place.path + (f"?{place.query}" if place.query else "")
        made = signed_headers(
            *(self._token, "0001", "01", request.method or "GET", target, body),
            *(datetime.now(UTC), new_nonce()),
        )
        request.headers.update(made)
        return request


@pytest.fixture
def served(emptied: Database) -> Iterator[tuple[str, str]]:
    """A server on loopback, and the token of its till."""
    limits = Limits(requests_per_minute=1_000_000, failures_per_minute=1_000_000)
    house = House(emptied, Keys(b"m" * 32, b"p" * 32), Settings(limits=limits), system_clock())
    ledger = Ledger().begin()
    code = tills.add(house, "0001", "01")
    key = ledger.signer.public_key
    proof = ledger.signer.sign(proof_digest(code, ledger.ledger_id, key)).hex()
    token = tills.enrol(house, Enrol(code, ledger.ledger_id, key, 1, proof)).token
    config = uvicorn.Config(make_app(house), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", token
    server.should_exit = True
    thread.join()


def test_no_request_makes_the_server_fail(served: tuple[str, str]) -> None:
    url, token = served
    page = requests.get(f"{url}/openapi.json", timeout=10).json()
    schema = schemathesis.openapi.from_dict(page)
    asked: list[int] = []
    with requests.Session() as session:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()

            def ask(case: Any) -> None:
                for auth in (Signed(token), None):
                    answer = case.call(base_url=url, auth=auth, session=session, timeout=10)
                    asked.append(answer.status_code)
                    assert answer.status_code < 500, answer.text
                    if answer.status_code >= 400 and answer.text != _NO_HTTP:
                        assert answer.json()["code"], answer.text

            strategy = operation.as_strategy()
            wanted = settings(
                max_examples=_CASES,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            checked: Callable[[], None] = wanted(given(strategy)(ask))
            checked()
    assert len(asked) > 60
    assert 200 in asked
