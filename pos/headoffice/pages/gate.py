"""The way in and out of every page: session, right, CSRF, limits, headers, words, a template.

Nothing is shown to who is not signed in but what a row says is `open`, and nothing is done for a
form without the token that its own page was given.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message

from pos.headoffice.house import House
from pos.headoffice.pages import accounts
from pos.headoffice.pages.accounts import Account, Right
from pos.headoffice.pages.painting import paint
from pos.headoffice.service.doors import language_of
from pos.protocol.problems import ProblemError
from pos.refusal import Refused
from pos.text import clean
from pos.words import CATALOGUE, Language
from pos.words.pages import EN, ZH, PageWords
from pos.words.refusals import say

log = logging.getLogger("pos.headoffice")
SESSION, FORM, TONGUE = "pos_session", "pos_form", "pos_language"
_FORM_BYTES = 32 * 1024
_PER_MINUTE = 300
_LONGEST_VALUE = 2000
_YEAR = 31_536_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
}


class Shown(msgspec.Struct, frozen=True):
    """A page: its template and what it is filled with."""

    template: str
    values: Mapping[str, Any] = {}
    status: int = 200
    styled: bool = False
    """Whether it has styles of its own in it, as a receipt has."""


class Moved(msgspec.Struct, frozen=True):
    """Go there; `done` names what was done, to be said there (a key of `PageWords.done`)."""

    to: str
    done: str = ""
    session: str | None = None
    """A new session's token; empty: the session is over."""


Answer = Shown | Moved


class Visit(msgspec.Struct, frozen=True):
    """What a page is asked: by whom, in which language, with which values."""

    house: House
    account: Account | None
    language: Language
    path: str
    values: Mapping[str, str]
    """Of the path, the query and, where it was sent, the form; cleaned."""
    files: Mapping[str, bytes]
    token: str
    address: str

    @property
    def words(self) -> PageWords:
        """The words of the pages."""
        return EN if self.language == "en" else ZH

    @property
    def who(self) -> Account:
        """The account; a page that is open has none."""
        if self.account is None:
            raise AssertionError("a page that is open asks who is there")
        return self.account

    def get(self, name: str) -> str:
        """A value, empty where there is none."""
        return self.values.get(name, "")

    def told(self, refused: Refused) -> str:
        """A refusal in the words of who asks."""
        return say(CATALOGUE[self.language].refusals, refused)


class Page(msgspec.Struct, frozen=True):
    """A row of the table: `right` None is open to all; `whole` is for the whole chain's accounts.

    `secret` values of a form are taken as they are typed.
    """

    method: Literal["GET", "POST"]
    path: str
    right: Right | None
    rule: Callable[[Visit], Answer]
    whole: bool = False
    most_bytes: int = _FORM_BYTES
    secret: frozenset[str] = frozenset()


