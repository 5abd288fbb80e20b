"""The host contract on the live bpy; runs inside Blender's Python (tests/hosts/test_blender_uses.py starts it)."""

import importlib.util
import sys
from pathlib import Path

import bpy
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "hosts" / "blender" / "addons"))

from clearcut_gate.reading import OpenBlend  # noqa: E402 - the folder comes first

_spec = importlib.util.spec_from_file_location("host_contract", ROOT / "tests" / "scene" / "host_contract.py")
_contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_contract)


class TestOpenBlend(_contract.HostContract):
    """A double that is shown, one that Python shows or hides, and one that is hidden."""

    names = _contract.Names("Write1", "Object/Read1", "Object/Read2", "Object/Read3")

    @pytest.fixture
    def host(self):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.name = "Write1"
        scene.render.filepath = "/out/"
        for name in ("Read1", "Read2", "Read3"):
            one = bpy.data.objects.new(name, bpy.data.meshes.new(name))
            one["clearcut_replica"] = name
            scene.collection.objects.link(one)
        bpy.data.objects["Read3"].hide_render = True
        bpy.data.objects["Read2"].hide_render = True
        driver = bpy.data.objects["Read2"].driver_add("hide_render").driver
        driver.type, driver.expression = "SCRIPTED", "hide(frame)"
        return OpenBlend(scene).take()
