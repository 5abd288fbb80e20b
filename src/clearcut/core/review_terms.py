"""Terms of licences that a rule pack in force calls unlawful or too weak, told before any shot is judged by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from clearcut.core.handwriting import seen
from clearcut.core.licence import AuthorityKind, Licence, LicenceStatus, Production
from clearcut.core.packs import EffectKind, InForce, RulePack, in_force
from clearcut.core.registry import Registry
from clearcut.core.replica import Performer
from clearcut.core.review_remark import Remark

_ADULT = 18


def review_terms(registry: Registry, packs: tuple[RulePack, ...]) -> Iterator[Remark]:
    """What the packs in force for a licence's productions say against its terms, by licence, each clause once."""
    effects = {p.id: tuple(in_force(packs, p)) for p in registry.productions.values()}
    for licence in registry.licences.values():
        if licence.status not in (LicenceStatus.ACTIVE, LicenceStatus.DRAFT):
            continue
        performer = registry.performers.get(licence.performer)
        told: set[str] = set()
        for production in _productions(licence, registry):
            for bound in effects[production.id]:
                for path, said in _against(bound, licence, performer, registry):
                    line = f"{path}: {said} ({bound.pack}: {bound.effect.clause})"
                    if line not in told:
                        told.add(line)
                        yield Remark(
                            f"licences[{licence.id}].{path}", "unlawful-term", line.partition(": ")[2]
                        )


def _productions(licence: Licence, registry: Registry) -> Iterator[Production]:
    if "*" in licence.scope.productions:
        yield from registry.productions.values()
        return
    for id_ in licence.scope.productions:
        if id_ in registry.productions:
            yield registry.productions[id_]


def _against(
    bound: InForce, licence: Licence, performer: Performer | None, registry: Registry
) -> Iterator[tuple[str, str]]:
    kind, number = bound.effect.kind, bound.effect.number or 0
    minor = _minor_at_signing(licence, performer)
    if kind is EffectKind.CONSENT_SPECIFIC:
        consent = licence.consent
        if not seen(consent.description) and consent.represented_by == "none":
            yield "consent", "describes no use, and neither counsel nor a union stood by"
    elif (kind is EffectKind.ADULT_TERM_YEARS and not minor) or (
        kind is EffectKind.MINOR_TERM_YEARS and minor
    ):
        yield from _longer_than(number, licence)
    elif kind is EffectKind.MINOR_TERM_AGE and minor and performer and performer.born and licence.valid_until:
        birthday = _years_after(performer.born, number)
        if licence.valid_until.date() > birthday:
            yield "valid_until", f"runs past {birthday}, the day its minor turns {number}"
    elif kind is EffectKind.MINOR_APPROVAL and minor:
        authority = registry.authorities.get(licence.authority or "")
        if authority is None or authority.kind not in (AuthorityKind.GUARDIAN, AuthorityKind.COURT):
            yield "authority", "neither a guardian nor a court granted for a minor"
    elif kind is EffectKind.SURVIVES_DEATH and performer and performer.died:
        signed = licence.consent.signed_at
        if signed and signed.date() <= performer.died and not licence.consent.survives_death:
            yield (
                "consent.survives_death",
                "signed by who has died since, and it does not say that it survives",
            )


def _minor_at_signing(licence: Licence, performer: Performer | None) -> bool:
    if performer is None or performer.born is None:
        return False
    day = licence.consent.signed_at or licence.valid_from
    return day is not None and day.date() < _years_after(performer.born, _ADULT)


def _longer_than(years: int, licence: Licence) -> Iterator[tuple[str, str]]:
    if licence.valid_from is None:
        return
    if licence.valid_until is None:
        yield "valid_until", f"has no end; at most {years} years"
    elif licence.valid_until.date() > _years_after(licence.valid_from.date(), years):
        yield "valid_until", f"runs longer than {years} years"


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 1 March for who was born on 29 February."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
