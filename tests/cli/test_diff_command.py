"""`clearcut diff` on real files: the shot that becomes blocked, the trim that did it, and an exit code to rely on."""

import json

import pytest

from fakes import worlds
from fakes.command_line import clearcut
from fakes.otio_json import clip, external, timeline, track

NOW = "2026-11-20T12:00:00Z"
LENGTHS = {
    "SQ030_0010": 288,
    "SQ030_0020": 192,
    "SQ030_0030": 408,
    "SQ030_0040": 336,
    "SQ030_0050": 480,
    "SQ030_0060": 432,
}


def said(uses=("stunt",)):
    return {"clearcut": {"replicas": [{"replica": "rpl-p1", "uses": list(uses)}]}}


def an_edit(folder, name, lengths, metadata=None, urls=None, start=1001):
    """A cut with the shots one after the other, each of which declares P1."""
    shots = [
        clip(
            shot,
            start,
            length,
            metadata=(metadata or {}).get(shot, said()),
            media_references={"DEFAULT_MEDIA": external((urls or {}).get(shot, f"/jobs/{shot}.exr"))},
        )
        for shot, length in lengths.items()
    ]
    tree = timeline(
        track(*shots), name=name, metadata={"clearcut": {"production": "HELIOS", "version": name}}
    )
    path = folder / f"{name}.otio"
    path.write_text(json.dumps(tree))
    return path


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "registry.json"
    path.write_text(json.dumps(worlds.world(licences=[worlds.licence(max_screen_time_s="90")])))
    return path


def diff(tmp_path, registry, old, new, *more):
    return clearcut("diff", old, new, "--registry", registry, "--now", NOW, *more, home=tmp_path)


def test_s7_names_the_trim_that_breaks_the_cap(tmp_path, registry):
    old = an_edit(tmp_path, "v041", LENGTHS)
    new = an_edit(tmp_path, "v042", {**LENGTHS, "SQ030_0040": 366})
    ran = diff(tmp_path, registry, old, new)

    assert ran.code == 1
    assert "trimmed: SQ030_0040 +30 (tail +30)" in ran.out
    assert "2136 f -> 2166 f (+30)" in ran.out
    assert "because of: SQ030_0040 +30" in ran.out
    blocked = ran.out.partition("NEWLY BLOCKED (1)")[2]
    assert "SQ030_0060: was cleared" in blocked
    assert "screen-time-exceeded" in blocked
    assert ran.last_line.startswith("clearcut: newly blocked: SQ030_0060; next: ")


def test_s7_as_json(tmp_path, registry):
    old = an_edit(tmp_path, "v041", LENGTHS)
    new = an_edit(tmp_path, "v042", {**LENGTHS, "SQ030_0040": 366})
    ran = diff(tmp_path, registry, old, new, "--format", "json")
    found = json.loads(ran.out)

    assert (ran.code, found["schema"]) == (1, "clearcut.diff/1")
    assert (found["old"]["version"], found["new"]["version"]) == ("v041", "v042")
    (change,) = found["changes"]
    assert (change["shot"], change["kinds"], change["frames"], change["tail"]) == (
        "SQ030_0040",
        ["trimmed"],
        30,
        30,
    )
    (licence,) = found["licences"]
    assert (licence["frames"], licence["seconds"], licence["cap_seconds"]) == (
        [2136, 2166],
        ["89", "90.25"],
        "90",
    )
    (replica,) = found["replicas"]
    assert (replica["replica"], replica["frames"]) == ("rpl-p1", [2136, 2166])
    (turn,) = found["newly_blocked"]
    assert turn["causes"] == [{"shot": "SQ030_0040", "frames": 30, "what": "", "licence": "L-1"}]


def test_the_other_way_round_is_newly_cleared_by_the_same_change(tmp_path, registry):
    old = an_edit(tmp_path, "v042", {**LENGTHS, "SQ030_0040": 366})
    new = an_edit(tmp_path, "v041", LENGTHS)
    ran = diff(tmp_path, registry, old, new)
    assert (ran.code, ran.err) == (0, "")
    cleared = ran.out.partition("NEWLY CLEARED (1)")[2]
    assert "SQ030_0060: was blocked" in cleared
    assert "because of: SQ030_0040 -30" in cleared


def test_the_same_cut_twice_is_no_news(tmp_path, registry):
    old = an_edit(tmp_path, "v041", LENGTHS)
    ran = diff(tmp_path, registry, old, old)
    assert (ran.code, ran.err) == (0, "")
    assert "CHANGES (0)" in ran.out
    assert "NEWLY" not in ran.out


def test_what_was_blocked_before_is_not_newly_blocked(tmp_path, registry):
    metadata = {"SQ030_0010": said(["promo"])}
    old = an_edit(tmp_path, "v041", LENGTHS, metadata)
    assert diff(tmp_path, registry, old, old).code == 0
    assert diff(tmp_path, registry, an_edit(tmp_path, "v040", LENGTHS), old).code == 1


