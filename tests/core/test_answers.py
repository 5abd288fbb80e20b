"""What `evaluate` says on random worlds can be relied on by the check for contradictions, and survives the wire."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from clearcut.core.answers import answer_fault, in_request_order
from clearcut.core.evaluate import evaluate
from clearcut.core.reasons import reason
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.core.verdict import Decision, Outcome, Severity
from clearcut.core.wire import (
    answer_from_json,
    answer_to_json,
    request_from_json,
    request_to_json,
    strict_loads,
)
from clearcut.settings import load_packs
from fakes.worlds import NOW, use

_HERE = Path(__file__)
_SPEC = importlib.util.spec_from_file_location("random_worlds", _HERE.with_name("random_worlds.py"))
_WORLDS = importlib.util.module_from_spec(_SPEC)
sys.modules.setdefault("random_worlds", _WORLDS)
_SPEC.loader.exec_module(_WORLDS)


def case(seed):
    """A random request and its answer."""
    document, uses, changes = _WORLDS.random_world(seed)
    fields = {"production": "HELIOS", "cut_version": "v", "timebase": Timebase(Fraction(24)), "uses": tuple(uses),
              "policy": Policy(), "recognition": "", **changes}  # fmt: skip
    request = CheckRequest(**fields)
    registry = parse_registry(json.dumps(document))
    return request, evaluate(request, registry, load_packs() if seed % 2 else (), NOW)


@pytest.mark.parametrize("block", range(4))
def test_what_is_decided_never_contradicts_itself_and_comes_over_the_wire_unchanged(block):
    for seed in range(block * 100, block * 100 + 100):
        request, answer = case(seed)
        assert answer_fault(answer, request) is None, seed
        assert request_from_json(strict_loads(json.dumps(request_to_json(request)))) == request, seed
        sent = strict_loads(json.dumps(answer_to_json(answer)))
        assert answer_from_json(sent, request) == answer, seed


def test_turning_a_refusal_into_a_clearance_is_always_seen():
    """The one change that matters: a blocked or unknown use sent on as cleared, reasons and all."""
    refused = 0
    for seed in range(200):
        request, answer = case(seed)
        for index, decision in enumerate(answer.decisions):
            if decision.outcome.may_publish:
                continue
            refused += 1
            for outcome in Outcome:
                if outcome.may_publish:
                    bent = list(answer.decisions)
                    bent[index] = decision._replace(outcome=outcome)
                    assert answer_fault(replace(answer, decisions=tuple(bent)), request) is not None
    assert refused > 100


def bent(*, reasons=(), **changes):
    """What is wrong with an answer about three uses, after changes to it or to the decision of the second."""
    request = ASKED
    decisions = [Decision(one.id, Outcome.CLEARED, (), ("L-1",)) for one in request.uses]
    if changes.get("outcome"):
        decisions[1] = Decision("B@0", changes.pop("outcome"), tuple(changes.pop("why", ())), ("L-1",))
    values = {"decisions": tuple(decisions), "totals": (), "reasons": tuple(reasons), "as_of": NOW, **changes}
    return answer_fault(CheckAnswer(**values), request)


ASKED = CheckRequest("HELIOS", "v", Timebase(Fraction(24)), (use("A"), use("B"), use("C")), True, None, Policy(), "",
                     NOW)  # fmt: skip
UNHEARD = replace(reason("clock-untrusted", "x"), code="unheard-of", severity=Severity.WARN)
NEVER = replace(reason("evaluation-error", "x"), severity=Severity.WARN, detail={"waiver": "W-1"})
BLOCKS, WARNS = reason("licence-draft", "x"), replace(reason("licence-draft", "x"), severity=Severity.WARN)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"reasons": [reason("clock-untrusted", "x")]}, None),
        ({"reasons": [UNHEARD]}, "the reason code 'unheard-of' is not in the catalogue"),
        ({"reasons": [NEVER]}, "evaluation-error is waived, which nobody may do"),
        ({"decisions": ()}, "3 of 3 uses have no decision, the first of them 'A@0'"),
        ({"decisions": (Decision("A@0", Outcome.CLEARED, (), ("L-1",)),)},
         "2 of 3 uses have no decision, the first of them 'B@0'"),
        ({"outcome": Outcome.CLEARED, "why": [UNHEARD]}, "use B@0: the reason code 'unheard-of' is not in the catalogue"),
        ({"outcome": Outcome.UNKNOWN, "why": [BLOCKS]}, "use B@0: unknown beside a reason that blocks"),
        ({"outcome": Outcome.CLEARED, "why": [BLOCKS]}, "use B@0: cleared beside a reason that blocks"),
        ({"outcome": Outcome.UNKNOWN}, "use B@0: unknown without a reason that says why"),
        ({"outcome": Outcome.UNKNOWN, "why": [WARNS]}, "use B@0: unknown without a reason that says why"),
        ({"outcome": Outcome.BLOCKED}, "use B@0: blocked without a reason that blocks"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_said(changes, fault):
    assert bent(**changes) == fault


@pytest.mark.parametrize("order", ["ABC", "CAB"])
def test_decisions_come_in_the_order_of_the_question(order):
    decisions = tuple(Decision(f"{one}@0", Outcome.CLEARED, (), (one,)) for one in order)
    answer = CheckAnswer(decisions, (), (), NOW)
    back = in_request_order(answer, ASKED)
    assert [one.use for one in back.decisions] == ["A@0", "B@0", "C@0"]
    assert (back is answer) is (order == "ABC")
