"""Nuke's start-up files on a strict stand-in. Nuke itself was not run."""

import gc
import importlib.util
import os
import sys
import tempfile
import threading
from pathlib import Path

import pyblish.api
import pyblish.util
import pytest

from clearcut.core.verdict import Outcome
from clearcut.publish.scenes import register_host_reader
from clearcut.publish.stop import GateStop
from clearcut.scene.nk.classes import WRITES
from fakes.judge import FakeJudge
from fakes.nuke_stage import FakeNuke, FakeNukescripts
from fakes.pyblish_stage import Stage, clean_pyblish, errors_of
from fakes.qt import application, gone, until

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HOST = Path(__file__).resolve().parents[2] / "hosts" / "nuke"
HELIOS = Path(__file__).resolve().parents[2] / "src" / "clearcut" / "shipped" / "helios"
FREE, GOOD, BAD = "HEL_010_0010", "HEL_020_0100", "HEL_020_0200"

CLEAN = """
Root { inputs 0 name /jobs/HEL_010_0010.nk first_frame 1001 last_frame 1010 }
Read { inputs 0 name Read1 file /jobs/env/sky.%04d.exr }
Write { name Write1 file /out/a.%04d.exr }
Read { inputs 0 name Read2 file /jobs/models/p2_face_v1.cat }
Write { name Write2 file /out/b.%04d.exr }
"""


@pytest.fixture
def script():
    return CLEAN


@pytest.fixture
def nuke(script, monkeypatch):
    fake = FakeNuke(script, "/jobs/HEL_010_0010.nk")
    monkeypatch.setitem(sys.modules, "nuke", fake)
    scripts = FakeNukescripts()
    monkeypatch.setitem(sys.modules, "nukescripts", scripts)
    monkeypatch.setitem(sys.modules, "nukescripts.panels", scripts.panels)
    with clean_pyblish():
        yield fake
    register_host_reader(None)


@pytest.fixture
def host(nuke, monkeypatch):
    """`clearcut_nuke`, freshly loaded as `init.py` would."""
    monkeypatch.syspath_prepend(str(HOST))
    spec = importlib.util.spec_from_file_location("clearcut_nuke", HOST / "clearcut_nuke.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "clearcut_nuke", module)
    spec.loader.exec_module(module)
    for name in ("init", "menu"):
        exec(compile((HOST / f"{name}.py").read_text(), name, "exec"), {})
    return module


@pytest.fixture
def judge(monkeypatch):
    fake = FakeJudge({GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED, FREE: Outcome.NOT_APPLICABLE})
    monkeypatch.setattr("clearcut.publish.single.configured_judge", fake.judge)
    monkeypatch.setattr("clearcut.publish.asking.configured_judge", fake.judge)
    return fake


@pytest.fixture
def helios(monkeypatch):
    monkeypatch.setenv("CLEARCUT_EDIT", str(HELIOS / "helios_v041.otio"))
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(HELIOS / "registry.json"))


def test_the_gate_stands_before_every_class_that_writes(host):
    assert set(host.WRITE_CLASSES) == WRITES


def test_a_write_that_shows_an_unlicensed_face_is_not_rendered(host, nuke, helios):
    with pytest.raises(GateStop) as caught:
        nuke.stage_render("Write2")
    assert "licence-expired" in caught.value.stop.codes
    assert nuke.stage_rendered == []


def test_the_other_write_of_the_same_script_is_rendered(host, nuke, helios):
    nuke.stage_render("Write1")
    assert nuke.stage_rendered == ["Write1"]


def test_twin_without_our_init_it_is_rendered(nuke, helios):
    nuke.stage_render("Write2")
    assert nuke.stage_rendered == ["Write2"]


BESIDE = CLEAN.replace(
    " first_frame", r' project_directory "\[python \{nuke.script_directory()\}]" first_frame'
).replace("/jobs/env/sky.%04d.exr", "char/p1_digidouble/b.exr")