def test_names_in_another_case_are_no_news_and_their_changes_are_still_the_cause(tmp_path, registry):
    """One editor's EDL shouts: what was blocked as `sq1` is not newly blocked as `SQ1`."""
    shouted = {name.lower(): length for name, length in LENGTHS.items()}
    old = an_edit(tmp_path, "v041", shouted)
    blocked = {"sq030_0010": said(["promo"])}
    was = an_edit(tmp_path, "v039", shouted, blocked)
    now = an_edit(tmp_path, "v040", LENGTHS, {"SQ030_0010": said(["promo"])})
    assert diff(tmp_path, registry, was, now).code == 0
    ran = diff(tmp_path, registry, old, an_edit(tmp_path, "v042", {**LENGTHS, "SQ030_0040": 366}))
    assert "because of: SQ030_0040 +30\n" in ran.out


def test_another_use_of_the_same_replica_is_named_as_the_cause(tmp_path, registry):
    old = an_edit(tmp_path, "v041", {"S1": 10, "S2": 10})
    new = an_edit(tmp_path, "v042", {"S1": 10, "S2": 10}, {"S2": said(["promo"])})
    ran = diff(tmp_path, registry, old, new)
    assert ran.code == 1
    assert "because of: S2 rpl-p1 is promo now (was stunt)" in ran.out


def test_another_order_is_a_cause_too(tmp_path, registry):
    over = {**LENGTHS, "SQ030_0040": 366}
    old = an_edit(tmp_path, "v042", over)
    first_last = {**{k: v for k, v in over.items() if k != "SQ030_0010"}, "SQ030_0010": over["SQ030_0010"]}
    ran = diff(tmp_path, registry, old, an_edit(tmp_path, "v043", first_last))
    assert ran.code == 1
    blocked = ran.out.partition("NEWLY BLOCKED (1)")[2]
    assert "SQ030_0010: was cleared" in blocked
    assert "because of: SQ030_0010 moved" in blocked


def test_an_added_shot_that_is_blocked_is_newly_blocked(tmp_path, registry):
    old = an_edit(tmp_path, "v041", {"S1": 10})
    new = an_edit(tmp_path, "v042", {"S1": 10, "S2": 10}, {"S2": said(["promo"])})
    ran = diff(tmp_path, registry, old, new)
    assert ran.code == 1
    assert "S2: was not in the old cut" in ran.out
    assert "because of: S2 added" in ran.out


def test_a_model_that_nobody_registered_cannot_be_told(tmp_path, registry):
    old = an_edit(tmp_path, "v041", {"S1": 10, "S2": 10})
    new = an_edit(tmp_path, "v042", {"S1": 10, "S2": 10}, urls={"S2": "/jobs/face.onnx"})
    ran = diff(tmp_path, registry, old, new)
    assert ran.code == 3
    assert "NEWLY UNKNOWN (1)" in ran.out
    assert "S2 media replaced" in ran.out
    assert ran.last_line.startswith("clearcut: could not tell: S2; next: ")


def test_an_edit_that_cannot_be_read_ends_in_3_whichever_it_is(tmp_path, registry):
    good = an_edit(tmp_path, "v041", LENGTHS)
    bad = tmp_path / "bad.otio"
    bad.write_text("{")
    for pair in ((good, bad), (bad, good), (good, tmp_path / "nowhere.otio")):
        ran = diff(tmp_path, registry, *pair)
        assert ran.code == 3
        assert "Traceback" not in ran.err


def test_without_a_backend_it_cannot_be_told_and_the_changes_are_shown_all_the_same(tmp_path):
    old = an_edit(tmp_path, "v041", LENGTHS)
    new = an_edit(tmp_path, "v042", {**LENGTHS, "SQ030_0040": 366})
    ran = clearcut("diff", old, new, "--now", NOW, home=tmp_path)
    assert ran.code == 3
    assert "trimmed: SQ030_0040 +30" in ran.out
    assert "could not tell" in ran.last_line


def test_hostile_names_do_not_reach_the_terminal(tmp_path, registry):
    old = an_edit(tmp_path, "v041", {"S1": 10})
    new = an_edit(tmp_path, "v042", {"S1": 10, "S2\x1b[2J\u202e": 10})
    ran = diff(tmp_path, registry, old, new)
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err


def test_cuts_of_one_name_are_told_apart_by_their_files(tmp_path, registry):
    edits = []
    for folder, rate in (("monday", 24.0), ("friday", 25.0)):
        (tmp_path / folder).mkdir()
        path = an_edit(tmp_path / folder, "reel", {"SQ030_0010": 48, "SQ030_0020": 48})
        path.write_text(
            path.read_text()
            .replace('"rate": 24.0', f'"rate": {rate}')
            .replace('"rate": 24}', f'"rate": {rate}}}')
        )
        edits.append(path)
    ran = diff(tmp_path, registry, *edits)
    assert ran.out.splitlines()[0] == f"{edits[0]} -> {edits[1]}: 96 f -> 96 f (+0)"
    assert "the rate changed: 24 -> 25 fps" in ran.out
    assert "(1 other clip only begins earlier or later because of the rate)" in ran.out
