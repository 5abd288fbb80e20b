"""Writes the real .blend files of the tests, with the Blender whose module runs this:

    .venv-bpy45/bin/python tests/scene/blends/make_blends.py     (and .venv-bpy50: `make blender`)
    blender -b --factory-startup -P tests/scene/blends/make_blends.py     (3.4 was Debian's)

Each has a picture, a claim of a replica, a sound strip and a linked double whose library is not there.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import bpy

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Writes `real_MAJORMINOR.blend` beside this file, compressed."""
    out = HERE / f"real_{bpy.app.version[0]}{bpy.app.version[1]}.blend"
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "p1_double.blend"
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.data.libraries.write(str(library), {bpy.data.objects.new("p1_body", None)})
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.frame_start, scene.frame_end, scene.render.filepath = 1001, 1100, "//out/"
        with bpy.data.libraries.load(str(library), link=True) as (_, here):
            here.objects = ["p1_body"]
        scene.collection.objects.link(here.objects[0])
        here.objects[0].library.filepath = "/jobs/char/p1_double.blend"
        hero = bpy.data.objects.new("hero", None)
        hero["clearcut_replica"] = "rpl-p2-face"
        scene.collection.objects.link(hero)
        image = bpy.data.images.new("skin", 4, 4)
        image.source, image.filepath, image.use_fake_user = "FILE", "/jobs/tex/p1_skin.png", True
        # A .blend holds the path that it was saved under: not this clone's.
        made = Path(folder) / out.name
        bpy.ops.wm.save_as_mainfile(filepath=str(made), compress=True, relative_remap=False)
        shutil.copyfile(made, out)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
