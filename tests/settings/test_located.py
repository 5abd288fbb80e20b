"""Where keys stand in a TOML file."""

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.errors import RulesError
from clearcut.settings.located import parse_located, read_located

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SAMPLE = '''# a comment with = and [brackets]
allow = ["one", # first
  "two"]
top.dotted = """
not.a.key = 1
[not.a.table]
"""
"quoted key" = 'literal # no comment'

[shots]
patterns = [
  '(?P<shot>[A-Z]+=\\d)',
  "second",  # ] }
]
inline = { x = 1, "y z" = "}" }

[sequence."SQ.030".severity]  # a dot in the name
no-licence = "block"
day = 2026-08-02
[[case]]
clip = "a"
[[case]]
clip = "b"
expect.shot = "c"
[case.expect.severity]
no-licence = "block"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("allow",), 2),
        (("allow", 0), 2),
        (("allow", 1), 3),
        (("top", "dotted"), 4),
        (("quoted key",), 8),
        (("shots",), 10),
        (("shots", "patterns"), 11),
        (("shots", "patterns", 0), 12),
        (("shots", "patterns", 1), 13),
        (("shots", "inline", "y z"), 15),
        (("sequence", "SQ.030", "severity"), 17),
        (("sequence", "SQ.030", "severity", "no-licence"), 18),
        (("sequence", "SQ.030", "severity", "day"), 19),
        (("case", 0, "clip"), 21),
        (("case", 1, "clip"), 23),
        (("case", 1, "expect", "shot"), 24),
        (("case", 1, "expect", "severity", "no-licence"), 26),
    ],
)
def test_each_key_is_found_on_its_line(key, line):
    assert parse_located(SAMPLE, "f.toml").where(*key) == f"f.toml:{line}"


def test_what_looks_like_a_key_inside_a_text_is_none():
    found = parse_located(SAMPLE, "f.toml").lines
    assert ("not",) not in found
    assert ("not", "a", "table") not in found


def test_a_key_that_is_not_found_gets_the_line_of_the_table_around_it():
    assert parse_located(SAMPLE, "f.toml").where("shots", "nothing", 3) == "f.toml:10"


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path):
    file = tmp_path / "clearcut.toml"
    file.write_bytes(b"\xef\xbb\xbf# x\r\n[shots]\r\npatterns = []\r\n")
    assert read_located(file).where("shots", "patterns") == f"{file}:3"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a = \n", "not TOML"),
        (b"a = 1\na = 2\n", "not TOML"),
        (b"# x\na = '\xff'\n", ":2: not UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML"),
        (b"#" * 1_000_001, "larger than"),
    ],
)
def test_what_is_no_rule_file_is_one_fault_with_its_place(tmp_path, raw, said):
    file = tmp_path / "clearcut.toml"
    file.write_bytes(raw)
    with pytest.raises(RulesError) as caught:
        read_located(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(RulesError, match="cannot be read"):
        read_located(tmp_path / "clearcut.toml")


WORDS = st.text(alphabet="ab.\"'#=[]{}\\ é", min_size=0, max_size=6)
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(-9, 9), st.booleans(), st.just(date(2026, 8, 2))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)


def _text(word):
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", # ]\n".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return str(value)


def _paths(value, at=()):
    if at:
        yield at
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _paths(below, (*at, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _paths(below, (*at, index))


@given(st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=3), max_size=4))
def test_the_scan_finds_exactly_the_keys_that_tomllib_reads(document):
    lines = []
    for table, values in document.items():
        lines.append(f"[{_text(table)}] # x = 1")
        lines.extend(f"{_text(key)} = {_toml(value)} # ]" for key, value in values.items())
    text = "\n".join(lines)
    assert tomllib.loads(text) == document
    assert set(parse_located(text, "f").lines) == set(_paths(document))
