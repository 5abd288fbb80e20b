"""What is suspicious in a registry without being wrong: it says what nobody can have meant.

A remark never changes a decision; it is told so that clearance staff mend the record before a shot is stopped by it.
Faults are `registry_json`'s business. Licences are looked at in `review_licences`, globs in `review_assets`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from clearcut.core.demands import AGE_OF_MAJORITY
from clearcut.core.exemptions import ROLES
from clearcut.core.handwriting import same_person, seen
from clearcut.core.licence import AuthorityKind
from clearcut.core.moments import age_on, day_of
from clearcut.core.packs import RulePack
from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.registry import Registry
from clearcut.core.review_assets import review_assets
from clearcut.core.review_licences import review_licences
from clearcut.core.review_remark import Remark
from clearcut.core.review_terms import review_terms

__all__ = ["Remark", "review_registry"]

_ROLES = {WaiverBy.LEGAL: ("legal",), WaiverBy.PRODUCER: ("legal", "producer")}
# Agreements of one family by the day from which its newer one holds (packs/sag-aftra-tv-theatrical-2026.toml).
_SUCCEEDED = {"sag-aftra-tv-theatrical-2023": ("sag-aftra-tv-theatrical-2026", date(2026, 7, 1))}


def review_registry(registry: Registry, packs: tuple[RulePack, ...], now: datetime) -> tuple[Remark, ...]:
    """Everything suspicious, in the order of the file's sections, each by the id of its record."""
    return (
        *_people(registry),
        *_authorities(registry, day_of(now)),
        *review_assets(registry),
        *_productions(registry),
        *review_licences(registry),
        *_pay(registry, now),
        *review_terms(registry, packs),
        *_exemptions(registry),
        *_waivers(registry, now),
    )


def _people(registry: Registry) -> Iterator[Remark]:
    for performer in registry.performers.values():
        if performer.born and performer.died and performer.died < performer.born:
            yield Remark(f"performers[{performer.id}].died", "dates", "died before they were born")
    yield from _twice(registry)
    for replica in registry.replicas.values():
        if replica.performer is None:
            yield Remark(
                f"replicas[{replica.id}].performer",
                "unknown-performer",
                "nobody knows whose it is: every use of it is blocked",
            )


def _twice(registry: Registry) -> Iterator[Remark]:
    """One person under two ids: a ban, a suspension or a death on one of them does not reach the other's replicas."""
    first: dict[tuple[str, str], str] = {}
    for performer in registry.performers.values():
        marks = [(f"identifier {one.scheme}", one.value) for one in performer.identifiers]
        marks.append(("pseudonym", seen(performer.pseudonym).casefold()))
        if performer.born is not None and seen(performer.name):
            marks.append(("name and date of birth", f"{seen(performer.name).casefold()} {performer.born}"))
        for mark in marks:
            other = first.setdefault(mark, performer.id)
            if other != performer.id:
                yield Remark(
                    f"performers[{performer.id}]",
                    "one-person-twice",
                    f"has the {mark[0]} of {other}: what is recorded on one does not reach the other",
                )
                break


def _authorities(registry: Registry, today: date) -> Iterator[Remark]:
    """Who acts for somebody who does not need them any more, or not yet."""
    for authority in registry.authorities.values():
        at, person = f"authorities[{authority.id}]", registry.performers.get(authority.performer)
        ended = authority.valid_until is not None and authority.valid_until < today
        if person is None or ended:
            continue
        if authority.kind is AuthorityKind.ESTATE and person.died is None:
            yield Remark(
                f"{at}.kind", "authority-kind", f"the estate of {person.id}, who is not recorded as dead"
            )
        grown = person.born is not None and age_on(person.born, today) >= AGE_OF_MAJORITY
        if authority.kind is AuthorityKind.GUARDIAN and grown:
            yield Remark(f"{at}.kind", "authority-kind", f"a guardian of {person.id}, who is of age")


def _productions(registry: Registry) -> Iterator[Remark]:
    for production in registry.productions.values():
        at = f"productions[{production.id}]"
        start = production.principal_photography_start
        newer, since = _SUCCEEDED.get(production.agreement, ("", date.max))
        if start is not None and start >= since:
            yield Remark(
                f"{at}.agreement",
                "agreement-superseded",
                f"photography starts on {start}, and from {since} on {newer} holds",
            )
        delivery = production.delivery
        if delivery is None:
            yield Remark(
                f"{at}.delivery", "delivery-profile-missing", "until it is defined everything is demanded"
            )
            continue
        for name, words in (("media", delivery.media), ("territories", delivery.territories)):
            if not words:
                yield Remark(f"{at}.delivery.{name}", "delivery-empty", "an empty list: released nowhere")


def _pay(registry: Registry, now: datetime) -> Iterator[Remark]:
    """Pay that is not due by its status and is by its day: the status is what is judged by, and may be old."""
    for licence in registry.licences.values():
        pay = licence.compensation
        if pay.status == "not_due" and pay.due is not None and pay.due <= day_of(now):
            yield Remark(
                f"licences[{licence.id}].compensation.status",
                "pay-overdue",
                f"says not_due, and its day was {pay.due}: nothing stops a shot for it",
            )


def _exemptions(registry: Registry) -> Iterator[Remark]:
    for exemption in registry.exemptions.values():
        if not exemption.evidence:
            yield Remark(
                f"exemptions[{exemption.id}].evidence",
                "exemption-unsupported",
                "no evidence: the claim counts for nothing",
            )
        if not seen(exemption.claimant):
            yield Remark(
                f"exemptions[{exemption.id}].claimant",
                "exemption-unsupported",
                "nobody is named who claims it: it counts for nothing",
            )
        if exemption.role not in ROLES[exemption.basis]:
            yield Remark(
                f"exemptions[{exemption.id}].role",
                "exemption-unsupported",
                f"a {exemption.role} may not claim {exemption.basis}: it counts for nothing",
            )
        if not exemption.shots:
            yield Remark(f"exemptions[{exemption.id}].shots", "names-nothing", "names no shot")


def _waivers(registry: Registry, now: datetime) -> Iterator[Remark]:
    for waiver in registry.waivers.values():
        at = f"waivers[{waiver.id}]"
        if seen(waiver.by) and same_person(waiver.by, waiver.approved_by):
            yield Remark(
                f"{at}.approved_by", "waiver-void", "who gave it approved it too: it needs a second person"
            )
        if not (seen(waiver.by) and seen(waiver.approved_by) and seen(waiver.reason)):
            yield Remark(at, "waiver-void", "it lacks a name or the reason: it accepts nothing")
        if not waiver.shots or not waiver.codes:
            yield Remark(at, "names-nothing", "names no shot, or no code")
        if waiver.until <= now:
            yield Remark(f"{at}.until", "waiver-ended", f"ended {waiver.until:%Y-%m-%d %H:%M} UTC")
        for code in waiver.codes:
            entry = CATALOGUE.get(code)
            if entry is None or entry.waiver is WaiverBy.NEVER:
                yield Remark(f"{at}.codes", "waiver-void", f"{code} cannot be waived by anybody")
            elif entry.waiver in _ROLES and waiver.role not in _ROLES[entry.waiver]:
                yield Remark(
                    f"{at}.role", "waiver-void", f"{code} can be waived by {entry.waiver.value} alone"
                )
