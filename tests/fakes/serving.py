"""A real `clearcut serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests


class Served:
    """A running server: its address, its process, and what it said on stderr so far."""

    def __init__(self, process: subprocess.Popen, url: str, log: Path) -> None:
        self.process, self.url, self._log = process, url, log

    def said(self) -> str:
        return self._log.read_text()

    def ask(self, method: str, path: str, token: str | None = None, **options) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        headers |= options.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=20, **options)

    def stop(self) -> int:
        """Tells it to stop and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def serving(database: str, log: Path, *options: str) -> Iterator[Served]:
    """Serves the database on a free port for the time of the block."""
    command = [sys.executable, "-m", "clearcut", "serve", "--database", database, "--port", "0", *options]
    environ = {**os.environ, "HOME": str(log.parent)}
    with log.open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environ)
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError(f"the server did not start: {log.read_text()}")
        yield Served(process, url, log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
