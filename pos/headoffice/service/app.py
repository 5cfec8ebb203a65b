"""The application: calls of tills, health, metrics, OpenAPI; the worker beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from pos import __version__
from pos.headoffice import beside
from pos.headoffice.house import House
from pos.headoffice.invoicing import callbacks
from pos.headoffice.invoicing.working import Issuer
from pos.headoffice.messaging import Teller
from pos.headoffice.pages.site import add_pages
from pos.headoffice.service.calls import table
from pos.headoffice.service.doors import Doors, words_for
from pos.headoffice.service.metrics import Metrics
from pos.headoffice.service.openapi import components, names_of, operation
from pos.headoffice.worker import Worker
from pos.protocol import framing
from pos.protocol.problems import STATUS, Code, Problem

_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


def make_app(house: House) -> FastAPI:
    """Head office's application over an open house; its worker runs while the application does."""
    metrics = Metrics()
    worker = Worker(house, metrics.record)
    issuer = Issuer(house)
    teller = Teller(house)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker.start()
        issuer.start()
        teller.start()
        try:
            yield
        finally:
            await run_in_threadpool(worker.stop)
            await run_in_threadpool(issuer.stop)
            await run_in_threadpool(teller.stop)

    app = FastAPI(
        title="Guitai head office",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    doors = Doors(house, metrics)
    calls = table(worker.poke, metrics.record)
    for call in calls:
        endpoint = doors.signed(call.signed, names_of(call)) if call.signed else None
        if call.unsigned is not None:
            endpoint = doors.unsigned(call.unsigned)
        if endpoint is None:
            raise AssertionError(call.path)
        app.add_api_route(
            call.path,
            endpoint,
            methods=[call.method],
            summary=call.about,
            openapi_extra=operation(call),
            response_class=Response,
            operation_id=f"{call.method.lower()} {call.path}",
        )
    app.add_api_route(
        beside.PATH,
        doors.unsigned(lambda house, asked: beside.answer(house, asked.headers, asked.body)),
        methods=["POST"],
        include_in_schema=False,
        response_class=Response,
    )
    _beside(app, house, metrics)
    add_pages(app, house)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            page = get_openapi(title=app.title, version=app.version, routes=app.routes)
            for path in page["paths"].values():
                for told in path.values():
                    told["responses"].pop("422", None)  # we say 400 `malformed`
            page["components"] = components(calls)
            app.openapi_schema = page
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _beside(app: FastAPI, house: House, metrics: Metrics) -> None:
    """Health, metrics, and answers of the framework in our form."""

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        house.database.read(lambda work: work.rows("SELECT 1 AS one"))
        return {"status": "ok", "version": __version__}

    @app.post(callbacks.PATH, include_in_schema=False)
    def called_back(no: str, mark: str) -> Response:
        # what it says is not signed, so none of it is read
        known = callbacks.take(house, no[:40], mark[:80])
        told = {"status": "0000", "message": "同步成功"} if known else {"status": "9999"}
        return JSONResponse(told, 200 if known else 404)

    @app.get("/metrics", include_in_schema=False)
    def prometheus() -> Response:
        return Response(house.database.read(metrics.text), media_type=_PLAIN)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        codes: dict[int, Code] = {404: "not_found", 405: "not_allowed"}
        code = codes.get(status, "malformed" if status < 500 else "failed")
        problem = Problem(code, words_for(request).problems[code])
        headers = getattr(error, "headers", None)
        return Response(
            framing.encode(problem), STATUS[code], headers, media_type="application/json"
        )
