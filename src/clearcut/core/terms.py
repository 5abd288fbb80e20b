"""A licence's terms that are not dimensions of its scope: status, dates, authority, consent, age, pay, models.

Each term that fails is a `Finding`; a licence with one that hinders grants nothing, and another may. What bears on
the use as a whole, whichever licence grants it, is in `prohibitions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timezone

from clearcut.core.approvals import approval_terms
from clearcut.core.case import Case, Question
from clearcut.core.demands import AGE_OF_MAJORITY
from clearcut.core.findings import Finding
from clearcut.core.handwriting import seen
from clearcut.core.licence import (
    ApprovalNeeded,
    Authority,
    AuthorityKind,
    Licence,
    LicenceStatus,
    Training,
)
from clearcut.core.moments import age_on, day_of, hours, last_second_of, on, years_after
from clearcut.core.name_globs import any_matches
from clearcut.core.packs import EffectKind
from clearcut.core.replica import CaptureSource, Category
from clearcut.core.verdict import Severity

_STATUS_CODES = {
    LicenceStatus.REVOKED: "licence-revoked",
    LicenceStatus.SUSPENDED: "licence-suspended",
    LicenceStatus.SUPERSEDED: "licence-superseded",
}
_ANY = ("*",)
_BY_GLOBS = ("episode", "sequence", "shot")  # the others are ids, which match as a whole
SYNTHETIC_NOTICE = "synthetic-notice"
INTIMATE = frozenset({"nudity", "simulated_sex"})
# Whose right to grant ends with the performer's life.
OF_THE_LIVING = (AuthorityKind.SELF, AuthorityKind.AGENT, AuthorityKind.GUARDIAN)


def failing_terms(case: Case, question: Question, licence: Licence) -> list[Finding]:
    """Every term that fails or warns, in no particular order."""
    minor = _by_a_minor(question, licence)
    single = (
        _length(question, licence, minor=minor),
        _facility(case, licence),
        _pay(case, licence),
        _models(case, question, licence),
        _synthetic(question, licence),
    )
    failing = [
        *lifecycle(case, licence),
        *_authority(case, question, licence),
        *_consent(question, licence),
        *_units(case, question, licence),
        *_windows(case, licence),
        *filter(None, single),
    ]
    if minor:
        failing += _minors(case, question, licence)
    if licence.approval is not ApprovalNeeded.NONE or licence.id in case.index.approved_licences:
        failing += approval_terms(case, question, licence)
    return failing


def _by_a_minor(question: Question, licence: Licence) -> bool:
    """Whether the performer was a minor on the day of signing; not if nobody knows the age or the day."""
    born, signed = question.performer.born, licence.consent.signed_at or licence.valid_from
    return born is not None and signed is not None and age_on(born, day_of(signed)) < AGE_OF_MAJORITY


def status_now(licence: Licence, now: datetime) -> LicenceStatus:
    """The status that holds at a moment: one that begins later does not yet, and before it the licence was active.

    A licence made active later than `now` was a draft then. Without a moment a status has always held.
    """
    begun = licence.status_at is None or licence.status_at <= now
    if begun or licence.status is LicenceStatus.DRAFT:
        return licence.status
    return LicenceStatus.DRAFT if licence.status is LicenceStatus.ACTIVE else LicenceStatus.ACTIVE


def in_its_term(licence: Licence, now: datetime) -> bool:
    """Whether `now` lies in `[from, until)`. Without a start it begins at its signature, and without one never."""
    start = licence.valid_from or licence.consent.signed_at
    return start is not None and start <= now and (licence.valid_until is None or now < licence.valid_until)


def lifecycle(case: Case, licence: Licence) -> Iterator[Finding]:
    """Status, signature, term, and suspensions of this one licence."""
    name, now, signed = licence.id, case.now, licence.consent.signed_at
    status = status_now(licence, now)
    if status is LicenceStatus.DRAFT:
        yield _of(licence, "licence-draft", f"{name} is still a draft", f"have {name} signed")
    elif signed is None or signed > now:
        when = "there is no signature on it" if signed is None else f"it is signed on {on(signed)}"
        yield _of(
            licence,
            "licence-draft",
            f"{name} is not signed: {when}",
            f"have {name} signed, or record when it was",
        )
    elif status is not LicenceStatus.ACTIVE:
        yield _stopped(licence, status)
    start = licence.valid_from or signed
    if start is None or now < start:
        begins = "has no first day" if start is None else f"begins only on {on(start)}"
        wait = (
            f"record when {name} begins"
            if start is None
            else f"wait until {on(start)}, or ask for an earlier start of {name}"
        )
        yield _of(licence, "licence-not-yet-valid", f"{name} {begins}", wait)
    if licence.valid_until is not None and now >= licence.valid_until:
        ended = on(licence.valid_until)
        yield _of(
            licence,
            "licence-expired",
            f"{name} ended {ended}",
            f"renew {name} (ended {ended})",
            ended=licence.valid_until.isoformat(),
        )
    for one in case.suspensions:
        if one.kind == "licence" and one.value == licence.id:
            yield case.suspended(one, f"licence {name}", licence.id)


def _stopped(licence: Licence, status: LicenceStatus) -> Finding:
    name, since = licence.id, "" if licence.status_at is None else f" on {on(licence.status_at)}"
    remedy = {
        LicenceStatus.REVOKED: f"take the replica out of the shot, or obtain a new licence in place of {name}",
        LicenceStatus.SUSPENDED: f"wait until the suspension of {name} is lifted",
    }.get(status, f"use the licence that replaced {name}")
    return _of(licence, _STATUS_CODES[status], f"{name} was {status.value}{since}", remedy)


def _authority(case: Case, question: Question, licence: Licence) -> Iterator[Finding]:
    authority = case.authority_of(licence)
    name, whose = licence.id, question.called
    if authority is None:
        yield _of(
            licence,
            "authority-not-verified",
            f"{name} names nobody who could grant it",
            f"record who granted {name}",
        )
        return
    if authority.performer != licence.performer:
        yield _of(
            licence,
            "authority-not-verified",
            f"{authority.id}, who granted {name}, acts for another performer than {whose}",
            f"prove the right of whoever granted {name}",
        )
    if not authority.verified:
        yield _of(
            licence,
            "authority-not-verified",
            f"{authority.id} ({authority.kind.value}) was never verified as able to grant {name}",
            f"prove the right of {authority.id} to act for {whose}",
        )
    yield from _mandate(case, question, licence, authority)


def _mandate(case: Case, question: Question, licence: Licence, authority: Authority) -> Iterator[Finding]:
    """The mandate must hold at signing, and by studio policy now. A dead person's own consent must say it lasts."""
    signed, name = licence.consent.signed_at, licence.id
    died = question.performer.died
    remedy = f"obtain a current mandate for {name}"
    if signed is not None and not _held(authority, day_of(signed)):
        yield _of(
            licence,
            "authority-expired",
            f"the mandate of {authority.id} did not hold when {name} was signed on {on(signed)}",
            remedy,
        )
    if died is not None and died < case.today and authority.kind in OF_THE_LIVING:
        yield from _after_death(question, licence, authority, died)
    elif case.policy.authority_must_hold_now and not _held(authority, case.today):
        until = authority.valid_until
        ended = (
            f"ended {until}" if until is not None and until < case.today else f"begins {authority.valid_from}"
        )
        yield _of(
            licence,
            "authority-expired",
            f"the mandate of {authority.id} behind {name} {ended}",
            f"{remedy} ({authority.id} {ended})",
        )


