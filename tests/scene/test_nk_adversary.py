"""Ways to render a replica that the script's text seems not to use: each is recognised, or told as not known."""

import hashlib

import pytest

from clearcut.core.registry import Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind
from clearcut.core.scene import ReferenceState
from clearcut.scene import read_scene
from clearcut.scene.scan import is_certain, scan_to_json
from fakes.comps import HEAD, answers, group, node, read, scene_of, write

DOUBLE = "/jobs/char/p1_digidouble/beauty.exr"
REPLICA = "rpl-p1-body"
REGISTERED = Recognition(
    (), (Asset(REPLICA, AssetKind.ASSET, Match(MatchKind.PATH, "*/char/p1_digidouble/*")),), ()
)


def replicas(scene, target=0):
    """The replicas that a scan names for a target, whatever their state."""
    found = scan_to_json([scene], REGISTERED)["files"][0]["targets"][target]["references"]
    return {replica for reference in found for replica in reference["replicas"]}


def root(**knobs):
    return node("Root", None, inputs="0", **knobs)


@pytest.mark.parametrize(
    ("directory", "file"),
    [
        ("/jobs/char/p1_digidouble", "beauty.exr"),
        ("/jobs/char/p1_digidouble/", "./beauty.exr"),
        ("/jobs/char", "p1_digidouble/beauty.exr"),
        ("/jobs/shots/010", "../../char/p1_digidouble/beauty.exr"),
    ],
)
def test_a_relative_file_is_meant_from_the_project_directory(tmp_path, directory, file):
    scene = scene_of(tmp_path, root(project_directory=directory), read("A", file), write())
    (reference,) = scene.targets[0].references
    assert (reference.value, reference.state) == (file, ReferenceState.USED)
    assert replicas(scene) == {REPLICA}
    alone = scene_of(tmp_path, read("A", "beauty.exr"), write())
    assert replicas(alone) == set()


@pytest.mark.parametrize(
    "beside",
    [
        r'"\[python \{nuke.script_directory()\}]"',
        r'"\[python nuke.script_directory()]"',
        r'"\[file dirname \[value root.name]]"',
        r'"\[file dirname \[knob root.name]]/"',
    ],
)
def test_a_project_directory_beside_the_script_is_the_scripts_folder(tmp_path, beside):
    folder = tmp_path / "char" / "p1_digidouble"
    folder.mkdir(parents=True)
    scene = scene_of(folder, root(project_directory=beside), read("A", "beauty.exr"), write())
    assert answers(scene) == {"A": "used"}
    assert replicas(scene) == {REPLICA}


def test_a_project_directory_that_is_computed_leaves_relative_files_open(tmp_path):
    scene = scene_of(
        tmp_path,
        root(project_directory=r'"\[getenv SHOW]"'),
        read("A", "beauty.exr") + read("B", "/in/b.exr") + node("Merge2", "M", inputs="2") + write(),
    )
    assert answers(scene) == {"A": "unknown", "B": "used"}


@pytest.mark.parametrize("views", ['"main #ffffff\\np1_digidouble #ff0000"', "{main p1_digidouble}"])
def test_a_file_per_view_is_recognised_in_each_view(tmp_path, views):
    scene = scene_of(tmp_path, root(views=views), read("A", "/jobs/char/%V/beauty.exr"), write())
    assert replicas(scene) == {REPLICA}


def test_the_short_view_is_its_first_letter_and_computed_views_are_open(tmp_path):
    short = scene_of(
        tmp_path, root(views='"p #ff0000"'), read("A", "/jobs/char/%v1_digidouble/x.exr"), write()
    )
    assert replicas(short) == {REPLICA}
    computed = scene_of(tmp_path, root(views="{{parent.views}}"), read("A", "/a/%V.exr"), write())
    assert answers(computed) == {"A": "unknown"}


@pytest.mark.parametrize(
    "spelled",
    [
        r'"/jobs/char/\x70\x31_digidouble/beauty.exr"',
        r"/jobs/char/\x701_digidouble/beauty.exr",
        r'"/jobs/char/\u0070\u0031_digidouble/beauty.exr"',
        r"/jobs/char/\1601_digidouble/beauty.exr",
        r"/jobs/char/p1\_digidoubl\e/beauty.exr",
    ],
)
def test_a_path_spelled_with_codes_is_read_as_tcl_does_and_not_trusted(tmp_path, spelled):
    scene = scene_of(tmp_path, read("A", spelled), write())
    assert replicas(scene) == {REPLICA}
    if "\\_" not in spelled:
        assert answers(scene) == {"A": "unknown"}