@pytest.mark.parametrize("script", [BESIDE])
def test_a_file_beside_the_script_is_beside_the_open_one_not_beside_the_copy_that_is_read(host, helios):
    (read,) = host.OpenScript("Write1").read().targets[0].references
    assert read.also == ("/jobs/char/p1_digidouble/b.exr",)


@pytest.mark.parametrize("write_class", sorted(WRITES))
def test_no_class_renders_a_blocked_shot(nuke, host, judge, write_class):
    judge.outcomes = {FREE: Outcome.BLOCKED}
    nuke._nodes["Write1"]._node.kind = write_class
    with pytest.raises(GateStop):
        nuke.stage_render("Write1")
    assert nuke.stage_rendered == []


GROUPED = """
Root { inputs 0 name /jobs/HEL_010_0010.nk }
Group { inputs 0 name Group1 }
Read { inputs 0 name Read1 file /jobs/models/p2_face_v1.cat }
Write { name Write1 file /out/a.%V.%04d.exr proxy /out/half/a.%04d.exr views {left right} }
end_group
Group { inputs 0 name Group2 }
Read { inputs 0 name Read1 file /jobs/env/sky.%04d.exr }
Write { name Write1 file /out/b.%V.%04d.exr }
end_group
"""


@pytest.mark.parametrize("script", [GROUPED])
def test_a_write_inside_a_group_is_looked_at_by_its_full_name(host, nuke, helios, script):
    with pytest.raises(GateStop):
        nuke.stage_render("Group1.Write1")
    nuke.stage_render("Group2.Write1")
    assert nuke.stage_rendered == ["Group2.Write1"]


def test_a_script_that_cannot_be_saved_is_not_rendered_and_the_session_is_left_alone(
    host, nuke, helios, monkeypatch
):
    def locked(filename):
        raise RuntimeError("cannot write: disk is locked")

    monkeypatch.setattr(nuke, "scriptSaveToTemp", locked)
    before = nuke.root().name()
    with pytest.raises(GateStop) as caught:
        nuke.stage_render("Write1")
    assert caught.value.stop.codes == ("scene-unreadable",)
    assert "disk is locked" in str(caught.value)
    assert (nuke.stage_rendered, nuke.root().name()) == ([], before)


def test_nothing_that_is_asked_elsewhere_asks_nuke(host, nuke):
    """The stand-in fails whatever another thread asks; this is its twin."""
    failed = []

    def ask():
        try:
            nuke.root()
        except RuntimeError as error:
            failed.append(str(error))

    thread = threading.Thread(target=ask, name="elsewhere")
    thread.start()
    thread.join()
    assert failed == ["nuke: root was asked on the thread elsewhere"]