class _Denied(Exception):  # noqa: N818 - answered within this module
    """Not for who asks: status, and the key of the words."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status, why)
        self.status, self.why = status, why


class Gate:
    """Makes an endpoint of a row."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._minute = ""
        self._asked: Counter[str] = Counter()

    def endpoint(self, page: Page) -> Callable[[Request], Any]:
        """What Starlette calls."""

        async def answer(request: Request) -> Response:
            fresh = secrets.token_urlsafe(16)
            language = _language(request)
            try:
                account = await run_in_threadpool(self._enter, page, request)
                values, files = await _sent(request, page)
                visit = Visit(
                    self._house,
                    account,
                    language,
                    request.url.path,
                    values,
                    files,
                    request.cookies.get(SESSION, ""),
                    _address(request),
                )
                if page.method == "POST":
                    self._check_form(request, values)
                response = await run_in_threadpool(self._answer, page, visit, request, fresh)
            except _Denied as denied:
                response = self._denied(denied, request, language)
            except ProblemError as problem:
                away = _Denied(503 if problem.code == "busy" else 400, problem.code)
                response = self._denied(away, request, language)
            except Exception:
                log.exception("failed", extra={"path": page.path})
                response = self._denied(_Denied(500, "failed"), request, language)
            return self._finished(request, response, language, fresh)

        return answer

    def _enter(self, page: Page, request: Request) -> Account | None:
        token = request.cookies.get(SESSION, "")
        account = accounts.session_of(self._house, token, "auto" not in request.query_params)
        # who is not signed in counts by address, whatever token he makes up
        self._count(_address(request) if account is None else f"account {account.name}")
        if page.right is None:
            return account
        if account is None:
            raise _Denied(303, "sign_in")
        if account.must_change and page.path not in ("/password", "/sign-out"):
            raise _Denied(303, "must_change")
        if not account.may(page.right):
            raise _Denied(403, "no_right")
        if page.whole and account.of_shop:
            raise _Denied(403, "whole_chain")
        return account

    def _count(self, who: str) -> None:
        minute = self._house.clock.now().strftime("%H:%M")
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._asked.clear()
            self._asked[who] += 1
            if self._asked[who] > _PER_MINUTE:
                raise _Denied(429, "too_many")

    def _check_form(self, request: Request, values: Mapping[str, str]) -> None:
        """The token a form carries belongs to this browser's session, or to its form cookie."""
        wanted = self._form_token(request, "")
        if not wanted or not hmac.compare_digest(wanted, values.get("csrf", "")):
            raise _Denied(403, "form_stale")

    def _form_token(self, request: Request, fresh: str) -> str:
        kept = request.cookies.get(SESSION) or request.cookies.get(FORM) or fresh
        return self._house.keys.session(f"form|{kept}") if kept else ""

    def _answer(self, page: Page, visit: Visit, request: Request, fresh: str) -> Response:
        try:
            answer = page.rule(visit)
        except Refused as refused:
            answer = Shown("refused.html", {"why": visit.told(refused)}, 422)
        if isinstance(answer, Moved):
            to = answer.to
            if answer.done:
                to += ("&" if "?" in to else "?") + urlencode({"done": answer.done})
            moved = RedirectResponse(to, 303)
            if answer.session is not None:
                _set(request, moved, SESSION, answer.session, self._secure(request))
            return moved
        return self._shown(answer, visit, request, fresh)

    def _shown(self, answer: Shown, visit: Visit, request: Request, fresh: str) -> Response:
        query = [(k, v) for k, v in request.query_params.multi_items() if k not in _OURS]
        here = request.url.path if request.method == "GET" else "/"
        values = {
            "csrf": self._form_token(request, fresh),
            "account": visit.account,
            "path": request.url.path,
            "here": here + "?" + urlencode([*query, ("lang", "")]),
            "done": visit.words.done.get(visit.get("done"), ""),
            **answer.values,
        }
        page = paint(answer.template, visit.words, visit.language, values)
        response = HTMLResponse(page, answer.status)
        if answer.styled:
            response.headers[_POLICY] = HEADERS[_POLICY].replace(*_STYLED)
        return response

    def _denied(self, denied: _Denied, request: Request, language: Language) -> Response:
        if denied.status == 303:
            return RedirectResponse("/password" if denied.why == "must_change" else "/sign-in", 303)
        words = EN if language == "en" else ZH
        values: dict[str, Any] = {
            "csrf": "",
            "account": None,
            "path": "",
            "here": "/?lang=",
            "done": "",
            "why": words.denied.get(denied.why, words.denied["failed"]),
        }
        return HTMLResponse(paint("refused.html", words, language, values), denied.status)

    def _secure(self, request: Request) -> bool:
        told = self._house.settings.server.url.startswith("https://")
        return told or request.url.scheme == "https"

    def _finished(
        self, request: Request, response: Response, language: Language, fresh: str
    ) -> Response:
        secure = self._secure(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Language"] = language
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if FORM not in request.cookies:
            _set(request, response, FORM, fresh, secure)
        if request.query_params.get("lang") in ("zh", "en"):
            response.set_cookie(
                TONGUE, language, _YEAR, path="/", secure=secure, httponly=True, samesite="strict"
            )
        return response


_POLICY = "Content-Security-Policy"
_STYLED = ("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_OURS = ("lang", "done", "auto")


def _set(request: Request, response: Response, name: str, value: str, secure: bool) -> None:
    if value:
        response.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="strict")
    elif name in request.cookies:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _language(request: Request) -> Language:
    """As switched to, now or before; else what the browser asks for."""
    for told in (request.query_params.get("lang"), request.cookies.get(TONGUE)):
        if told == "zh":
            return "zh"
        if told == "en":
            return "en"
    return language_of(request.headers.get("accept-language", ""))


async def _sent(request: Request, page: Page) -> tuple[dict[str, str], dict[str, bytes]]:
    """Values of path, query and form, and the bytes of files; never more than the page's cap."""
    values = {name: clean(str(value)) for name, value in request.path_params.items()}
    for name, value in request.query_params.items():
        values.setdefault(name, clean(value))
    files: dict[str, bytes] = {}
    if page.method != "POST":
        return values, files
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > page.most_bytes:
            raise _Denied(413, "too_large")

    async def again() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    try:
        form = await Request(request.scope, again).form(max_files=1, max_fields=60)
    except HTTPException:
        raise _Denied(400, "form_stale") from None
    for name, sent in form.multi_items():
        if isinstance(sent, UploadFile):
            files[name] = await sent.read()
        elif name in page.secret:
            values[name] = sent[:_LONGEST_VALUE]
        else:
            values[name] = clean(sent, _LONGEST_VALUE)
    await form.close()
    return values, files
