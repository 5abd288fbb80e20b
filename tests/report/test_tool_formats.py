"""JUnit, SARIF, CSV, JSON lines and GitHub annotations: each read back by what reads it in the world."""

import csv
import io
import json
import re
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml, Skipped

from clearcut.core.reasons import reason
from clearcut.core.verdict import EditFacts, Outcome, Reason, Severity
from clearcut.report import FORMATS
from clearcut.report.csv import guard
from fakes.sarif_schema import SCHEMA
from fakes.verdicts import HOSTILE, a_shot, a_use, a_verdict, helios, hostile, verdicts

DOWN = reason("backend-unavailable", "no answer from the server")


def _cases(verdict):
    xml = JUnitXml.fromstring(FORMATS["junit"](verdict).encode("utf-8"))
    return {case.name: [type(result) for result in case.result] for suite in xml for case in suite}, xml


def test_a_blocked_shot_is_a_failure_an_unknown_one_an_error_and_the_rest_pass():
    cases, xml = _cases(helios())
    assert cases == {
        "HEL_020_0100": [],
        "HEL_020_0110": [],
        "HEL_020_0120": [Failure],
        "HEL_020_0130": [Failure],
        "HEL_020_0140": [Error],
        "CRD_010": [Failure],
        "HEL_030_0010": [],
        "HEL_030_0020": [],
    }
    assert (xml.tests, xml.failures, xml.errors) == (8, 3, 1)


def test_a_failure_tells_code_remedy_and_whom_to_ask():
    xml = JUnitXml.fromstring(FORMATS["junit"](helios()).encode())
    failed = next(case for suite in xml for case in suite if case.name == "HEL_020_0130").result[0]
    assert failed.type == "screen-time-exceeded"
    assert failed.message.startswith("screen-time-exceeded: 6 frames (0.25 s) over the cap")
    assert "To do: trim 6 frames, or have the cap raised; grew in HEL_020_0130. Ask: editor." in failed.text


@pytest.mark.parametrize(
    "verdict",
    [
        a_verdict(a_shot("S", 0, 1), reasons=(DOWN,)),
        a_verdict(reasons=(DOWN,)),
        a_verdict(a_shot("S", 0, 1), outcome=Outcome.UNKNOWN),
        a_verdict(outcome=Outcome.UNKNOWN),
    ],
    ids=["reason and shots", "reason alone", "outcome and shots", "outcome alone"],
)
def test_no_format_shows_a_green_list_of_a_cut_that_nobody_could_judge(verdict):
    cases, xml = _cases(verdict)
    assert cases["the whole cut"] == [Error]
    assert xml.errors == 1
    assert any(r["level"] == "error" for r in json.loads(FORMATS["sarif"](verdict))["runs"][0]["results"])
    assert "::error" in FORMATS["github"](verdict)
    assert "(the whole cut),unknown" in FORMATS["csv"](verdict)
    assert json.loads(FORMATS["jsonl"](verdict).splitlines()[0])["outcome"] == "unknown"


@pytest.mark.parametrize("name", ["junit", "sarif", "github", "text", "html"])
def test_a_refusal_without_a_reason_is_still_a_refusal(name):
    told = FORMATS[name](a_verdict(a_shot("S", 0, 1, a_use(outcome=Outcome.BLOCKED))))
    assert "no reason was given" in told


@pytest.mark.parametrize("name", ["junit", "github", "csv", "text", "html", "json", "sarif"])
def test_every_format_says_what_was_waived(name):
    assert "W-1" in FORMATS[name](helios())


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_says_that_a_what_if_clears_nothing(name):
    plain = FORMATS[name](a_verdict(a_shot("S", 0, 1)))
    asked = FORMATS[name](a_verdict(a_shot("S", 0, 1), what_if=True))
    assert re.search(r'what.?if": true|clears nothing', asked, re.IGNORECASE)
    assert not re.search(r'what.?if": true|clears nothing', plain, re.IGNORECASE)


@given(verdicts)
@settings(max_examples=40, deadline=None)
def test_any_verdict_is_junit_that_its_reader_reads(verdict):
    _, xml = _cases(verdict)
    shots = sum(1 for suite in xml for case in suite if case.name != "the whole cut")
    assert shots >= len([s for s in verdict.shots if s.name != "the whole cut"])
    refused = sum(1 for s in verdict.shots if not s.outcome.may_publish)
    assert xml.failures + xml.errors >= refused


def test_hostile_names_are_junit_and_without_the_guard_they_would_not_be():
    cases, _ = _cases(hostile())
    assert len(cases) >= len(HOSTILE)
    raw = FORMATS["junit"](a_verdict(a_shot("S", 0, 1))).replace('"S"', '"a\x1b\ufffe"')
    with pytest.raises(Exception, match=r"(?i)invalid|not well-formed|PCDATA|char"):
        JUnitXml.fromstring(raw.encode("utf-8"))


