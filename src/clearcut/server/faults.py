"""Exceptions to answers: a status, a stable code, words for people. What we did not foresee tells nothing outside."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from clearcut.core.codec import WireError
from clearcut.errors import (
    ClearcutError,
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
    413: "too-large",
}


class FaultSaid(msgspec.Struct):
    """One thing wrong in a body, and where in it."""

    path: str
    message: str


class Problem(msgspec.Struct):
    """Every answer that is none: what (`code` for programs, `message` for people), where, who can fix it and how.

    `faults` are all those of a registry or a record; `conflicts` what stands against a change, each in words.
    """

    code: str
    message: str
    where: str = ""
    who: str = "pipeline TD"
    remedy: str = "see /v1/openapi for what this route takes"
    faults: tuple[FaultSaid, ...] = ()
    conflicts: tuple[str, ...] = ()


def _answer(status: int, problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else headers
    return Response(
        msgspec.json.encode(problem), status_code=status, media_type="application/json", headers=headers
    )


def _http(request: Asked, error: HTTPException) -> Response[bytes]:
    status = error.status_code
    if status >= 500:
        _LOG.error("status %d", status)
        return _answer(status, _DEFECT)
    problem = Problem(_CODES.get(status, "refused"), error.detail)
    if status == 400 and isinstance(error.extra, list) and error.extra:
        # Litestar names the parameter beside its message, which quotes the whole address.
        first = error.extra[0]
        problem = msgspec.structs.replace(
            problem, message=str(first.get("message", error.detail)), where=str(first.get("key", ""))
        )
    who, remedy = _WHO.get(status, (problem.who, problem.remedy))
    headers = {"Allow": ", ".join(_methods(request))} if status == 405 else None
    return _answer(status, msgspec.structs.replace(problem, who=who, remedy=remedy), headers)


def _methods(request: Asked) -> list[str]:
    """What the path of the request can be asked with: Litestar says only that it is something else."""
    steps = request.scope["path"].split("/")
    found: set[str] = set()
    for route in request.app.routes:
        wanted = route.path.split("/")
        if len(wanted) == len(steps) and all(
            one.startswith("{") or one == step for one, step in zip(wanted, steps, strict=True)
        ):
            found |= {str(method) for method in getattr(route, "methods", ())}
    return sorted(found)


def _wire(_: Asked, error: WireError) -> Response[bytes]:
    return _answer(400, Problem("bad-request", str(error), where=error.path))


def _registry(_: Asked, error: RegistryError) -> Response[bytes]:
    faults = tuple(FaultSaid(fault.path, fault.message) for fault in error.faults)
    return _answer(400, _of(error, faults=faults))


def _changed(_: Asked, error: RecognitionChanged) -> Response[bytes]:
    return _answer(409, _of(error, code="recognition-changed", remedy="fetch /v1/recognition, and ask again"))


def _conflict(_: Asked, error: ConflictError) -> Response[bytes]:
    return _answer(409, _of(error, conflicts=error.conflicts))


def _missing(_: Asked, error: MissingError) -> Response[bytes]:
    return _answer(404, _of(error))


def _not_allowed(_: Asked, error: NotAllowedError) -> Response[bytes]:
    return _answer(403, _of(error))


def _of(error: ClearcutError, **more: Any) -> Problem:
    said = {"code": error.code, "message": error.message, "where": error.where, "who": error.who}
    return Problem(**{**said, "remedy": error.remedy or _SOMEBODY, **more})


def _store(_: Asked, error: StoreError) -> Response[bytes]:
    # Where the database is, and what it said, is for the log.
    _LOG.error("%s", error)
    metrics.database_failed()
    return _answer(
        503,
        Problem(
            "backend-unavailable",
            "the database cannot be used at the moment",
            who="administrator",
            remedy="try again; the server's log says what is wrong",
        ),
    )


def _defect(_: Asked, error: Exception) -> Response[bytes]:
    _LOG.error("defect", exc_info=error)
    return _answer(500, _DEFECT)


_SOMEBODY = "ask somebody else to do it"
_DEFECT = Problem(
    "defect",
    "a defect in the server; its log says which",
    who="administrator",
    remedy="report what the server's log says",
)
_WHO = {
    401: ("pipeline TD", "set a valid token (`clearcut token create`), as Authorization: Bearer TOKEN"),
    403: ("administrator", "ask somebody whose role may do this, or for a token of another role"),
}

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
