"""Blender for real: bpy in a child process, the shipped show behind it (see `fakes.blender` for which bpy)."""

import json
import textwrap
from pathlib import Path

import pytest

from fakes.blender import BLENDER, ROOT, needs_blender, run

FREE_SHOT = "HEL_010_0010"
pytestmark = needs_blender


def make(script):
    code, out, err = run(
        "-c", "import bpy\nbpy.ops.wm.read_factory_settings(use_empty=True)\n" + textwrap.dedent(script)
    )
    assert code == 0, out + err


def publish(blend, tmp_path, **environ):
    result = tmp_path / "result.json"
    code, out, err = run(BLENDER / "clearcut_publish_blend.py", blend, "--result", result, **environ)
    return code, json.loads(result.read_text()), out + err


@pytest.fixture
def library(tmp_path):
    """A library with P2's double, whose licence has ended."""
    path = tmp_path / "char" / "double.blend"
    path.parent.mkdir()
    make(f"""
        double = bpy.data.objects.new("double", bpy.data.meshes.new("body"))
        double["clearcut_replica"] = "rpl-p2-face"
        bpy.data.libraries.write({str(path)!r}, {{double}})
        """)
    return path


def link(library, shot):
    return f"""
        with bpy.data.libraries.load({str(library)!r}, link=True) as (there, here):
            here.objects = ["double"]
        bpy.context.scene.collection.objects.link(bpy.data.objects["double"])
        bpy.ops.wm.save_as_mainfile(filepath={str(library.parent.parent / (shot + ".blend"))!r})
        """


def test_a_shot_with_a_linked_double_without_a_licence_is_stopped(tmp_path, library):
    make(link(library, FREE_SHOT))
    code, result, said = publish(tmp_path / f"{FREE_SHOT}.blend", tmp_path)
    assert code == 1, said
    assert (result["published"], result["held"]) == ([], [FREE_SHOT])
    assert "licence-expired" in result["failures"][0]["codes"]
    assert "Traceback" not in said


def test_the_same_shot_without_the_double_is_published(tmp_path):
    make(f"bpy.ops.wm.save_as_mainfile(filepath={str(tmp_path / (FREE_SHOT + '.blend'))!r})")
    code, result, said = publish(tmp_path / f"{FREE_SHOT}.blend", tmp_path)
    assert code == 0, said
    assert result["published"] == [FREE_SHOT]


def test_twin_a_reader_that_sees_nothing_would_let_the_double_through(tmp_path, library):
    """The cut alone does not show it: what stops it is that the open file is read."""
    make(link(library, FREE_SHOT))
    _, out, err = run(
        "-c",
        f"""
import bpy, sys
sys.path.insert(0, {str(BLENDER / "addons")!r})
bpy.ops.wm.open_mainfile(filepath={str(tmp_path / (FREE_SHOT + ".blend"))!r}, use_scripts=False)
from clearcut_gate import publishing
publishing.live_scene = lambda instance: None
print(publishing.publish().exit_code)
""",
    )
    assert "0" in out.splitlines(), out + err


def test_a_missing_library_cannot_be_cleared(tmp_path, library):
    make(link(library, FREE_SHOT))
    library.unlink()
    code, result, said = publish(tmp_path / f"{FREE_SHOT}.blend", tmp_path)
    assert code != 0, said
    assert result["published"] == []
    assert "scene-incomplete" in result["failures"][0]["codes"]


def test_scripts_inside_the_file_are_not_run(tmp_path):
    ran = tmp_path / "ran"
    blend = tmp_path / f"{FREE_SHOT}.blend"
    make(f"""
        text = bpy.data.texts.new("evil.py")
        text.write("open({str(ran)!r}, 'w').close()")
        text.use_module = True
        bpy.ops.wm.save_as_mainfile(filepath={str(blend)!r})
        """)
    publish(blend, tmp_path)
    assert not ran.exists()
    run("-c", f"import bpy; bpy.ops.wm.open_mainfile(filepath={str(blend)!r}, use_scripts=True)")
    assert ran.exists(), "the twin: the file's script does run where scripts are allowed"


def test_the_script_path_alone_brings_operator_and_panel(tmp_path):
    code, out, err = run(
        "-c",
        """
import bpy
double = bpy.data.objects.new("double", None)
bpy.context.scene.collection.objects.link(double)
double["clearcut_replica"] = "rpl-p2-face"
try:
    print(bpy.ops.clearcut.publish())
except RuntimeError as error:
    print("stopped:", " ".join(str(error).split()))
import clearcut_gate
first = clearcut_gate.rows(clearcut_gate._last[0])[0]
bpy.context.scene["clearcut_shot"] = "HEL_010_0020"
bpy.data.objects.remove(double)
published = bpy.ops.clearcut.publish()
print(bpy.types.CLEARCUT_PT_verdict.bl_label, first, published, sep="\\n")
import addon_utils
addon_utils.disable("clearcut_gate")
""",
        BLENDER_SYSTEM_SCRIPTS=str(BLENDER),
    )
    assert code == 0, out + err
    assert "stopped: Error: unsaved may not be published" in out
    assert "Ask clearance" in out
    assert out.splitlines()[-3:] == ["Clearcut", "('unsaved: held back', 'CANCEL')", "{'FINISHED'}"], (
        out + err
    )


