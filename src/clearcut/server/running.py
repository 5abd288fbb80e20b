"""Runs the server: binds first, says where once it answers, and stops when told, requests under way finished.

One worker is this process itself. Several are children of it, which uvicorn's supervisor starts, watches and replaces;
all of them accept connections of the one socket that is bound here.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from clearcut.errors import UsageError
from clearcut.server.worker import Worker
from clearcut.store.sqlite_file import StoreError

_GRACE_S = 20
# How long after that a worker may take to leave. Python waits for threads, and one may wait for a database.
_LEAVING_S = 3
# A worker that says nothing for so long hangs; reading a large registry at once takes it seconds.
_SILENCE_S = 60
_LOG = logging.getLogger("clearcut.server")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen; port 0 takes a free one. `tls_cert` and `tls_key` together make it https."""

    host: str = "127.0.0.1"
    port: int = 8400
    tls_cert: Path | None = None
    tls_key: Path | None = None


def bind(listening: Listening) -> socket.socket:
    """A socket bound to the place. Raises UsageError when it is taken or not ours, or the certificate is none."""
    _check_certificate(listening)
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    # With the protocol named, asyncio turns off Nagle's algorithm on what it accepts: 40 ms a request otherwise.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((listening.host, listening.port))
    except OSError as error:
        bound.close()
        raise UsageError(
            f"cannot listen on {listening.host} port {listening.port} ({error.strerror})",
            remedy="choose another --port, or 0",
        ) from None
    return bound


def address(bound: socket.socket, listening: Listening) -> str:
    """`http://127.0.0.1:PORT`, as printed and as clients are told."""
    scheme = "https" if listening.tls_cert is not None else "http"
    host = f"[{listening.host}]" if ":" in listening.host else listening.host
    return f"{scheme}://{host}:{bound.getsockname()[1]}"


@contextmanager
def metrics_folder() -> Iterator[str]:
    """A folder for what several workers count, in memory where the system has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="clearcut-", dir=memory if usable else None) as folder:
        yield folder


def serve(
    worker: Worker, bound: socket.socket, listening: Listening, workers: int, announce: Callable[[], None]
) -> None:
    """Serves until SIGTERM or SIGINT, then finishes what is under way and returns.

    Raises StoreError when the registry cannot be read at the start.
    """
    config = uvicorn.Config(
        worker,
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_GRACE_S,
        timeout_worker_healthcheck=_SILENCE_S,
        ssl_certfile=listening.tls_cert,
        ssl_keyfile=listening.tls_key,
    )
    # uvicorn hands a signal on once it has stopped; being told to stop is no failure, so it ends here.
    previous: dict[int, Any] = {
        number: signal.signal(number, _told_to_stop) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        if workers == 1:
            _Alone(config, announce).run(sockets=[bound])
        else:
            _Several(config, bound, worker, announce).run()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class _Alone(uvicorn.Server):
    """The one worker. Calls `announce` once connections are accepted."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        leaving = threading.Timer(_GRACE_S + _LEAVING_S, os._exit, [0])
        leaving.daemon = True
        leaving.start()
        await super().shutdown(sockets)


class _Several(Multiprocess):
    """The parent of several workers. Calls `announce` once all of them accept connections."""

    def __init__(
        self, config: uvicorn.Config, bound: socket.socket, worker: Worker, announce: Callable[[], None]
    ) -> None:
        super().__init__(config, [bound])
        self._worker = worker
        self._announce = announce
        self._known: set[int | None] = set()

    def run(self) -> None:
        super().run()
        if self._worker.first and any(one.exitcode == self._worker.FAILED for one in self.processes):
            raise StoreError("the workers could not read the registry; the log above says why")

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        running = {one.pid for one in self.processes}
        for process in self._known - running:
            _LOG.warning("worker %s is gone, another one takes its place", process)
            self._worker.forget(process)
        self._known = running
        if self._worker.first and all(one.is_ready(timeout=1) for one in self.processes):
            self._worker.first = False
            self._announce()

    def join_all(self) -> None:
        deadline = time.monotonic() + _GRACE_S + _LEAVING_S
        for one in self.processes:
            one.process.join(max(0.0, deadline - time.monotonic()))
            if one.exitcode is None:
                _LOG.error("worker %s did not stop in time and was ended", one.pid)
                one.process.kill()
                one.process.join()


def _check_certificate(listening: Listening) -> None:
    if listening.tls_cert is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            listening.tls_cert, listening.tls_key
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the certificate and its key cannot be used ({type(error).__name__})",
            where=str(listening.tls_cert),
            remedy="give a PEM certificate chain and the unencrypted key that belongs to it",
        ) from None


def _told_to_stop(_number: int, _frame: Any) -> None:
    """Nothing is left to do."""
