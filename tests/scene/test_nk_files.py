"""Nuke scripts as files: torn, foreign, huge, deep, hostile. Never a crash, never a reference lost in silence."""

import contextlib
import hashlib
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.errors import SceneError
from clearcut.scene import read_scene
from clearcut.scene.nk.reader import read_nk
from fakes.comps import HEAD, answers, group, node, read, scene_of, write

WHOLE = HEAD + read("A") + group("G", read("In"), node("Output", "O")) + write()


def raw(tmp_path, content, name="comp.nk"):
    path = tmp_path / name
    path.write_bytes(content)
    return read_scene(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 20,
        b"\x00" * 100,
        b"BLENDER-v300" + b"\x00" * 50,
        b"import nuke\nnuke.root()\n",
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": []}',
        b"<?xml version='1.0'?><a><b/></a>",
        b"version 15.1 v3\n",
        b"Root {\n inputs 0\n}\n",
        b"\xff\xfeR\x00",
    ],
)
def test_what_is_no_script_is_unreadable(tmp_path, content):
    with pytest.raises(SceneError) as caught:
        raw(tmp_path, content)
    assert caught.value.code == "scene-unreadable"
    assert "comp.nk" in caught.value.where


@pytest.mark.parametrize(
    ("torn", "line"),
    [
        (HEAD + "Read {\n inputs 0\n file /a/b.exr\n", 3),
        (HEAD + read("A") + 'Write {\n file "/a/b', 8),
        (HEAD + read("A") + "set N1 [stack", 8),
    ],
)
def test_a_torn_script_is_unreadable_and_says_where(tmp_path, torn, line):
    with pytest.raises(SceneError) as caught:
        raw(tmp_path, torn.encode())
    assert caught.value.where.endswith(f":{line}")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("Group {\n name G\n}\n" + read("In") + node("Output", "O") + "end_grou\n", "end_grou"),
        ("Group {\n name G\n}\n" + read("In"), "G (line"),
        ("end_group\n", "end_group"),
        ("push $N99\n", "N99"),
        ("python {nuke.scriptClose()}\n", "python"),
        ("source /other.nk\n", "source"),
        ("knob_default Switch.which 1\n", "knob_default"),
        ("set N1 [exec rm]\n", "set N1"),
        ("clone $C9 {\n}\n", "C9"),
        ("Grade {\n inputs many\n}\n", "many"),
        ("Read {\n inputs 0\n file /jobs/a b.exr\n name R\n}\n", "b.exr"),
        ('Read {\n inputs 0\n label "torn\n file "/jobs/double.exr"\n name R\n}\n', "goes on behind"),
        ("Read {\n inputs 0\n label {a}b\n name R\n}\n", "goes on behind"),
        ("Grade {\n name Lost\n} file /a.exr\n", "after its closing brace"),
    ],
)
def test_what_cannot_be_followed_is_a_problem_that_names_it(tmp_path, part, said):
    scene = scene_of(tmp_path, read("A"), part, read("B"), write())
    assert any(said in problem for problem in scene.problems), scene.problems


def test_a_header_that_announces_more_than_there_is_is_a_problem(tmp_path):
    announced = '#write_info Write1 file:"/out/a.exr"\n#write_info Write2 file:"/out/b.exr"\n'
    scene = scene_of(tmp_path, announced, read("A"), write())
    assert scene.problems == ("its header announces Write2, which it lacks: it may be torn off",)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + WHOLE.encode(),
        WHOLE.encode("utf-16"),
        WHOLE.encode() + b"# caf\xe9\n",
    ],
)
def test_line_ends_and_encodings_change_nothing(tmp_path, content):
    scene = raw(tmp_path, content)
    assert answers(scene) == {"A": "unused", "G.In": "used"}
    assert scene.problems == ()
    assert scene.sha256 == hashlib.sha256(content).hexdigest()


def test_latin_1_names_survive(tmp_path):
    scene = raw(tmp_path, (HEAD + read("A", "/jobs/caf\xe9/a.exr") + write()).encode("latin-1"))
    assert scene.targets[0].references[0].value == "/jobs/caf\xe9/a.exr"


