"""Claims that a use needs no consent: recorded, with a basis, a role that may claim it, and evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from clearcut.core.case import Case, Question
from clearcut.core.demand import Demand
from clearcut.core.demands import concerns, source_of
from clearcut.core.findings import Finding
from clearcut.core.handwriting import seen
from clearcut.core.licence import Exemption
from clearcut.core.name_globs import any_matches
from clearcut.core.packs import EffectKind
from clearcut.core.replica import Replica
from clearcut.core.verdict import Detail

# Who may claim what. Law is for legal to claim; what was shot and what can be seen a supervisor knows.
ROLES = {
    "as_scripted": ("supervisor", "producer", "legal"),
    "unsafe_for_human": ("supervisor", "producer", "legal"),
    "unrecognisable": ("supervisor", "producer", "legal"),
    "customary_post": ("supervisor", "producer", "legal"),
    "permitted_dub_or_double": ("supervisor", "producer", "legal"),
    "first_amendment": ("legal",),
}
DUB_OR_DOUBLE = "permitted_dub_or_double"
_PERMITTED = {DUB_OR_DOUBLE}  # bases that exist only where an agreement permits them
_DUB_OR_DOUBLE_USES = frozenset({"dub", "stunt", "reshoot"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What the exemptions of one use come to: one that holds, or what is wrong with those that do not.

    `withdrawn` says which one a rule pack has taken away, "" if none: that is no fault of the claim.
    """

    accepted: Exemption | None = None
    unsupported: tuple[Finding, ...] = ()
    withdrawn: str = ""
    detail: Detail | None = None


_NO_CLAIM = Claim()


def claimed(case: Case, question: Question) -> Claim:
    """The exemption for this use; the edit may claim one by its id, which must then be on record for it."""
    use, replica, named = question.use, question.replica, question.use.declared.exemption
    recorded = case.index.exemptions_of.get((case.production.id, replica.id), ())
    if not recorded and named is None:
        return _NO_CLAIM
    recorded = tuple(one for one in recorded if any_matches(one.shots, use.shot))
    unsupported: list[Finding] = []
    withdrawn, detail = "", None
    for one in recorded:
        faults = tuple(_faults(case, question.demand, one))
        taken = _withdrawal(case, question.demand, replica, one)
        if not faults and taken is None:
            return Claim(accepted=one)
        if faults:
            unsupported.append(_unsupported(one.id, "; ".join(faults)))
        elif taken is not None:
            withdrawn, detail = f"{one.id} does not serve: {taken['clause']} ({taken['pack']})", taken
    if named is not None and named not in {one.id for one in recorded}:
        unsupported.append(
            _unsupported(named, f"no such exemption is recorded for {replica.id} in {use.shot}")
        )
    return Claim(None, tuple(unsupported), withdrawn, detail)


def _unsupported(name: str, faults: str) -> Finding:
    return Finding(
        "exemption-unsupported",
        f"exemption {name} does not hold: {faults}",
        f"mend {name}: attach the evidence, or have the right role claim it",
        detail={"exemption": name},
    )


def _faults(case: Case, demand: Demand, exemption: Exemption) -> Iterator[str]:
    if not any(one.uri.strip() for one in exemption.evidence):
        yield "no evidence is attached"
    if not seen(exemption.claimant):
        yield "nobody is named as its claimant"
    if exemption.role not in ROLES.get(exemption.basis, ()):
        yield f"a {exemption.role} may not claim {exemption.basis}"
    expires = exemption.expires
    if expires is not None:
        over = case.now >= expires if isinstance(expires, datetime) else case.today > expires
        if over:
            yield f"it expired {expires}"
    if exemption.basis == DUB_OR_DOUBLE and not (
        _DUB_OR_DOUBLE_USES.intersection(demand.uses) or "lip_resync" in demand.alterations
    ):
        yield "the use is neither a dub nor a double"


def _withdrawal(case: Case, demand: Demand, replica: Replica, exemption: Exemption) -> Detail | None:
    """The clause by which the basis no longer serves; None while it does.

    A basis that lives on an agreement's permission serves only where a pack in force gives it.
    """
    permitted = exemption.basis not in _PERMITTED
    for one in case.demands.effects:
        if exemption.basis not in one.effect.values or not concerns(one.effect, demand, replica):
            continue
        if one.effect.kind is EffectKind.WITHDRAW_EXEMPTION:
            return source_of(one)
        permitted = permitted or one.effect.kind is EffectKind.PERMIT_EXEMPTION
    if permitted:
        return None
    return {
        "pack": "none",
        "clause": f"no rule pack in force permits {exemption.basis}",
        "single_source": False,
    }