def test_one_foreign_byte_in_a_remark_does_not_respell_the_paths(tmp_path):
    path = tmp_path / "comp.nk"
    text = HEAD + read("A", "/jobs/char/p1_digidouble/é.exr") + write()
    path.write_bytes(b"# caf\xe9\n" + text.encode())
    (reference,) = read_scene(path).targets[0].references
    assert reference.value == "/jobs/char/p1_digidouble/é.exr"


def test_white_space_that_is_none_to_tcl_belongs_to_the_word(tmp_path):
    for blank in "\x85\xa0\u3000\u2003":
        file = f"/jobs/char{blank}x/p1.exr"
        scene = scene_of(tmp_path, node("Grade", f"G{blank}1", inputs="0"), read("A", file), write())
        assert [r.value for r in scene.targets[0].references] == [file]
        assert not scene.problems


@pytest.mark.parametrize(
    "order",
    [
        "version [source /tmp/evil.nk]",
        "version 15.1 [knob Read1.file /x.exr]",
        'version "15.1 [source /tmp/evil.nk]"',
        "add_layer [source /tmp/evil.nk]",
        "add_layer $evil",
        "define_window_layout_xml [python evil]",
    ],
)
def test_a_harmless_command_that_runs_another_is_none(tmp_path, order):
    scene = scene_of(tmp_path, order + "\n", read("A"), write())
    assert any("without running it" in problem for problem in scene.problems)


@pytest.mark.parametrize(
    "order",
    ["version 15.1 v3", "add_layer {depth depth.Z}", 'define_window_layout_xml {<a b="$c [d]">}'],
)
def test_a_harmless_command_stays_harmless(tmp_path, order):
    assert scene_of(tmp_path, order + "\n", read("A"), write()).problems == ()


@pytest.mark.parametrize(
    "expression",
    [
        r'"\[knob A.file /jobs/char/p1.exr]"',
        r'"\[knob this.disable true]"',
        r'"\[knob Group1.plate /jobs/char/p1.exr]"',
        r'"\[source /tmp/evil.tcl]"',
        r'{{"\[eval \{knob A.file x.exr\}]"}}',
        r'"\[input Write1 0 B]"',
        r'"\[input \[node Write1] 0 B]"',
        r'"\[\[join \{k nob\} \"\"] A.file x]"',
        r'"\[$evil A.file x]"',
        r"{{\[python\ nuke.toNode('A')\['file'].setValue('/p1.exr')]}}",
        r"""{{"\[python -execlocal nuke.toNode('Re'+'ad1')\['file'].fromScript('/p1.exr')]"}}""",
        r"""{{"\[python \{nuke.knob('A.file', '/p1.exr')\}]"}}""",
        r"""{{"\[python \{nuke.knob(str('A') + '.file', '/p1.exr')\}]"}}""",
        r"""{{"\[python \{getattr(n, 'set'+'Value')('/p1.exr')\}]"}}""",
        r"""{{"\[python \{nuke.thisNode()\['make'].execute()\}]"}}""",
        r'"\[knob \[set k A.which] 1]"',
        r'"\[knob A.whi\[set x ch] 1]"',
        r'"\[knob A.\$k 1]"',
        r'"\[rename knob k]\[k A.which 1]"',
        r'"\[interp alias \{\} k \{\} knob]"',
        r'"\[foreach c knob \{\$c A.which 1\}]"',
        r'"\[setkey A.which 1 1]"',
        r'"\[animation A.which expression 1]"',
        r'"\[Read \{file /jobs/char/p1.exr\}]"',
        r'"\[push A]"',
    ],
)
@pytest.mark.parametrize("knob", ["size", "label"])
def test_an_expression_that_may_change_the_graph_is_told(tmp_path, expression, knob):
    scene = scene_of(tmp_path, read("A") + node("Blur", "B", **{knob: expression}) + write())
    assert [p for p in scene.problems if p.startswith(f"B.{knob} holds an expression that may change")]


