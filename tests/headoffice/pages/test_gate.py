"""Nobody sees or does what a row of the table does not allow; signing in, its lock, its end."""

from __future__ import annotations

import html
import re

import pytest
from starlette.routing import Route

from pos.headoffice.invoicing import callbacks
from pos.headoffice.pages import accounts
from pos.headoffice.pages.gate import HEADERS, Page
from pos.headoffice.pages.site import LOOK, TABLE
from pos.refusal import Refused
from tests.headoffice.conftest import Office
from tests.headoffice.pages.conftest import PASSWORD, Visitor

BESIDE = {"/local", "/healthz", "/metrics", "/openapi.json", LOOK, callbacks.PATH}


def _path(path: str) -> str:
    return re.sub(r"\{\w+\}", "000101010000001", path)


def test_every_route_is_closed_by_default(office: Office, visitor: Visitor) -> None:
    nobody = visitor().client
    routes = [one for one in office.client.app.routes if isinstance(one, Route)]  # type: ignore[attr-defined]
    rows: dict[tuple[str, str], Page] = {(page.method, page.path): page for page in TABLE}
    walked = set()
    for route in routes:
        for method in (route.methods or set()) - {"HEAD"}:
            if route.path.startswith("/v1/") or route.path in BESIDE:
                continue
            page = rows[method, route.path]
            walked.add((method, route.path))
            answer = nobody.request(method, _path(route.path), follow_redirects=False)
            if page.right is not None:
                assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in")
                assert answer.text == ""
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
    assert walked == set(rows)
    assert {page.path for page in TABLE if page.right is None} == {"/sign-in", "/i/{token}"}


def test_a_role_opens_what_is_its_own_and_nothing_else(visitor: Visitor) -> None:
    for role in accounts.ROLES:
        account = accounts.Account(role, role, "", False)
        client = visitor(role).client
        for page in TABLE:
            if page.right is None or page.path in ("/sign-out",):
                continue
            answer = client.request(page.method, _path(page.path), follow_redirects=False)
            wanted = (403,) if not account.may(page.right) else (200, 403, 422)
            assert answer.status_code in wanted, (role, page.path, answer.status_code)
            if page.method == "POST" and account.may(page.right):
                assert "表已过期" in answer.text  # no token, nothing is done


def test_an_account_of_one_shop_sees_that_shop_only(office: Office, visitor: Visitor) -> None:
    side = office.till()
    order = side.ledger.sell()
    side.send(side.ledger.batch())
    office.project()
    assert order.jn
    office.house.database.run(
        lambda work: work.put("shops", "shop_id name made_at", [("0002", "二店", "")])
    )
    here, there = visitor("manager", "0001"), visitor("manager", "0002")
    number = "000101010000001"
    assert "商品1" in here.get(f"/orders/{number}")
    assert "商品1" not in there.get(f"/orders/{number}", 422)
    assert number[8:] in here.get("/orders?number=0001&day=2026-03-02")
    assert f"<b>{number[8:]}" not in there.get("/orders?number=0001010100")
    assert f"<b>{number[8:]}" not in there.get("/orders?day=2026-03-02&shop=0001")
    assert "一店" not in there.get("/?shop=0001&day=2026-03-02")
    assert "一店" not in there.get("/tills?shop=0001")
    assert "只管一家店" in visitor("owner", "0002").get("/accounts", 403)


def test_signing_in_changing_the_first_password_signing_out(
    office: Office, visitor: Visitor
) -> None:
    once = accounts.add(office.house, "Lǐ ", "manager", "", "test")
    browser = visitor()
    answer = browser.post("/sign-in", {"name": "LǏ", "password": once})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert browser.client.get("/", follow_redirects=False).headers["location"] == "/password"
    told = {"old": once, "new": "kurz", "again": "kurz"}
    assert "10" in browser.refused("/password", told)
    assert "猜" in browser.refused("/password", {"old": once, "new": "a" * 12, "again": "a" * 12})
    assert "一样" in browser.refused("/password", {"old": once, "new": PASSWORD, "again": "x"})
    assert "不对" in browser.refused("/password", {"old": "x", "new": PASSWORD, "again": PASSWORD})
    done = browser.post("/password", {"old": once, "new": PASSWORD, "again": PASSWORD})
    assert done.headers["location"] == "/?done=password"
    assert "密码已改" in browser.get("/?done=password")
    kept = browser.client.cookies["pos_session"]
    assert browser.post("/sign-out", {}, at="/").headers["location"] == "/sign-in?done=signed_out"
    browser.client.cookies.set("pos_session", kept)
    assert browser.client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


def test_secure_cookies_where_it_is_https(office: Office, visitor: Visitor) -> None:
    client = visitor().client
    client.base_url = "https://testserver"
    answer = client.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"]


