"""One value under guards: where it ends, what is refused, and at which place in it."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.edit import strict_json
from clearcut.edit.strict_json import MAX_LEVELS, FaultError, Values

_TEXTS = st.text(
    st.sampled_from(['"', "\\", "{", "}", "[", "]", ":", "a", "\u00e9", "\U0001f600", " "]), max_size=8
)
_TREES = st.recursive(
    _TEXTS | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner),
    max_leaves=6,
)


@given(_TREES, st.booleans(), st.sampled_from(["", "]", ', {"a": [', ' "']))
def test_a_value_is_found_with_its_end_whatever_comes_after_it(tree, ascii_only, after):
    text = json.dumps(tree, ensure_ascii=ascii_only)
    if isinstance(tree, int) and after:
        after = " " + after
    assert Values().first(text + after, 0) == (tree, len(text))


@given(_TREES, st.integers(1, 9))
def test_wherever_a_text_is_sliced_its_brackets_and_colons_are_the_same(tree, size):
    text = json.dumps(tree, ensure_ascii=False)
    whole = strict_json._structure(text)
    outside = json.dumps(_bare(tree), separators=(",", ":"))
    assert whole.decode() == "".join(letter for letter in outside if letter in "{}[]:")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_SLICE", size)
        assert strict_json._structure(text) == whole


def _bare(tree):
    """The same shape without any text: keys are numbers, so that none is lost."""
    if isinstance(tree, dict):
        return {number: _bare(value) for number, value in enumerate(tree.values())}
    return [_bare(value) for value in tree] if isinstance(tree, list) else 0


def test_without_minding_escapes_at_the_edge_a_string_would_pass_for_brackets(monkeypatch):
    """The twin: a quote whose backslash came in the slice before would end its string, and hide a key."""
    text = '{"a": "\\": {", "b": 1, "b": 2}'
    monkeypatch.setattr(strict_json, "_SLICE", text.index("\\") + 1)
    assert strict_json._structure(text) == b"{:::}"
    monkeypatch.setattr(strict_json, "_leads", lambda _: False)
    assert strict_json._structure(text) != b"{:::}"


def refusal(text, level=0):
    with pytest.raises(FaultError) as caught:
        Values().first(text, level)
    return caught.value


@pytest.mark.parametrize(
    ("text", "message", "path"),
    [
        ('{"a": [0, {"b": 1, "b": 1}]}', "the key 'b' stands twice in one object", ("a", 1)),
        ('{"a": {"x": 1, "x": {"y": 1, "y": 1}}}', "the key 'x' stands twice in one object", ("a",)),
        ('{"u": "a:b", "a": 1, "a": 2}', "the key 'a' stands twice in one object", ()),
        ('{"a": {"b": [1, NaN]}}', "NaN is not a number", ("a", "b", 1)),
        ('{"metadata": {"a": NaN}, "b": NaN}', "NaN is not a number", ("b",)),
        ('{"metadata": {"clearcut": {"a": NaN}}}', "NaN is not a number", ("metadata", "clearcut", "a")),
        ("-Infinity", "-Infinity is not a number", ()),
        ('{"a": ["x", "\\ud800"]}', "a text holds half of a character (a lone surrogate)", ("a", 1)),
        ('{"a": {"\\udfff": 1}}', "a text holds half of a character (a lone surrogate)", ("a",)),
        ("[" * (MAX_LEVELS + 1) + "]" * (MAX_LEVELS + 1), "nested deeper than 200 levels", ()),
        ('{"a": ' * 300, "nested deeper than 200 levels", ()),
        ("9" * 5000, None, ()),
    ],
)
def test_what_may_not_be_is_refused_at_its_place(text, message, path):
    fault = refusal(text)
    assert message is None or fault.message == message
    assert fault.path == path


def test_the_brackets_around_a_value_count():
    text = "[" * 150 + "]" * 150
    assert Values().first(text, 50)[1] == 300
    assert refusal(text, 51).message == "nested deeper than 200 levels"


def test_what_follows_a_value_does_not_count():
    """A glance may reach beyond the value; what is deep there is not deep where it stands."""
    text = "[]" + "]" * 50 + ", " + "[" * 190 + "]" * 190
    assert Values().first(text, 60) == ([], 2)


@pytest.mark.parametrize("pair", list(itertools.permutations([1, 1.0, True, "1"], 2)))
def test_equal_times_of_other_types_stay_apart(pair):
    times = [{"OTIO_SCHEMA": "RationalTime.1", "value": one, "rate": 24.0} for one in pair]
    value, _ = Values().first(json.dumps(times), 0)
    assert [type(each["value"]) for each in value] == [type(one) for one in pair]


def test_each_value_has_its_own_count_of_keys():
    """What was read before a text turned out to be none must not be counted to the next."""
    values = Values()
    with pytest.raises(json.JSONDecodeError):
        values.first('{"a": {"b": 1}, ', 0)
    assert values.first('{"a": 1}', 0) == ({"a": 1}, 8)
    assert refusal_of(values, '{"a": 1, "a": 1}').path == ()


def refusal_of(values, text):
    with pytest.raises(FaultError) as caught:
        values.first(text, 0)
    return caught.value
