"""The limits of the products of sets stand exactly where they are said to, and no part of a division is empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearcut.core.coverage as coverage
from clearcut.core.findings import hinders
from fakes.worlds import ask, licence, production, use, world

boxes = st.lists(st.tuples(*[st.integers(1, 7)] * 3), max_size=5)


@given(boxes, boxes)
def test_no_part_of_a_division_is_empty(several, masks):
    assert all(all(part) for part in coverage.alike(several, masks))


def test_boxes_are_divided_up_to_the_limit_and_stay_whole_beyond_it(monkeypatch):
    """The first divides into 2 x 2 x 1 parts; with the second there would be eight in all."""
    masks = [(0b01, 0b01, 0b1)]
    several = [(0b11, 0b11, 0b1), (0b11, 0b11, 0b1)]
    for most, parts in ((8, 8), (7, 5), (4, 5), (3, 2)):
        monkeypatch.setattr(coverage, "MAX_ATOMS", most)
        assert len(list(coverage.alike(several, masks))) == parts, most


@pytest.mark.parametrize("most", [2, 3])
def test_as_many_boxes_as_are_allowed_may_be_left(monkeypatch, most):
    monkeypatch.setattr(coverage, "MAX_BOXES", most)
    whole, hole = [(0b11, 0b11, 0b11)], (0b01, 0b01, 0b01)
    if most == 3:
        assert len(coverage.subtract(whole, hole)[0]) == 3
    else:
        with pytest.raises(coverage.TooManyPartsError):
            coverage.subtract(whole, hole)


def test_too_many_parts_are_told_with_what_a_td_needs_to_find_them(monkeypatch):
    monkeypatch.setattr(coverage, "MAX_BOXES", 1)
    scopes = ({"territories": ["FR"], "media": ["svod"]}, {"territories": ["DE"], "media": ["avod"]})
    doc = world(productions=[production(delivery={"territories": ["FR", "DE"], "media": ["svod", "avod"]})],
                licences=[licence(id=f"L-{n}", scope=scope) for n, scope in enumerate(scopes)])  # fmt: skip
    (reason,) = ask(doc, [use()]).decisions[0].reasons
    claiming = ask(doc, [use(exemption="X-1")]).decisions[0].reasons
    assert all(
        map(hinders, claiming)
    )  # what a claim rests on is told as missing: nobody knows that a licence grants it
    assert len(claiming) == 2
    assert reason.detail == {"trace": "TooManyPartsError", "replica": "rpl-p1", "licences": 2}