def _sarif(verdict):
    log = json.loads(FORMATS["sarif"](verdict))
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    return log["runs"][0]


def test_sarif_has_a_result_per_reason_with_its_rule_and_shot():
    run = _sarif(helios())
    assert len(run["results"]) == 19
    over = next(r for r in run["results"] if r["ruleId"] == "screen-time-exceeded")
    assert over["level"] == "error"
    assert run["tool"]["driver"]["rules"][over["ruleIndex"]]["id"] == "screen-time-exceeded"
    assert over["locations"][0]["logicalLocations"][0]["name"] == "HEL_020_0130"
    assert over["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "cuts/helios_v041.otio"
    waived = next(r for r in run["results"] if r["ruleId"] == "media-out-of-scope")
    assert waived["suppressions"][0]["justification"] == "W-1"
    assert next(r for r in run["results"] if r["ruleId"] == "unidentified-replica")["level"] == "error"


@given(verdicts)
@settings(max_examples=40, deadline=None)
def test_any_verdict_is_sarif_by_its_schema(verdict):
    _sarif(verdict)


def test_hostile_names_are_sarif_too():
    assert len(_sarif(hostile())["results"]) >= len(HOSTILE)


def test_the_schema_would_notice_a_wrong_level():
    log = json.loads(FORMATS["sarif"](helios()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(log)


@pytest.mark.parametrize(
    "path, uri",
    [
        ("/jobs/hel/cut v1.otio", "file:///jobs/hel/cut%20v1.otio"),
        ("cuts/a#b?.otio", "cuts/a%23b%3F.otio"),
        ("//server/share/a.otio", "file://server/share/a.otio"),
        (r"C:\jobs\a.otio", "file:///C:/jobs/a.otio"),
        ("", "cut"),
    ],
)
def test_an_edit_path_is_a_uri_in_sarif(path, uri):
    facts = EditFacts(path, "", "", None, None, None, 0)
    assert _sarif(a_verdict(edit=facts))["artifacts"][0]["location"]["uri"] == uri


def test_the_same_finding_in_the_next_version_has_the_same_fingerprint():
    def prints(verdict):
        return [r["partialFingerprints"] for r in _sarif(verdict)["results"]]

    one = helios()
    moved = a_verdict(
        *one.shots,
        edit=EditFacts("cuts/helios_v042.otio", "cd" * 32, "h", "HELIOS", "v042", one.edit.timebase, 9),
    )
    assert prints(one) == prints(moved)


def _table(verdict):
    return list(csv.DictReader(io.StringIO(FORMATS["csv"](verdict))))


def test_csv_has_a_row_per_reason_and_one_for_what_has_none():
    rows = _table(helios())
    assert [r["shot"] for r in rows[:5]] == [
        "HEL_020_0100", "HEL_020_0110", "HEL_020_0120", "HEL_020_0130", "HEL_020_0130",
    ]  # fmt: skip
    assert rows[0]["seconds"] == "12"
    assert rows[3]["code"] == "screen-time-exceeded"
    assert rows[3]["use_outcome"] == "blocked"


def test_no_spreadsheet_can_take_seconds_for_a_date():
    """`5/3` is the third of May there; 40 frames at 24 are 1.666667 s."""
    rows = _table(a_verdict(a_shot("S", 0, 40, a_use(screen=((0, 40),)))))
    assert (rows[0]["frames"], rows[0]["seconds"]) == ("40", "1.666667")


def test_no_cell_of_a_hostile_report_starts_a_formula():
    unguarded = [name for name in HOSTILE if name.startswith(("=", "@"))]
    assert unguarded, "the attack itself must hold what is looked for"
    for row in _table(hostile()):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1", "|calc"])
def test_a_cell_that_would_run_is_text(cell):
    assert guard(cell)[0] in "'\\"


def test_ordinary_cells_stay_as_they_are():
    assert guard("HEL_020_0100") == "HEL_020_0100"
    assert guard("[0, 288)") == "[0, 288)"


def test_json_lines_are_the_report_in_pieces():
    lines = [json.loads(line) for line in FORMATS["jsonl"](helios()).splitlines()]
    report = json.loads(FORMATS["json"](helios()))
    assert [line["record"] for line in lines] == ["cut", *["shot"] * 8, *["total"] * 3]
    assert [{k: v for k, v in line.items() if k != "record"} for line in lines[1:9]] == report["shots"]
    assert lines[0]["edit"] == report["edit"]


def test_github_gets_one_annotation_per_shot_worst_first():
    lines = FORMATS["github"](helios()).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 4 + ["::warning"]
    assert lines[0].startswith(
        "::error file=cuts/helios_v041.otio,title=Clearcut%3A HEL_020_0120 blocked::authority-expired: "
    )


_COMMAND = re.compile(r"::(error|warning|notice) (?:file=([^:,\r\n]*),)?title=([^:,\r\n]*)::([^\r\n]*)")


def test_no_name_can_end_an_annotation_and_begin_another():
    told = FORMATS["github"](hostile())
    for line in told.splitlines():
        found = _COMMAND.fullmatch(line)
        assert found, line
        for part in found.groups()[1:]:
            assert not re.search(r"%(?!25|0D|0A|3A|2C)", part or "")
    assert len(told.splitlines()) == len(HOSTILE) + 1


def test_a_percent_sign_and_a_line_break_in_a_path_are_escaped_by_githubs_rules():
    facts = EditFacts("a%0A,b:c.otio", "", "", None, None, None, 0)
    blocked = Reason("cut-unreadable", Severity.UNKNOWN, "100% gone", "r", "editor")
    line = FORMATS["github"](a_verdict(reasons=(blocked,), edit=facts))
    assert line.startswith(
        "::error file=a%250A%2Cb%3Ac.otio,title=Clearcut%3A the whole cut::cut-unreadable: 100%25 gone."
    )


@pytest.mark.parametrize("name", list(FORMATS))
@given(verdict=verdicts)
@settings(max_examples=15, deadline=None)
def test_every_format_writes_any_verdict_the_same_way_twice_and_as_utf8(name, verdict):
    told = FORMATS[name](verdict)
    assert told == FORMATS[name](verdict)
    told.encode("utf-8")


@pytest.mark.parametrize("name", [n for n in FORMATS if n not in ("json", "jsonl", "html")])
def test_every_format_people_read_is_free_of_hidden_characters(name):
    told = FORMATS[name](hostile())
    assert not set("\x00\x07\x1b\x7f\x85\u202e\u2066\u2069\u2028\ud800\ufffe") & set(told)


def asked(*names):
    """The shipped show's verdict, of which only these shots were asked for: three others are blocked, one unknown."""
    return replace(helios(), asked=names)


def test_junit_skips_what_was_not_asked_for():
    cases, xml = _cases(asked("HEL_020_0100"))
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (8, 0, 0, 7)
    assert cases.pop("HEL_020_0100") == []
    assert set(map(tuple, cases.values())) == {(Skipped,)}
    assert 'message="not asked for: Blocked"' in FORMATS["junit"](asked("HEL_020_0100"))


def test_junit_fails_for_a_shot_that_was_asked_for_and_for_the_whole_cut():
    cases, xml = _cases(asked("HEL_020_0130"))
    assert (cases["HEL_020_0130"], xml.failures, xml.errors) == ([Failure], 1, 0)
    down = replace(asked("HEL_020_0100"), reasons=(DOWN,))
    cases, xml = _cases(down)
    assert (cases["the whole cut"], xml.failures, xml.errors) == ([Error], 0, 1)


def test_sarif_makes_a_note_of_what_was_not_asked_for():
    run = json.loads(FORMATS["sarif"](replace(asked("HEL_020_0130"), reasons=(DOWN,))))["runs"][0]
    assert run["properties"]["asked"] == ["HEL_020_0130"]
    levels = {}
    for one in run["results"]:
        shot = one["locations"][0].get("logicalLocations", [{"name": "the whole cut"}])[0]["name"]
        levels.setdefault(shot, set()).add(one["level"])
    assert "error" in levels.pop("HEL_020_0130")
    assert levels.pop("the whole cut") == {"error"}
    assert set.union(*levels.values()) == {"note"}
    jsonschema.validate(json.loads(FORMATS["sarif"](asked("HEL_020_0130"))), SCHEMA)


def test_github_gives_notice_of_what_was_not_asked_for_after_the_rest():
    lines = FORMATS["github"](asked("HEL_020_0130")).splitlines()
    assert lines[0].startswith("::error ")
    assert "HEL_020_0130 blocked" in lines[0]
    assert all(line.startswith("::notice ") for line in lines[1:])
    assert any("not asked for" in line for line in lines[1:])


def test_csv_says_which_shots_were_asked_for():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](asked("HEL_020_0130")))))
    assert {row["shot"] for row in rows if row["asked"] == "yes"} == {"HEL_020_0130"}
    assert {row["asked"] for row in csv.DictReader(io.StringIO(FORMATS["csv"](helios())))} == {"yes"}


@pytest.mark.parametrize("name", ["html", "json", "jsonl", "text"])
def test_what_was_asked_for_stands_in_every_report(name):
    plain, told = FORMATS[name](helios()), FORMATS[name](asked("HEL_020_0130"))
    assert told.count("HEL_020_0130") == plain.count("HEL_020_0130") + 1
