"""The law of moulds: a cut whose clips are walked alike is the cut that the plain tree gives, or both are refused alike."""

import json
import random
from fractions import Fraction
from itertools import takewhile

import pytest

from clearcut.core.timing import timebase_for
from clearcut.edit import copies, json_reader, moulds, walker
from clearcut.edit.copies import Copy
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.json_reader import parse
from clearcut.edit.times import Times
from clearcut.edit.unseen import refuse_bad_times
from clearcut.errors import EditError
from fakes.alike_edits import varied_edit
from fakes.otio_json import clip, external, gap, span, stack, timeline, track, transition, warp


def a_cut(tree):
    try:
        return read_cut(tree, path="/jobs/a.otio", name="a")
    except EditError as error:
        return str(error)


def alike_clip(rng: random.Random, manner: dict):
    """A clip of one manner: the same keys as the others of it, other values; now and then a value that cannot be."""
    number = rng.randrange(1000)
    odd = rng.random() < manner["odd"]
    rate = rng.choice(manner["rates"])
    name = rng.choice([f"sh{number}", f"sh{number}", "", "\u00e9", 'q"q'])
    keys = {"metadata": {"id": number, "studio": {"reel": f"A{number % 7}"}} if manner["told"] else {}}
    reference = external(
        rng.choice([f"/jobs/{number}/a.exr", f"/jobs/{number}/a.exr", ""]),
        name=rng.choice(manner["names"]),
        metadata={"take": number % 5} if manner["told"] else {},
        available_range=span(0.0, float(400 + number), rate) if manner["available"] else None,
    )
    if odd and manner["available"] and rng.random() < 0.5:
        reference["available_range"]["duration"]["value"] = -1.0
    if manner["generator"]:
        reference["parameters"] = {"file": "/jobs/p.exr"}
    media = {"DEFAULT_MEDIA": reference}
    if manner["several"]:
        media["proxy"] = external(f"/proxy/{number}.mov")
    keys["media_references"] = media
    if manner["old"]:
        keys["media_references"], keys["media_reference"] = None, reference
    keys["enabled"] = rng.random() < 0.9 if manner["switched"] else True
    if manner["retimed"]:
        keys["effects"] = [warp(rng.choice([2.0, 0.5]))]
    if manner["marked"]:
        keys["markers"] = [{"OTIO_SCHEMA": "Marker.2", "name": f"m{number}", "marked_range": span(0, 1.0)}]
    duration = rng.choice([24.0, float(number + 1)])
    made = clip(name, float(number), -duration if odd and rng.random() < 0.5 else duration, rate, **keys)
    if manner["unsaid"]:
        made["source_range"]["start_time"] = None
    if manner["open"]:
        made["source_range"] = None
    return made


def an_edit(seed: int):
    rng = random.Random(seed)
    odd = rng.choice([0, 0.3])
    manner = {
        key: rng.random() < odd
        for key in ("several", "old", "switched", "retimed", "marked", "unsaid", "open", "generator")
    }
    manner |= {
        "told": rng.random() < 0.7,
        "available": rng.random() < 0.6,
        "names": rng.choice([[""], ["a", "b"]]),
        "rates": rng.choice([[24.0], [24.0], [24.0, 25.0], [23.976, 24.0, 30.0]]),
        "odd": rng.choice([0, 0, 0.02]),
    }
    children = [alike_clip(rng, manner) for _ in range(rng.randrange(10, 60))]
    for _ in range(rng.choice([0, 0, 3])):
        other = rng.choice([gap(10), transition(2, 3), stack(track(alike_clip(rng, manner)))])
        children.insert(rng.randrange(len(children)), other)
    lane = track(*children)
    if rng.random() < 0.2:
        lane["source_range"] = span(30.0, 300.0, 24.0)
    if rng.random() < 0.2:
        lane["kind"] = "Audio"
    lanes = [lane, track(*(alike_clip(rng, manner) for _ in range(9)))]
    if rng.random() < 0.2:
        lanes = [track(stack(lane)), *lanes[1:]]
    made = timeline(*lanes)
    if rng.random() < 0.5:
        made.pop("global_start_time", None)
    return made


