"""Products of sets: subtraction is exact, limits refuse rather than guess; meters count each tick once."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearcut.core.coverage as coverage
from clearcut.core.caps import running_ticks
from clearcut.core.languages import grants, unknown_language
from clearcut.core.places import COUNTRIES, EU_MEMBERS, holders, reaches, unknown_place
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import Outcome
from fakes.worlds import ask, licence, production, use, world

boxes = st.lists(st.tuples(*[st.integers(0, 7)] * 3), max_size=5)


def atoms(several):
    return {
        point
        for box in several
        for point in product(*[[1 << bit for bit in range(3) if bits >> bit & 1] for bits in box])
    }


@given(boxes, st.tuples(*[st.integers(0, 7)] * 3))
def test_subtracting_a_box_leaves_exactly_the_other_atoms(several, hole):
    several = [box for box in several if all(box)]
    left, took = coverage.subtract(several, hole)
    assert atoms(left) == atoms(several) - atoms([hole])
    assert took == bool(atoms(several) & atoms([hole]))


@given(boxes, boxes)
def test_dividing_boxes_loses_no_atom_and_makes_each_part_alike(several, masks):
    several = [box for box in several if all(box)]
    parts = list(coverage.alike(several, masks))
    assert atoms(parts) == atoms(several)
    for part in parts:
        for mask in masks:
            assert all(bits & held in (0, bits) for bits, held in zip(part, mask, strict=True))


def test_a_demand_that_falls_into_too_many_parts_is_unknown_and_never_guessed(monkeypatch):
    scopes = [
        {"territories": ["FR", "US"], "media": ["svod"]},
        {"territories": ["US", "DE"], "media": ["avod"]},
    ]
    doc = world(productions=[production(delivery={"territories": ["FR", "US", "DE"], "media": ["svod", "avod"]})],
                licences=[licence(id=f"L-{n}", scope=scope) for n, scope in enumerate(scopes)])  # fmt: skip
    assert ask(doc, [use()]).decisions[0].outcome is Outcome.BLOCKED
    monkeypatch.setattr(coverage, "MAX_BOXES", 1)
    decision = ask(doc, [use()]).decisions[0]
    assert (decision.outcome, decision.reasons[0].code) == (Outcome.UNKNOWN, "evaluation-error")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=12))
def test_each_tick_counts_once_in_any_order(ranges):
    uses = [
        use(str(n), screen=(FrameRange(first, first + length),)) for n, (first, length) in enumerate(ranges)
    ]
    seen, counted = set(), []
    for first, length in ranges:
        seen |= set(range(first, first + length))
        counted.append(len(seen))
    assert running_ticks(uses) == counted


def test_an_empty_range_counts_nothing_wherever_it_lies():
    uses = [use("A", 0, 24), use("B", screen=(FrameRange(30, 30), FrameRange(30, 40))), use("C", 8, 4)]
    assert running_ticks(uses) == [24, 34, 34]


def test_what_only_a_scene_shows_is_charged_on_top():
    of_scene = use("A", 0, 24, scene_only=True)
    assert running_ticks([use("A", 0, 24), of_scene, of_scene]) == [24, 48, 48]


def test_two_hundred_and_forty_nine_countries_and_twenty_seven_members():
    assert (len(COUNTRIES), len(EU_MEMBERS)) == (249, 27)
    assert EU_MEMBERS < COUNTRIES


@pytest.mark.parametrize("place", ["WORLD", "EU", "FR", "US-CA", "GB-ENG", "FR-75"])
def test_places_that_are_known(place):
    assert unknown_place(place) is None
    assert place in holders(place)


@pytest.mark.parametrize(
    "place", ["", "world", "eu", "UK", "XX", "US-", "US-CALI", "us-ca", "*", None, 7, "FR\n"]
)
def test_places_that_are_not(place):
    assert unknown_place(place)


@pytest.mark.parametrize(
    ("delivered", "place", "reached"),
    [(["WORLD"], "EU", True), (["DE"], "EU", True), (["US"], "EU", False), (["EU"], "DE", True), (["DE-BY"], "EU", True), (["US"], "US-CA", True), ([], "EU", False)],
)  # fmt: skip
def test_which_deliveries_reach_a_place(delivered, place, reached):
    assert reaches(delivered, place) is reached


@pytest.mark.parametrize(
    "tag", ["en", "fr-CA", "zh-Hant-TW", "sl-rozaj", "de-CH-1996", "en-x-twain", "es-419"]
)
def test_languages_that_are_known(tag):
    assert unknown_language(tag) is None
    assert grants((tag.upper(),), tag)
    assert grants((tag.split("-")[0],), tag)


@pytest.mark.parametrize("tag", ["", "e", "fr_CA", "fr-", "-fr", "fr--CA", "french fries", "*", None, "en\n"])
def test_languages_that_are_not(tag):
    assert unknown_language(tag)


def test_all_languages_are_granted_by_a_licence_for_all_alone():
    assert grants(("*",), "*")
    assert not grants(("en", "fr", "de"), "*")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("de", "DE"), ("de-by", "DE-BY"), ("eu", "EU"), ("UK", "GB"), ("uk", "GB"), ("EL", "GR"), ("USA", "US"), ("usa", "US"),
     ("*", "WORLD"), ("WORLDS", "WORLD"), ("WRLD", "WORLD"), ("XX", None), ("xx", None), ("Germany", None)],
)  # fmt: skip
def test_what_a_place_may_have_meant_is_said(written, meant):
    told = unknown_place(written)
    assert f"unknown territory {written!r}" in told
    assert ("did you mean" in told, f"(did you mean {meant!r}?)" in told) == (meant is not None,) * 2


@pytest.mark.parametrize(
    ("written", "meant"), [("fr_CA", "fr-CA"), (" en ", "en"), ("f_r_", None), ("!", None)]
)
def test_what_a_language_may_have_meant_is_said(written, meant):
    told = unknown_language(written)
    assert ("did you mean" in told, f"did you mean {meant!r}" in told) == (meant is not None,) * 2
