"""What crashes, hangs or deceives OpenTimelineIO ends here as cut-unreadable, and says why and where.

The twins show the damage without our guard: OpenTimelineIO is run in a child, because it takes the process with it.
"""

import json
import subprocess
import sys
import time as clock
from fractions import Fraction

import pytest

from clearcut.core.collector import collector_off
from clearcut.edit import EditFile, LiveTimeline, ahead, file, json_reader, xml_guard
from clearcut.edit.json_reader import parse
from clearcut.errors import EditError
from fakes.otio_json import (
    clip,
    external,
    gap,
    read,
    records,
    span,
    stack,
    time,
    timeline,
    track,
    transition,
    warp,
)

GOOD = timeline(track(clip("a"), clip("b")))


def refused(source, match):
    with pytest.raises(EditError, match=match) as caught:
        LiveTimeline(source if isinstance(source, (bytes, str)) else json.dumps(source)).read()
    assert caught.value.code == "cut-unreadable"
    assert caught.value.remedy
    return caught.value


def otio_opens(text: str, then: str = "") -> int:
    """The exit code of a process in which OpenTimelineIO reads the text; negative is the signal that killed it."""
    code = (
        "import sys, resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0));"
        "import opentimelineio as otio;"
        f"t = otio.adapters.read_from_string(sys.stdin.read(), 'otio_json'); {then}"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], check=False, input=text, text=True, capture_output=True, timeout=60
    )
    return child.returncode


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"{", "not JSON"),
        (json.dumps(GOOD).encode()[:-20], "not JSON"),
        (b"\x00\x01\x02PNG", "not JSON"),
        (b"\xff\xfe\x00{", "not UTF-8"),
        (b"[]", "not an OTIO object"),
        (b"42", "not an OTIO object"),
        (b"null", "not an OTIO object"),
        (b"{}", "without OTIO_SCHEMA"),
        (b'{"OTIO_SCHEMA": "Timeline.1"}', "without tracks"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": null}', "without tracks"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": []}', "not a Stack"),
        (b'{"OTIO_SCHEMA": 7}', "without OTIO_SCHEMA"),
        (b'{"OTIO_SCHEMA": "Timeline"}', "not an OTIO_SCHEMA"),
        (b'{"a": 1, "OTIO_SCHEMA": "Timeline.1", "a": 2}', "'a' stands twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": Infinity}', "Infinity"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"name": "\\ud800"}', "half of a character"),
        (b'{"n": ' + b"9" * 5000 + b"}", "without OTIO_SCHEMA|not JSON"),
    ],
)
def test_a_text_that_is_no_edit_is_refused(text, match):
    refused(text, match)


def test_a_byte_order_mark_is_no_fault():
    assert len(LiveTimeline(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()).read().clips) == 2


@pytest.mark.parametrize(
    "metadata",
    [
        '{"k": {"x": 1, "x": 2}}',
        '{"k": [{"deep": {"x": 1, "y": 0, "x": 1}}]}',
        '{"a\\u0022:": 1, "b": 2, "b": 2}',
        '{"a": "\\"k\\": {[:", "b": 2, "b": 3}',
        '{"a" : "\\\\", "a" : "\\\\"}',
        '{"": 1, "": 2}',
        '{"caf\\u00e9": 1, "café": 2}',
    ],
)
def test_a_key_that_stands_twice_is_found_wherever_and_however_it_is_written(metadata):
    text = json.dumps(timeline(track(clip("a", metadata={"HERE": 0})))).replace('{"HERE": 0}', metadata)
    refused(text, "stands twice")


