"""What the gate adds to a publish: real Pyblish runs with and without it, in turn in one warm process.

python benchmarks/bench_gate.py [CLIPS]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyblish.api
import pyblish.util

from clearcut.bootstrap import CheckOptions, run_check
from clearcut.publish import asking
from clearcut.publish.locations import plugins_folder
from worlds import write_cut, write_registry

ROUNDS = 9
GOAL_MS = 50


def studio(shots):
    class CollectShots(pyblish.api.ContextPlugin):
        order = 0

        def process(self, context):
            for shot in shots:
                context.create_instance(shot, shot=shot, family="render")

    class ExtractShot(pyblish.api.InstancePlugin):
        order = 2

        def process(self, instance):
            instance.data["extracted"] = True

    return [CollectShots, ExtractShot]


class Clocked:
    """The configured judge, with the time it takes noted: the request, as against the gate around it."""

    def __init__(self):
        self.took_s = 0.0
        self._judge = asking.configured_judge

    def __call__(self):
        """The judge, with a clock around its check."""
        judge = self._judge()

        def check(question):
            began = time.perf_counter()
            try:
                return judge.check(question)
            finally:
                self.took_s = time.perf_counter() - began

        return asking.Judge(judge.rules, check)


def publish(plugins):
    began = time.perf_counter()
    context = pyblish.util.publish(plugins=sorted(plugins, key=lambda plugin: plugin.order))
    return time.perf_counter() - began, context


def measure(shots, clocked):
    ours = pyblish.api.discover(paths=[str(plugins_folder())])
    without, with_gate, request = [], [], []
    for _ in range(ROUNDS):
        without.append(publish(studio(shots))[0])
        took, context = publish([*ours, *studio(shots)])
        with_gate.append(took)
        request.append(clocked.took_s)
        failed = [str(r["error"]) for r in context.data["results"] if r["error"] is not None]
        assert not failed, failed[0]
    bare, gated, asked = (1000 * statistics.median(times) for times in (without, with_gate, request))
    added = gated - bare - asked
    verdict = "within" if added <= GOAL_MS or len(shots) > 1 else "MISSED"
    goal = f", goal {GOAL_MS} ms: {verdict}" if len(shots) == 1 else ""
    print(
        f"  {len(shots):>4} instances: without {bare:.1f} ms, with {gated:.1f} ms, of which the request {asked:.1f} ms; "
        f"the gate itself adds {added:.1f} ms{goal}"
    )


def main(clips: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[variable] = str(folder / variable)
        os.environ["CLEARCUT_REGISTRY"] = str(
            write_registry(folder / "registry.json", replicas=500, licences=1000)
        )
        os.environ["CLEARCUT_EDIT"] = str(write_cut(folder / "cut.otio", clips))
        cleared = [shot.name for shot in run_check(CheckOptions()).shots if shot.outcome.may_publish]
        clocked = asking.configured_judge = Clocked()
        print(
            f"gate: a cut of {clips} clips, a registry of 1,000 licences in this process; median of {ROUNDS}, warm"
        )
        for count in (1, 10, min(1000, len(cleared))):
            measure(cleared[:count], clocked)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
