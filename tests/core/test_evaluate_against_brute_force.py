"""The indexed evaluator and the slow one agree on random worlds."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from clearcut.core.evaluate import evaluate
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from fakes.worlds import NOW


def beside(name):
    """A module of this folder; the tests are no package (importmode=importlib)."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


Brute = beside("brute_force").Brute
random_world = beside("random_worlds").random_world
ORDER = ["exempt", "cleared", "cleared_with_duties", "unknown", "blocked"]


def compare(seed):
    doc, uses, changes = random_world(seed)
    fields = {"production": "HELIOS", "cut_version": "v", "timebase": Timebase(Fraction(24)), "uses": tuple(uses),
              "policy": Policy(), "recognition": "", **changes}  # fmt: skip
    request, registry = CheckRequest(**fields), parse_registry(json.dumps(doc))
    answer = evaluate(request, registry, (), NOW)
    brute = Brute(request, registry, NOW)
    slow = brute.cut()
    charged = [set(one.licences) for one in answer.decisions]
    blocked, unknown, totals = brute.caps(charged)
    for index, (decision, (outcome, _, granting)) in enumerate(zip(answer.decisions, slow, strict=True)):
        expected = max(
            [outcome, *["blocked"] * (index in blocked), *["unknown"] * (index in unknown)], key=ORDER.index
        )
        assert decision.outcome.value == expected, (seed, index, decision, slow[index])
        # Licences that grant are charged; beyond them only refused uses charge one that would have granted.
        assert granting <= charged[index], (seed, index, decision, slow[index])
        assert granting == charged[index] or outcome == "blocked", (seed, index, decision, slow[index])
    assert {one.licence: one.frames for one in answer.totals} == totals, seed
    return [one.outcome.value for one in answer.decisions]


def test_both_agree_and_the_worlds_hold_every_outcome():
    seen = [outcome for seed in range(600) for outcome in compare(seed)]
    assert set(seen) == set(ORDER)
    assert seen.count("cleared") > len(seen) / 20


@pytest.mark.fuzz
@pytest.mark.skipif(not os.environ.get("CLEARCUT_FUZZ"), reason="long: `make fuzz`")
def test_both_agree_on_a_hundred_thousand_worlds():
    for seed in range(10_000, 110_000):
        compare(seed)
