"""Exceptions to answers: a status, a stable code, words for people. What we did not foresee tells nothing outside."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from clearcut.core.codec import WireError
from clearcut.errors import (
    ConflictError,
    MissingError,
    NotAllowedError,
    RecognitionChanged,
    RegistryError,
)
from clearcut.server import metrics
from clearcut.store.sqlite_file import StoreError

_LOG = logging.getLogger("clearcut.server")
Asked = Request[Any, Any, Any]

_CODES = {
    400: "bad-request",
    401: "unauthorised",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
}


def _answer(status: int, code: str, message: str, **more: Any) -> Response[Any]:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return Response(
        {"code": code, "message": message, **more},
        status_code=status,
        media_type="application/json",
        headers=headers,
    )


def _http(_: Asked, error: HTTPException) -> Response[Any]:
    status = error.status_code
    if status >= 500:
        _LOG.error("status %d", status)
        return _answer(status, "defect", "a defect in the server; its log says which")
    return _answer(status, _CODES.get(status, "refused"), error.detail)


def _wire(_: Asked, error: WireError) -> Response[Any]:
    return _answer(400, "bad-request", str(error))


def _registry(_: Asked, error: RegistryError) -> Response[Any]:
    faults = [{"path": fault.path, "message": fault.message} for fault in error.faults]
    return _answer(400, error.code, error.message, faults=faults)


def _changed(_: Asked, error: RecognitionChanged) -> Response[Any]:
    return _answer(409, "recognition-changed", str(error))


def _conflict(_: Asked, error: ConflictError) -> Response[Any]:
    return _answer(
        409, error.code, error.message, conflicts=list(error.conflicts), who=error.who, remedy=error.remedy
    )


def _missing(_: Asked, error: MissingError) -> Response[Any]:
    return _answer(404, error.code, error.message)


def _not_allowed(_: Asked, error: NotAllowedError) -> Response[Any]:
    return _answer(403, error.code, error.message, remedy=error.remedy)


def _store(_: Asked, error: StoreError) -> Response[Any]:
    # Where the database is, and what it said, is for the log.
    _LOG.error("%s", error)
    metrics.database_failed()
    return _answer(503, "backend-unavailable", "the database cannot be used at the moment")


def _defect(_: Asked, error: Exception) -> Response[Any]:
    _LOG.error("defect", exc_info=error)
    return _answer(500, "defect", "a defect in the server; its log says which")


EXCEPTION_HANDLERS: dict[Any, Any] = {
    HTTPException: _http,
    WireError: _wire,
    RegistryError: _registry,
    RecognitionChanged: _changed,
    ConflictError: _conflict,
    MissingError: _missing,
    NotAllowedError: _not_allowed,
    StoreError: _store,
    Exception: _defect,
}