def test_what_was_saved_for_the_gate_does_not_stay(host, nuke, helios, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    nuke.stage_render("Write1")
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_nuke_without_clearcut_starts_and_does_not_render(nuke, monkeypatch):
    monkeypatch.syspath_prepend(str(HOST))
    for name in [name for name in sys.modules if name.startswith("clearcut.publish")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "clearcut.publish", None)
    monkeypatch.delitem(sys.modules, "clearcut_nuke", raising=False)
    with pytest.MonkeyPatch.context() as inner:
        inner.setitem(sys.modules, "clearcut.publish.locations", None)
        exec(compile((HOST / "init.py").read_text(), "init", "exec"), {})
        assert "no gate in Pyblish" in nuke.stage_messages[0]
        with pytest.raises(RuntimeError, match="Ask pipeline TD"):
            nuke.stage_render("Write1")
    sys.modules.pop("clearcut_nuke", None)
    assert nuke.stage_rendered == []


@pytest.mark.parametrize(
    ("knobs", "expected"),
    [
        ("", "HEL_010_0010"),
        ("clearcut_shot HEL_020_0200", "HEL_020_0200"),
        ('clearcut_shot ""', "HEL_010_0010"),
    ],
)
def test_the_shot_is_the_nodes_knob_else_the_scripts_name(judge, monkeypatch, knobs, expected):
    fake = FakeNuke(
        f"Root {{ inputs 0 }}\nWrite {{ inputs 0 name W file /o.exr {knobs} }}", "/jobs/HEL_010_0010.nk"
    )
    monkeypatch.setitem(sys.modules, "nuke", fake)
    spec = importlib.util.spec_from_file_location("clearcut_nuke", HOST / "clearcut_nuke.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.shot_of(fake.toNode("W")) == expected


def collected(node_data):
    class CollectWrite(pyblish.api.ContextPlugin):
        order = pyblish.api.CollectorOrder

        def process(self, context):
            context.create_instance("main", shot=FREE, family="render", **node_data)

    stage = Stage(())
    stage.register()
    pyblish.api.register_plugin(CollectWrite)
    return stage


@pytest.mark.parametrize(
    ("node_data", "published"),
    [
        ({"clearcutNode": "Write1"}, True),
        ({"clearcutNode": "Write2"}, False),
        ({"clearcutNode": "Write9"}, False),
        ({}, False),
    ],
    ids=["the clean write", "the write with the face", "a write that is not there", "the whole script"],
)
def test_a_pyblish_publish_in_nuke_looks_at_the_instances_own_write(host, nuke, helios, node_data, published):
    stage = collected(node_data)
    context = pyblish.util.publish()
    assert stage.integrated == (["main"] if published else []), errors_of(context)


def test_aYON_and_openpype_keep_the_node_elsewhere(host, nuke):
    context = pyblish.api.Context()
    ayon = context.create_instance("a", transientData={"node": nuke.toNode("Write1")})
    openpype = context.create_instance("b")
    openpype.append(nuke.toNode("Write2"))
    neither = context.create_instance("c")
    assert [n and n.fullName() for n in map(host.node_of, (ayon, openpype, neither))] == [
        "Write1",
        "Write2",
        None,
    ]


def test_a_comp_changed_between_validation_and_extraction_is_withdrawn(host, nuke, helios):
    stage = collected({"clearcutNode": "Write1"})
    context = pyblish.util.collect()
    pyblish.util.validate(context)
    nuke.stage_change(CLEAN.replace("/jobs/env/sky.%04d.exr", "/jobs/models/p2_face_v1.cat"))
    pyblish.util.extract(context)
    assert stage.stopped
    assert "changed since" in errors_of(context)["GuardClearcutExtraction"]


def test_the_menu_tells_why_and_whom_to_ask(host, nuke, helios):
    nuke.stage_select("Write2")
    nuke.stage_commands["Nuke/Clearcut/May the selected write be rendered?"]()
    assert "Ask clearance" in nuke.stage_messages[-1]
    nuke.stage_select("Write1")
    nuke.stage_commands["Nuke/Clearcut/May the selected write be rendered?"]()
    assert "is cleared" in nuke.stage_messages[-1]
    nuke.stage_commands["Nuke/Clearcut/Publish through Clearcut"]()
    assert "nothing was published" in nuke.stage_messages[-1]


def test_the_stand_in_has_nothing_that_nuke_has_not(nuke):
    with pytest.raises(AttributeError):
        nuke.renderEverything()


def test_the_panel_can_be_docked_and_shows_the_cut_that_is_set_up(host, nuke, helios):
    app = application()
    ((widget, name),) = sys.modules["nukescripts"].stage_panels.values()
    window = eval(widget)()
    until(app, lambda: window.presenter.verdict is not None, timeout_s=20)
    gone(window)
    assert name == "Clearcut"
    assert window.presenter.verdict.edit.name == "helios_v041"


def test_a_node_named_in_the_panel_becomes_the_selected_one(host, nuke):
    nuke.stage_select("Write1", "Read1")
    host.select_node("Read2")
    assert [node.fullName() for node in nuke.selectedNodes()] == ["Read2"]
    host.select_node("Gone1")
    assert [node.fullName() for node in nuke.selectedNodes()] == ["Read2"]
