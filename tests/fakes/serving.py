"""A real `clearcut serve` in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

TESTS = Path(__file__).parents[1]


class Served:
    """A running server: its address, its process, and what it said on stderr so far."""

    def __init__(self, process: subprocess.Popen, url: str, log: Path) -> None:
        self.process, self.url, self._log = process, url, log

    def said(self) -> str:
        return self._log.read_text()

    def told(self, logger: str = "clearcut.access") -> list[dict]:
        """The lines of one logger, of a server that logs JSON."""
        whole, _, _ = self.said().rpartition("\n")
        lines = [json.loads(line) for line in whole.splitlines()]
        return [line for line in lines if line["logger"] == logger]

    def ask(self, method: str, path: str, token: str | None = None, **options) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        headers |= options.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=20, **options)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tells it to stop and gives its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def processes(self) -> set[int]:
        """The processes of the server that are alive, its own among them; it leads a group of them."""
        found = subprocess.run(
            ["ps", "-eo", "pgid=,pid=,stat="], capture_output=True, text=True, check=True
        ).stdout.split("\n")
        rows = [line.split() for line in found if line.strip()]
        group = str(self.process.pid)
        return {int(pid) for leader, pid, state in rows if leader == group and "Z" not in state}

    def workers(self) -> set[int]:
        """The processes that say that they answered something."""
        return {line["process"] for line in self.told()}


def eventually(holds: Callable[[], bool], timeout_s: float = 20.0) -> bool:
    """Whether it comes to hold before the time is up."""
    end = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def serving(database: str, log: Path, *options: str, program: Sequence[str] = ()) -> Iterator[Served]:
    """Serves the database on a free port for the time of the block."""
    command = program or ["-m", "clearcut", "serve", "--database", database, "--port", "0", *options]
    environ = {**os.environ, "HOME": str(log.parent), "PYTHONPATH": str(TESTS)}
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=environ,
            start_new_session=True,
        )
    served = Served(process, "", log)
    try:
        served.url = process.stdout.readline().strip()
        if not served.url:
            raise RuntimeError(f"the server did not start: {log.read_text()}")
        yield served
    finally:
        if len(served.processes()) > 1 and process.poll() is None:
            # Several workers share a folder that the parent removes.
            served.stop()
        for left in served.processes():
            os.kill(left, signal.SIGKILL)
        process.wait()
        process.stdout.close()