@pytest.mark.parametrize(
    ("scripts", "expected"), [(str(BLENDER), 0), ("", 1)], ids=["in place", "not on the path"]
)
def test_doctor_inside_blender_tells_whether_the_gate_is_there(scripts, expected):
    code, out, err = run(
        "-c",
        "import bpy\nfrom clearcut.cli import main\nmain(['doctor', '--host', 'blender', '--format', 'json'])",
        PYBLISHPLUGINPATH=str(ROOT / "plugins"),
        BLENDER_SYSTEM_SCRIPTS=scripts,
    )
    assert code == expected, out + err
    states = {f["topic"]: f["state"] for f in json.loads(out[out.index("{") :])["findings"]}
    assert states["blender-addon"] == ("holds" if expected == 0 else "broken")


GUARDED = """
import sys, threading, time, types
sys.path.insert(0, {addons!r})
import bpy

MAIN = threading.current_thread()

class Guard(types.ModuleType):
    # Blender's API is its main thread's: whatever else asks fails, as Nuke's stand-in does.
    def __getattr__(self, name):
        if threading.current_thread() is not MAIN:
            raise RuntimeError(f"bpy.{{name}} was asked on the thread {{threading.current_thread().name}}")
        return getattr(bpy, name)

bpy.ops.wm.open_mainfile(filepath={blend!r}, use_scripts=False)
guard = Guard("bpy")
import clearcut_gate.publishing as publishing
from clearcut_gate import asking as probing, listing, reading
for module in (publishing, probing, listing, reading):
    module.bpy = guard
from clearcut.publish import asking

configured, hold = asking.configured_judge, threading.Event()

def held():
    judge = configured()
    return asking.Judge(judge.rules, lambda question: hold.wait(60) and judge.check(question))

asking.configured_judge = held

def run():
    running = publishing.Running()
    while not running.waiting:
        assert not running.advance(0.05)
    began = time.monotonic()
    assert not running.advance(0.05)
    print("waited", time.monotonic() - began < 5)
    return running

cancelled = run()
cancelled.give_up()
print("cancelled", cancelled.result)
running = run()
hold.set()
while not running.advance(0.05):
    time.sleep(0.01)
print("published", running.result.published, running.result.held, [f.message for f in running.result.failures])
sys.stdout.flush()
import os
os._exit(0)
"""


def test_a_publish_in_pieces_waits_for_nobody_and_no_other_thread_asks_blender(tmp_path, library):
    make(link(library, FREE_SHOT))
    free = tmp_path / "free" / f"{FREE_SHOT}.blend"
    free.parent.mkdir()
    make(f"bpy.ops.wm.save_as_mainfile(filepath={str(free)!r})")
    for blend, published in ((free, True), (tmp_path / f"{FREE_SHOT}.blend", False)):
        _, out, err = run("-c", GUARDED.format(addons=str(BLENDER / "addons"), blend=str(blend)))
        said = [line for line in out.splitlines() if line.startswith(("waited", "cancelled", "published"))]
        assert said[-1].startswith(f"published {(FREE_SHOT,) if published else ()}"), out + err
        assert said[:-1] == ["waited True", "cancelled None", "waited True"]
        assert ("licence-expired" in said[-1]) is not published
        assert "was asked on the thread" not in out + err


BUILD = """
import importlib.util, subprocess, sys, zipfile
from pathlib import Path
tool = next(Path(importlib.util.find_spec("bpy").origin).parent.rglob("cli/blender_ext.py"))
done = subprocess.run([sys.executable, tool, "build", "--source-dir", {source!r}, "--output-dir", {out!r}])
assert done.returncode == 0
built, = Path({out!r}).glob("*.zip")
print("valid", subprocess.run([sys.executable, tool, "validate", built]).returncode)
print("holds", sorted(zipfile.ZipFile(built).namelist()))
"""


def test_blenders_own_tool_builds_and_validates_the_extension(tmp_path):
    source = BLENDER / "addons" / "clearcut_gate"
    _, out, err = run("-c", BUILD.format(source=str(source), out=str(tmp_path)))
    assert "valid 0" in out.splitlines(), out + err
    (holds,) = [line for line in out.splitlines() if line.startswith("holds")]
    files = [str(path.relative_to(source)) for path in source.rglob("*.py")]
    assert all(f"'{Path(file).as_posix()}'" in holds for file in files), holds
