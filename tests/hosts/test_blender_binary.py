"""The publish inside an installed Blender, Debian's 3.4 or another one: `blender` on the path, or CLEARCUT_BLENDER.

It brings its own Python (3.11); the few packages Clearcut needs there are taken from the bpy environment.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fakes.blender import BLENDER, HELIOS, ROOT, blender_python
from fakes.needs import needed

FREE_SHOT = "HEL_010_0010"
_SCRUBBED = ("CLEARCUT_", "PYBLISH", "PYTHON", "BLENDER_", "VIRTUAL_ENV")
_NOT_THERE = ("bpy", "numpy", "pip", "setuptools", "__pycache__", "bin")


def binary():
    return os.environ.get("CLEARCUT_BLENDER") or shutil.which("blender")


pytestmark = pytest.mark.skipif(
    (binary() is None or blender_python() is None) and not needed("blender-binary"),
    reason="no installed Blender (CLEARCUT_BLENDER, or `apt-get install blender`), or no bpy environment beside it",
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A folder with the packages of the bpy environment, without what Blender brings itself."""
    folder = tmp_path_factory.mktemp("packages")
    lib = Path(blender_python()).parent.parent / "lib" / "python3.11" / "site-packages"
    for entry in lib.iterdir():
        if not entry.name.startswith(_NOT_THERE) and not entry.name.endswith(".pth"):
            (folder / entry.name).symlink_to(entry)
    return folder


def blender(packages, *arguments):
    paths = [str(ROOT / "src"), str(packages)]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(_SCRUBBED)}
    environ |= {
        "CLEARCUT_EDIT": str(HELIOS / "helios_v041.otio"),
        "CLEARCUT_REGISTRY": str(HELIOS / "registry.json"),
    }
    done = subprocess.run(
        [
            *(binary(), "--background", "--factory-startup", "-noaudio", "--python-exit-code", "70"),
            *("--python-expr", f"import sys; sys.path[:0] = {paths!r}"),
            *map(str, arguments),
        ],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def published(packages, tmp_path, *, hidden):
    shot, result = tmp_path / f"{FREE_SHOT}.blend", tmp_path / "result.json"
    made, said = blender(
        packages,
        "--python-expr",
        f"""
import bpy
double = bpy.data.objects.new("double", bpy.data.meshes.new("body"))
double["clearcut_replica"] = "rpl-p2-face"
double.hide_render = {hidden}
bpy.context.scene.collection.objects.link(double)
bpy.ops.wm.save_as_mainfile(filepath={str(shot)!r})
""",
    )
    assert made == 0, said
    code, said = blender(
        packages, shot, "--python", BLENDER / "clearcut_publish_blend.py", "--", "--result", result
    )
    assert result.exists(), said
    return code, json.loads(result.read_text()), said


def test_a_double_without_a_licence_is_stopped_and_exit_code_and_result_say_so(tmp_path, packages):
    code, result, said = published(packages, tmp_path, hidden=False)
    assert code == 1, said
    assert "licence-expired" in result["failures"][0]["codes"]


def test_one_that_is_not_rendered_stops_nothing(tmp_path, packages):
    code, result, said = published(packages, tmp_path, hidden=True)
    assert code == 0, said
    assert result["published"] == [FREE_SHOT]


def test_an_error_in_a_script_is_told_by_the_exit_code(packages):
    code, _ = blender(packages, "--python-expr", "raise ValueError")
    assert code == 70


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="no screen to draw on (`apt-get install xvfb`)")
@pytest.mark.parametrize(
    ("cancel", "came_of_it"), [("", [(0, ["unsaved"])]), ("1", [])], ids=["answer", "Esc"]
)
def test_with_a_window_blender_goes_on_while_the_server_thinks(packages, cancel, came_of_it):
    paths = [str(ROOT / "src"), str(packages)]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(_SCRUBBED)}
    environ |= {
        "CLEARCUT_EDIT": str(HELIOS / "helios_v041.otio"),
        "CLEARCUT_REGISTRY": str(HELIOS / "registry.json"),
        "CANCEL": cancel,
    }
    done = subprocess.run(
        [
            *("xvfb-run", "-a", binary(), "--factory-startup", "-noaudio", "--enable-event-simulate"),
            *("--python-expr", f"import sys; sys.path[:0] = {paths!r}"),
            *("-P", str(ROOT / "tests" / "hosts" / "on_blender" / "in_a_window.py")),
        ],
        env=environ,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("SAID")] or [done.stderr]
    running = "Error: A publish is running: wait for it, or press Esc"
    assert said == f"SAID {['RUNNING_MODAL', running, came_of_it]}", done.stdout + done.stderr