def test_wrong_passwords_lock_the_name_and_a_restart_changes_nothing(
    office: Office, visitor: Visitor
) -> None:
    once = accounts.add(office.house, "boss", "owner", "", "test")
    browser = visitor()
    for name in ("boss", "nobody"):  # whether there is such a name is not told
        for _ in range(5):
            assert "不对" in browser.refused("/sign-in", {"name": name, "password": "x"})
        assert "等 30 秒" in browser.refused("/sign-in", {"name": name, "password": once})
    office.now.later(seconds=29)
    with pytest.raises(Refused, match="sign_in_wait"):  # the lock is in the database
        accounts.sign_in(office.house, "boss", once, "elsewhere")
    office.now.later(seconds=2)
    with pytest.raises(Refused, match="sign_in_wrong"):
        accounts.sign_in(office.house, "boss", "x", "elsewhere")
    with pytest.raises(Refused) as told:
        accounts.sign_in(office.house, "boss", once, "elsewhere")
    assert told.value.values == {"seconds": 60}
    office.now.later(seconds=61)
    token = accounts.sign_in(office.house, "boss", once, "elsewhere")
    assert accounts.session_of(office.house, token) is not None
    assert not office.rows("SELECT * FROM accounts WHERE password_hash LIKE :p", p=f"%{once}%")


def test_one_address_may_not_try_on_and_on(office: Office) -> None:
    for n in range(30):
        with pytest.raises(Refused, match="sign_in_wrong"):
            accounts.sign_in(office.house, f"name{n}", "x", "203.0.113.9")
    with pytest.raises(Refused, match="sign_in_crowd"):
        accounts.sign_in(office.house, "another", "x", "203.0.113.9")


def test_sessions_end_when_left_alone_and_in_any_case(office: Office) -> None:
    once = accounts.add(office.house, "a", "reader", "", "test")
    token = accounts.sign_in(office.house, "a", once, "x")
    for _ in range(6):
        office.now.later(minutes=110)
        kept = accounts.session_of(office.house, token)
        assert kept is not None
    office.now.later(minutes=110)
    assert accounts.session_of(office.house, token) is None  # 12 hours
    token = accounts.sign_in(office.house, "a", once, "x")
    office.now.later(minutes=119)
    assert accounts.session_of(office.house, token, touch=False) is not None
    office.now.later(minutes=2)
    assert accounts.session_of(office.house, token) is None
    token = accounts.sign_in(office.house, "a", once, "x")
    accounts.reset(office.house, "a")
    assert accounts.session_of(office.house, token) is None


def test_a_form_of_another_browser_does_nothing(office: Office, visitor: Visitor) -> None:
    one, other = visitor("owner"), visitor("manager")
    data = {"csrf": other.token("/password"), "act": "add", "name": "x", "role": "owner"}
    answer = one.client.post("/accounts", data=data, follow_redirects=False)
    assert answer.status_code == 403
    assert len(accounts.listed(office.house)) == 2
    big = one.client.post("/accounts", data=data | {"name": "x" * 40_000}, follow_redirects=False)
    assert (big.status_code, "太大" in big.text) == (413, True)


def test_accounts_are_kept_by_owners(office: Office, visitor: Visitor) -> None:
    owner = visitor("owner")
    page = owner.post("/accounts", {"act": "add", "name": "Wang", "role": "reader"}).text
    once = re.search('<code class="big">([a-z0-9-]{19})</code>', page)
    assert once is not None
    assert accounts.sign_in(office.house, "wang", once[1], "x")
    assert "已有" in owner.refused("/accounts", {"act": "add", "name": "WANG", "role": "reader"})
    assert "角色" in owner.refused("/accounts", {"act": "add", "name": "b", "role": "king"})
    shop = {"act": "add", "name": "b", "role": "reader", "shop": "0009"}
    assert "0009" in owner.refused("/accounts", shop)
    assert "最后" in owner.refused("/accounts", {"act": "close", "name": "owner"})
    assert owner.post("/accounts", {"act": "close", "name": "wang"}).status_code == 303
    with pytest.raises(Refused, match="sign_in_wrong"):
        accounts.sign_in(office.house, "wang", once[1], "x")


def test_too_many_pages_in_a_minute(visitor: Visitor) -> None:
    client = visitor().client
    answers = []
    for n in range(305):
        client.cookies.set("pos_session", f"made-up-{n}")
        answers.append(client.get("/sign-in").status_code)
    assert answers[:300] == [200] * 300
    assert answers[-1] == 429
    assert visitor("reader").client.get("/").status_code == 200


def test_language_by_the_browser_and_by_the_switch(visitor: Visitor) -> None:
    browser = visitor("reader")
    assert "营业额" in browser.get("/")
    assert "Takings" in browser.get("/", language="en-GB,en;q=0.9")
    assert "Takings" in browser.get("/?lang=en")
    assert "Takings" in browser.get("/")
    switch = re.search('class="tongue" href="([^"]+)"', browser.get("/orders?day=2026-03-02"))
    assert switch is not None
    assert html.unescape(switch[1]) == "/orders?day=2026-03-02&lang=zh"
