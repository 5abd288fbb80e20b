"""Laws of the decision, on random worlds: what may never make anything better, and what may not matter."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

import clearcut.core.evaluate as evaluate_module
from clearcut.core.evaluate import RegistryIndex, evaluate
from clearcut.core.reasons import CATALOGUE
from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.core.verdict import Outcome, worst
from clearcut.settings import load_packs
from fakes.worlds import NOW, ask, codes, licence, suspension, use, waiver, world

PACKS = load_packs(environ={})
SEEDS = range(2500)


def beside(name):
    """A module of this folder; the tests are no package (importmode=importlib)."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


random_world = beside("random_worlds").random_world


def answer(doc, uses, changes, now=NOW, packs=PACKS):
    fields = {"production": "HELIOS", "cut_version": "v", "timebase": Timebase(Fraction(24)), "uses": tuple(uses),
              "policy": Policy(), "recognition": "", **changes}  # fmt: skip
    return evaluate(CheckRequest(**fields), parse_registry(json.dumps(doc)), packs, now)


def without_caps(doc):
    doc = copy.deepcopy(doc)
    for one in doc["licences"]:
        one["max_screen_time_s"] = one["max_shots"] = None
    return doc


def remove_a_licence(doc, dice):
    # Taking away one that forbids would take away a prohibition with it.
    kept = [one for one in doc["licences"] if not one["forbidden_depictions"]]
    # Where it was accepted that there is none, a licence that fails is another, and unaccepted, reason.
    if any("no-licence" in one["codes"] for one in doc["waivers"]):
        return False
    return bool(kept) and _remove(doc, "licences", dice.choice(kept))


def _remove(doc, section, row):
    doc[section].remove(row)
    if section == "licences":
        doc["approvals"] = [one for one in doc["approvals"] if one["licence"] != row["id"]]
        doc["suspensions"] = [one for one in doc["suspensions"] if one["scope"]["value"] != row["id"]]
    return True


def narrow_a_scope(doc, dice):
    if not doc["licences"]:
        return False
    one = dice.choice(doc["licences"])
    names = [
        name
        for name, granted in one["scope"].items()
        if granted and not (name == "productions" and one["forbidden_depictions"])
    ]
    if not names:
        return False
    granted = one["scope"][dice.choice(names)]
    granted.remove(dice.choice(granted))
    return True


def remove_an_approval(doc, dice):
    kept = [one for one in doc["approvals"] if one["decision"] == "rejected"]
    removed = len(kept) < len(doc["approvals"])
    doc["approvals"] = kept
    return removed


def remove_an_exemption(doc, dice):
    return bool(doc["exemptions"]) and _remove(doc, "exemptions", dice.choice(doc["exemptions"]))


def remove_a_waiver(doc, dice):
    return bool(doc["waivers"]) and _remove(doc, "waivers", dice.choice(doc["waivers"]))


def revoke(doc, dice):
    if not doc["licences"]:
        return False
    one = dice.choice(doc["licences"])
    if one["status"] == "draft":
        return False  # what was never signed cannot be revoked
    one["status"], one["status_at"] = "revoked", "2026-11-01T00:00:00Z"
    return True


def suspend(doc, dice):
    kind, value = dice.choice(
        [("global", None), ("agreement", "sag"), ("performer", "perf-p1"), ("production", "HELIOS")]
    )
    doc["suspensions"].append(
        suspension(kind, value, id="S-new", reason=dice.choice(["strike", "court", "dispute"]))
    )
    return True


def forbid(doc, dice):
    if not doc["licences"]:
        return False
    dice.choice(doc["licences"])["forbidden_depictions"] = ["nudity", "violence"]
    return True


def reject(doc, dice):
    if not doc["licences"]:
        return False
    doc["approvals"].append(
        {"licence": dice.choice(doc["licences"])["id"], "shot": dice.choice(["A_010", "A_020", "B_010"]), "version": None,
         "source_range": None, "decision": "rejected", "by": "x", "at": "2026-11-19T00:00:00Z", "note": ""}
    )  # fmt: skip
    return True