@pytest.mark.parametrize(
    "expression",
    [
        r'"\[value A.first]"',
        r'"\[knob A.first]"',
        r'"\[lindex \[split \[file dirname \[knob \[topnode].file]] /] 4]"',
        r'"\[input this 1].depth] >= 0"',
        r"""{{"\[python \{nuke.thisNode()\['frame'].value()\}]"}}""",
        r'"\[knob this.icon //icons/a.png]"',
        r'"\[knob \[set n A].first]"',
        r'"\[animation this.lut.red x 0 this.pivot.r]"',
        r'"\[\[1,2],\[3,4]]"',
        r'"\[\{\"a\": 1\}]"',
        r'"setValue and exec are only words here"',
    ],
)
def test_an_expression_that_only_reads_is_no_problem(tmp_path, expression):
    assert scene_of(tmp_path, read("A") + node("Blur", "B", note=expression) + write()).problems == ()


@pytest.mark.parametrize("knob", ["afterFrameRender", "afterRender", "renderProgress"])
def test_python_between_frames_that_changes_nodes_is_told(tmp_path, knob):
    changing = scene_of(tmp_path, read("A"), write(**{knob: "\"nuke.toNode('A')\\['file'].setValue('x')\""}))
    assert changing.problems == (f"Write1.{knob} holds Python that may change what is used; it was not run",)
    telling = scene_of(tmp_path, read("A"), write(**{knob: '"import studio; studio.tell()"'}))
    assert telling.problems == ()


@pytest.mark.parametrize("knob", ["autolabel", "updateUI"])
def test_python_that_a_window_runs_when_it_draws_a_node_is_looked_at_too(tmp_path, knob):
    pointer = scene_of(
        tmp_path, read("A", **{knob: "\"nuke.thisNode()\\['connect_to_target'].execute()\""}), write()
    )
    assert pointer.problems == (f"A.{knob} holds Python that may change what is used; it was not run",)
    said = scene_of(tmp_path, read("A", **{knob: "\"nuke.thisNode()\\['which'].value()\""}), write())
    assert said.problems == ()


@pytest.mark.parametrize(
    ("before", "knob", "told"),
    [
        (node("Read", "A", inputs="0"), f"file {DOUBLE}", "file"),
        (read("A") + read("B") + node("Switch", "A", inputs="2"), "which 1", "which"),
        (read("A"), f"clearcut_replica {REPLICA}", "clearcut_replica"),
    ],
)
def test_a_clone_that_sets_what_its_original_leaves_at_its_default_is_told(tmp_path, before, knob, told):
    cloned = before + "set C1 [stack 0]\n" + write() + f"push 0\nclone $C1 {{\n inputs 0\n {knob}\n}}\n"
    (problem,) = scene_of(tmp_path, cloned).problems
    assert f"a clone of A sets {told} anew" in problem


@pytest.mark.parametrize(("modified", "state"), [("true", "used"), ("false", "unknown"), (None, "unknown")])
def test_a_live_group_that_nobody_made_editable_shows_what_its_file_says(tmp_path, modified, state):
    said = {} if modified is None else {"modified": modified}
    inside = " " + read("In") + " " + node("Output", "O")
    live = group("L", inside, kind="LiveGroup", inputs="0", file="/l.nk", **said)
    assert answers(scene_of(tmp_path, live + write())) == {"L": state, "L.In": "used"}


def test_a_clone_that_sets_the_file_anew_is_told(tmp_path):
    cloned = read("A") + "set C1 [stack 0]\n" + write() + f"clone $C1 {{\n inputs 0\n file {DOUBLE}\n}}\n"
    scene = scene_of(tmp_path, cloned)
    assert scene.problems == (
        "line 13: a clone of A sets file anew: which of the two values it is rendered with cannot be told",
    )
    plain = (
        read("A") + "set C1 [stack 0]\n" + write() + "clone $C1 {\n inputs 0\n xpos 4\n selected true\n}\n"
    )
    assert scene_of(tmp_path, plain).problems == ()


SWITCHING = (
    "Gizmo {\n addUserKnob {20 User}\n addUserKnob {41 pick l Pick T Switch1.which}\n"
    " addUserKnob {41 plate T In.A.file}\n}\n"
    + group("In", read("A", "/in/a.exr") + node("Output", "O"), inputs="0", kind="Group")
    + node("Input", "Input1", inputs="0")
    + node("Switch", "Switch1", inputs="2")
    + node("Output", "Output1")
    + "end_group\n"
)


