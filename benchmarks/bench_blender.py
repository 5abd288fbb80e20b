"""How long it takes to ask Blender what a render of a scene of 20,000 instances uses: the whole probe, saving included.

    python benchmarks/bench_blender.py              with bpy: CLEARCUT_BPY_PYTHON, .venv-bpy45 (`make blender`)

Goal: under 3 s. The peer is the start of the same Blender alone, which no probe in a process of its own can avoid.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL_S = 3.0
SCENE = """
import os, sys, time
sys.path[:0] = sys.argv[1:3]
import bpy
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
mesh = bpy.data.meshes.new("mesh")
mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
crowd = bpy.data.collections.new("crowd")
for number in range(10):
    crowd.objects.link(bpy.data.objects.new(f"double{number}", mesh))
for number in range(2000):
    empty = bpy.data.objects.new(f"instance{number}", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", crowd
    scene.collection.objects.link(empty)
if sys.argv[3] == "moving":
    bpy.data.objects["instance0"].keyframe_insert("hide_render", frame=1)
    scene.frame_start, scene.frame_end = 1, 24
from clearcut_gate.reading import OpenBlend
begun = time.perf_counter()
read = OpenBlend(scene).read()
print("seconds", time.perf_counter() - begun, read.problems)
sys.stdout.flush()
os._exit(0)
"""


def blender_python() -> str | None:
    """The Python that has bpy; None when there is none here."""
    named, made = os.environ.get("CLEARCUT_BPY_PYTHON"), ROOT / ".venv-bpy45" / "bin" / "python"
    return named or (str(made) if made.exists() else None)


def main() -> None:
    """One line for each scene."""
    python = blender_python()
    if python is None:
        print("no bpy here: `make blender`, or set CLEARCUT_BPY_PYTHON")
        return
    for _ in range(2):  # the first start reads it from the disk
        begun = time.perf_counter()
        subprocess.run([python, "-c", "import bpy, os; os._exit(0)"], check=True)
        start = time.perf_counter() - begun
    for kind in ("still", "moving"):
        folders = (str(ROOT / "src"), str(ROOT / "hosts" / "blender" / "addons"))
        done = subprocess.run(
            [python, "-c", SCENE, *folders, kind], capture_output=True, text=True, check=True, timeout=300
        )
        said = done.stdout.splitlines()[-1].split(maxsplit=2)
        print(
            f"20,000 instances, {kind}: {float(said[1]):.2f} s (goal {GOAL_S:g} s; Blender's start alone {start:.2f} s)"
            + ("" if said[2] == "()" else f" {said[2]}")
        )


if __name__ == "__main__":
    sys.exit(main())