@pytest.mark.parametrize(
    "metadata",
    [
        {"url": "file:///C:/a[1]{2}.exr", "q": 'say "x": {', "b": "\\", "n": {"k": "}]:"}},
        {"json": json.dumps({"a": {"b": ['"', "\\", ":"]}})},
        {'odd"key:': 1, "odd": 2, "\\": 3, 'x\\"': 4},
        {"ünï": ":", "\u2028": "{"},
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_colons_and_brackets_in_texts_are_no_keys(metadata, ascii_only):
    text = json.dumps(timeline(track(clip("a", metadata=metadata))), ensure_ascii=ascii_only, indent=1)
    assert LiveTimeline(text).read().clips[0].metadata == metadata


def test_without_the_check_a_second_key_hides_the_replica():
    """The twin: OpenTimelineIO keeps the first, Python's json the last; one of them does not see rpl-p1."""
    text = json.dumps(timeline(track(clip("a", metadata={"HERE": 0}))))
    text = text.replace('{"HERE": 0}', '{"clearcut": {"replicas": [{"replica": "rpl-p1"}]}, "clearcut": {}}')
    plain = json.loads(text)["tracks"]["children"][0]["children"][0]["metadata"]
    assert plain == {"clearcut": {}}
    assert (
        otio_opens(
            text, "sys.exit(7 if 'replicas' in next(iter(t.find_clips())).metadata['clearcut'] else 0)"
        )
        == 7
    )
    refused(text, "'clearcut' stands twice")


@pytest.mark.parametrize("brackets", [b"[" * 60_000, b'{"a":' * 60_000, b'[{"a":' * 30_000])
def test_metadata_sixty_thousand_levels_deep_is_refused_at_once(brackets):
    text = b'{"OTIO_SCHEMA": "Timeline.1", "metadata": {"x": ' + brackets
    begun = clock.perf_counter()
    refused(text, "deeper than 200")
    assert clock.perf_counter() - begun < 30


def nested(levels):
    node = track(clip("a"))
    for _ in range(levels):
        node = stack(node)
    return node


def test_two_hundred_levels_are_read_and_one_more_is_not():
    def text(levels):
        inner = "[" * levels + "]" * levels
        return json.dumps(timeline(track(clip("a", metadata={"x": "HERE"})))).replace('"HERE"', inner)

    # timeline, stack, list, track, list, clip, metadata: 7 levels around it.
    assert len(LiveTimeline(text(193)).read().clips) == 1
    refused(text(194), "deeper than 200")


def test_brackets_in_texts_do_not_hide_depth():
    refused(b'{"a": ' + b'[ "]", ' * 300 + b"1" + b"]" * 300 + b"}", "deeper than 200")


def test_nests_as_deep_as_allowed_are_walked():
    assert len(read(timeline(track(nested(95)))).clips) == 1


def test_twelve_thousand_nested_stacks_are_refused():
    inner = '{"OTIO_SCHEMA": "Stack.1", "children": [' * 12_000
    refused('{"OTIO_SCHEMA": "Timeline.1", "tracks": ' + inner, "deeper than 200")


@pytest.mark.skipif(sys.platform == "win32", reason="looks at signals")
def test_without_the_limit_deep_nesting_kills_the_process():
    """The twin: OpenTimelineIO dies of it."""
    text = '{"OTIO_SCHEMA": "Timeline.1", "metadata": {"x": ' + "[" * 60_000
    assert otio_opens(text) < 0
    refused(text, "deeper than 200")


@pytest.mark.skipif(sys.platform == "win32", reason="looks at signals")
def test_a_map_where_one_reference_belongs_is_refused_and_kills_opentimelineio():
    node = {
        "OTIO_SCHEMA": "Clip.1",
        "name": "c",
        "media_reference": {"a": {"OTIO_SCHEMA": "MissingReference.1"}},
    }
    assert otio_opens(json.dumps(node)) < 0
    refused({**node, "source_range": span(0, 5)}, "without OTIO_SCHEMA")


@pytest.mark.skipif(sys.platform == "win32", reason="looks at signals")
def test_null_tracks_are_refused_and_kill_opentimelineio():
    tree = {"OTIO_SCHEMA": "Timeline.1", "name": "x", "tracks": None}
    assert otio_opens(json.dumps(tree), "t.find_clips()") < 0
    refused(tree, "without tracks")


BAD_TIMES = [0, -24, 0.0, True, "24", None, 1e400, 1e9, [24]]


def test_a_rate_too_small_to_be_one_makes_the_cut_unreadable():
    """Rounded to a fraction it was 0, and the check ended with a ZeroDivisionError."""
    node = clip("a")
    node["source_range"]["duration"]["rate"] = 1e-300
    refused(timeline(track(node)), "not a positive rate")


@pytest.mark.parametrize("rate", BAD_TIMES)
def test_a_rate_that_is_none_makes_the_cut_unreadable(rate):
    node = clip("a")
    node["source_range"]["duration"]["rate"] = rate
    refused(timeline(track(node)), "rate|Infinity")


@pytest.mark.parametrize("value", [-1, -0.6, 1e300, True, "5", None, 10**40, {}])
def test_a_duration_that_is_none_makes_the_cut_unreadable(value):
    node = clip("a")
    node["source_range"]["duration"]["value"] = value
    refused(timeline(track(node)), "negative|not a time")


@pytest.mark.parametrize(
    "node",
    [
        clip("a", media_references={"DEFAULT_MEDIA": external(available_range=span(0, -5))}),
        clip("a", markers=[{"OTIO_SCHEMA": "Marker.2", "marked_range": span(0, -1)}]),
        gap(-3),
        stack(track(clip("a")), source_range=span(0, -3)),
    ],
)
def test_a_negative_duration_is_refused_wherever_it_stands(node):
    refused(timeline(track(clip("x"), node)), "negative duration")


OFF = {"enabled": False}
AWAY = {"source_range": span(0, 5)}


@pytest.mark.parametrize("around", [OFF, AWAY])
@pytest.mark.parametrize(
    "node",
    [
        clip("a", 0, -5),
        clip("a", media_references={"DEFAULT_MEDIA": external(available_range=span(0, -5))}),
        clip("a", markers=[{"OTIO_SCHEMA": "Marker.2", "marked_range": span(0, -1)}]),
        gap(-3),
        transition(-1, 0),
        stack(clip("b"), source_range=span(0, -3)),
    ],
)
def test_a_negative_duration_is_refused_in_what_does_not_play(around, node):
    """Switched off as a whole, or trimmed to its first frames with the node behind them."""
    nest = stack(track(clip("first"), clip("second"), stack(track(clip("x"), node), **around)), **around)
    refused(timeline(track(clip("y"), nest)), "negative duration")


def test_a_rate_that_is_none_is_refused_in_what_is_switched_off():
    node = stack(track(clip("a", rate=0)), enabled=False)
    refused(timeline(track(clip("y"), node)), "rate")


def test_times_in_the_metadata_of_what_is_switched_off_are_nobody_s_business():
    node = clip("a", enabled=False, metadata={"source_range": span(0, -3)})
    assert len(read(timeline(track(clip("y"), node))).clips) == 1


@pytest.mark.parametrize("before,after", [(-1, 0), (0, -1)])
def test_a_negative_dissolve_is_refused(before, after):
    refused(timeline(track(clip("a"), transition(before, after), clip("b"))), "negative duration")


@pytest.mark.parametrize(
    ("node", "match"),
    [
        ({"OTIO_SCHEMA": "StudioClip.1", "name": "x"}, "'StudioClip'"),
        ({"name": "x"}, "without OTIO_SCHEMA"),
        ("clip", "not an OTIO object"),
        (None, "not an OTIO object"),
        (clip("a", source_range={"duration": time(5)}), "not a TimeRange"),
        (clip("a", source_range={"OTIO_SCHEMA": "TimeRange.1", "duration": 5}), "not a RationalTime"),
        (clip(7), "not a text: 7"),
        (clip("a", metadata=[1]), "not an object"),
        (clip("a", media_references=[]), "not an object"),
        (clip("a", media_references={"k": external(7)}), "not a text"),
        (clip("a", media_references={"k": {"OTIO_SCHEMA": "StudioReference.1"}}), "not a media reference"),
        (clip("a", effects={}), None),
        (clip("a", effects="fast"), "not a list"),
        (clip("a", effects=[{}]), "without OTIO_SCHEMA"),
        (clip("a", effects=[warp("2")]), "not a speed"),
        (clip("a", effects=[warp(True)]), "not a speed"),
        (clip("a", effects=[warp(1e12)]), "not a speed"),
        (clip("a", markers=[clip("m")]), "not a Marker"),
        (gap(5) | {"source_range": None}, "how long this gap lasts"),
        (stack(transition(1, 1)), "transition outside a track"),
        (track(clip("a"), kind=7), "not a kind of track"),
        ({"OTIO_SCHEMA": "Stack.1"}, "not a list"),
        (timeline(track(clip("a"))), "a Timeline inside a cut"),
    ],
)
def test_an_object_that_otio_would_not_have_is_refused_with_its_place(node, match):
    tree = timeline(track(clip("before"), node))
    if match is None:
        assert len(read(tree).clips) == 2
        return
    assert refused(tree, match).where.startswith("tracks[0].children[1]")


@pytest.mark.parametrize("tree", [timeline(), timeline(track()), timeline(track(gap(5))), gap(5), stack()])
def test_a_file_without_any_clip_is_refused(tree):
    refused(tree, "no clip in it")


@pytest.mark.parametrize("value", [7, ["HELIOS"], "", {}])
def test_a_production_that_is_no_text_is_refused(value):
    refused(
        timeline(track(clip()), metadata={"clearcut": {"production": value}}),
        "production: not a text|not a text",
    )


def test_hundreds_of_rates_are_refused_in_good_time():
    begun = clock.perf_counter()
    refused(timeline(track(*(clip("a", 0, 10, 24 + i / 7) for i in range(500)))), "different rates")
    assert clock.perf_counter() - begun < 30


def test_dozens_of_rates_are_read_exactly():
    cut = read(timeline(track(*(clip(str(i), 0, i, i) for i in range(2, 40)))))
    assert cut.timebase.seconds(cut.duration) == 38


def test_the_collector_is_as_it_was_whatever_happens():
    import gc

    gc.enable()
    refused(b"{", "not JSON")
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_off():
            parse(b"{}")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_missing_file_is_cut_missing(tmp_path):
    for name in ("no.otio", "no.edl", "no.otioz", "no.aaf", "no"):
        with pytest.raises(EditError) as caught:
            EditFile(tmp_path / name).read()
        assert caught.value.code == "cut-missing"
        assert name in str(caught.value)


def test_a_folder_that_is_no_bundle_is_cut_missing(tmp_path):
    with pytest.raises(EditError) as caught:
        EditFile(tmp_path).read()
    assert caught.value.code == "cut-missing"


def test_an_unknown_suffix_names_those_that_are_known(tmp_path):
    path = tmp_path / "cut.prproj"
    path.write_bytes(b"x")
    with pytest.raises(EditError, match=r"\.aaf, \.ale, \.edl"):
        EditFile(path).read()


def test_an_error_names_the_file_before_the_place(tmp_path):
    path = tmp_path / "cut.otio"
    path.write_text(json.dumps(timeline(track(clip("a", source_range=None)))))
    with pytest.raises(EditError) as caught:
        EditFile(path).read()
    assert str(caught.value).startswith(f"{path}: tracks[0].children[0]: how long")


def test_a_good_file_knows_its_name_path_and_hash(tmp_path):
    path = tmp_path / "HEL_v041.otio"
    path.write_text(json.dumps({**GOOD, "name": ""}))
    cut = EditFile(path).read()
    assert (cut.name, cut.path, len(cut.sha256)) == ("HEL_v041", str(path), 64)
    assert records(cut) == [("a", 0, 24), ("b", 24, 48)]


def test_a_live_object_that_is_no_timeline_is_refused():
    for thing in (None, 7, object()):
        with pytest.raises(EditError, match="not a timeline"):
            LiveTimeline(thing).read()


@pytest.mark.parametrize("error", [RuntimeError("gone"), SystemExit("gone"), MemoryError("gone")])
def test_a_live_object_that_raises_is_refused(error):
    class Broken:
        def to_json_string(self, indent):
            raise error

    class NotEvenAsked:
        @property
        def to_json_string(self):
            raise error

    for broken in (Broken(), NotEvenAsked()):
        with pytest.raises(EditError, match="gone") as caught:
            LiveTimeline(broken).read()
        assert caught.value.code == "cut-unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="has no named pipes")
@pytest.mark.parametrize("name", ["cut.otio", "cut.otioz", "cut.edl"])
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path, name):
    import os

    os.mkfifo(tmp_path / name)
    with pytest.raises(EditError, match="not a regular file"):
        EditFile(tmp_path / name).read()


@pytest.mark.parametrize(
    ("name", "code"), [("a" * 300 + ".otio", "cut-unreadable"), ("a\0b.otio", "cut-missing")]
)
def test_a_name_that_no_file_can_have_is_an_edit_error_like_any_other(tmp_path, name, code):
    with pytest.raises(EditError) as caught:
        EditFile(tmp_path / name).read()
    assert caught.value.code == code


EDL = "TITLE: a\n" + "".join(
    f"{n:03}  AX V C 00:00:00:00 00:00:01:00 00:00:{n:02}:00 00:00:{n + 1:02}:00\n* FROM CLIP NAME: sh{n}\n"
    for n in range(1, 9)
)
FCPXML = (
    '<fcpxml version="1.9"><resources><format id="r1" frameDuration="1/24s"/>'
    '<asset id="r2" src="file:///jobs/a.mov"/></resources><library><event><project>'
    '<sequence format="r1"><spine>'
    + '<asset-clip ref="r2" name="a" duration="1s"/>' * 9
    + "</spine></sequence></project></event></library></fcpxml>"
)


@pytest.mark.parametrize(
    ("name", "content", "bound", "match"),
    [
        (
            "a.otio",
            json.dumps(timeline(track(*(clip(f"sh{n}") for n in range(400))))),
            "pieces",
            "pieces is not read",
        ),
        ("a.edl", EDL, "list", "larger than 300 bytes"),
        ("a.fcpxml", FCPXML, "signs", "more elements and attributes"),
    ],
)
def test_an_edit_that_would_fill_the_memory_is_refused_before_it_does(
    name, content, bound, match, tmp_path, monkeypatch
):
    path = tmp_path / name
    path.write_text(content)
    # The twin: within the bounds it is read.
    assert EditFile(path, rate=Fraction(24)).read().clips
    patches = {
        "pieces": (
            (json_reader, "_COUNTED_EACH", 1000),
            (json_reader, "_MOST_PIECES", 500),
            (ahead, "PART_BYTES", 4096),
        ),
        "list": ((file, "_MAX_LIST", 300),),
        "signs": ((xml_guard, "_MOST_SIGNS", 20),),
    }
    for where, what, small in patches[bound]:
        monkeypatch.setattr(where, what, small)
    monkeypatch.setattr(file, "PART_BYTES", 4096)
    with pytest.raises(EditError, match=match) as caught:
        EditFile(path, rate=Fraction(24)).read()
    assert caught.value.code == "cut-unreadable"


_LINE = "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"
_DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "text",
    [
        _LINE.replace("001", _DIGITS),
        f"001  AX  V  C  {_DIGITS} {_DIGITS}9 1 9",
        f"{_LINE}\nM2   AX   {_DIGITS}   00:00:00:00",
    ],
)
def test_numbers_without_end_in_an_edl_are_refused(tmp_path, text):
    """Python makes no integer of them, and of such a speed an infinity."""
    path = tmp_path / "cut.edl"
    path.write_text(f"TITLE: x\n{text}\n")
    with pytest.raises(EditError) as caught:
        EditFile(path, rate=Fraction(24)).read()
    assert caught.value.code == "cut-unreadable"


@pytest.mark.parametrize("code", ["nonsense", "hex", "utf-7", "big5"])
@pytest.mark.parametrize("suffix", ["xml", "fcpxml"])
def test_xml_in_a_code_that_no_xml_is_read_in_is_refused(tmp_path, code, suffix):
    path = tmp_path / f"cut.{suffix}"
    path.write_text(f'<?xml version="1.0" encoding="{code}"?><fcpxml version="1.10"/>')
    with pytest.raises(EditError, match="line 1: not XML") as caught:
        EditFile(path).read()
    assert caught.value.code == "cut-unreadable"


def test_one_text_that_would_fill_the_memory_is_refused(monkeypatch):
    long = {**GOOD, "metadata": {"note": "x" * 100_000}}
    LiveTimeline(json.dumps(long)).read()
    monkeypatch.setattr(json_reader, "_MOST_CHARACTERS", 1 << 16)
    refused(long, "metadata: a value of more than 65536 characters")
