"""Runs the server: binds first, says where once it answers, and stops when told, requests under way finished."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar

_GRACE_S = 20


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen; port 0 takes a free one. `tls_cert` and `tls_key` together make it https."""

    host: str = "127.0.0.1"
    port: int = 8400
    tls_cert: Path | None = None
    tls_key: Path | None = None


class _Announcing(uvicorn.Server):
    """Calls `announce` once connections are accepted."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def bind(listening: Listening) -> socket.socket:
    """A socket bound to the place. Raises OSError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    # With the protocol named, asyncio turns off Nagle's algorithm on what it accepts: 40 ms a request otherwise.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((listening.host, listening.port))
    except OSError:
        bound.close()
        raise
    return bound


def address(bound: socket.socket, listening: Listening) -> str:
    """`http://127.0.0.1:PORT`, as printed and as clients are told."""
    scheme = "https" if listening.tls_cert is not None else "http"
    host = f"[{listening.host}]" if ":" in listening.host else listening.host
    return f"{scheme}://{host}:{bound.getsockname()[1]}"


def serve(app: Litestar, bound: socket.socket, listening: Listening, announce: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what is under way and returns."""
    # A question makes 150,000 values that hold no cycles: looking for some every 700 costs a third of its time.
    gc.set_threshold(200_000, 20, 20)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_GRACE_S,
        ssl_certfile=listening.tls_cert,
        ssl_keyfile=listening.tls_key,
    )
    # uvicorn hands a signal on once it has stopped; being told to stop is no failure, so it ends here.
    previous: dict[int, Any] = {
        number: signal.signal(number, _told_to_stop) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        _Announcing(config, announce).run(sockets=[bound])
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _told_to_stop(_number: int, _frame: Any) -> None:
    """Nothing is left to do."""
