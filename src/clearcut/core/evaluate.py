"""The decision: uses, a registry, rules and one moment in; one decision per use, with every reason, out.

Total: whatever goes wrong inside becomes `evaluation-error` on the use concerned, which is unknown and blocks; it is
never skipped. Uses that are alike for the registry are judged once; caps are charged over all of them at the end.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from clearcut.core.caps import charge, tallies
from clearcut.core.case import Case, Question, open_case
from clearcut.core.demand import demand_of
from clearcut.core.doubts import settled
from clearcut.core.exemptions import Claim, claimed
from clearcut.core.findings import Bench, Finding, hinders, in_order, live_waivers, outcome_of
from clearcut.core.freezing import maker, new
from clearcut.core.granting import Grant, grant, no_licence
from clearcut.core.licence import Licence
from clearcut.core.packs import RulePack
from clearcut.core.prohibitions import conflicts, disclosures, prohibitions
from clearcut.core.registry import Registry
from clearcut.core.registry_index import RegistryIndex
from clearcut.core.replica import Replica
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.signature import Signatures
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Decision, Outcome, Reason, Severity, Total, decisions_of

__all__ = ["RegistryIndex", "evaluate"]


_total_of = maker(Total)  # one for each licence that a cut is charged to


class _Judged(NamedTuple):
    """What a use comes to before caps; the same for all uses that are alike. A `Decision` without its use."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    licences: tuple[str, ...] = ()
    performer: str | None = None
    expires: datetime | None = None


def evaluate(
    request: CheckRequest, registry: Registry | RegistryIndex, packs: tuple[RulePack, ...], now: datetime
) -> CheckAnswer:
    """Decides every use of the request, in its order, at `now` (aware; `request.now` is not looked at).

    An index built once may stand for the registry. Never raises for well-typed input.
    """
    try:
        if now.tzinfo is None:
            raise ValueError("a moment without a zone")
        index = registry if isinstance(registry, RegistryIndex) else RegistryIndex(registry)
        case = open_case(request, index, packs, now)
        judge = _Judge(case, request)
    except Exception as error:  # noqa: BLE001  # an entry point: what went wrong blocks every use
        failed = _failed(error)
        return CheckAnswer(_decisions(request, [failed] * len(request.uses)), (), (), now, request.doubts)
    judged = judge.all(request.uses)
    try:
        judged, totals = _with_caps(judge, request, judged)
    except Exception as error:  # noqa: BLE001  # as above, for every use that a cap could refuse
        judged, totals = _without_caps(case, judged, error), ()
    return CheckAnswer(_decisions(request, judged), totals, (), now, settled(request, judge.waivers, now))


def _decisions(request: CheckRequest, judged: list[_Judged]) -> tuple[Decision, ...]:
    return decisions_of([use.id for use in request.uses], judged)


def _failed(error: Exception) -> _Judged:
    """What a failure comes to: where and of what kind, never its text, which may hold what is private."""
    last = traceback.extract_tb(error.__traceback__)[-1]  # it was caught, so there is one
    trace = f"{type(error).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}"
    reason = Bench.plain().settle(
        Finding("evaluation-error", f"judging failed: {trace}", f"report {trace}", detail={"trace": trace})
    )
    return _Judged(Outcome.UNKNOWN, (reason,))