@pytest.mark.parametrize(
    ("pick", "expected"), [({}, {"B": "used", "T.In.A": "unused"}), ({"pick": "1"}, None)]
)
def test_a_gizmos_links_set_what_stands_inside(tmp_path, pick, expected):
    (tmp_path / "Toggle.gizmo").write_text(SWITCHING.replace(" addUserKnob {41 plate T In.A.file}\n", ""))
    scene = scene_of(tmp_path, read("B") + node("Toggle", "T", **pick) + write(), gizmos=tmp_path)
    assert answers(scene) == (expected or {"B": "unused", "T.In.A": "used"})


def test_a_gizmos_link_to_a_file_brings_the_file(tmp_path):
    (tmp_path / "Toggle.gizmo").write_text(SWITCHING)
    scene = scene_of(
        tmp_path, read("B") + node("Toggle", "T", pick="1", plate=DOUBLE) + write(), gizmos=tmp_path
    )
    inside = next(r for r in scene.targets[0].references if r.node == "T.In.A")
    assert inside.value == DOUBLE


def test_a_groups_link_with_a_value_of_its_own_is_told(tmp_path):
    inside = read("A") + read("B") + node("Switch", "S", inputs="2") + node("Output", "O")
    linked = group("G", inside, inputs="0", addUserKnob="{41 pick T S.which}", pick="1")
    scene = scene_of(tmp_path, linked + write())
    assert scene.problems == (
        "G.pick is a link and has a value of its own: which of the two counts cannot be told",
    )
    assert scene_of(tmp_path, linked.replace(" pick 1\n", "") + write()).problems == ()


def test_an_end_of_a_group_that_a_live_group_may_not_have_is_told(tmp_path):
    live = node("LiveGroup", "L", file="/a/live.nk", published="true")
    scene = scene_of(tmp_path, read("A") + live + write() + "end_group\n")
    assert any("whether what follows this LiveGroup stands inside it" in p for p in scene.problems)
    assert scene_of(tmp_path, read("A") + live + write()).problems == ()


def test_stamps_which_everybody_has_stop_nobody(tmp_path):
    said = '"if nuke.GUI:\\n    try:\\n        import stamps; stamps.wiredOnCreate()\\n    except:\\n        pass"'
    stamp = node("PostageStamp", "Stamp1", hide_input="true", onCreate=said)
    scene = scene_of(tmp_path, read("A") + stamp + write())
    assert scene.problems == ()
    assert answers(scene) == {"A": "used"}


def test_the_scripts_own_knobs_change_by_themselves(tmp_path):
    scene = scene_of(
        tmp_path, root(knobChanged="\"nuke.toNode('A')\\['file'].setValue('x')\""), read("A"), write()
    )
    assert scene.problems == ("Root.knobChanged holds Python that may change what is used; it was not run",)


def test_what_the_script_as_a_whole_claims_counts_for_every_target(tmp_path):
    scene = scene_of(tmp_path, root(clearcut_replica=REPLICA), read("A"), write() + write("Write2"))
    assert [replicas(scene, n) for n in (0, 1)] == [{REPLICA}, {REPLICA}]
    assert scene.targets[0].references[0].node == "Root"


@pytest.mark.parametrize("kind", ["UnrealReader", "LiveInput"])
def test_pictures_from_outside_the_script_are_not_known(tmp_path, kind):
    scene = scene_of(tmp_path, node(kind, "U", inputs="0") + write())
    assert answers(scene) == {"U": "unknown"}
    assert not is_certain(scene)


def test_a_foreign_node_that_ends_a_branch_and_names_a_file_may_write_it(tmp_path):
    deliver = node("Deliver", "D", plate="/out/final.exr")
    scene = scene_of(tmp_path, read("A", DOUBLE), deliver, read("B"), write())
    assert [t.name for t in scene.targets] == ["D", "Write1"]
    assert replicas(scene) == {REPLICA}
    between = scene_of(tmp_path, read("A"), deliver, write())
    assert [t.name for t in between.targets] == ["Write1"]
    no_file = scene_of(tmp_path, read("A"), node("Tint", "T", size="3"), read("B"), write())
    assert [t.name for t in no_file.targets] == ["Write1"]


def test_a_digest_and_an_answer_do_not_depend_on_who_reads(tmp_path):
    scene = scene_of(tmp_path, group("G", read("A"), node("Output", "O")) + write())
    assert scene.sha256 == hashlib.sha256((tmp_path / "comp.nk").read_bytes()).hexdigest()
    assert answers(scene) == {"G.A": "used"}
