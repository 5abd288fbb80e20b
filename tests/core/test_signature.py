"""Uses of one cut are judged apart wherever something looks at what they differ in, and together where nothing does."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import pytest

import clearcut.core.evaluate as evaluate_module
from clearcut.core.case import open_case
from clearcut.core.registry_index import RegistryIndex
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.signature import Signatures
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration
from clearcut.core.verdict import Severity
from fakes.worlds import NOW, approval, ask, exemption, licence, performer, replica, use, waiver, world

STRICT_IN_020 = Policy(severities=(SeverityRule("disclosure-missing", Severity.BLOCK, sequence="020"),))
UNSIGNED = licence(consent={"signed_at": None})
PER_VERSION = world(licences=[licence(approval="per_version")], approvals=[approval(version="v004")])
PER_SHOT = world(licences=[licence(approval="per_shot")],
                 approvals=[approval(source_range=[1001, 1025])])  # fmt: skip
DECLARED = {"exemption": "X-1"}

APART = {
    "a licence of some shots": (world(licences=[licence(scope={"shots": ["A"]})]), {"shot": "A"}, {"shot": "B"}),
    "a licence of some sequences": (
        world(licences=[licence(scope={"sequences": ["010"]})]), {"sequence": "010"}, {"sequence": "020"}),
    "a licence of some episodes": (
        world(licences=[licence(scope={"episodes": ["101"]})]), {"episode": "101"}, {"episode": "102"}),
    "a licence of some sequences of some shots": (
        world(licences=[licence(scope={"sequences": ["010"], "shots": ["HEL*"]})]),
        {"sequence": "010"}, {"sequence": "020"}),
    "a licence of some episodes of some shots": (
        world(licences=[licence(scope={"episodes": ["101"], "shots": ["HEL*"]})]),
        {"episode": "101"}, {"episode": "102"}),
    "a waiver of some shots": (
        world(licences=[UNSIGNED], waivers=[waiver("licence-draft", shots=["A"])]), {"shot": "A"}, {"shot": "B"}),
    "an exemption of some shots": (
        world(exemptions=[exemption(shots=["A"])], licences=[]), {"shot": "A"}, {"shot": "B"}),
    "an exemption of some shots beside a licence that says no": (
        world(exemptions=[exemption(shots=["A"])], licences=[UNSIGNED]), {"shot": "A"}, {"shot": "B"}),
    "approval of one shot": (
        world(licences=[licence(approval="per_shot")], approvals=[approval(shot="A")]), {"shot": "A"}, {"shot": "B"}),
    "approval of one version": (PER_VERSION, {"version": "v004"}, {"version": "v005"}),
    "approval of some frames": (
        PER_SHOT, {"source": (FrameRange(1001, 1025),)}, {"source": (FrameRange(1001, 1049),)}),
    "approval of frames that nobody knows": (PER_SHOT, {"source_known": True}, {"source_known": False}),
    "what it is used for": (world(), {"uses": ("stunt",)}, {"uses": ("dialogue",)}),
    "models that are kept": (world(), {}, {"models": ("p1.onnx",)}),
    "biometric files that are published": (world(), {}, {"biometric": ("p1.ply",)}),
    "whose replica it is": (world(performers=[performer(), performer(2)], replicas=[replica(), replica(2)]), {}, {"replica": "rpl-p2"}),
}  # fmt: skip


def outcomes(doc, said, policy=None):
    uses = [use(**{"shot": "HEL_020_0100", "first": 24 * at, **one}) for at, one in enumerate(said)]
    return [one.outcome.value for one in ask(doc, uses, policy=policy or Policy()).decisions]


@pytest.mark.parametrize("name", APART)
def test_uses_are_judged_apart_for_the_sake_of(name):
    doc, good, bad = APART[name]
    alone = {False: outcomes(doc, [good]), True: outcomes(doc, [bad])}
    assert alone[False] != alone[True]
    for order in permutations([False, False, True, True]):
        assert outcomes(doc, [bad if one else good for one in order]) == [alone[one][0] for one in order]


def test_uses_are_judged_apart_for_the_sake_of_a_rule_of_one_sequence():
    doc = world(
        replicas=[replica(category="synthetic", identifiers=[{"scheme": "synthetic-notice", "value": "N"}])]
    )
    doc["productions"][0]["delivery"]["disclosure"] = []
    said = [{"sequence": "010"}, {"sequence": "020"}, {"sequence": "010"}]
    assert outcomes(doc, said, STRICT_IN_020) == ["cleared_with_duties", "blocked", "cleared_with_duties"]
    assert outcomes(doc, said[::-1][:2], STRICT_IN_020) == ["cleared_with_duties", "blocked"]


def test_a_use_that_claims_an_exemption_is_judged_by_its_own_shot():
    doc = world(exemptions=[exemption(shots=["A"], replica="rpl-p1")], licences=[])
    said = [{"shot": one, **DECLARED} for one in ("A", "B", "A")]
    assert outcomes(doc, said) == ["exempt", "blocked", "exempt"]
    told = [
        one.reasons for one in ask(world(licences=[]), [use(one, **DECLARED) for one in ("A", "B")]).decisions
    ]
    assert ["recorded for rpl-p1 in A" in str(told[0]), "recorded for rpl-p1 in B" in str(told[1])] == [
        True,
        True,
    ]


# -- together ----------------------------------------------------------------------------------------------------------


def signatures(doc, policy=None):
    request = CheckRequest("HELIOS", "v041", Timebase(Fraction(24)), (), True, None, policy or Policy(), "")
    case = open_case(request, RegistryIndex(parse_registry(json.dumps(doc))), (), NOW)
    return Signatures(case, case.index.waivers_of.get("HELIOS", ()))


EVERYWHERE = {
    "shot": "B",
    "sequence": "020",
    "episode": "102",
    "version": "v005",
    "source": (),
    "source_known": False,
}


@pytest.mark.parametrize(
    ("doc", "differs"),
    [
        (world(), EVERYWHERE),
        (world(waivers=[waiver("licence-draft")]), EVERYWHERE),
        (world(waivers=[waiver("licence-draft", shots=["C"])]), EVERYWHERE),
        (world(licences=[licence(scope={"sequences": ["010"]})]), {**EVERYWHERE, "sequence": None}),
        (world(licences=[licence(scope={"episodes": ["101"]})]), {**EVERYWHERE, "episode": None}),
        (world(licences=[licence(scope={"shots": ["B"]})]),
         {**EVERYWHERE, "shot": "HEL_020_0100", "version": "v004", "source": (FrameRange(1001, 1025),),
          "source_known": True}),
    ],
    ids=["no licence asks", "a waiver of all shots", "a waiver of another shot", "only the sequence counts",
         "only the episode counts", "only the shot counts"],
)  # fmt: skip
def test_uses_are_judged_together_where(doc, differs):
    found = signatures(doc)
    assert found.of(use()) == found.of(use(**differs))


def test_only_where_no_name_counts_four_fields_tell_all():
    assert signatures(world()).of(use())[1]
    for doc in (world(waivers=[waiver("licence-draft")]), world(licences=[]), PER_VERSION,
                world(licences=[licence(scope={"sequences": ["010"]})]),
                world(licences=[licence(scope={"episodes": ["101"]})])):  # fmt: skip
        assert not signatures(doc).of(use())[1]
    assert not signatures(world()).of(use(**DECLARED))[1]
    assert not signatures(world(), STRICT_IN_020).of(use())[1]
    everywhere = Policy(severities=(SeverityRule("disclosure-missing", Severity.BLOCK),))
    assert signatures(world(), everywhere).of(use())[1]


def test_equal_declarations_have_one_number():
    found = signatures(world())
    one, equal, other = (
        Declaration(uses=("stunt",)),
        Declaration(uses=("stunt",)),
        Declaration(uses=("promo",)),
    )
    assert found.of(use(declared=one)) == found.of(use(declared=equal)) != found.of(use(declared=other))


def test_declarations_replicas_and_the_waivers_of_a_shot_are_looked_at_once(monkeypatch):
    found = signatures(world(waivers=[waiver("licence-draft")]))
    asked = use()
    first = found.of(asked)
    monkeypatch.setattr(found, "_number", None)
    monkeypatch.setattr(found, "_what_matters", None)
    monkeypatch.setattr("clearcut.core.signature.live_waivers", None)
    assert first == found.of(asked)


@pytest.mark.parametrize(
    ("sections", "signed"),
    [({}, 1), ({"waivers": [waiver("licence-draft")]}, 3)],
    ids=["by four fields where no name counts", "by their signature elsewhere"],
)
def test_alike_uses_are_judged_once_and_found_again(monkeypatch, sections, signed):
    calls = []

    def counted(owner, name):
        plain = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda self, *given: calls.append(name) or plain(self, *given))

    counted(evaluate_module._Judge, "_judge")
    counted(evaluate_module.Signatures, "of")
    declared = use().declared
    ask(world(**sections), [use(shot, declared=declared) for shot in "ABC"])
    assert (calls.count("_judge"), calls.count("of")) == (1, signed)
