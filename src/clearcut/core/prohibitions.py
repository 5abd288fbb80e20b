"""What stands against a use whoever licensed it: hard rules, forbidden depictions, suspensions, files in the publish.

Prohibitions win over permissions. An exemption lifts the need for a licence, and with it a strike; nothing else here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from clearcut.core.case import Case, Question
from clearcut.core.demands import AGE_OF_MAJORITY, source_of
from clearcut.core.findings import Finding
from clearcut.core.licence import Licence, LicenceStatus, Suspension, Training
from clearcut.core.moments import age_on
from clearcut.core.replica import CaptureSource, Category, Replica
from clearcut.core.terms import INTIMATE, in_its_term, made_for_here, status_now
from clearcut.core.verdict import Severity

# A background performer who speaks or is followed is none (guild agreements; case S5).
PRINCIPAL_USES = frozenset({"principal", "dialogue", "dub"})
_DATED_LATER = (CaptureSource.ARCHIVAL, CaptureSource.THIRD_PARTY, CaptureSource.TRAINED_MODEL)
_CAPTURED = (CaptureSource.SCAN_SESSION, CaptureSource.ONSET_PHOTOGRAPHY)
# No performer was scanned for a replica before (the first Light Stage is of 2000).
_FIRST_SCANS = date(2000, 1, 1)


def prohibitions(case: Case, question: Question, *, exempt: bool) -> Iterator[Finding]:
    """Everything that stands against the use, in no particular order."""
    depicts = bool(question.demand.depictions)
    if depicts:
        yield from _minors(case, question)
    if case.suspensions:
        yield from _suspended(case, question, exempt=exempt)
    if depicts:
        yield from _forbidden(case, question)
    if question.replica.category is Category.BACKGROUND:
        yield from _background(question)
    if exempt:
        yield from _models_without_licence(case, question)


def _minors(case: Case, question: Question) -> Iterator[Finding]:
    shown = " and ".join(sorted(INTIMATE.intersection(question.demand.depictions)))
    if not shown:
        return
    replica, born, called = question.replica, question.performer.born, question.called
    out = "take it out of the shot: nothing permits it"
    if born is None:
        yield Finding(
            "minor-prohibited",
            f"{shown}: whether {called} is of age cannot be told without a date of birth",
            f"record the date of birth of {called}",
            severity=Severity.UNKNOWN,
        )
        return
    captured = replica.captured_on
    if captured is not None and age_on(born, captured) < AGE_OF_MAJORITY:
        yield Finding(
            "minor-prohibited",
            f"{shown}: {called} was a minor when {replica.id} was captured on {captured}",
            out,
        )
    died = question.performer.died
    if died is not None and age_on(born, died) < AGE_OF_MAJORITY:
        # Whoever died a minor never comes of age, and everything that shows them was made of a minor.
        yield Finding("minor-prohibited", f"{shown}: {called} died a minor", out)
    elif age_on(born, case.today) < AGE_OF_MAJORITY:
        yield Finding("minor-prohibited", f"{shown}: {called} is a minor", out)
    if captured is None and _may_show_a_minor(replica, born):
        yield Finding(
            "minor-prohibited",
            f"{shown}: whether {called} was of age in the material of {replica.id} cannot be told without its date",
            f"record when {replica.id} was captured",
            severity=Severity.UNKNOWN,
        )
    if "de_age" in question.demand.alterations:
        yield Finding(
            "minor-prohibited",
            f"{shown}: whether the de-aged {called} is shown as a minor cannot be told",
            "take the depiction or the de-ageing out of the shot",
            severity=Severity.UNKNOWN,
        )


def _may_show_a_minor(replica: Replica, born: date) -> bool:
    """Whether material of no date may be older than its performer's coming of age."""
    if replica.capture_source in _DATED_LATER:
        return True
    return replica.capture_source in _CAPTURED and age_on(born, _FIRST_SCANS) < AGE_OF_MAJORITY


def _suspended(case: Case, question: Question, *, exempt: bool) -> Iterator[Finding]:
    for one in case.suspensions:
        if one.kind == "licence" or (exempt and one.reason == "strike"):
            continue
        what = _reached(case, question, one)
        if what:
            yield case.suspended(one, what)


def _reached(case: Case, question: Question, suspension: Suspension) -> str:
    """What of this use the suspension stops; "" when it stops something else. A kind nobody knows stops all."""
    kind, value = suspension.kind, suspension.value
    if kind == "agreement":
        agreement = case.production.agreement
        return f"agreement {agreement or value}" if not agreement or agreement.startswith(value) else ""
    if kind == "production":
        return f"production {value}" if value == case.production.id else ""
    if kind == "performer":
        return f"performer {question.called}" if value == question.performer.id else ""
    return "all work"