HARMS = [
    remove_a_licence,
    narrow_a_scope,
    remove_an_approval,
    remove_an_exemption,
    remove_a_waiver,
    revoke,
    suspend,
    forbid,
    reject,
]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_less_permission_or_more_prohibition_never_improves_any_use(harm):
    worse = tried = 0
    for seed in SEEDS[:: max(1, len(SEEDS) // 110)]:
        doc, uses, changes = random_world(seed)
        before = without_caps(doc)
        after = copy.deepcopy(before)
        if not harm(after, random.Random(seed)):
            continue
        tried += 1
        for one, other in zip(
            answer(before, uses, changes).decisions, answer(after, uses, changes).decisions, strict=True
        ):
            assert one.outcome.rank <= other.outcome.rank, (seed, one, other)
            worse += one.outcome.rank < other.outcome.rank
    assert tried > 10
    assert worse, "this law was never put to the test"


@pytest.mark.parametrize(
    "harm", [h for h in HARMS if h is not remove_a_licence], ids=lambda harm: harm.__name__
)
def test_with_caps_it_never_improves_the_cut(harm):
    """One licence for each replica: with several, a licence that is taken away may hand its uses to one with a wider
    cap, and "an exhausted licence does not spill" says that before they were charged to the narrower one."""
    for seed in SEEDS[:: max(1, len(SEEDS) // 110)]:
        doc, uses, changes = random_world(seed)
        seen = set()
        for one in list(doc["licences"]):
            if one["performer"] in seen:
                _remove(doc, "licences", one)
            seen.add(one["performer"])
        after = copy.deepcopy(doc)
        if harm(after, random.Random(seed)):
            before = worst(one.outcome for one in answer(doc, uses, changes).decisions)
            assert before.rank <= worst(one.outcome for one in answer(after, uses, changes).decisions).rank, (
                seed
            )


def test_the_order_of_records_does_not_matter():
    for seed in SEEDS[::10]:
        doc, uses, changes = random_world(seed)
        shuffled = copy.deepcopy(doc)
        for rows in shuffled.values():
            if isinstance(rows, list):
                random.Random(seed).shuffle(rows)
        assert answer(doc, uses, changes) == answer(shuffled, uses, changes), seed


def test_a_registry_written_and_read_again_answers_the_same():
    for seed in SEEDS[::25]:
        doc, uses, changes = random_world(seed)
        again = registry_to_json(parse_registry(json.dumps(doc)))
        assert parse_registry(json.dumps(again)) == parse_registry(json.dumps(doc))
        assert answer(doc, uses, changes) == answer(again, uses, changes)


def test_uses_judged_together_are_judged_as_they_are_alone():
    """What is remembered of one use never leaks into another: the twin of judging alike uses once."""
    for seed in SEEDS[::10]:
        doc, uses, changes = random_world(seed)
        doc = without_caps(doc)
        together = answer(doc, uses, changes).decisions
        assert together == tuple(answer(doc, [one], changes).decisions[0] for one in uses), seed


def test_a_part_of_a_cut_is_never_judged_on_caps_as_if_it_were_the_whole():
    for seed in SEEDS[::20]:
        doc, uses, changes = random_world(seed)
        part = answer(doc, uses[:1], {**changes, "whole_cut": False})
        for one in part.decisions:
            capped = [
                doc_l
                for doc_l in doc["licences"]
                if doc_l["id"] in one.licences
                and (doc_l["max_shots"] is not None or doc_l["max_screen_time_s"] is not None)
            ]
            waived = any("screen-time-exceeded" in w["codes"] for w in doc["waivers"])
            assert not capped or waived or not one.outcome.may_publish, seed


# -- an error never clears ------------------------------------------------------------------------------------------


class Broken:
    """Raises whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError(f"secret {name}")


def test_an_error_in_one_use_makes_that_use_unknown_and_no_other():
    decisions = ask(world(), [use("A"), use("B", declared=Broken()), use("C")]).decisions
    assert [one.outcome for one in decisions] == [Outcome.CLEARED, Outcome.UNKNOWN, Outcome.CLEARED]
    (reason,) = decisions[1].reasons
    assert reason.code == "evaluation-error"
    assert "secret" not in reason.message + reason.remedy + str(reason.detail)


def test_an_error_while_charging_makes_every_capped_use_unknown(monkeypatch):
    doc = world(licences=[licence(max_screen_time_s="9"), licence(2)],
                performers=[{**world()["performers"][0], "id": f"perf-p{n}"} for n in (1, 2)],
                authorities=[{**world()["authorities"][0], "id": f"auth-p{n}", "performer": f"perf-p{n}"} for n in (1, 2)],
                replicas=[{**world()["replicas"][0], "id": f"rpl-p{n}", "performer": f"perf-p{n}"} for n in (1, 2)])  # fmt: skip
    uses = [use("A"), use("B", replica="rpl-p2")]
    assert [one.outcome.value for one in ask(doc, uses).decisions] == ["cleared", "cleared"]

    def fails(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(evaluate_module, "charge", fails)
    assert [one.outcome.value for one in ask(doc, uses).decisions] == ["unknown", "cleared"]


def test_an_error_before_any_use_makes_all_of_them_unknown():
    answer = ask(world(), [use("A"), use("B")], now=NOW.replace(tzinfo=None))
    assert [(one.outcome.value, one.reasons[0].code) for one in answer.decisions] == [
        ("unknown", "evaluation-error")
    ] * 2
    assert ask(world(), [use()], packs=(Broken(),)).decisions[0].outcome is Outcome.UNKNOWN


def test_a_waiver_never_lifts_an_error():
    doc = world(waivers=[waiver("evaluation-error", "unknown-replica")])
    assert ask(doc, [use(declared=Broken())]).decisions[0].outcome is Outcome.UNKNOWN
    assert codes(ask(doc, [use(replica="nobody")])) == ["unknown-replica"]
    assert ask(doc, [use(replica="nobody")]).decisions[0].outcome is Outcome.UNKNOWN


def test_an_index_answers_as_its_registry_does():
    doc, uses, changes = random_world(7)
    fields = {"production": "HELIOS", "cut_version": "v", "timebase": Timebase(Fraction(24)), "uses": tuple(uses),
              "policy": Policy(), "recognition": "", **changes}  # fmt: skip
    request, registry = CheckRequest(**fields), parse_registry(json.dumps(doc))
    index = RegistryIndex(registry)
    assert (
        evaluate(request, index, PACKS, NOW)
        == evaluate(request, index, PACKS, NOW)
        == evaluate(request, registry, PACKS, NOW)
    )


# Told by the cut, the scene, the backend or a bundle, not by a decision; errors have their tests above.
TOLD_ELSEWHERE = {
    "unidentified-replica", "asset-hash-mismatch", "shot-not-in-cut", "shot-ambiguous", "shot-unnamed", "cut-missing",
    "cut-unreadable", "cut-stale", "rate-unknown", "scene-unreadable", "scene-incomplete", "backend-unavailable",
    "backend-unauthorised", "backend-invalid-answer", "bundle-stale", "bundle-rollback", "signature-invalid",
    "clock-untrusted", "evaluation-error",
}  # fmt: skip
RARE = {"licence-conflict", "strike-suspended"}  # have their own tests in test_evaluate and test_worked_cases


def test_every_code_that_a_decision_can_have_comes_up_in_these_worlds():
    seen = set()
    for seed in range(700):
        doc, uses, changes = random_world(seed)
        seen |= {reason.code for one in answer(doc, uses, changes).decisions for reason in one.reasons}
    assert set(CATALOGUE) - TOLD_ELSEWHERE - RARE - seen == set()
    assert seen & TOLD_ELSEWHERE == set()
