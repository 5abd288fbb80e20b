"""What a node carries: files, models, identities; and what of it cannot be taken as it stands."""

import pytest

from clearcut.core.scene import ReferenceState
from fakes.comps import group, node, read, scene_of, write


def references(tmp_path, *parts, **more):
    scene = scene_of(tmp_path, *parts, write(), **more)
    return [(r.node, r.kind, r.knob, r.value, r.state.value) for r in scene.targets[0].references]


@pytest.mark.parametrize(
    ("kind", "knob"),
    [
        ("Read", "file"),
        ("Read", "proxy"),
        ("DeepRead", "file"),
        ("ReadGeo2", "file"),
        ("GeoImport", "file"),
        ("GeoReference", "file"),
        ("Camera3", "file"),
        ("Light2", "file"),
        ("AudioRead", "file"),
        ("Inference", "modelFile"),
        ("Vectorfield", "vfield_file"),
        ("BlinkScript", "kernelSourceFile"),
        ("OCIOFileTransform", "file"),
        ("ParticleCache", "file"),
        # Any knob whose value is a path, of a class that has no file knob that we know of.
        ("NoOp", "elements"),
    ],
)
def test_every_node_that_carries_a_file_is_listed(tmp_path, kind, knob):
    parts = node(kind, "N", inputs="0", **{knob: "/jobs/char/p1/p1.0001.abc"})
    assert references(tmp_path, parts) == [("N", kind, knob, "/jobs/char/p1/p1.0001.abc", "used")]


@pytest.mark.parametrize(
    "name", ["p5_face.cat", "p5.onnx", "p5.safetensors", "models/p5.pt", "p5.PTH", "./p5.ckpt"]
)
def test_a_model_file_is_listed_whatever_knob_holds_it(tmp_path, name):
    found = references(tmp_path, node("CopyCat", "C", inputs="0", someKnob=name))
    assert found == [("C", "CopyCat", "someKnob", name, "used")]


@pytest.mark.parametrize(
    ("raw", "value", "state"),
    [
        ("/a/b.%04d.exr", "/a/b.%04d.exr", "used"),
        ("/a/b.####.exr", "/a/b.####.exr", "used"),
        ("/a/b_%V.exr", "/a/b_%V.exr", "used"),
        ('"/a/with space/b.exr"', "/a/with space/b.exr", "used"),
        ("{/a/with space/b.exr}", "/a/with space/b.exr", "used"),
        ("/a/with\\ space/b.exr", "/a/with space/b.exr", "used"),
        ("C:/a/b.exr", "C:/a/b.exr", "used"),
        (r'"C:\\a\\b.exr"', r"C:\a\b.exr", "used"),
        (r'"/a/\{x\}/b.exr"', "/a/{x}/b.exr", "used"),
        (r'"\[python \{open(\"/tmp/x\",\"w\")\}]"', '[python {open("/tmp/x","w")}]', "unknown"),
        (r'"\[getenv SHOW]/b.exr"', "[getenv SHOW]/b.exr", "unknown"),
        ('"[value root.name].exr"', "[value root.name].exr", "unknown"),
        ("$env(SHOW)/b.exr", "$env(SHOW)/b.exr", "unknown"),
        ("/a/%{shot}/b.exr", "/a/%{shot}/b.exr", "unknown"),
        ("{{parent.file}}", "{parent.file}", "unknown"),
    ],
)
def test_a_file_knob_is_taken_as_it_stands_or_not_at_all(tmp_path, raw, value, state):
    scene = scene_of(tmp_path, read("A", raw), write())
    (reference,) = scene.targets[0].references
    assert (reference.value, reference.state.value) == (value, state)
    assert bool(reference.why) == (state == "unknown")


def test_a_read_without_a_file_carries_none(tmp_path):
    assert references(tmp_path, node("Read", "A", inputs="0")) == []
    assert references(tmp_path, read("A", '""')) == []


def test_texts_for_people_are_no_files(tmp_path):
    texts = dict.fromkeys(("label", "knobChanged", "help", "onCreate"), '"/looks/like/a.exr"')
    assert references(tmp_path, node("NoOp", "N", inputs="0", **texts)) == []


def test_a_gizmo_has_neither_knob_nor_value_and_its_files_are_listed_too(tmp_path):
    assert references(tmp_path, node("P1Face", "F", inputs="0", source="/a/p1.exr")) == [
        ("F", "P1Face", None, None, "unknown"),
        ("F", "P1Face", "source", "/a/p1.exr", "used"),
    ]