@pytest.mark.parametrize("name", ["comp.nk.autosave", "comp.nk~"])
def test_an_autosave_is_read_and_is_incomplete(tmp_path, name):
    scene = raw(tmp_path, WHOLE.encode(), name)
    assert answers(scene)["G.In"] == "used"
    assert "autosave" in scene.problems[0]


def test_a_group_500_deep(tmp_path):
    inside = read("Deep")
    for level in range(500):
        inside = group(f"G{level}", inside, node("Output", "O"), inputs="0")
    scene = scene_of(tmp_path, inside, write())
    (reference,) = scene.targets[0].references
    assert reference.node.count(".") == 500
    assert reference.state.value == "used"


def test_braces_10000_deep_do_not_end_the_stack(tmp_path):
    deep = node("NoOp", "N", inputs="0", x="{" * 10_000 + "}" * 10_000)
    assert answers(scene_of(tmp_path, read("A"), deep, read("B"), write())) == {"A": "unused", "B": "used"}


def test_a_chain_of_20000_nodes(tmp_path):
    parts = [read("A"), *(node("Grade", f"G{i}") for i in range(20_000)), write()]
    begun = time.perf_counter()
    assert answers(scene_of(tmp_path, "".join(parts))) == {"A": "used"}
    assert time.perf_counter() - begun < 60


@pytest.mark.parametrize(
    "label", ['"a \\} b"', '"a } b"', '"a { b"', "{a {b} c}", '"\\[expr \\{1\\}]"', '"} \\" {"']
)
def test_braces_inside_values_end_no_node(tmp_path, label):
    scene = scene_of(tmp_path, read("A", label=label), write())
    assert answers(scene) == {"A": "used"}
    assert scene.problems == ()


def test_a_window_layout_and_knobs_over_many_lines_are_passed_over(tmp_path):
    layout = 'define_window_layout_xml {<?xml version="1.0"?>\n<layout><window x="0"/></layout>\n}\n'
    many = node("Roto", "R", curves="{{{v x3f99999a}\n {f 0}\n {n\n  {layer Root\n   {f 2097152}}}}}\n")
    scene = scene_of(tmp_path, layout, "add_layer {c c.red c.alpha}\n", read("A"), many, write())
    assert answers(scene) == {"A": "used"}
    assert scene.problems == ()


@pytest.mark.parametrize(
    ("knob", "python", "unsafe"),
    [
        ("beforeRender", '"nuke.toNode(\'S\')\\[\\"which\\"].setValue(1)"', True),
        ("onCreate", '"exec(open(x).read())"', True),
        ("beforeRender", '"os.makedirs(os.path.dirname(f))"', False),
        ("knobChanged", '"n.setValue(1)"', False),
        ("beforeRender", '"import studio_tools; studio_tools.prepare()"', True),
        ("beforeRender", '"from studio import prepare\\nprepare()"', True),
        ("beforeRender", '"import os, studio"', True),
        ("onScriptLoad", "\"nuke.toNode('A').knobs()\"", True),
        ("onScriptLoad", "\"nuke.toNode('A')\\[x].fromUserText(y)\"", True),
        ("beforeRender", '"import os, re\\nfrom os.path import dirname # from there"', False),
    ],
)
def test_python_that_would_change_the_graph_unasked_is_a_problem(tmp_path, knob, python, unsafe):
    scene = scene_of(tmp_path, read("A"), write(**{knob: python}))
    assert bool(scene.problems) == unsafe
    assert answers(scene)["A"] == "used"


def test_nothing_in_a_script_is_run(tmp_path):
    mark = tmp_path / "mark"
    python = f"open('{mark}','w')"
    parts = [
        node("Root", None, inputs="0", onScriptLoad=f'"{python}"'),
        read(
            "A",
            f'"\\[python \\{{{python}\\}}]"',
            onCreate=f'"{python}"',
            disable=f'{{{{"\\[python {python}]"}}}}',
        ),
        f"python {{{python}}}\n",
        f"exec touch {mark}\n",
        write(beforeRender=f'"{python}"'),
    ]
    scene = scene_of(tmp_path, *parts)
    assert not mark.exists()
    assert answers(scene)["A"] == "unknown"