def _after_death(question: Question, licence: Licence, authority: Authority, died: date) -> Iterator[Finding]:
    """What the living granted serves after their death only where it says so, and only if they signed it alive."""
    signed, name, called = licence.consent.signed_at, licence.id, question.called
    if signed is not None and day_of(signed) > died:
        why = f"{authority.id} ({authority.kind.value}) signed {name} after {called} had died on {died}"
    elif not licence.consent.survives_death:
        why = f"{name} ended with the death of {called} on {died}: its consent does not say that it survives"
    else:
        return
    severity, source = question.asked.severity(EffectKind.SURVIVES_DEATH)
    remedy = f"obtain a licence from the estate in place of {name}"
    yield _of(licence, "authority-expired", why, remedy, severity, **source)


def _held(authority: Authority, day: date) -> bool:
    return (authority.valid_from is None or authority.valid_from <= day) and (
        authority.valid_until is None or day <= authority.valid_until
    )


def _consent(question: Question, licence: Licence) -> Iterator[Finding]:
    consent, name = licence.consent, licence.id
    if consent.represented_by not in ("counsel", "union") and not seen(consent.description):
        severity, source = question.asked.severity(EffectKind.CONSENT_SPECIFIC)
        yield _of(
            licence,
            "consent-not-specific",
            f"the consent of {name} describes no use, and neither counsel nor a union stood by {question.called}",
            f"describe the use in {name}, or record counsel or union",
            severity,
            **source,
        )
    asked = question.asked.notice_hours
    if consent.signed_at is None:
        return
    if consent.notice_at is None or consent.signed_at - consent.notice_at < hours(asked.number):
        given = (
            "no notice is recorded"
            if consent.notice_at is None
            else f"notice was given {on(consent.notice_at)}"
        )
        yield _of(
            licence,
            "consent-notice-short",
            f"{given} for {name}, signed {on(consent.signed_at)}: {asked.number} hours are asked",
            f"record the notice for {name} ({asked.number} h before signing), or its waiver",
            asked.severity,
            **asked.detail,
        )


