"""What a write node uses, construct by construct: used, unknown, unused."""

import pytest

from fakes.comps import answers, group, node, read, scene_of, write

TWO = read("A") + read("B")  # B on top: it is input 0, A input 1

CASES = {
    "a plain chain is used": (read("A") + node("Grade", "G") + write(), {"A": "used"}),
    "what is beside the write is unused": (read("A") + write() + read("B"), {"A": "used", "B": "unused"}),
    "a merge uses both its inputs": (
        TWO + node("Merge2", "M", inputs="2") + write(),
        {"A": "used", "B": "used"},
    ),
    "a mask counts": (
        read("Mask") + TWO + node("Merge2", "M", inputs="2+1") + write(),
        {"A": "used", "B": "used", "Mask": "used"},
    ),
    "a hidden input counts": (read("A") + node("Dot", "D", hide_input="true") + write(), {"A": "used"}),
    "push 0 connects nothing": (read("A") + "push 0\n" + write(), {"A": "unused"}),
    "set and push branch": (
        read("A") + "set N1 [stack 0]\n" + read("B") + "push $N1\n" + write(),
        {"A": "used", "B": "unused"},
    ),
    "set reaches deeper into the stack": (
        TWO + "set N1 [stack 1]\npush $N1\n" + write(),
        {"A": "used", "B": "unused"},
    ),
    "a switch without which takes input 0": (
        TWO + node("Switch", "S", inputs="2") + write(),
        {"A": "unused", "B": "used"},
    ),
    "a literal switch takes its input alone": (
        TWO + node("Switch", "S", inputs="2", which="1") + write(),
        {"A": "used", "B": "unused"},
    ),
    "a switch in braces is literal still": (
        TWO + node("Switch", "S", inputs="2", which="{1}") + write(),
        {"A": "used", "B": "unused"},
    ),
    "a switch by expression cannot be told": (
        TWO + node("Switch", "S", inputs="2", which="{{frame>1010}}") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a switch by curve cannot be told": (
        TWO + node("Switch", "S", inputs="2", which="{{curve x1001 0 x1002 1}}") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a switch beyond its inputs cannot be told": (
        TWO + node("Switch", "S", inputs="2", which="7") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a switch between two inputs cannot be told": (
        TWO + node("Switch", "S", inputs="2", which="0.5") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a dissolve at 0 takes input 0": (
        TWO + node("Dissolve", "S", inputs="2") + write(),
        {"A": "unused", "B": "used"},
    ),
    "a dissolve at 1 takes input 1": (
        TWO + node("Dissolve", "S", inputs="2", which="1") + write(),
        {"A": "used", "B": "unused"},
    ),
    "a dissolve between takes both": (
        TWO + node("Dissolve", "S", inputs="2", which="0.25") + write(),
        {"A": "used", "B": "used"},
    ),
    "a dissolve's mask counts whatever which says": (
        read("Mask") + TWO + node("Dissolve", "S", inputs="2+1", which="1") + write(),
        {"A": "used", "B": "unused", "Mask": "used"},
    ),
    "a dissolve by expression cannot be told": (
        TWO + node("Dissolve", "S", inputs="2", which="{{frame/10}}") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a variable switch cannot be told": (
        TWO + node("VariableSwitch", "S", inputs="2") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "used wins over unknown": (
        read("A")
        + "set N1 [stack 0]\n"
        + read("B")
        + node("Switch", "S", inputs="2", which="{{x}}")
        + "push $N1\n"
        + node("Merge2", "M", inputs="2")
        + write(),
        {"A": "used", "B": "unknown"},
    ),
    "a disabled read is unused": (read("A", disable="true") + write(), {"A": "unused"}),
    "a disabled merge passes input 0 alone": (
        TWO + node("Merge2", "M", inputs="2", disable="true") + write(),
        {"A": "unused", "B": "used"},
    ),
    "disable as a number": (read("A", disable="1") + write(), {"A": "unused"}),
    "disable false": (read("A", disable="false") + write(), {"A": "used"}),
    "a read disabled by expression cannot be told": (
        read("A", disable="{{$gui}}") + write(),
        {"A": "unknown"},
    ),
    "a merge disabled by expression surely uses input 0": (
        TWO + node("Merge2", "M", inputs="2", disable="{{$gui}}") + write(),
        {"A": "unknown", "B": "used"},
    ),
    "a switch disabled by expression may use either": (
        TWO + node("Switch", "S", inputs="2", which="1", disable="{{x}}") + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "a group is entered and left": (
        TWO
        + group(
            "G",
            node("Input", "I1", inputs="0"),
            node("Input", "I2", inputs="0", number="1"),
            read("In"),
            node("Merge2", "M", inputs="2"),
            node("Output", "O"),
            inputs="2",
        )
        + write(),
        # The merge takes In and I2, which is the group's input 1: A.
        {"A": "used", "B": "unused", "G.In": "used"},
    ),
    "a disabled group passes input 0": (
        read("A") + group("G", read("In"), node("Output", "O"), disable="true") + write(),
        {"A": "used", "G.In": "unused"},
    ),
    "a group disabled by expression may do either": (
        read("A") + group("G", read("In"), node("Output", "O"), disable="{{x}}") + write(),
        {"A": "unknown", "G.In": "unknown"},
    ),
    "a group without an output cannot be told": (
        read("A") + group("G", read("In")) + write(),
        {"A": "unknown", "G.In": "unknown"},
    ),
    "inputs of one number cannot be told apart": (
        TWO
        + group(
            "G",
            node("Input", "I1", inputs="0"),
            node("Input", "I2", inputs="0"),
            node("Output", "O"),
            inputs="2",
        )
        + write(),
        {"A": "unknown", "B": "unknown"},
    ),
    "an expression's node may be used": (
        read("A") + "push 0\n" + node("Grade", "G", mix="{{A.first}}") + write(),
        {"A": "unknown"},
    ),
    "an expression's node is named by value": (
        read("A") + "push 0\n" + node("Grade", "G", white='"\\[value A.first]"') + write(),
        {"A": "unknown"},
    ),
    "what feeds an expression's node is not its value": (
        read("A") + node("Grade", "C") + "push 0\n" + node("Grade", "G", mix="{{C.mix}}") + write(),
        {"A": "unused"},
    ),
    "an expression that samples reaches pictures": (
        read("A")
        + node("Grade", "C")
        + "push 0\n"
        + node("Grade", "G", mix='{{"\\[sample C red 1 1]"}}')
        + write(),
        {"A": "unknown"},
    ),
    "an expression's chain of values is followed": (
        read("A")
        + "push 0\n"
        + node("NoOp", "C", inputs="0", x="{{A.first}}")
        + "push 0\n"
        + node("Grade", "G", mix="{{C.x}}")
        + write(),
        {"A": "unknown"},
    ),
    "parent leaves the group for a node beside it": (
        read("A")
        + "push 0\n"
        + group("G", node("Grade", "C", inputs="0", mix="{{parent.A.first}}"), node("Output", "O"))
        + write(),
        {"A": "unknown"},
    ),
    "a linked knob is a dependency": (
        read("A") + "push 0\n" + node("NoOp", "N", addUserKnob="{41 first l First T A.first}") + write(),
        {"A": "unknown"},
    ),
    "python in a knob may reach any node it names": (
        read("A")
        + node("Dot", "D")
        + "push 0\n"
        + node("Text2", "T", box='{{"\\[python nuke.toNode(\'D\')\\[\\"xpos\\"].value()]"}}')
        + write(),
        {"A": "unknown"},
    ),
    "a precomp's inside stands elsewhere": (
        node("Precomp", "P", inputs="0", file="/p.nk") + write(),
        {"P": "unknown"},
    ),
    "a live group without its inside": (
        node("LiveGroup", "L", inputs="0", file="/l.nk") + write(),
        {"L": "unknown"},
    ),
    "a live group with its inside": (
        group("L", " " + read("In"), " " + node("Output", "O"), kind="LiveGroup", inputs="0", file="/l.nk")
        + write(),
        {"L": "unknown", "L.In": "used"},
    ),
    "a gizmo nobody has": (
        read("A") + node("StudioGizmo", "S") + write(),
        {"A": "used", "S": "unknown"},
    ),
    "a third party's plug-in": (
        read("A") + node("OFXcom.example.relight_v1", "S") + write(),
        {"A": "used", "S": "unknown"},
    ),
    "a clone bears its original's name": (
        read("A") + "set C1 [stack 0]\n" + "clone $C1 {\n inputs 0\n xpos 10\n}\n" + write(),
        {"A": "used"},
    ),
    "a clone in the long form": (
        "clone node1|Read|7 Read {\n inputs 0\n file /in/A.exr\n name A\n}\n"
        "push 0\n"
        "clone node1|Read|7 Read {\n inputs 0\n xpos 1\n}\n" + write(),
        {"A": "used"},
    ),
    "a clone of a group has its inside": (
        group("G", read("In"), node("Output", "O"), inputs="0")
        + "set C1 [stack 0]\npush 0\nclone $C1 {\n inputs 0\n xpos 1\n}\n"
        + write(),
        {"G.In": "used"},
    ),
    "a read that a viewer shows is unused": (
        read("A") + node("Viewer", "V") + read("B") + write(),
        {"A": "unused", "B": "used"},
    ),
    "a write above a write is passed through": (
        read("A") + write("Write0") + write(),
        {"A": "used"},
    ),
    "a write that reads its file back": (
        read("A") + write("Write0", reading="true") + write(),
        {"A": "used", "Write0": "used"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_write_uses(tmp_path, case):
    script, expected = CASES[case]
    scene = scene_of(tmp_path, script)
    assert answers(scene) == expected
    assert scene.problems == ()


def test_every_unknown_says_why(tmp_path):
    for script, expected in CASES.values():
        scene = scene_of(tmp_path, script)
        for target in scene.targets:
            for reference in target.references:
                assert bool(reference.why) == (reference.state.value == "unknown"), expected


def test_each_write_has_an_answer_of_its_own(tmp_path):
    scene = scene_of(tmp_path, read("A"), write("W1"), read("B"), write("W2"))
    assert [t.name for t in scene.targets] == ["W1", "W2"]
    assert answers(scene, "W1") == {"A": "used"}
    assert answers(scene, "W2") == {"B": "used"}


@pytest.mark.parametrize("kind", ["Write", "DeepWrite", "WriteGeo", "GeoExport", "AudioWrite"])
def test_every_class_that_writes_is_a_target(tmp_path, kind):
    scene = scene_of(tmp_path, read("A"), node(kind, "W", file="/out/x"))
    assert [(t.name, t.output) for t in scene.targets] == [("W", "/out/x")]


@pytest.mark.parametrize(
    ("disable", "targets"),
    [("true", 0), ("1", 0), ("false", 1), ("{{$gui}}", 1), ("{{1}}", 0), ('"\\[x]"', 1)],
)
def test_a_write_is_no_target_only_when_it_is_literally_disabled(tmp_path, disable, targets):
    assert len(scene_of(tmp_path, read("A"), write(disable=disable)).targets) == targets


@pytest.mark.parametrize("kind", ["WriteTank", "studioRenderOut", "ExportPlate", "Publish"])
def test_a_gizmo_that_says_it_writes_is_a_target(tmp_path, kind):
    scene = scene_of(tmp_path, read("A"), node(kind, "W"))
    assert answers(scene, "W") == {"A": "used", "W": "unknown"}


def test_a_write_inside_a_group_reaches_out_of_it(tmp_path):
    inside = [node("Input", "I", inputs="0"), write("W"), node("Output", "O")]
    scene = scene_of(tmp_path, read("A"), group("G", *inside))
    assert answers(scene, "G.W") == {"A": "used"}


def test_frames_are_the_write_s_own_limit_else_the_script_s(tmp_path):
    root = node("Root", None, inputs="0", first_frame="1001", last_frame="1100")
    scene = scene_of(
        tmp_path, root, read("A"), write("W1"), write("W2", first="5", last="9", use_limit="true")
    )
    assert [t.frames for t in scene.targets] == [(1001, 1101), (5, 10)]
    assert scene_of(tmp_path, read("A"), write()).targets[0].frames is None
