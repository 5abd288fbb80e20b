"""Whom a prohibition reaches, and whom it does not."""

from __future__ import annotations

from fakes.worlds import ask, codes, licence, performer, suspension, use, world


def test_a_licence_for_all_productions_forbids_in_each_of_them():
    everywhere = licence(id="L-2", scope={"productions": ["*"]}, forbidden_depictions=["violence"])
    answer = ask(world(licences=[licence(), everywhere]), [use(depictions=("violence",))])
    assert codes(answer) == ["licence-conflict", "depiction-forbidden"]


def test_a_dispute_with_one_performer_stops_no_other():
    doc = world(performers=[performer(1), performer(2)], suspensions=[suspension("performer", "perf-p2")])
    assert codes(ask(doc, [use()])) == []