class _Judge:
    """Judges the uses of one case, each kind of use once."""

    def __init__(self, case: Case, request: CheckRequest) -> None:
        self.case = case
        self.waivers = case.index.waivers_of.get(case.production.id, ())
        self.signatures = Signatures(case, self.waivers)
        self.known: dict[object, _Judged] = {}
        # By the identity of what was declared, which lives as long as the request does.
        self.nameless: dict[tuple[str, int, tuple[str, ...], tuple[str, ...]], _Judged] = {}
        self.request = request

    def all(self, uses: tuple[ReplicaUse, ...]) -> list[_Judged]:
        """What each use comes to before caps, in their order."""
        # This line runs for every use of a cut: where no name of a use matters, four of its fields tell all.
        known, judge = self.nameless, self.use
        try:
            return [
                known.get((use.replica, id(use.declared), use.models, use.biometric)) or judge(use)
                for use in uses
            ]
        except Exception:  # noqa: BLE001  # a use that cannot even be looked up fails alone
            return [judge(use) for use in uses]

    def use(self, use: ReplicaUse) -> _Judged:
        """What one use comes to before caps."""
        try:
            signature, nameless = self.signatures.of(use)
            judged = self.known.get(signature)
            if judged is None:
                judged = self.known[signature] = self._judge(use)
            if nameless:
                self.nameless[use.replica, id(use.declared), use.models, use.biometric] = judged
            return judged
        except Exception as error:  # noqa: BLE001  # an error never clears: this use becomes unknown
            return _failed(error)

    def bench(self, use: ReplicaUse) -> Bench:
        """What settles the findings of a use."""
        waivers = live_waivers(self.waivers, use.shot, self.case.now) if self.waivers else ()
        return new(Bench, (self.case.policy, use.sequence, waivers))

    def _judge(self, use: ReplicaUse) -> _Judged:
        bench, registry = self.bench(use), self.case.index.registry
        replica = registry.replicas.get(use.replica)
        if replica is None:
            message = f"the registry does not know replica {use.replica!r}"
            return _refused(
                bench,
                [
                    Finding(
                        "unknown-replica",
                        message,
                        f"register {use.replica!r}, or correct its name in the edit",
                    )
                ],
            )
        performer = registry.performers.get(replica.performer) if replica.performer is not None else None
        if performer is None:
            return _nobodys(bench, use, replica)
        demand = demand_of(use.declared, replica, self.case.wanted)
        asked = self.case.demands.of(demand, replica)
        return self._weigh(new(Question, (use, demand, replica, performer, asked)), bench)

    def _weigh(self, question: Question, bench: Bench) -> _Judged:
        case = self.case
        claim = claimed(case, question)
        exempt = claim.accepted is not None
        findings = _files(question.use)
        findings += _unsaid(question, registered=case.registered, named=self.request.production)
        findings += prohibitions(case, question, exempt=exempt)
        findings += disclosures(case, question)
        if claim.accepted is not None:
            reasons = [bench.settle(each) for each in findings]
            best, held = Outcome.EXEMPT, Grant(complete=True)
        else:
            if not case.wanted.complete:
                findings.append(_no_profile(case))
            held = grant(case, question, bench)
            if question.demand.depictions:
                findings += conflicts(case, question, held.granting)
            findings += _claims(claim, held) if claim.unsupported else ()
            reasons = [bench.settle(each) for each in findings]
            reasons += _explained(claim, question, bench, held) if claim.withdrawn else held.reasons
            best = Outcome.CLEARED
        told = in_order(reasons)
        outcome = outcome_of(told, best=best)
        if not held.complete and outcome.may_publish:
            raise ArithmeticError("atoms are left over and nothing hinders")
        ends = [one.valid_until for one in held.charged if one.valid_until is not None]
        charged = tuple([one.id for one in held.charged])
        return new(_Judged, (outcome, told, charged, question.called, min(ends, default=None)))


def _refused(bench: Bench, findings: list[Finding]) -> _Judged:
    """What findings come to of which one always hinders; were there none, nothing would be known."""
    told = in_order([bench.settle(each) for each in findings])
    outcome = outcome_of(told, best=Outcome.UNKNOWN)
    return _Judged(Outcome.UNKNOWN if outcome.may_publish else outcome, told)


def _nobodys(bench: Bench, use: ReplicaUse, replica: Replica) -> _Judged:
    """A replica of nobody known: without a performer there is no licence to look at, whatever is waived."""
    files = _files(use)
    finding = Finding(
        "unknown-performer",
        f"nobody has recorded whose replica {replica.id} is",
        f"link replica {replica.id} to a performer",
    )
    if not hinders(bench.settle(finding)):
        lacking = Finding(
            "no-licence",
            f"no licence can list {replica.id} of nobody known",
            f"request consent for {use.shot}",
            fixed=True,
        )
        return _refused(bench, [*files, finding, lacking])
    return _refused(bench, [*files, finding])


def _files(use: ReplicaUse) -> list[Finding]:
    return [
        Finding(
            "biometric-in-publish",
            f"{path} is raw biometric data of {use.replica}",
            f"detach {path}",
            detail={"path": path},
        )
        for path in use.biometric
    ]