def _length(question: Question, licence: Licence, *, minor: bool) -> Finding | None:
    start, end = licence.valid_from or licence.consent.signed_at, licence.valid_until
    born = question.performer.born
    if start is None:
        return None
    most = question.asked.minor_term_years if minor else question.asked.adult_term_years
    if not minor and end is not None and end.year - start.year < most.number:
        return None  # whatever the day of the year
    limit = years_after(start, most.number)
    why, binding = f"{'minors' if minor else 'adults'} may license for {most.number} years", most
    if minor and born is not None:
        age = question.asked.minor_term_age
        birthday = years_after(datetime(born.year, born.month, born.day, tzinfo=timezone.utc), age.number)
        if birthday < limit:
            limit, binding, why = birthday, age, f"a minor's licence ends at the age of {age.number}"
    if end is not None and end <= limit:
        return None
    until = "has no end" if end is None else f"runs until {on(end)}"
    return _of(
        licence,
        "term-too-long",
        f"{licence.id} {until}, past {on(limit)}: {why}",
        f"shorten {licence.id} to end by {on(limit)}",
        binding.severity,
        **binding.detail,
    )


def _minors(case: Case, question: Question, licence: Licence) -> Iterator[Finding]:
    """What a licence that a minor signed must have, and what it never grants."""
    shown = sorted(INTIMATE.intersection(question.demand.depictions))
    if shown:
        yield _of(
            licence,
            "minor-prohibited",
            f"{' and '.join(shown)}: {question.called} was a minor when {licence.id} was signed",
            "take it out of the shot: nothing permits it",
        )
    authority = case.authority_of(licence)
    if authority is None or authority.kind not in (AuthorityKind.GUARDIAN, AuthorityKind.COURT):
        severity, source = question.asked.severity(EffectKind.MINOR_APPROVAL)
        yield _of(
            licence,
            "minor-approval-missing",
            f"{question.called} was a minor when {licence.id} was signed, and neither guardian nor court granted it",
            f"attach a guardian's or court's approval to {licence.id}",
            severity,
            **source,
        )


def _units(case: Case, question: Question, licence: Licence) -> Iterator[Finding]:
    """The dimensions in which a use has one value: production, episode, sequence, shot, character."""
    scope, use = licence.scope, question.use
    units = (
        ("production", case.production.id, scope.productions),
        ("episode", use.episode, scope.episodes),
        ("sequence", use.sequence, scope.sequences),
        ("shot", use.shot, scope.shots),
        ("character", use.declared.character, scope.characters),
    )
    for unit, value, granted in units:
        if granted == _ANY:
            continue
        if not (any_matches(granted, value) if unit in _BY_GLOBS else value in granted):
            shown = f"{unit} {value}" if value else f"this {unit}, for nobody says which it is"
            only = f"only {', '.join(granted)}" if granted else "none"
            yield _of(
                licence,
                f"{unit}-out-of-scope",
                f"{licence.id} does not cover {shown} ({only})",
                f"obtain consent for {unit} {value} under {licence.id}"
                if value
                else f"say which {unit} it is",
                values=[value] if value else [],
                granted=list(granted),
            )


