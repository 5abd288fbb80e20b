"""Around the whole application: each request has an id, and log and metrics hear of it once it is answered."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

from clearcut.server import metrics
from clearcut.server.logs import REQUEST_ID, holds_a_token
from clearcut.store.tokens import Holder

_LOG = logging.getLogger("clearcut.access")
_HEADER = b"x-request-id"
_USABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
# The client went away before anything was answered; the number that nginx has for it.
_GONE = 499


class Watched:
    """An application whose requests are watched.

    What is told of a request: its route's template (a path or a query may hold names), never a header, and of who
    asked the token's name and id. An `X-Request-Id` of the caller's is taken over if it is short, plain and no token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Called as the application is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope["headers"])
        status = _GONE

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, request_id.encode())]
            await send(message)

        before = REQUEST_ID.set(request_id)
        started = time.perf_counter()
        try:
            await self._app(scope, receive, sending)
        finally:
            _tell(scope, status, time.perf_counter() - started)
            REQUEST_ID.reset(before)


def _request_id(headers: list[tuple[bytes, bytes]]) -> str:
    given = next((value for name, value in headers if name == _HEADER), b"").decode("latin-1")
    if _USABLE.fullmatch(given) and not holds_a_token(given):
        return given
    return secrets.token_hex(16)


def _tell(scope: dict[str, Any], status: int, seconds: float) -> None:
    route, method = scope.get("path_template", ""), scope["method"]
    metrics.answered(route, method, status, seconds)
    holder = scope.get("user")
    fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    if isinstance(holder, Holder):
        fields |= {"name": holder.name, "token": holder.id}
    _LOG.info("answered", extra={"fields": fields})