def _unsaid(question: Question, *, registered: bool, named: str | None) -> Iterable[Finding]:
    """What nobody said, and without which nothing can be judged. No waiver says it for them."""
    replica, demand = question.replica.id, question.demand
    if demand.without_use:
        yield Finding(
            "use-not-permitted",
            f"nobody says what {replica} is used for",
            f"declare its uses in the edit, or give {replica} a default use",
            severity=Severity.UNKNOWN,
            fixed=True,
        )
    if demand.without_modality:
        yield Finding(
            "modality-not-permitted",
            f"nobody says whether {replica} shows face, body, voice or motion",
            f"record the modalities of {replica}",
            severity=Severity.UNKNOWN,
            fixed=True,
        )
    if not registered:
        which = (
            f"the registry does not know production {named!r}"
            if named
            else "nobody says which production this is"
        )
        yield Finding(
            "production-out-of-scope",
            which,
            "register the production, or correct its id"
            if named
            else "name the production with --production",
            severity=None if named else Severity.UNKNOWN,
            fixed=True,
        )


def _no_profile(case: Case) -> Finding:
    lacks = (
        "has no delivery profile"
        if case.production.delivery is None
        else "has an incomplete delivery profile"
    )
    return Finding(
        "delivery-profile-missing",
        f"{case.production.id or 'the production'} {lacks}: what it does not name is demanded whole",
        "define the delivery profile (media, territories, languages)",
    )


def _claims(claim: Claim, held: Grant) -> Iterable[Finding]:
    """Claims that do not hold: they refuse a use that lives on them, and are only told where licences grant it."""
    for one in claim.unsupported:
        yield (
            Finding(one.code, one.message, one.remedy, None, one.detail, Severity.WARN, fixed=True)
            if held.complete
            else one
        )


def _explained(claim: Claim, question: Question, bench: Bench, held: Grant) -> Iterable[Reason]:
    """The grant's reasons; a missing licence says which exemption a rule pack has taken away."""
    for reason in held.reasons:
        if reason.code == "no-licence":
            told = bench.settle(no_licence(question, claim.withdrawn))
            yield Reason(
                told.code,
                told.severity,
                told.message,
                told.remedy,
                told.who,
                None,
                {**told.detail, **(claim.detail or {})},
            )
        else:
            yield reason


def _with_caps(
    judge: _Judge, request: CheckRequest, judged: list[_Judged]
) -> tuple[list[_Judged], tuple[Total, ...]]:
    """Charges every licence with its uses, and adds what its caps find."""
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    totals: list[Total] = []
    for name, tally in sorted(tallies(judged, request.uses).items()):
        licence = judge.case.index.registry.licences[name]
        sums = charge(
            licence,
            tally,
            request.uses,
            request.timebase,
            whole_cut=request.whole_cut,
            near_percent=request.policy.near_cap_percent,
        )
        totals.append(_total(judge.case, licence, sums.ticks, request))
        for at, finding in sums.findings:
            found[at].append(finding)
    out = list(judged)
    for at, findings in found.items():
        bench, one = judge.bench(request.uses[at]), judged[at]
        told = in_order([*one.reasons, *(bench.settle(each) for each in findings)])
        out[at] = one._replace(outcome=outcome_of(told, best=one.outcome), reasons=told)
    return out, tuple(totals)


def _total(case: Case, licence: Licence, ticks: int, request: CheckRequest) -> Total:
    timebase = request.timebase
    called = case.index.pseudonym(licence.performer)
    return _total_of(
        licence.id, called, timebase.whole_frames(ticks), timebase.seconds(ticks), licence.max_screen_time_s
    )


def _without_caps(case: Case, judged: list[_Judged], error: Exception) -> list[_Judged]:
    """When charging failed: no use that a cap could refuse is cleared."""
    failed = _failed(error)
    licences = case.index.registry.licences
    out = []
    for one in judged:
        held = [licences.get(name) for name in one.licences]
        capped = any(
            each is None or each.max_screen_time_s is not None or each.max_shots is not None for each in held
        )
        if capped:
            told = in_order([*one.reasons, *failed.reasons])
            one = one._replace(outcome=outcome_of(told, best=one.outcome), reasons=told)  # noqa: PLW2901
        out.append(one)
    return out