def _forbidden(case: Case, question: Question) -> Iterator[Finding]:
    """What any licence of the performer that covers the production forbids.

    A licence that was revoked or suspended still forbids what it forbade: its performer has not consented to more.
    """
    for licence in case.index.licences_of.get(question.performer.id, ()):
        if forbids_here(case, licence):
            yield from _bans(question, licence)


def bans_relied_on(case: Case, question: Question, licence: Licence) -> Iterable[Finding]:
    """What a licence that is not in force here forbids: who accepts it by a waiver all the same has its bans with it."""
    return _bans(question, licence) if question.demand.depictions and not forbids_here(case, licence) else ()


def _bans(question: Question, licence: Licence) -> Iterator[Finding]:
    forbidden = sorted(set(question.demand.depictions).intersection(licence.forbidden_depictions))
    if forbidden:
        shown = " and ".join(forbidden)
        yield Finding(
            "depiction-forbidden",
            f"{licence.id} forbids {shown}",
            f"take {shown} out of the shot, or have {licence.id} changed",
            licence.id,
            {"depictions": forbidden},
        )


def forbids_here(case: Case, licence: Licence) -> bool:
    """Whether the licence's prohibitions hold for this production now."""
    productions = licence.scope.productions
    if productions != ("*",) and case.production.id not in productions:
        return False
    return status_now(licence, case.now) in (
        LicenceStatus.ACTIVE,
        LicenceStatus.SUSPENDED,
        LicenceStatus.REVOKED,
    ) and in_its_term(licence, case.now)


def conflicts(case: Case, question: Question, granting: tuple[Licence, ...]) -> Iterator[Finding]:
    """Two active licences of which one grants what the other forbids."""
    for one in granting:
        for other in case.index.licences_of.get(question.performer.id, ()):
            forbidden = set(question.demand.depictions).intersection(other.forbidden_depictions)
            forbidden.difference_update(one.forbidden_depictions)
            active = status_now(other, case.now) is LicenceStatus.ACTIVE
            if forbidden and active and other.id != one.id and forbids_here(case, other):
                shown = " and ".join(sorted(forbidden))
                yield Finding(
                    "licence-conflict",
                    f"{one.id} grants the use and {other.id} forbids {shown} in it",
                    f"settle which of {one.id} and {other.id} holds",
                    one.id,
                    {"licences": [one.id, other.id], "depictions": sorted(forbidden)},
                )


def _background(question: Question) -> Iterator[Finding]:
    as_principal = sorted(PRINCIPAL_USES.intersection(question.demand.uses))
    if as_principal:
        yield Finding(
            "background-as-principal",
            f"{question.replica.id} was made of {question.called} as background, and is used as {' and '.join(as_principal)}",
            f"obtain principal terms for {question.called}, and record {question.replica.id} in the category they give it",
            detail={"uses": as_principal},
        )


def _models_without_licence(case: Case, question: Question) -> Iterator[Finding]:
    """An exemption from consent to be shown is none from consent to be trained on, in this production."""
    if not question.use.models:
        return
    models, called, here = ", ".join(question.use.models), question.called, case.production.id
    permitting = [
        one
        for one in case.index.licences_listing(question.replica.id)
        if one.training is not Training.NONE
        and status_now(one, case.now) is LicenceStatus.ACTIVE
        and in_its_term(one, case.now)
        and (one.scope.productions == ("*",) or here in one.scope.productions)
    ]
    if not permitting:
        yield Finding(
            "training-not-permitted",
            f"no licence permits a model trained on {called} here: {models}",
            f"remove {models}, or have training permitted",
            detail={"models": list(question.use.models)},
        )
    elif not any(made_for_here(case, question, one) for one in permitting):
        made = question.replica.trained_for or "nobody says what"
        yield Finding(
            "model-out-of-scope",
            f"{models} was trained for {made}, not for {here}",
            f"retrain {models} within {here}",
            detail={"models": list(question.use.models), "trained_for": question.replica.trained_for},
        )


def disclosures(case: Case, question: Question) -> Iterator[Finding]:
    """Disclosure that a rule pack in force demands, or that good practice misses."""
    given, found = case.disclosed, False
    for one in question.asked.disclosures:
        means = one.effect.values
        if given.intersection(means) if means else given:
            continue
        found = True
        add = " or ".join(means) if means else "a disclosure, such as end_credit,"
        yield Finding(
            "disclosure-missing",
            f"the delivery of {case.production.id} lacks a disclosure: {one.effect.clause} ({one.pack})",
            f"add {add} to the delivery profile",
            detail=source_of(one),
            demanded=one.effect.severity or Severity.BLOCK,
        )
    altered = (
        "face_replacement" in question.demand.alterations or question.replica.category is Category.SYNTHETIC
    )
    if altered and not given and not found:
        yield Finding(
            "disclosure-missing",
            f"the delivery of {case.production.id} says nowhere that {question.called} is replaced or generated",
            "add a disclosure, such as end_credit, to the delivery profile",
        )
