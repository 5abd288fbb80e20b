"""What a studio says about its Nuke: where gizmos lie, and which plug-ins it vouches for; and who may say so."""

from pathlib import Path

import pytest

from clearcut.bootstrap import CheckOptions, compose
from clearcut.errors import RulesError
from clearcut.scene import read_scene
from fakes.comps import HEAD, node, read, write

PLUGIN = "OFXcom.vendor.deflicker_v1"


def states(scene):
    return {r.node: r.state.value for target in scene.targets for r in target.references}


@pytest.fixture
def comp(tmp_path):
    path = tmp_path / "comp.nk"
    path.write_text(HEAD + read("Read1") + node(PLUGIN, "Flicker1", inputs="1") + write())
    return path


def scene_by(comp, studio, show=""):
    """What `check --scene` reads under these rule files."""
    folder = comp.parent
    (folder / "studio.toml").write_text(studio)
    (folder / "clearcut.toml").write_text(show)
    environ = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "none")}
    if studio:
        environ["CLEARCUT_STUDIO_RULES"] = str(folder / "studio.toml")
    setup = compose(CheckOptions(edit=folder / "cut.otio", scenes={"S": comp}, environ=environ))
    return setup.question.scenes["S"].read()


TRUSTS = f"[scene]\ntrusted_classes = [{PLUGIN!r}]\n"


def test_a_plug_in_that_nobody_vouches_for_is_unknown(comp):
    assert states(scene_by(comp, "")) == {"Read1": "used", "Flicker1": "unknown"}


def test_one_that_the_studio_vouches_for_is_passed_through_and_what_flows_into_it_counts(comp):
    assert states(scene_by(comp, TRUSTS)) == {"Read1": "used"}


def test_what_a_trusted_class_names_in_its_knobs_is_still_seen(comp):
    comp.write_text(HEAD + node(PLUGIN, "Flicker1", inputs="0", weights="/m/p1_face.onnx") + write())
    assert states(scene_by(comp, TRUSTS)) == {"Flicker1": "used"}


@pytest.mark.parametrize("studio", ["", "[expiry]\nsoon_days = 30\n"])
def test_a_show_cannot_vouch_by_itself(comp, studio):
    with pytest.raises(RulesError) as caught:
        scene_by(comp, studio, TRUSTS)
    assert "scene.trusted_classes" in str(caught.value.faults)


def test_a_show_may_vouch_where_the_studio_lets_it(comp):
    assert states(scene_by(comp, "allow = ['scene.trusted_classes']\n", TRUSTS)) == {"Read1": "used"}


def test_a_class_that_says_it_writes_stays_a_target_whoever_trusts_it(comp):
    comp.write_text(HEAD + read("Read1") + node("StudioWrite", "Out", inputs="1"))
    scene = scene_by(comp, "[scene]\ntrusted_classes = ['StudioWrite']\n")
    assert [t.name for t in scene.targets] == ["Out"]


def test_gizmos_are_looked_for_beside_the_rule_file_that_names_their_folder(comp):
    comp.write_text(HEAD + read("Read1") + node("Face", "Face1", inputs="1") + write())
    show = "[scene]\ngizmo_paths = ['gizmos']\n"
    assert states(scene_by(comp, "", show))["Face1"] == "unknown"
    (comp.parent / "gizmos").mkdir()
    inside = "Gizmo {\n inputs 1\n}\nInput {\n inputs 0\n name Input1\n}\n" + read("Inner")
    inside += "Merge2 {\n inputs 2\n name M\n}\nOutput {\n name Output1\n}\nend_group\n"
    (comp.parent / "gizmos" / "Face.gizmo").write_text(inside)
    assert states(scene_by(comp, "", show)) == {"Read1": "used", "Face1.Inner": "used"}


def test_a_file_below_cannot_put_other_sources_in_their_place(comp):
    studio = "[scene]\ngizmo_paths = ['/studio/gizmos']\n"
    with pytest.raises(RulesError):
        scene_by(comp, studio, "[scene]\ngizmo_paths = ['/mine']\n")


def test_the_reader_trusts_nobody_unasked(comp):
    assert states(read_scene(Path(comp)))["Flicker1"] == "unknown"
