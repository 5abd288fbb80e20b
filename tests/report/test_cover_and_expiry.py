"""What is covered, and when licences end: from the cut and the registry into the report and back."""

import json
from datetime import datetime, timezone
from importlib import resources
from pathlib import Path

from clearcut.bootstrap import CheckOptions, run_check
from clearcut.core.identify import identify
from clearcut.core.rules import Occlusion, Rules
from clearcut.core.timing import FrameRange
from clearcut.report import FORMATS
from clearcut.report.json import verdict_from_json
from fakes.cuts import clip, cut, declares, knows

SHOW = Path(str(resources.files("clearcut") / "shipped" / "helios"))
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def test_what_is_covered_is_told_and_counts_only_as_the_rules_say():
    one = clip("SH010", 0, 48, metadata=declares("rpl-p1"), occluded=[(10, 20)])
    (counted,) = identify(cut(one), knows(), Rules()).uses
    (opaque,) = identify(cut(one), knows(), Rules(occlusion=Occlusion.OPAQUE)).uses
    assert counted.occluded == opaque.occluded == (FrameRange(10, 20),)
    assert counted.screen == (FrameRange(0, 48),)
    assert opaque.screen == (FrameRange(0, 10), FrameRange(20, 48))


def test_a_use_says_when_the_first_of_its_licences_ends_and_the_report_keeps_it():
    verdict = run_check(
        CheckOptions(
            edit=SHOW / "helios_v042.otio", registry=str(SHOW / "registry.json"), now=NOW, environ={}
        )
    )
    ends = {shot.name: [use.decision.expires for use in shot.uses] for shot in verdict.shots}
    assert ends["HEL_010_0020"] == [datetime(2028, 12, 31, 23, 59, 59, tzinfo=timezone.utc)]
    assert ends["HEL_010_0040"] == [None], "no licence grants it, so none can end"
    report = json.loads(FORMATS["json"](verdict))
    shot = next(shot for shot in report["shots"] if shot["name"] == "HEL_010_0020")
    assert shot["uses"][0]["expires"] == "2028-12-31T23:59:59Z"
    assert verdict_from_json(report) == verdict


def test_a_report_of_before_these_were_known_is_still_read():
    verdict = run_check(
        CheckOptions(
            edit=SHOW / "helios_v042.otio", registry=str(SHOW / "registry.json"), now=NOW, environ={}
        )
    )
    report = json.loads(FORMATS["json"](verdict))
    for shot in report["shots"]:
        for use in shot["uses"]:
            del use["expires"], use["occluded_ranges"]
    assert {u.decision.expires for s in verdict_from_json(report).shots for u in s.uses} == {None}