def test_a_folder_and_a_missing_file_are_said_so(tmp_path):
    os.mkfifo(tmp_path / "pipe.nk")
    for path in (tmp_path, tmp_path / "gone.nk", tmp_path / "pipe.nk"):
        with pytest.raises(SceneError):
            read_scene(path)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_script_cut_off_anywhere_never_loses_a_reference_in_silence(data):
    """Cut between commands, nothing is missing before the cut; cut inside one, it is said."""
    text = HEAD + read("A") + "set N1 [stack 0]\n" + read("B") + "push $N1\n" + write("W1") + write("W2")
    cut = data.draw(st.integers(0, len(text)))
    try:
        scene = read_nk(text[:cut].encode(), "x.nk", "")
    except SceneError:
        return
    whole_reads = sum(text[:cut].count(f" name {name}\n}}") for name in "AB")
    seen = {r.node for t in scene.targets for r in t.references} | {r.node for r in scene.unused}
    begun = text[:cut].rstrip()
    clean = begun.endswith(("}", "v3", "0]", "-nx", "push $N1", "15.1", "version", "v"))
    assert len(seen) == whole_reads
    assert clean or scene.problems


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]"\\ \n;#$aR.1/', max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        scene = read_nk(("Read {\n inputs 0\n file /a.exr\n}\n" + text).encode(), "x.nk", "")
    except SceneError:
        return
    assert any(r.value == "/a.exr" for r in scene.unused) or scene.targets


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(SceneError):
        read_nk(content, "x.nk", "")


VALUES = st.one_of(
    st.sampled_from(
        ["1e999", "-1", "0.5", "{{1}}", "{", '"', "{}", '""', "[x]", "nan", "inf", "99999999999", "a b"]
    ),
    st.text(alphabet='{}[]"\\ .1e-$;xA', max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["which", "disable", "inputs", "number", "file", "x"]), VALUES), max_size=4
    )
)
def test_any_value_of_a_knob_is_read_or_refused(knobs):
    body = "".join(f" {name} {value}\n" for name, value in knobs)
    for kind in ("Switch", "Dissolve", "Read", "Group", "Input", "Write", "Root"):
        end = "end_group\n" if kind == "Group" else ""
        text = read("A") + f"{kind} {{\n{body}}}\n{end}" + write()
        with contextlib.suppress(SceneError):
            scene = read_nk(text.encode(), "x.nk", "")
            seen = {r.value for t in scene.targets for r in t.references} | {r.value for r in scene.unused}
            assert "/in/A.exr" in seen or scene.problems


def test_a_file_beyond_the_limit_is_refused_and_is_read_without_it(tmp_path, monkeypatch):
    path = tmp_path / "comp.nk"
    path.write_text(WHOLE)
    assert read_scene(path).targets
    monkeypatch.setattr("clearcut.scene.reading._MAX_SCRIPT_BYTES", len(WHOLE) - 1)
    with pytest.raises(SceneError, match="bytes are more"):
        read_scene(path)


def test_problems_are_counted_beyond_the_first_fifty(tmp_path):
    scene = scene_of(tmp_path, read("A"), "push $gone\n" * 200, write())
    assert len(scene.problems) == 51
    assert scene.problems[-1] == "and 150 more of the kind"


def test_a_script_made_to_exhaust_its_reader_is_refused(tmp_path, monkeypatch):
    """Each clone of a group that holds the clone before doubles what there is."""
    bomb = group("G0", read("A"), node("Output", "O"), inputs="0") + "set C0 [stack 0]\n"
    for level in range(1, 12):
        twins = f"clone $C{level - 1} {{\n inputs 0\n xpos 1\n}}\n" * 2
        bomb += group(f"G{level}", twins, node("Output", "O"), inputs="0") + f"set C{level} [stack 0]\n"
    # Small enough to be read whole when nothing limits it.
    assert len(scene_of(tmp_path, bomb, write()).targets) == 1
    monkeypatch.setattr("clearcut.scene.nk.script._MAX_NODES", 1000)
    with pytest.raises(SceneError, match="more than 1000 nodes"):
        scene_of(tmp_path, bomb, write())


def test_groups_beyond_any_depth_are_refused(tmp_path):
    with pytest.raises(SceneError, match="beyond 5000"):
        scene_of(tmp_path, "Group {\n name G\n}\n" * 6000)
