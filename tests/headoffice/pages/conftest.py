"""A browser's side of the pages: cookies, forms with their tokens, an account of each role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from pos.headoffice.pages import accounts
from tests.headoffice.conftest import Office

PASSWORD = "ein langer Satz 7"  # noqa: S105 - of accounts that tests make
Visitor = Callable[..., "Browser"]


@dataclass
class Browser:
    """Follows no redirect and keeps cookies."""

    client: TestClient

    def get(self, path: str, status: int = 200, language: str = "zh-CN") -> str:
        headers = {"Accept-Language": language}
        answer = self.client.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return answer.text

    def token(self, path: str) -> str:
        found = re.search('name="csrf" value="([0-9a-f]{64})"', self.get(path))
        assert found is not None
        return found[1]

    def post(self, path: str, data: dict[str, str], at: str = "", **more: Any) -> Any:
        """Send a form that stands on the page `at` (the same path, if not told)."""
        sent = {"csrf": self.token(at or path)} | data
        return self.client.post(path, data=sent, follow_redirects=False, **more)

    def refused(self, path: str, data: dict[str, str], at: str = "", **more: Any) -> str:
        """What a form that is not taken is told."""
        answer = self.post(path, data, at, **more)
        assert answer.status_code in (403, 422, 429), answer.status_code
        found = re.search('<p class="why" role="alert">(.*?)</p>', answer.text)
        assert found is not None, answer.text
        return found[1]


@pytest.fixture
def visitor(office: Office) -> Iterator[Visitor]:
    """Browsers: signed out, or signed in by an account made for the role (and shop)."""
    made: list[TestClient] = []

    def visit(role: str = "", shop: str = "") -> Browser:
        client = TestClient(office.client.app, raise_server_exceptions=False)
        made.append(client)
        if role:
            name = f"{role}{shop}"
            once = accounts.add(office.house, name, role, shop, "test")
            token = accounts.sign_in(office.house, name, once, "testclient")
            accounts.change_password(office.house, name, once, PASSWORD, PASSWORD, token)
            client.cookies.set("pos_session", token)
        return Browser(client)

    yield visit
    for client in made:
        client.close()
