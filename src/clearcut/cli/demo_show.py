"""What the demo acts on: the shipped show brought to today, a real server, a real publish in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from clearcut.errors import ClearcutError

# The day on which the shipped registry's dates were true; they are moved so that it is today.
SHIPPED_DAY = date(2026, 11, 20)
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?=[T\"])")
_STARTUP_TIMEOUT_S = 30


class DemoError(ClearcutError):
    """A part of the demo did not happen as shipped."""

    code = "demo"
    remedy = "run it again with --debug, and report what it printed"


@dataclass(frozen=True, slots=True)
class Show:
    """Where the demo's files lie."""

    folder: Path

    @property
    def registry(self) -> Path:
        """The registry, its dates moved to today."""
        return self.folder / "registry.json"

    @property
    def database(self) -> str:
        """The server's fresh database."""
        return f"sqlite:///{self.folder / 'clearance.db'}"

    def cut(self, version: str) -> Path:
        """The edit of a version ("v041", "v042")."""
        return self.folder / f"helios_{version}.otio"


def unpack(folder: Path, today: date) -> Show:
    """Copies the shipped show into `folder`, the registry's dates moved by whole days so that they are true today."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in (resources.files("clearcut") / "shipped" / "helios").iterdir():
        text = source.read_text(encoding="utf-8")
        if source.name == "registry.json":
            text = moved(text, today - SHIPPED_DAY)
        (folder / source.name).write_text(text, encoding="utf-8")
    return Show(folder)


def moved(text: str, by: timedelta) -> str:
    """Every day in a JSON text moved by so many days; birthdays too, so that everybody keeps their age."""

    def shift(match: re.Match[str]) -> str:
        return (date(*map(int, match.groups())) + by).isoformat()

    return _DAY.sub(shift, text)


def run(arguments: list[str], environ: dict[str, str] | None = None) -> str:
    """Runs a clearcut command as its own process and gives its stdout. Raises DemoError when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "clearcut", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **(environ or {})},
    )
    if done.returncode != 0:
        raise DemoError(
            f"`clearcut {' '.join(arguments[:2])}` ended with {done.returncode}: {done.stderr.strip()[-400:]}"
        )
    return done.stdout


@contextmanager
def server(show: Show) -> Iterator[str]:
    """The real server on a free loopback port, as a process; gives its address and stops it in the end."""
    log = show.folder / "server.log"
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "clearcut", "serve", "--database", show.database, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        # Reading ends when the server prints its address or dies; it gives up by itself when it cannot start.
        address = process.stdout.readline().strip() if process.stdout is not None else ""
        if not address.startswith("http://"):
            raise DemoError(f"the server did not start; its log is {log}")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(_STARTUP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@dataclass(frozen=True, slots=True)
class Published:
    """What a real publish came to: the shots whose files were written, and what the errors said."""

    shots: tuple[str, ...]
    errors: tuple[str, ...]


def publish(show: Show, version: str, shot: str, environ: dict[str, str]) -> Published:
    """A real Pyblish publish of one shot in a process of its own; the gate comes in by PYBLISHPLUGINPATH alone."""
    from clearcut.publish.locations import plugins_folder

    script = resources.files("clearcut") / "shipped" / "publish_shot.py"
    with resources.as_file(script) as path:
        done = subprocess.run(
            [sys.executable, str(path), str(show.folder), shot],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={
                **os.environ,
                **environ,
                "PYBLISHPLUGINPATH": str(plugins_folder()),
                "CLEARCUT_EDIT": str(show.cut(version)),
            },
        )
    try:
        answer = json.loads(done.stdout.strip().splitlines()[-1])
        return Published(tuple(answer["published"]), tuple(answer["errors"]))
    except (IndexError, ValueError, KeyError) as error:
        raise DemoError(f"the publish of {shot} did not answer: {done.stderr.strip()[-400:]}") from error
