"""The way in and out of every call: caps, signatures, limits, words, compression, a log line."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from pos.headoffice import tills
from pos.headoffice.house import House
from pos.headoffice.service.metrics import Metrics
from pos.protocol import MAX_DECODED, framing
from pos.protocol.problems import STATUS, Problem, ProblemError
from pos.protocol.records import Why
from pos.protocol.signing import ANSWER, caller_of, sign_answer
from pos.words import Language
from pos.words.headoffice import EN, ZH, HeadofficeWords

_NUL_ESCAPE = rb"\u0000"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
log = logging.getLogger("pos.headoffice")


class Asked(msgspec.Struct, frozen=True):
    """A call as its rule sees it: the body opened, names of path and query, words for answers."""

    body: bytes
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    words: HeadofficeWords

    def message(self, kind: type[Any]) -> Any:
        """The body as a message of that kind; ProblemError: malformed.

        NUL in a text of ours is refused: PostgreSQL has no place for it. Records inside a batch
        are texts of their own, in which it is written with one more backslash.
        """
        # looked for plainly first: a batch is a megabyte of backslashes to the pattern
        if _NUL_ESCAPE in self.body and _NUL.search(self.body):
            raise ProblemError("malformed", "NUL")
        return framing.decode(self.body, kind)

    def why(self, code: Why) -> str:
        """Words for a record that is not taken in."""
        return self.words.why[code]


Answer = Any
"""A message that is encoded, or bytes that go out as they are."""
Signed = Callable[[House, tills.Till, Asked], Answer]
Unsigned = Callable[[House, Asked], Answer]


class Doors:
    """Makes an HTTP endpoint of a rule."""

    def __init__(self, house: House, metrics: Metrics) -> None:
        self._house = house
        self._metrics = metrics

    def signed(self, rule: Signed, names: Mapping[str, str]) -> Callable[[Request], Any]:
        """For a till that proves who it is. `names` of path and query have these patterns."""
        patterns = {name: re.compile(pattern) for name, pattern in names.items()}

        def checked(house: House, till: tills.Till, asked: Asked) -> Answer:
            for name, value in [*asked.path.items(), *asked.query.items()]:
                if name in patterns and not patterns[name].fullmatch(value):
                    raise ProblemError("malformed", name)
            return rule(house, till, asked)

        async def endpoint(request: Request) -> Response:
            return await self._through(request, checked, None)

        return endpoint

    def unsigned(self, rule: Unsigned) -> Callable[[Request], Any]:
        """For whoever comes."""

        async def endpoint(request: Request) -> Response:
            return await self._through(request, None, rule)

        return endpoint

    async def _through(
        self, request: Request, signed: Signed | None, unsigned: Unsigned | None
    ) -> Response:
        start = time.perf_counter()
        words = words_for(request)
        passed = _Passed()
        try:
            raw = await _body(request)
            answer = await run_in_threadpool(
                self._answer, request, raw, words, signed, unsigned, passed
            )
            status, message = 200, answer
        except ProblemError as problem:
            status, message = STATUS[problem.code], self._problem(problem, words)
        except Exception:
            log.exception("failed", extra={"path": request.url.path})
            status, message = 500, self._problem(ProblemError("failed"), words)
        response = _response(request, status, message, passed)
        route = request.scope.get("route")
        path = getattr(route, "path", request.url.path)
        seconds = time.perf_counter() - start
        self._metrics.request(request.method, path, status, seconds)
        log.info(
            "%s %s %d",
            request.method,
            path,
            status,
            extra={"till": passed.place, "ms": round(seconds * 1000, 1), "status": status},
        )
        return response

    def _answer(
        self,
        request: Request,
        raw: bytes,
        words: HeadofficeWords,
        signed: Signed | None,
        unsigned: Unsigned | None,
        passed: _Passed,
    ) -> Answer:
        address = request.client.host if request.client else ""
        try:
            if signed is not None:
                till = self._who(request, raw, passed)
                return signed(self._house, till, _asked(request, raw, words))
            if unsigned is not None:
                if tills.blocked(self._house, address):
                    raise ProblemError("too_many", retry_after=60)
                return unsigned(self._house, _asked(request, raw, words))
        except ProblemError as problem:
            if problem.code in ("unauthorised", "code_unknown"):
                tills.failed(self._house, address)
            raise
        raise ProblemError("not_found")

    def _who(self, request: Request, raw: bytes, passed: _Passed) -> tills.Till:
        target = request.scope["raw_path"].decode("latin-1")
        if request.scope["query_string"]:
            target += "?" + request.scope["query_string"].decode("latin-1")
        caller = caller_of(request.headers)
        till = tills.authenticate(self._house, caller, request.method, target, raw)
        passed.token, passed.nonce, passed.place = till.token, caller.nonce, till.shop + till.till
        return till

    @staticmethod
    def _problem(problem: ProblemError, words: HeadofficeWords) -> Problem:
        return Problem(
            problem.code, words.problems[problem.code], problem.detail, problem.retry_after
        )


class _Passed:
    """What is known of a caller once he got through, for signing what he is told."""

    token = ""  # nosec B105  # empty until one is there
    nonce = ""
    place = ""


def words_for(request: Request) -> HeadofficeWords:
    """Chinese unless English is asked for first."""
    return EN if language_of(request.headers.get("accept-language", "")) == "en" else ZH


def language_of(accept: str) -> Language:
    """The first of our languages in an Accept-Language header."""
    for part in accept.split(","):
        name = part.split(";")[0].strip().lower()
        if name.startswith("en"):
            return "en"
        if name.startswith("zh"):
            return "zh"
    return "zh"


async def _body(request: Request) -> bytes:
    """What was sent, before it is believed to be anything; never more than the cap."""
    found = bytearray()
    try:
        async for part in request.stream():
            found += part
            if len(found) > MAX_DECODED:
                raise ProblemError("too_large", f"more than {MAX_DECODED} bytes")
    except ClientDisconnect:  # a till that lost power is no fault of ours
        raise ProblemError("malformed", "cut off") from None
    return bytes(found)


def _asked(request: Request, raw: bytes, words: HeadofficeWords) -> Asked:
    body = framing.expand(raw, request.headers.get("content-encoding", ""))
    path, query = dict(request.path_params), dict(request.query_params)
    return Asked(body, path, query, request.headers, words)


def _response(request: Request, status: int, message: Answer, passed: _Passed) -> Response:
    kind = "application/json"
    if isinstance(message, bytes):
        data, kind = message, "application/x-ndjson"
    else:
        data = framing.encode(message)
    encoding, body = framing.best_of(request.headers.get("accept-encoding", ""), data)
    headers = {"Cache-Control": "no-store"}
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    if isinstance(message, Problem) and message.retry_after:
        headers["Retry-After"] = str(message.retry_after)
    if passed.token:
        headers[ANSWER] = sign_answer(passed.token, passed.nonce, status, body)
    return Response(body, status, headers, media_type=kind)
