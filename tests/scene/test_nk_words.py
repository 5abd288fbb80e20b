"""The tokeniser: what is written by TCL's rules is read back, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.scene.nk.knobs import Truth, number, plain, truth
from clearcut.scene.nk.words import TornError, commands, line_at

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("addUserKnob", "set", "push")
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)


def quoted(text):
    """A value as Nuke quotes it: everything that TCL would touch has a backslash."""
    out = "".join("\\" + c if c in '"\\[]{}$' else c for c in text)
    return '"' + out.replace("\n", "\\n") + '"'


def bare(text):
    return "".join("\\" + c if not c.isalnum() and c not in "_/.-" else c for c in text.replace("\n", ""))


@given(st.lists(st.tuples(NAMES, TEXTS), max_size=6, unique_by=lambda pair: pair[0]), TEXTS)
def test_quoted_values_come_back(knobs, other):
    body = "".join(f" {name} {quoted(text)}\n" for name, text in knobs)
    script = f"Grade {{\n{body}}}\nDot {{\n label {quoted(other)}\n}}\n"
    first, second = commands(script)
    assert {name: plain(raw) for name, raw in first.knobs.items()} == dict(knobs)
    assert plain(second.knobs["label"]) == other
    assert not first.odd
    assert not second.odd


@given(st.text(min_size=1, max_size=20).filter(lambda t: t.isprintable() and not t.isspace()))
def test_bare_values_come_back(text):
    (node,) = commands(f"Grade {{\n label {bare(text)}\n name G\n}}\n")
    assert plain(node.knobs["label"]) == text
    assert node.knobs["name"] == "G"


BRACED = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters='{}\\"\r\0'), max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "{" + " ".join(parts) + "}"),
    max_leaves=12,
)


@given(BRACED)
def test_braced_values_come_back(inner):
    (node,) = commands("Roto {\n curves {" + inner + "}\n name R\n}\n")
    assert plain(node.knobs["curves"]) == inner
    assert node.knobs["name"] == "R"


def test_knobs_are_read_where_line_by_line_reading_stumbles():
    script = (
        "Grain {  name G1\n size 2\n}\n"
        'BlinkScript {\n kernelSource "kernel K : ImageComputationKernel<ePixelWise> \\{\\n'
        '  param float \\"a\\"; // 5\\" \\n\\}"\n K_transform {\n   {1 0 0}\n   {0 1 0}\n }\n name B1\n}\n'
        'Group {\n addUserKnob {26 t l "" t "v0.1\\n2019" +STARTLINE T "<b style=\\"x\\">y</b>"}\n name Q\n}\n'
    )
    grain, blink, group = commands(script)
    assert [node.knobs["name"] for node in (grain, blink, group)] == ["G1", "B1", "Q"]
    assert blink.knobs["K_transform"].split() == ["{", "{1", "0", "0}", "{0", "1", "0}", "}"]
    assert not any(node.odd for node in (grain, blink, group))


def test_every_form_of_a_command_is_read():
    script = (
        "#! nuke -nx\n# a comment \\\n that goes on\nversion 15.1 v3\nset N1 [stack 0]; push $N1\npush 0\n"
        "clone $C1 {\n xpos 1\n}\nadd_layer {a a.red}\nend_group\nGrade {mix 0.5 name G}\n"
    )
    assert [(c.words, c.knobs) for c in commands(script)] == [
        (("version", "15.1", "v3"), None),
        (("set", "N1", "[stack 0]"), None),
        (("push", "$N1"), None),
        (("push", "0"), None),
        (("clone", "$C1"), {"xpos": "1"}),
        (("add_layer", "{a a.red}"), None),
        (("end_group",), None),
        (("Grade",), {"mix": "0.5", "name": "G"}),
    ]


@pytest.mark.parametrize(
    "torn", ["Read {", 'Read {\n file "/a', "Read {\n x {1\n}\n", "set N [stack", '"abc']
)
def test_what_never_closes_says_where_it_opened(torn):
    text = "version 1\n" + torn
    with pytest.raises(TornError) as caught:
        list(commands(text))
    assert line_at(text, caught.value.offset) >= 2


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, Truth.NO),
        ("true", Truth.YES),
        ("1", Truth.YES),
        ("{1}", Truth.YES),
        ('"true"', Truth.YES),
        ("0", Truth.NO),
        ("false", Truth.NO),
        ("{{0}}", Truth.NO),
        ("{{$gui}}", Truth.UNKNOWN),
        ("{{curve x1 0 x2 1}}", Truth.UNKNOWN),
        ("{0 1}", Truth.UNKNOWN),
        ("x3f800000", Truth.UNKNOWN),
        ('"\\[python 1]"', Truth.UNKNOWN),
        ("", Truth.UNKNOWN),
        ("{", Truth.UNKNOWN),
    ],
)
def test_a_switch_is_on_off_or_cannot_be_told(raw, expected):
    assert truth(raw) is expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("1", 1.0), ("{-0.5}", -0.5), ("{{2}}", 2.0), ("1e3", 1000.0), ("x1", None), ("{a}", None)],
)
def test_a_number_is_literal_or_none(raw, expected):
    assert number(raw) == expected
