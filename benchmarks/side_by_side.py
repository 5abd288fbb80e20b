"""Runs whole processes in turn and compares their times: ratios and medians, because machines are noisy."""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds of one run: `wall` by the clock, `cpu` user and system of all its processes."""

    wall: float
    cpu: float


def seconds_of(command: Sequence[str], environ: Mapping[str, str] | None = None) -> float:
    """Wall-clock seconds of one run; its output is thrown away."""
    return times_of(command, environ).wall


def times_of(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Times:
    """Seconds of one run; its output is thrown away."""
    _compiled()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env={**os.environ, **(environ or {})},
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Times(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


@lru_cache(maxsize=1)
def _compiled() -> None:
    """Byte code for our own text, as pip makes it for whatever it installs, the peer too.

    Under PYTHONDONTWRITEBYTECODE a working copy has none, and each run would compile it anew (0.15 s).
    """
    compileall.compile_dir(Path(__file__).parents[1] / "src", quiet=1)


def both_in_turn(
    commands: Mapping[str, Sequence[str]], rounds: int, environ: Mapping[str, str] | None = None
) -> dict[str, Times]:
    """The median seconds of each command, wall and CPU; they take turns as in `in_turn`."""
    runs: dict[str, list[Times]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(times_of(command, environ))
    return {
        name: Times(statistics.median(one.wall for one in many), statistics.median(one.cpu for one in many))
        for name, many in runs.items()
    }


def in_turn(
    commands: Mapping[str, Sequence[str]], rounds: int, environ: Mapping[str, str] | None = None
) -> dict[str, float]:
    """The median seconds of each command; they take turns, so that a slow minute hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds_of(command, environ))
    return {name: statistics.median(values) for name, values in times.items()}


def peak_mib(command: Sequence[str], environ: Mapping[str, str] | None = None) -> float:
    """The peak memory of one run in MiB, measured in a process of its own."""
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL,check=False);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environ or {})},
    )
    kib_per_unit = 1 if sys.platform != "darwin" else 1 / 1024
    return int(done.stdout) * kib_per_unit / 1024


def self_peak_mib() -> float:
    """The peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