def hold_the_law(seeds, edit):
    """Gives how many clips were walked alike, and how many cuts were refused."""
    alike = refused = 0
    contents = moulds.Mould.contents
    with pytest.MonkeyPatch.context() as patch:
        counted = []
        patch.setattr(
            moulds.Mould, "contents", lambda mould, run: counted.append(len(run)) or contents(mould, run)
        )
        patch.setattr(walker, "_AT_ONCE", 5)
        for seed in seeds:
            patch.setattr(json_reader, "_GLANCE", random.Random(seed).choice([64, 512]))
            raw = json.dumps(edit(seed), indent=random.Random(seed).choice([4, None])).encode()
            found, expected = a_cut(parse(raw)), a_cut(json.loads(raw))
            assert found == expected, seed
            refused += isinstance(found, str)
        alike = sum(counted)
    return alike, refused


def test_clips_walked_alike_make_the_cut_that_the_plain_tree_makes():
    alike, refused = hold_the_law(range(250), an_edit)
    assert alike > 1000
    assert refused > 20
    assert hold_the_law(range(150), varied_edit)[0] > 20


@pytest.mark.parametrize(
    ("guard", "off"),
    [
        ("_is_simple", lambda _: True),
        ("_may_differ", lambda node: ({(key,) for key in node}, {(key,) for key in node})),
        ("_differs", lambda *_: None),
        ("_varies", lambda *_: None),
    ],
)
def test_the_law_sees_a_guard_that_is_off(guard, off, monkeypatch):
    """The twins: a clip that is retimed, or differs in what the mould does not look at, would be read as another."""
    monkeypatch.setattr(moulds, guard, off)
    with pytest.raises((AssertionError, KeyError, TypeError)):
        hold_the_law(range(600), an_edit)


def test_the_law_sees_clips_beside_a_dissolve_that_are_walked_with_the_others(monkeypatch):
    """The twin: there they are seen for longer than they last."""

    def whatever_is_beside(contents, _kinds, _begin, first):
        return len(list(takewhile(lambda one: one is not None, contents[first:])))

    monkeypatch.setattr(walker, "_whole_from", whatever_is_beside)
    with pytest.raises(AssertionError):
        hold_the_law(range(600), an_edit)


def test_what_is_asked_for_is_made_once_and_stays(monkeypatch):
    monkeypatch.setattr(json_reader, "_GLANCE", 512)
    raw = json.dumps(timeline(track(*(clip(f"sh{n}", float(n), 24.0, 24.0) for n in range(50))))).encode()
    children = parse(raw)["tracks"]["children"][0]["children"]
    assert sum(one.__class__ is Copy for one in children.unmade()) > 40
    assert children[30] is children[30]
    assert next(reversed(children)) is children[-1]
    assert children[10:12] == list(children)[10:12]
    assert all(one.__class__ is dict for one in children.unmade())


def test_a_bad_range_is_refused_though_it_lies_in_memory_where_a_good_one_lay(monkeypatch):
    """Of a clip that does not play nothing is kept, and ranges are known by their identity."""
    monkeypatch.setattr(json_reader, "_GLANCE", 512)
    monkeypatch.setattr(copies, "_MAX_KNOWN", 1)
    lengths = [*(float(n + 1) for n in range(40)), -1.0]
    clips = [
        clip(f"sh{n}", media_references={"a": external(available_range=span(0.0, length, 24.0))})
        for n, length in enumerate(lengths)
    ]
    children = parse(json.dumps(timeline(track(*clips))).encode())["tracks"]["children"][0]["children"]
    *good, bad = [one for one in children.unmade() if one.__class__ is Copy]
    times = Times(timebase_for(Fraction(24), set()))
    for one in good:
        refuse_bad_times(one, "", times)
    with pytest.raises(EditError, match="negative duration"):
        refuse_bad_times(bad, "", times)
