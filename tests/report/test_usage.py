import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from importlib import resources

from hypothesis import given, settings

from clearcut.core.registry_json import parse_registry
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import EditFacts, Outcome
from clearcut.report.usage import COLUMNS, usage_csv, usage_json, usage_rows
from clearcut.report.usage_html import usage_html
from fakes.verdicts import FILM, a_shot, a_use, a_verdict, helios, hostile, verdicts

REGISTRY = parse_registry((resources.files("clearcut") / "shipped" / "helios" / "registry.json").read_bytes())


def _by_key(rows):
    return {(row.performer, row.licence): row for row in rows}


def test_each_performer_and_licence_has_a_row_with_its_shots_and_what_is_charged():
    rows = _by_key(usage_rows([helios()]))
    charged = rows["P1", "L-1"]
    assert charged.shots == ("HEL_020_0100", "HEL_020_0130")
    assert (charged.frames, charged.seconds, charged.cap) == (2166, Fraction(361, 4), Fraction(90))
    assert charged.outcome is Outcome.BLOCKED


def test_uses_that_no_licence_grants_are_accounted_for_too():
    row = _by_key(usage_rows([helios()]))["P2", ""]
    assert (row.shots, row.frames, row.outcome) == (("HEL_020_0120",), 408, Outcome.BLOCKED)


def test_two_replicas_of_one_performer_on_screen_together_count_once():
    both = a_shot(
        "S",
        0,
        10,
        a_use("a", "S", licences=(), screen=((0, 10),)),
        a_use("b", "S", licences=(), screen=((5, 12),)),
    )
    assert _by_key(usage_rows([a_verdict(both)]))["P1", ""].frames == 12
    assert sum(r.end - r.first for r in (FrameRange(0, 10), FrameRange(5, 12))) == 17, (
        "added up it would be more"
    )


def test_duties_and_waived_reasons_are_named():
    rows = _by_key(usage_rows([helios()]))
    assert rows["P3", "L-3"].duties == ("compensation-outstanding",)
    assert rows["P4", "L-4"].duties == ("media-out-of-scope",)
    assert rows["P1", "L-1"].duties == ()


def test_the_terms_come_from_the_registry():
    licence = next(iter(REGISTRY.licences.values()))
    use = a_use(licences=(licence.id,))
    row = usage_rows([a_verdict(a_shot("S", 0, 288, use))], REGISTRY)[0]
    assert row.media == licence.scope.media
    assert row.territories == licence.scope.territories
    assert usage_rows([a_verdict(a_shot("S", 0, 288, use))])[0].media == ()


def test_several_versions_of_a_cut_stand_one_after_the_other():
    facts = EditFacts("v2.otio", "", "helios", "HELIOS", "v042", FILM, 288)
    rows = usage_rows([helios(), a_verdict(a_shot("S", 0, 288, a_use()), edit=facts)])
    assert [row.version for row in rows] == ["v041"] * (len(rows) - 1) + ["v042"]


def test_json_and_csv_tell_the_same():
    rows = usage_rows([helios()], REGISTRY)
    told = json.loads(usage_json(rows))
    table = list(csv.DictReader(io.StringIO(usage_csv(rows))))
    assert told["schema"] == "clearcut.usage/1"
    assert list(told["rows"][0]) == list(COLUMNS)
    exact = [Fraction(row["seconds"]) for row in told["rows"]]
    assert [round(seconds, 6) for seconds in exact] == [Fraction(row["seconds"]) for row in table]
    assert json.loads(usage_json(()))["rows"] == []


def test_seconds_in_the_table_are_numbers_that_a_spreadsheet_adds_up():
    rows = usage_rows([a_verdict(a_shot("S", 0, 40, a_use(licences=(), screen=((0, 40),))))])
    assert next(csv.DictReader(io.StringIO(usage_csv(rows))))["seconds"] == "1.666667"
    assert json.loads(usage_json(rows))["rows"][0]["seconds"] == "5/3"


def test_what_a_what_if_would_use_is_never_told_as_what_was_used():
    free = a_verdict(a_shot("S", 0, 288, a_use()))
    rows = usage_rows([free, replace(free, what_if=True)])
    assert [row["what_if"] for row in json.loads(usage_json(rows))["rows"]] == [False, True]
    assert [row["what_if"] for row in csv.DictReader(io.StringIO(usage_csv(rows)))] == ["no", "yes"]
    page = usage_html(rows)
    assert (page.count("clears nothing"), page.count("what-if as of 2026-11-20")) == (1, 1)
    assert (page.count('class="o c"'), page.count('class="o d"')) == (1, 1)
    assert "clears nothing" not in usage_html(usage_rows([free]))


@given(verdicts)
@settings(max_examples=25, deadline=None)
def test_any_verdict_can_be_accounted_for(verdict):
    rows = usage_rows([verdict], REGISTRY)
    for told in (usage_json(rows), usage_csv(rows), usage_html(rows)):
        told.encode("utf-8")
    assert {shot for row in rows for shot in row.shots} == {s.name for s in verdict.shots if s.uses}


def test_no_name_becomes_markup_or_a_formula():
    rows = usage_rows([hostile()])
    page = usage_html(rows)
    assert "<script" not in page
    assert "<img" not in page
    assert not set("\x1b\u202e\x00") & set(page)
    for row in csv.DictReader(io.StringIO(usage_csv(rows))):
        assert not any(cell.lstrip().startswith(("=", "+", "@")) for cell in row.values())
