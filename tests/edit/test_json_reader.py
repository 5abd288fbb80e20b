"""The law of the reader: the tree that `json` gives under plain guards, or a refusal where those refuse.

However the file is written, parted or damaged, and however little the reader sees at a glance.
"""

import json
import os
import random
import re

import pytest

from clearcut.edit import alike, copies, json_reader, stream, strict_json
from clearcut.edit.alike import Alike
from clearcut.edit.json_reader import parse, parse_parts
from clearcut.errors import EditError
from fakes.alike_edits import varied_edit
from fakes.otio_json import clip, gap, stack, timeline, track


class RefusedError(Exception):
    """What the plain way says no to."""


def plainly(raw: bytes):
    """The plain way: `json` and nothing else, each guard written out."""
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
        tree = _without_constants(json.loads(text, object_pairs_hook=_once, parse_constant=Constant))
    except (ValueError, RecursionError) as error:
        raise RefusedError(str(error)) from error
    if _levels(tree) > 200:
        raise RefusedError("deep")
    try:
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise RefusedError("half a character") from error
    return tree


def _once(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


class Constant(str):
    """A NaN or an infinity."""

    __slots__ = ()


def _without_constants(node, path=()):
    """The tree with null in place of those that stand in metadata of others; ValueError for any other."""
    if isinstance(node, Constant):
        before = ["", *path]
        inside = [
            at for at, key in enumerate(path[:-1]) if key == "metadata" and before[at] != "media_references"
        ]
        if not any(path[at + 1] != "clearcut" for at in inside):
            raise ValueError(node)
        return None
    if isinstance(node, dict):
        return {key: _without_constants(value, (*path, key)) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_constants(value, (*path, at)) for at, value in enumerate(node)]
    return node


def _levels(node):
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else None
    return 0 if inner is None else 1 + max(map(_levels, inner), default=0)


def same(one, other):
    """Equal to the letter: types, the order of keys, and the sign of zero."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return repr(one) == repr(other)


def outcome(read, raw):
    try:
        return read(raw), None
    except (RefusedError, EditError) as error:
        return None, str(error)


FRAGMENTS = [
    *b'"\\{}[]:,01.e- \n\t\x01\x7f', "NaN", "null", "true", "Infinity", "-", '"a": 1,', '"name": "q",', "\\u0041",
    "\\ud800", "\u00e9", "\u2028", "1e999", "00", "1_0", "\\n", "{}", b"\xff", "9" * 50,
]  # fmt: skip


def damaged(raw: bytes, rng: random.Random) -> bytes:
    """The bytes with up to two small changes, often beside a quote, a colon or a figure."""
    made = bytearray(raw)
    for _ in range(rng.choice([0, 0, 1, 1, 1, 2])):
        at = rng.randrange(len(made))
        if rng.random() < 0.5:
            at = max(made.find(rng.choice([b'"', b":", b"0", b"1", b",", b"e", b"}"]), at), 0)
        piece = rng.choice(FRAGMENTS)
        piece = (
            bytes([piece]) if isinstance(piece, int) else piece.encode() if isinstance(piece, str) else piece
        )
        made[at : at + rng.choice([0, 1, 1, 3])] = piece if rng.random() < 0.8 else b""
    return bytes(made)


def change_sizes(rng: random.Random, patch: pytest.MonkeyPatch) -> None:
    """So that every edge of a window, of a glance and of what is remembered is met."""
    patch.setattr(stream, "_KEPT", rng.choice([0, 1000, 1 << 22]))
    patch.setattr(stream, "_SLICE", rng.choice([1, 100, 1 << 15]))
    patch.setattr(json_reader, "_GLANCE", rng.choice([64, 512, 1 << 16]))
    patch.setattr(json_reader, "_LEAST", rng.choice([16, 256, 4096]))
    patch.setattr(json_reader, "_AHEAD", rng.choice([64, 4096, 1 << 16]))
    patch.setattr(json_reader, "_MOST_AT_ONCE", rng.choice([2000, 1 << 18]))
    patch.setattr(json_reader, "_MOST_LEARNT", rng.choice([1 << 10, 1 << 14]))
    patch.setattr(alike, "_ADVANCE", rng.choice([0, 100_000, 3_000_000]))
    patch.setattr(alike, "_MAX_VARIANTS", rng.choice([2, 32]))
    patch.setattr(alike, "_MAX_WORDS", rng.choice([2, 20_000]))
    patch.setattr(copies, "_MAX_KNOWN", rng.choice([2, 20_000]))


def hold_the_law(seeds):
    """Gives how many were read and how many refused."""
    counts = {True: 0, False: 0}
    for seed in seeds:
        rng = random.Random(seed)
        with pytest.MonkeyPatch.context() as patch:
            change_sizes(rng, patch)
            text = json.dumps(
                varied_edit(seed), indent=rng.choice([4, 4, None, 1]), ensure_ascii=rng.random() < 0.5
            )
            raw = damaged(text.encode(), rng)
            size = rng.choice([100, 5000, 1 << 21] if len(raw) > 30_000 else [1, 7, 100, 5000])
            expected, refusal = outcome(plainly, raw)
            parts = (raw[first : first + size] for first in range(0, len(raw), size))
            tree, said = outcome(parse_parts, parts)
        assert (refusal is None) == (said is None), (seed, refusal, said)
        assert same(tree, expected), seed
        counts[said is None] += 1
    return counts


def test_what_is_read_is_what_the_plain_way_reads_or_both_refuse():
    counts = hold_the_law(range(400))
    assert counts[True] > 100
    assert counts[False] > 100


@pytest.mark.fuzz
@pytest.mark.skipif("CLEARCUT_FUZZ" not in os.environ, reason="long: run by `make fuzz`")
def test_twenty_thousand_damaged_edits_are_read_as_the_plain_way_reads_them():
    counts = hold_the_law(range(10_000, 30_000))
    assert min(counts.values()) > 4000


@pytest.mark.parametrize(
    ("guard", "off"),
    [
        ("scanstring", lambda text, at, _: (text[at : text.index('"', at)], text.index('"', at) + 1)),
        ("_is_number", lambda raw, words: words.setdefault(raw, 0) == 0),
    ],
)
def test_the_law_sees_a_guard_that_is_off(guard, off, monkeypatch):
    """The twins: texts taken to the next quote, and numbers taken unseen, are caught."""
    monkeypatch.setattr(alike, guard, off)
    with pytest.raises((AssertionError, RefusedError)):
        hold_the_law(range(400))


def regular(*, clips=300):
    """As a program writes many clips: the same keys, a few values that differ."""
    return timeline(
        track(*(clip(f"sh{n}", 1001.0, float(24 + n), 24.0, metadata={"id": n}) for n in range(clips)))
    )


def count_alike(raw: bytes, monkeypatch) -> int:
    runs = []
    run = Alike.run
    with monkeypatch.context() as patch:
        patch.setattr(Alike, "run", lambda *of: runs.append(run(*of)) or runs[-1])
        patch.setattr(json_reader, "_GLANCE", 4096)
        parse(raw)
    return sum(len(copies) for copies, _ in runs)


@pytest.mark.parametrize("indent", [4, 1, None])
def test_nearly_all_clips_of_a_regular_cut_are_read_alike(indent, monkeypatch):
    raw = json.dumps(regular(), indent=indent).encode()
    assert count_alike(raw, monkeypatch) >= 295
    assert same(parse(raw), json.loads(raw))


def test_a_track_whose_schema_stands_behind_its_children_is_taken_apart_too(monkeypatch):
    tree = regular()
    lane = tree["tracks"]["children"][0]
    lane["OTIO_SCHEMA"] = lane.pop("OTIO_SCHEMA")
    raw = json.dumps(tree).encode()
    assert count_alike(raw, monkeypatch) >= 295
    assert same(parse(raw), json.loads(raw))


def test_clips_of_which_some_are_switched_off_are_read_alike(monkeypatch):
    tree = regular()
    for number, each in enumerate(tree["tracks"]["children"][0]["children"]):
        each["enabled"] = number % 3 > 0
    raw = json.dumps(tree, indent=4).encode()
    assert count_alike(raw, monkeypatch) >= 290
    assert same(parse(raw), json.loads(raw))


def test_a_number_too_long_to_be_read_alike_never_leads_back_to_what_was_read():
    """It was taken for one that ends before the last character, and the reader began anew, without end."""
    known = Alike()
    for text in ('{"n":1}', '{"n":2}'):
        known.learn(text, json.loads(text))
    read, end = known.read('[{"n":345}', 1)
    assert (read.made(), end) == ({"n": 345}, 10)
    assert known.read('[{"n":' + "9" * 45 + "}", 1) is None


def test_the_first_two_children_that_stand_side_by_side_have_a_comma_between_them(monkeypatch):
    monkeypatch.setattr(json_reader, "_GLANCE", 64)
    one = json.dumps(clip("a", 0.0, 24.0, 24.0))
    edit = '{"children": [%s], "tracks": {"children": [%s%s%s]}}'
    with pytest.raises(EditError, match="Expecting ',' delimiter"):
        parse((edit % (one, one, "", one)).encode())
    assert len(parse((edit % (one, one, ",", one)).encode())["tracks"]["children"]) == 2


def test_what_does_not_differ_is_one_object():
    first, second = parse(json.dumps(regular(clips=3000)).encode())["tracks"]["children"][0]["children"][-2:]
    assert first["media_references"] is second["media_references"]
    assert first["source_range"]["start_time"] is second["source_range"]["start_time"]
    assert first["metadata"] is not second["metadata"]


ALIKE_BUT = [
    ('"sh150"', '"sh15\\u0030"'),
    ('"sh150"', '"sh1\\"50"'),
    ('"id": 150', '"id": 150.0'),
    ('"id": 150', '"id": true'),
    ('"id": 150', '"id": "150"'),
    ('"id": 150', '"id": 1e3'),
    ('"id": 150', '"id": -0'),
    ('"id": 150', '"id":150'),
    ('"id": 150', '"id": 150, "x": 1'),
    ('"id": 150', '"i\\u0064": 150'),
]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("glance", [64, 1 << 16])
def test_what_others_note_as_no_number_is_read_as_nothing(monkeypatch, word, glance):
    """Graders and trackers write NaN into their notes; no time and no declaration of ours is among them."""
    monkeypatch.setattr(json_reader, "_GLANCE", glance)
    one = json.dumps(regular(), indent=4).replace('"id": 150', f'"id": [1, {{"x": {word}}}]', 1)
    every = re.sub(r'"id": \d+', f'"id": {word}', json.dumps(regular()))
    top = json.dumps(regular()).replace('"OTIO_SCHEMA"', f'"metadata": {{"x": {word}}}, "OTIO_SCHEMA"', 1)
    for text in (one, every, top):
        assert same(parse(text.encode()), plainly(text.encode()))


@pytest.mark.parametrize("word", ["Inf", "-Inf"])
def test_an_infinity_as_opentimelineio_once_wrote_it_is_read_where_any_other_is(word):
    text = json.dumps(regular()).replace('"id": 150', f'"id": "Inf: -Inf \\\\", "x": [{word}, {word}, 1.5]')
    metadata = parse(text.encode())["tracks"]["children"][0]["children"][150]["metadata"]
    assert metadata == {"id": "Inf: -Inf \\", "x": [None, None, 1.5]}
    for bad in (text.replace('"rate": 24.0', f'"rate": {word}', 1), text.replace("1.5", "Infinit")):
        with pytest.raises(EditError):
            parse(bad.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"rate": 24.0', '"rate": NaN'),
        ('"media_references": {"DEFAULT_MEDIA": {', '"media_references": {"metadata": {"x": NaN, '),
        ('"id": 150', '"clearcut": {"replica": NaN}'),
        ('{"id": 150}', "NaN"),
    ],
)
def test_what_is_ours_to_read_must_be_a_number(old, new):
    text = json.dumps(regular())
    assert old in text
    with pytest.raises(EditError, match="NaN is not a number"):
        parse(text.replace(old, new, 1).encode())


def test_without_looking_where_it_stands_a_nan_would_hide_what_is_declared(monkeypatch):
    """The twin: read as null, a declaration that is no text would be none."""
    text = json.dumps(regular()).replace('"id": 150', '"clearcut": {"replica": NaN}').encode()
    monkeypatch.setattr(strict_json, "_foreign", lambda _: True)
    clips = parse(text)["tracks"]["children"][0]["children"]
    assert clips[150]["metadata"]["clearcut"] == {"replica": None}


@pytest.mark.parametrize(("old", "new"), ALIKE_BUT)
def test_a_clip_that_is_nearly_alike_is_read_as_it_is_written(old, new):
    raw = json.dumps(regular(), indent=4).replace(old, new, 1).encode()
    assert same(parse(raw), json.loads(raw))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"id": 150', '"id": 150, "id": 150', "the key 'id' stands twice in one object"),
        ('"id": 150', '"clearcut": NaN', "NaN is not a number"),
        ('"id": 150', '"clearcut": [-Infinity]', "-Infinity is not a number"),
        ('"sh150"', '"sh\\ud800"', "half of a character"),
        ('"id": 150', '"id": ' + "[" * 194 + "]" * 194, "nested deeper than 200 levels"),
        ('"id": 150', '"id": 0150', "not JSON"),
        ('"id": 150', '"id": 150 50', "not JSON"),
        ('"id": 150', '"id": 1_50', "not JSON"),
        ('"sh150"', '"sh\n150"', "not JSON"),
        ('"sh150"', '"sh150', "not JSON"),
    ],
)
def test_a_clip_that_is_nearly_alike_is_refused_for_what_it_is(old, new, message):
    text = json.dumps(regular(), indent=4).replace(old, new, 1)
    with pytest.raises(EditError, match=message) as caught:
        parse(text.encode())
    if message == "not JSON":
        assert re.fullmatch(r"line \d+", caught.value.where)
    else:
        assert caught.value.where.startswith("tracks[0].children[150]"), caught.value.where


@pytest.mark.parametrize("count", [3, 300])
def test_a_doubled_key_is_named_with_its_place(count):
    text = json.dumps(regular(clips=count)).replace('{"id": 2}', '{"id": {"a": [0, {"k": 1, "k": 2}]}}')
    with pytest.raises(EditError) as caught:
        parse(text.encode())
    assert str(caught.value).startswith(
        "tracks[0].children[2].metadata.id.a[1]: the key 'k' stands twice in one object"
    )


def test_a_doubled_key_of_a_large_composition_is_named():
    text = json.dumps(regular()).replace('"kind": "Video"', '"name": "again", "kind": "Video"')
    with pytest.raises(EditError, match=r"^tracks\[0\]: the key 'name' stands twice"):
        parse(text.encode())


def test_a_run_of_clips_that_are_not_alike_names_the_one_at_fault():
    clips = [clip(f"s{n}", metadata={f"k{n}": {f"v{n}": n}}) for n in range(2000)]
    text = json.dumps(timeline(track(*clips))).replace('"k1500": {"v1500": 1500}', '"clearcut": {"v": NaN}')
    with pytest.raises(EditError, match="NaN") as caught:
        parse(text.encode())
    assert caught.value.where == "tracks[0].children[1500].metadata.clearcut.v"


def test_alike_objects_deeper_in_the_file_are_held_to_the_same_depth(monkeypatch):
    """What is learnt near the top may nest too deep further down."""
    monkeypatch.setattr(json_reader, "_GLANCE", 128)

    def text(levels):
        high = "[" * 150 + "]" * 150
        children = [clip(f"s{n}", metadata={"x": "HERE"}) for n in range(5)]
        node = track(*children)
        for _ in range(levels):
            node = stack(node)
        return json.dumps(timeline(track(*children, node))).replace('"HERE"', high).encode()

    # timeline, stack, list, track, list, nests of two each, track, list, clip, metadata: 9 + 2n levels around it.
    assert same(parse(text(20)), json.loads(text(20)))
    with pytest.raises(EditError, match="deeper than 200"):
        parse(text(21))
    # The twin: without minding the height the last clips would be taken for shallow ones.
    monkeypatch.setattr(Alike, "height", property(lambda _: 0, lambda *_: None), raising=False)
    assert parse(text(21))


def test_compositions_are_taken_apart_however_deep(monkeypatch):
    monkeypatch.setattr(json_reader, "_GLANCE", 128)
    node = track(clip("a"), gap(3))
    for _ in range(94):
        node = stack(node, clip("b"))
    raw = json.dumps(timeline(track(node))).encode()
    assert same(parse(raw), json.loads(raw))
    with pytest.raises(EditError, match="deeper than 200"):
        parse(json.dumps(timeline(track(stack(stack(stack(node)))))).encode())


def test_a_file_of_one_kind_then_another_is_learnt_anew(monkeypatch):
    """A state that is full of what never comes again is given up."""
    monkeypatch.setattr(alike, "_MAX_VARIANTS", 4)
    odd = [clip(f"s{n}", metadata={f"k{n}": n}) for n in range(20)]
    even = [clip(f"s{n}", metadata={"id": n}) for n in range(300)]
    raw = json.dumps(timeline(track(*odd, *even))).encode()
    assert count_alike(raw, monkeypatch) > 250
    assert same(parse(raw), json.loads(raw))


@pytest.fixture
def few_signs(monkeypatch):
    """Small windows, and values of at most a thousand brackets and commas."""
    monkeypatch.setattr(json_reader, "_GLANCE", 512)
    monkeypatch.setattr(json_reader, "_WORTH_COUNTING", 128)
    monkeypatch.setattr(json_reader, "_MOST_SIGNS", 1000)


def crowded(objects):
    """A cut whose metadata holds so many empty objects: two signs each, and three around and between them."""
    return json.dumps({"metadata": {"k": [{}] * objects}, **regular(clips=50)}).encode()


def test_a_value_that_would_fill_the_memory_is_refused_at_its_place(few_signs, monkeypatch):
    # Counted by slices: what ends within the last one that is allowed is read.
    assert same(parse(crowded(480)), json.loads(crowded(480)))
    with pytest.raises(
        EditError, match=r"^metadata: a value of more than 1000 brackets and commas"
    ) as caught:
        parse(crowded(700))
    assert caught.value.code == "cut-unreadable"
    # The twin: without the bound it is made.
    monkeypatch.setattr(json_reader, "_MOST_SIGNS", 1 << 22)
    assert len(parse(crowded(700))["metadata"]["k"]) == 700


def test_what_comes_behind_a_value_is_not_counted_as_its_own(few_signs):
    """Nor is a composition one value, however late in it its children stand."""
    tree = {"metadata": {"note": "n" * 3000}, **regular(clips=400)}
    lane = tree["tracks"]["children"][0]
    lane["metadata"] = {"note": "m" * 3000, "list": [[]] * 300}
    lane["children"] = lane.pop("children")
    for raw in (json.dumps(tree).encode(), json.dumps(tree, indent=1).encode()):
        assert same(parse(raw), json.loads(raw))


@pytest.mark.parametrize("raw", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf "])
def test_nothing_is_said_to_be_nothing(raw):
    with pytest.raises(EditError, match="empty"):
        parse(raw)


@pytest.mark.parametrize("raw", [b"1", b'"a"', b"[]", b" {} ", b"null", b"\xef\xbb\xbf[1]", b"-1.5e3"])
def test_any_value_is_read(raw):
    assert same(parse(raw), json.loads(raw))
    assert same(parse_parts(raw[n : n + 1] for n in range(len(raw))), json.loads(raw))


@pytest.mark.parametrize(
    "raw", [b"1 2", b"{} {}", b"[1]]", b"tru", b"-", b"1.", b"1e+", b'"a', b"[1,]", b"{,}"]
)
def test_what_is_no_value_is_refused(raw):
    with pytest.raises(EditError, match="not JSON"):
        parse_parts(raw[n : n + 1] for n in range(len(raw)))
