"""Tells what the render of one scene uses; run in a Blender of its own, on a copy, with a time limit.

    blender -b --factory-startup --disable-autoexec -P probe.py -- COPY.blend SCENE FIRST LAST RESULT.json
    python probe.py COPY.blend SCENE FIRST LAST RESULT.json                          (with the bpy module)

The result file is there only when all of it was found out. Scripts inside the copy are never run.
"""

import json
import os
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from uses import Uses

SCHEMA = "clearcut.blender-probe/1"


def main(arguments: list[str]) -> None:
    """Opens the copy, asks, and writes the result in one step."""
    copy, scene_name, first, last, result = arguments
    bpy.ops.wm.open_mainfile(filepath=copy, load_ui=False, use_scripts=False)
    scene = bpy.data.scenes[scene_name]
    # Before anything is added for the render.
    known = sorted(map(name_of, bpy.data.user_map()))
    uses = Uses(scene, int(first), int(last))
    found = {
        "schema": SCHEMA,
        "scene": scene_name,
        "known": known,
        "used": known if uses.all_of_it else sorted(map(name_of, uses.used.ids)),
        "doubtful": sorted(map(name_of, uses.doubtful.ids)),
    }
    part = Path(f"{result}.part")
    part.write_text(json.dumps(found), encoding="utf-8")
    part.replace(result)


def name_of(block: object) -> str:
    """What a datablock is called in references: its type and full name, the library's included."""
    return f"{block.bl_rna.identifier}/{block.name_full}"


if __name__ == "__main__":
    main(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:])
    sys.stdout.flush()
    # Blender can hang at its end; the result is written.
    os._exit(0)
