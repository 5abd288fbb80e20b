import copy
import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.verdict import EditFacts, Outcome, Reason, Severity, ShotVerdict
from clearcut.report import FORMATS
from clearcut.report.json import (
    ROW_BREAK,
    format_json,
    shot_rows,
    shot_to_json,
    verdict_from_json,
    verdict_to_json,
)
from clearcut.report.reading import ReportError
from fakes.verdicts import a_shot, a_use, a_verdict, helios, hostile, verdicts


def test_the_report_has_every_key_of_the_interface_with_its_values():
    report = json.loads(format_json(helios()))
    assert list(report) == [
        "schema",
        "outcome",
        "as_of",
        "what_if",
        "asked",
        "source",
        "edit",
        "shots",
        "totals",
        "reasons",
    ]
    assert report["schema"] == "clearcut.report/1"
    assert report["outcome"] == "blocked"
    assert report["as_of"] == "2026-11-20T12:00:00Z"
    assert report["source"] == {"kind": "registry", "name": "helios.json", "age_s": 0}
    assert report["edit"]["rate"] == "24"
    assert report["edit"]["duration_frames"] == 1800
    first = report["shots"][0]
    assert (first["name"], first["outcome"], first["record_ranges"]) == (
        "HEL_020_0100",
        "cleared",
        [[0, 288]],
    )
    use = first["uses"][0]
    assert (use["replica"], use["performer"], use["licences"]) == ("rpl-p1-body", "P1", ["L-1"])
    assert (use["frames"], use["seconds"], use["source_ranges"]) == (288, "12", [[1001, 1289]])
    assert use["evidence"] == [
        {"kind": "path", "where": "tracks[0].children[0]", "value": "/jobs/char/p1/b.exr"}
    ]
    blocked = report["shots"][3]["uses"][0]["reasons"][0]
    assert list(blocked) == ["code", "severity", "message", "remedy", "who", "licence", "detail"]
    assert blocked["detail"]["over_frames"] == 6
    assert report["totals"][0] == {
        "licence": "L-1", "performer": "P1", "frames": 2166, "seconds": "90.25", "cap_seconds": "90",
    }  # fmt: skip
    assert report["totals"][1]["cap_seconds"] is None


@given(verdicts)
@settings(max_examples=60, deadline=None)
def test_a_report_read_back_and_written_again_is_the_same_bytes(verdict):
    written = format_json(verdict)
    assert written.isascii()
    assert format_json(verdict_from_json(json.loads(written))) == written


@given(verdicts)
@settings(max_examples=20, deadline=None)
def test_reading_back_loses_nothing_but_what_json_cannot_hold(verdict):
    back = verdict_from_json(json.loads(format_json(verdict)))
    assert [s.uses for s in back.shots if not any(u.decision.reasons for u in s.uses)] == [
        s.uses for s in verdict.shots if not any(u.decision.reasons for u in s.uses)
    ]
    assert (back.outcome, back.as_of, back.edit, back.source) == (
        verdict.outcome, verdict.as_of, verdict.edit, verdict.source,
    )  # fmt: skip


def test_a_shot_in_a_cut_of_mixed_rates_is_widened_to_the_frames_it_touches_and_keeps_its_exact_time():
    timebase = Timebase(Fraction(24), 5)
    use = a_use(screen=((3, 11),))
    shot = ShotVerdict("S", Outcome.CLEARED, (FrameRange(3, 11),), (use,))
    verdict = a_verdict(shot, edit=EditFacts("", "", "", None, None, timebase, 11))
    written = verdict_to_json(verdict)["shots"][0]
    assert written["record_ranges"] == [[0, 3]]
    assert written["record_ticks"] == [[3, 11]]
    assert written["uses"][0]["frames"] == 2
    assert written["uses"][0]["seconds"] == "1/15"


def test_seconds_that_no_decimal_can_say_are_a_rational():
    timebase = Timebase(Fraction(24000, 1001))
    use = a_use(screen=((0, 1),))
    shot = ShotVerdict("S", Outcome.CLEARED, (FrameRange(0, 1),), (use,))
    written = verdict_to_json(a_verdict(shot, edit=EditFacts("", "", "", None, None, timebase, 1)))
    assert written["edit"]["rate"] == "24000/1001"
    assert written["shots"][0]["uses"][0]["seconds"] == "1001/24000"


def test_a_cut_without_a_rate_says_null_instead_of_guessing():
    facts = EditFacts("x.edl", "", "", None, None, None, 0)
    report = verdict_to_json(
        a_verdict(reasons=(Reason("rate-unknown", Severity.UNKNOWN, "m", "r", "editor"),), edit=facts)
    )
    assert report["edit"]["rate"] is None
    assert report["edit"]["duration_frames"] is None
    assert report["outcome"] == "unknown"


