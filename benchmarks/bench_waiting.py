"""The longest time in which a host's windows stood still while the gate waited for a slow server, in a Pyblish publish.

python benchmarks/bench_waiting.py [CLIPS]

A heartbeat of 5 ms in an offscreen Qt loop; the server takes 2 s, then the real check is made. The peer is the same
publish on a thread that only waits, as it was before decision 0015.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyblish.api
import pyblish.util
from qtpy import QtCore, QtWidgets

from clearcut.bootstrap import CheckOptions, run_check
from clearcut.publish import asking, waiting
from clearcut.publish.locations import plugins_folder
from worlds import write_cut, write_registry

ROUNDS = 3
SERVER_S = 2.0
GOAL_MS = 100


def slow(configured):
    """The configured judge behind a server that takes its time."""

    def judge():
        found = configured()

        def check(question):
            time.sleep(SERVER_S)
            return found.check(question)

        return asking.Judge(found.rules, check)

    return judge


def publish(shot):
    class CollectShot(pyblish.api.ContextPlugin):
        order = 0

        def process(self, context):
            context.create_instance(shot, shot=shot, family="render")

    ours = pyblish.api.discover(paths=[str(plugins_folder())])
    context = pyblish.util.publish(plugins=sorted([*ours, CollectShot], key=lambda plugin: plugin.order))
    failed = [str(r["error"]) for r in context.data["results"] if r["error"] is not None]
    assert not failed, failed[0]


def longest_ms(app, shot):
    """The longest gap between two heartbeats from before the publish until after it."""
    beats = []
    beat = QtCore.QTimer()
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    beat.start(5)
    app.processEvents()
    beats.append(time.perf_counter())
    publish(shot)
    beats.append(time.perf_counter())
    beat.stop()
    return 1000 * max(b - a for a, b in itertools.pairwise(beats))


def main(clips: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[variable] = str(folder / variable)
        os.environ["CLEARCUT_REGISTRY"] = str(
            write_registry(folder / "registry.json", replicas=500, licences=1000)
        )
        os.environ["CLEARCUT_EDIT"] = str(write_cut(folder / "cut.otio", clips))
        shot = next(shot.name for shot in run_check(CheckOptions()).shots if shot.outcome.may_publish)
        asking.configured_judge = slow(asking.configured_judge)
        app = QtWidgets.QApplication(["bench"])
        windows = waiting._windows_of_this_thread  # noqa: SLF001 - the peer is made by taking it away
        alive, frozen = [], []
        for _ in range(ROUNDS):
            alive.append(longest_ms(app, shot))
            waiting._windows_of_this_thread = lambda: None  # noqa: SLF001
            frozen.append(longest_ms(app, shot))
            waiting._windows_of_this_thread = windows  # noqa: SLF001
        alive_ms, frozen_ms = statistics.median(alive), statistics.median(frozen)
        verdict = "within" if alive_ms <= GOAL_MS else "MISSED"
        print(
            f"waiting: a cut of {clips} clips, a server that takes {SERVER_S:g} s, median of {ROUNDS}: windows stand "
            f"still for {alive_ms:.0f} ms at most, goal {GOAL_MS} ms: {verdict}; waiting plainly {frozen_ms:.0f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