def _facility(case: Case, licence: Licence) -> Finding | None:
    if licence.licensees == _ANY or (case.facility is not None and case.facility in licence.licensees):
        return None
    who = f"facility {case.facility}" if case.facility else "an unnamed facility"
    return _of(
        licence,
        "facility-not-authorised",
        f"{who} is not among the licensees of {licence.id} ({', '.join(licence.licensees) or 'none'})",
        f"authorise {case.facility} under {licence.id}"
        if case.facility
        else "name the facility with --facility",
        facility=case.facility,
    )


def _pay(case: Case, licence: Licence) -> Finding | None:
    pay = licence.compensation
    if pay.status in ("paid", "not_due") or (
        pay.status == "due" and pay.due is not None and pay.due > case.today
    ):
        return None
    when = f" since {pay.due}" if pay.due is not None else ""
    return _of(
        licence,
        "compensation-outstanding",
        f"payment under {licence.id} is {pay.status}{when}",
        f"settle {licence.id}{f' (due {pay.due})' if pay.due else ''}",
        due=None if pay.due is None else pay.due.isoformat(),
    )


def _models(case: Case, question: Question, licence: Licence) -> Finding | None:
    """Models that show the performer need a licence for training, and must have been trained for this production."""
    replica, models = question.replica, question.use.models
    if not models and replica.capture_source is not CaptureSource.TRAINED_MODEL:
        return None
    model = ", ".join(models) or f"the model behind {replica.id}"
    if licence.training is Training.NONE:
        return _of(
            licence,
            "training-not-permitted",
            f"{licence.id} permits no model trained on {question.called}: {model}",
            f"remove {model}, or have training permitted",
            models=list(models),
        )
    if made_for_here(case, question, licence):
        return None
    made = replica.trained_for or "nobody says what"
    return _of(
        licence,
        "model-out-of-scope",
        f"{model} was trained for {made}, not for {case.production.id}",
        f"retrain {model} within {case.production.id}",
        models=list(models),
        trained_for=replica.trained_for,
    )


def made_for_here(case: Case, question: Question, licence: Licence) -> bool:
    """Whether the model was trained for this production, or for no one in particular where the licence permits that."""
    trained_for = question.replica.trained_for
    general = licence.training is Training.GENERAL and trained_for in (None, "general")
    return trained_for == case.production.id or general


def _windows(case: Case, licence: Licence) -> Iterator[Finding]:
    """Whether it ends soon, and whether it lasts through the release."""
    end, how, extend = licence.valid_until, "ends", f"extend {licence.id}"
    stop = _coming_stop(licence, case.now)
    if stop is not None and (end is None or stop < end):
        end, how, extend = stop, f"is {licence.status.value} from", f"replace {licence.id} by one that lasts"
    if end is None:
        return
    if case.now < end <= case.soon:
        yield _of(
            licence,
            "licence-expires-soon",
            f"{licence.id} {how} {on(end)}",
            f"{extend} beyond {on(end)}",
            ends=end.isoformat(),
        )
    last = case.released_until
    if last is not None and end < last_second_of(last):
        yield _of(
            licence,
            "licence-expires-before-release",
            f"{licence.id} {how} {on(end)}, before the end of the release window ({last})",
            f"{extend} to {last}",
            ends=end.isoformat(),
            release=last.isoformat(),
        )


def _coming_stop(licence: Licence, now: datetime) -> datetime | None:
    """From when a revocation, suspension or replacement holds that is recorded and does not hold yet."""
    begins = licence.status_at
    return begins if licence.status in _STATUS_CODES and begins is not None and now < begins else None


def _synthetic(question: Question, licence: Licence) -> Finding | None:
    """A synthetic performer's notice is on record on the replica, or as the notice of the licence."""
    replica = question.replica
    if (
        replica.category is not Category.SYNTHETIC
        or licence.consent.notice_at is not None
        or any(one.scheme == SYNTHETIC_NOTICE for one in replica.identifiers)
    ):
        return None
    severity, source = question.asked.severity(EffectKind.SYNTHETIC_NOTICE)
    return _of(
        licence,
        "synthetic-notice-missing",
        f"no notice of the synthetic performer {replica.id} is on record",
        f"file the notice, and record it as {replica.id}'s identifier {SYNTHETIC_NOTICE!r} or in {licence.id}",
        severity,
        **source,
    )


def _of(
    licence: Licence, code: str, message: str, remedy: str, demanded: Severity | None = None, **detail: object
) -> Finding:
    return Finding(code, message, remedy, licence.id, detail, demanded=demanded)