def test_the_keys_of_a_detail_have_one_order_whoever_answered():
    def told(detail):
        return format_json(
            a_verdict(
                a_shot("S", 0, 1, reasons=(Reason("no-licence", Severity.BLOCK, "", "", "", None, detail),))
            )
        )

    assert told({"a": 1, "b": {"d": 1, "c": 2}}) == told({"b": {"c": 2, "d": 1}, "a": 1})


def test_nan_in_a_detail_is_never_written_as_a_number():
    reason = Reason("no-licence", Severity.BLOCK, "", "", "", None, {"x": float("nan"), "y": Fraction(1, 3)})
    written = format_json(a_verdict(a_shot("S", 0, 1, reasons=(reason,))))
    assert '"x": "nan"' in written
    assert '"y": "1/3"' in written


@pytest.mark.parametrize("ticks", [1, 1001])
def test_shots_that_show_nothing_are_written_as_the_encoder_would(ticks):
    names = ["S", 'S"\\', "\u00e9\u2028\U0001f600", "\x00\x1f", ""]
    shots = [a_shot(name, 10 * n, 10 * n + 5) for n, name in enumerate(names)]
    shots += [
        ShotVerdict("gone", Outcome.NOT_APPLICABLE, (), ()),
        ShotVerdict("split", Outcome.EXEMPT, (FrameRange(0, 1), FrameRange(4, 9)), ()),
        ShotVerdict("odd", Outcome.BLOCKED, (FrameRange(3, 7),), ()),
    ]
    verdict = a_verdict(*shots)
    verdict = replace(verdict, edit=verdict.edit._replace(timebase=Timebase(Fraction(24), ticks)))
    assert json.loads(format_json(verdict)) == verdict_to_json(verdict)
    for line, shot in zip(
        format_json(verdict).split("\n  {")[1:], verdict_to_json(verdict)["shots"], strict=True
    ):
        assert ("{" + line).startswith(json.dumps(shot))


def _plainly(verdict):
    """The shots as the encoder writes them, and each as a line of the report."""
    timebase = verdict.edit.timebase
    return [json.dumps(shot_to_json(shot, timebase)).encode() for shot in verdict.shots]


@given(verdicts)
@settings(max_examples=60, deadline=None)
def test_every_shot_is_written_as_the_encoder_would(verdict):
    for ticks in (1, 3):
        timebase = Timebase(Fraction(24000, 1001), ticks)
        one = replace(verdict, edit=verdict.edit._replace(timebase=timebase))
        assert (shot_rows(one).split(ROW_BREAK) if one.shots else []) == _plainly(one)


@pytest.mark.parametrize("verdict", [helios(), hostile()])
def test_the_shots_of_a_whole_show_are_written_as_the_encoder_would(verdict):
    assert shot_rows(verdict).split(ROW_BREAK) == _plainly(verdict)


def test_hostile_names_come_back_as_they_were():
    verdict = hostile()
    back = verdict_from_json(json.loads(format_json(verdict)))
    assert [s.name for s in back.shots] == [s.name for s in verdict.shots]


def _damaged():
    good = verdict_to_json(helios())
    for path, value in (
        (("schema",), "clearcut.report/2"),
        (("outcome",), "fine"),
        (("as_of",), "2026-11-20T12:00:00"),
        (("as_of",), "yesterday"),
        (("what_if",), 0),
        (("edit", "rate"), "24/0"),
        (("edit", "rate"), "0"),
        (("edit", "duration_ticks"), -1),
        (("shots",), {}),
        (("shots", 0), None),
        (("shots", 0, "outcome"), None),
        (("shots", 0, "record_ranges"), [[5, 5]]),
        (("shots", 0, "record_ranges"), [[0, True]]),
        (("shots", 0, "uses", 0, "licences"), [1]),
        (("shots", 0, "uses", 0, "evidence", 0, "kind"), "rumour"),
        (("totals", 0, "seconds"), 90.25),
        (("totals", 0, "frames"), True),
        (("reasons",), None),
    ):
        report = copy.deepcopy(good)
        place = report
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        yield pytest.param(report, path, id=".".join(map(str, path)) + f"={value!r}"[:30])


@pytest.mark.parametrize("report, path", list(_damaged()))
def test_a_damaged_report_is_refused_with_the_place_of_the_fault(report, path):
    with pytest.raises(ReportError) as told:
        verdict_from_json(report)
    assert str(told.value).startswith(str(path[0]))


@pytest.mark.parametrize("report", [None, [], "x", {}, {"schema": "clearcut.report/1"}])
def test_what_is_no_report_is_refused(report):
    with pytest.raises(ReportError):
        verdict_from_json(report)


def test_every_format_is_there_and_an_unknown_one_is_a_key_error():
    assert "json" in FORMATS
    for name in FORMATS:
        assert FORMATS[name](helios())
    with pytest.raises(KeyError):
        FORMATS["docx"]