def test_names_are_full_inside_groups_and_clones_bear_their_original_s(tmp_path):
    parts = group(
        "Group1",
        read("Read1") + "set C1 [stack 0]\n" + "clone $C1 {\n inputs 0\n xpos 1\n}\n" + node("Output", "O"),
        inputs="0",
    )
    assert [r[0] for r in references(tmp_path, parts)] == ["Group1.Read1"]


def test_an_identity_on_a_node_is_told(tmp_path):
    scene = scene_of(
        tmp_path,
        read("A", clearcut_replica='"rpl-1, rpl-2"', avalon__representation="5f00aa"),
        write(),
    )
    (reference,) = scene.targets[0].references
    assert reference.replicas == ("rpl-1", "rpl-2")
    assert ("ayon.representation", "5f00aa") in reference.metadata
    assert ("avalon.representation", "5f00aa") in reference.metadata


def test_an_identity_without_a_file_is_listed(tmp_path):
    assert references(tmp_path, node("NoOp", "N", inputs="0", clearcut_replica="rpl-1")) == [
        ("N", "NoOp", "clearcut_replica", "rpl-1", "used")
    ]


def test_an_identity_by_expression_is_unknown_and_claims_nothing(tmp_path):
    scene = scene_of(tmp_path, node("NoOp", "N", inputs="0", clearcut_replica='"\\[value X.id]"'), write())
    (reference,) = scene.targets[0].references
    assert reference.state is ReferenceState.UNKNOWN
    assert reference.replicas == ()


GIZMO = (
    "#! nuke\nversion 15.1\nGizmo {\n inputs 1\n source /default.exr\n}\n"
    + node("Input", "I", inputs="0")
    + read("Inside", "/gizmo/p1.exr")
    + node("Merge2", "M", inputs="2")
    + node("Output", "O")
    + "end_group\n"
)


def test_a_gizmo_found_on_the_path_is_looked_into(tmp_path):
    (tmp_path / "P1Face.gizmo").write_text(GIZMO)
    for kind in ("P1Face", "P1Face.gizmo"):
        scene = scene_of(tmp_path, read("A"), node(kind, "F"), write(), gizmos=tmp_path)
        found = {(r.node, r.value, r.state.value) for r in scene.targets[0].references}
        assert found == {
            ("A", "/in/A.exr", "used"),
            ("F.Inside", "/gizmo/p1.exr", "used"),
            ("F", "/default.exr", "used"),
        }


def test_a_gizmo_by_the_name_of_one_of_nukes_own_classes_cannot_be_told_from_it(tmp_path):
    (tmp_path / "Grade.gizmo").write_text(GIZMO)
    shown = read("A") + node("Grade", "G") + node("Grade", "H") + write()
    scene = scene_of(tmp_path, shown, gizmos=tmp_path)
    assert [p for p in scene.problems if "Grade" in p] == [
        "Grade.gizmo has the name of Nuke's own Grade: which of the two a Grade node is cannot be told"
    ]
    # Without the folder there is nothing to take it for.
    assert not scene_of(tmp_path, shown).problems


def test_two_of_one_gizmo_have_insides_of_their_own(tmp_path):
    (tmp_path / "P1Face.gizmo").write_text(GIZMO)
    parts = (read("A"), node("P1Face", "F1"), write("W1"), read("B"), node("P1Face", "F2"), write("W2"))
    scene = scene_of(tmp_path, *parts, gizmos=tmp_path)
    assert {r.node for r in scene.targets[0].references} == {"A", "F1", "F1.Inside"}
    assert {r.node for r in scene.targets[1].references} == {"B", "F2", "F2.Inside"}


def test_a_gizmo_that_holds_itself_ends(tmp_path):
    holds_itself = "Gizmo {\n}\n" + node("Loop", "L", inputs="0") + node("Output", "O") + "end_group\n"
    (tmp_path / "Loop.gizmo").write_text(holds_itself)
    scene = scene_of(tmp_path, node("Loop", "L"), write(), gizmos=tmp_path)
    assert any(r.knob is None and r.state is ReferenceState.UNKNOWN for r in scene.targets[0].references)


@pytest.mark.parametrize(
    "content", ["Gizmo {\n torn", "no gizmo at all\n", "", "Gizmo {\n}\npush $x\nend_group\n"]
)
def test_a_gizmo_file_that_cannot_be_read_leaves_the_gizmo_unknown(tmp_path, content):
    (tmp_path / "P1Face.gizmo").write_text(content)
    scene = scene_of(tmp_path, node("P1Face", "F"), write(), gizmos=tmp_path)
    assert [(r.knob, r.state.value) for r in scene.targets[0].references] == [(None, "unknown")]
    assert any("P1Face.gizmo" in problem for problem in scene.problems)
