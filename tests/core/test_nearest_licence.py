"""Which licence explains what none grants, and what it is said to lack: each rule of "nearest" has a row of its own."""

from __future__ import annotations

import pytest

from clearcut.core.places import COUNTRIES
from fakes.worlds import ask, licence, production, use, waiver, world

OWED = {"compensation": {"status": "due"}}
UNNOTICED = {"consent": {"notice_at": None}}
NO_MEDIUM = {"scope": {"media": ["theatrical"]}}


def explaining(*licences, **delivery):
    """Which licences are named in the refusal, and what each is said not to hold."""
    doc = world(licences=licences, productions=[production(delivery=delivery)])
    (decision,) = ask(doc, [use()]).decisions
    assert not decision.outcome.may_publish
    return {one.licence: one.detail.get("values") for one in decision.reasons if one.severity.value != "warn"}


@pytest.mark.parametrize(
    ("first", "second", "nearest"),
    [
        # fewer terms that hinder, however many there are that only warn
        ({**NO_MEDIUM, **UNNOTICED, "valid_until": None}, {**OWED, "licensees": []}, "L-1"),
        # as many that hinder: fewer that warn
        ({**NO_MEDIUM, **UNNOTICED}, NO_MEDIUM, "L-2"),
        # as many of both: the one whose fault is told first
        (NO_MEDIUM, {"status": "revoked"}, "L-2"),
        ({"status": "revoked"}, NO_MEDIUM, "L-1"),
        # alike in all: the one that lasts longer, and then by id
        (NO_MEDIUM, {**NO_MEDIUM, "valid_until": "2029-12-31T23:59:59Z"}, "L-2"),
        (NO_MEDIUM, {**NO_MEDIUM, "valid_until": "2028-06-01T00:00:00Z"}, "L-1"),
        (NO_MEDIUM, NO_MEDIUM, "L-1"),
    ],
)
def test_the_nearest_licence_explains(first, second, nearest):
    assert list(explaining(licence(**first), licence(id="L-2", **second))) == [nearest]


def test_what_a_licence_lacks_is_told_of_all_atoms_together():
    here = licence(scope={"territories": ["US"]})
    far = licence(id="L-2", status="draft", scope={"territories": ["FR"]}, **OWED)
    assert explaining(here, far, territories=["US", "FR", "DE"]) == {"L-1": ["DE", "FR"]}


def test_what_a_licence_grants_is_not_told_as_lacking():
    assert explaining(licence(scope={"territories": ["DE"]}), territories=["DE", "FR"]) == {"L-1": ["FR"]}


@pytest.mark.parametrize("missing", range(1, 8))
def test_up_to_five_values_are_named_and_the_rest_counted(missing):
    places = ["AT", "BE", "DE", "ES", "FR", "IT", "PT"][:missing]
    doc = world(licences=[licence(scope={"territories": ["US"]})],
                productions=[production(delivery={"territories": places})])  # fmt: skip
    (reason,) = ask(doc, [use()]).decisions[0].reasons
    rest = f" and {missing - 5} more" if missing > 5 else ""
    assert reason.remedy == f"extend the territories of L-1 to {', '.join(places[:5])}{rest}"


def test_the_whole_world_is_told_as_the_world():
    doc = world(licences=[licence(scope={"territories": []})])
    (reason,) = ask(doc, [use()]).decisions[0].reasons
    assert reason.message == "L-1 does not cover territory WORLD (none)"


@pytest.mark.parametrize(
    ("missing", "rest"), [(4, ""), (5, ""), (6, " and 1 more of WORLD"), (7, " and 2 more of WORLD")]
)
def test_what_lacks_of_the_world_is_counted_as_that(missing, rest):
    held = sorted(COUNTRIES)[missing:]
    (reason,) = ask(world(licences=[licence(scope={"territories": held})]), [use()]).decisions[0].reasons
    shown = ", ".join(sorted(COUNTRIES)[:missing][:5])
    assert reason.remedy == f"extend the territories of L-1 to {shown}{rest}"


@pytest.mark.parametrize(("held", "shown"), [("AT", "AT"), ("AT BE DE ES FR", "AT, BE, DE, ES, FR"),
                                             ("AT BE DE ES FR IT", "AT, BE, DE, ES, FR …")])  # fmt: skip
def test_up_to_five_values_are_named_that_a_licence_grants(held, shown):
    doc = world(licences=[licence(scope={"territories": held.split()})],
                productions=[production(delivery={"territories": ["US"]})])  # fmt: skip
    (reason,) = ask(doc, [use()]).decisions[0].reasons
    assert reason.message == f"L-1 does not cover territory US (only {shown})"


def test_a_licence_under_a_waiver_is_told_to_lack_only_what_it_is_used_for():
    here = licence(scope={"territories": ["US"], "media": ["svod"]})
    there = licence(id="L-2", scope={"territories": ["FR"], "media": ["svod"]})
    doc = world(licences=[here, there], waivers=[waiver("media-out-of-scope")],
                productions=[production(delivery={"territories": ["US", "FR"], "media": ["svod", "theatrical"]})])  # fmt: skip
    (decision,) = ask(doc, [use()]).decisions
    assert decision.outcome.may_publish
    assert decision.licences == ("L-1", "L-2")
    assert [(one.code, one.licence, one.detail["values"]) for one in decision.reasons] == [
        ("media-out-of-scope", "L-1", ["theatrical"]),
        ("media-out-of-scope", "L-2", ["theatrical"]),
    ]
