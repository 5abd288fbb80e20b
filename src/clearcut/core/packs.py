"""Dated rule packs as values: what an agreement, a law or a studio demands, when, and by which clause.

No law stands in code: a pack is data with a source (domain.md, 2.7). Reading pack files is the settings' business;
`in_force` picks the effects that bind one production. Several packs stack, and the strictest effect wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from clearcut.core.licence import Production
from clearcut.core.places import reaches
from clearcut.core.verdict import Severity


class EffectKind(str, Enum):
    """What a pack can demand, and what `values` and `number` of the effect then mean.

    disclosure: the delivery's disclosure must hold one of `values` (empty: any at all).
    notice_hours: `number` hours of notice before signing. adult_term_years, minor_term_years: at most `number`.
    minor_term_age: a minor's licence ends at the latest at this birthday. consent_specific: a description, counsel
    or union. minor_approval: a guardian or court grants. permit_exemption: the exemption bases in `values` are
    accepted at all; withdraw_exemption: they no longer are. synthetic_notice: a notice of a synthetic performer,
    an identifier of the scheme `synthetic-notice` on the replica. survives_death: after a death, consent of the
    living serves only if it says so.
    """

    DISCLOSURE = "disclosure"
    NOTICE_HOURS = "notice_hours"
    ADULT_TERM_YEARS = "adult_term_years"
    MINOR_TERM_YEARS = "minor_term_years"
    MINOR_TERM_AGE = "minor_term_age"
    CONSENT_SPECIFIC = "consent_specific"
    MINOR_APPROVAL = "minor_approval"
    PERMIT_EXEMPTION = "permit_exemption"
    WITHDRAW_EXEMPTION = "withdraw_exemption"
    SYNTHETIC_NOTICE = "synthetic_notice"
    SURVIVES_DEATH = "survives_death"


@dataclass(frozen=True, slots=True)
class Applies:
    """When something binds a production; every condition must hold, an empty one always does.

    `agreements` are prefixes of the agreement's id. Days are of the start of principal photography (first and last,
    inclusive) and of the release window, which must reach `release_from`. `territories` and `media` are met when the
    delivery reaches one of them. What a production does not say (no date, no delivery) does not keep a rule away.
    """

    agreements: tuple[str, ...] = ()
    photography_from: date | None = None
    photography_until: date | None = None
    territories: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    release_from: date | None = None


ALWAYS = Applies()


@dataclass(frozen=True, slots=True)
class Effect:
    """One demand of a pack: what, for which uses, how bad its lack is (`severity` None: the catalogue's), which clause.

    `alterations`, `uses`, `categories` and `techniques` narrow it to uses that have one of them: any match in any of
    the four suffices, and with all four empty it binds every use. `single_source`: the fact rests on one source.
    """

    kind: EffectKind
    clause: str
    values: tuple[str, ...] = ()
    number: int | None = None
    severity: Severity | None = None
    single_source: bool = False
    applies: Applies = ALWAYS
    alterations: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePack:
    """A dated, sourced set of effects. `sources` are citations, `dated` the day the pack was last checked."""

    id: str
    title: str
    sources: tuple[str, ...]
    effects: tuple[Effect, ...]
    applies: Applies = ALWAYS
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """An effect that binds a production, and the pack it comes from."""

    pack: str
    effect: Effect


def in_force(packs: tuple[RulePack, ...], production: Production) -> Iterator[InForce]:
    """The effects that bind this production, in the order of the packs."""
    for pack in packs:
        if binds(pack.applies, production):
            for effect in pack.effects:
                if binds(effect.applies, production):
                    yield InForce(pack.id, effect)


def binds(applies: Applies, production: Production) -> bool:
    """Whether the conditions hold. Where the production is silent they are taken to hold: unknown never loosens."""
    if applies.agreements and not production.agreement.startswith(applies.agreements):
        return False
    start = production.principal_photography_start
    if start is not None:
        if applies.photography_from is not None and start < applies.photography_from:
            return False
        if applies.photography_until is not None and start > applies.photography_until:
            return False
    delivery = production.delivery
    if delivery is None:
        return True
    places, media = delivery.territories, delivery.media
    if applies.territories and places and not any(reaches(places, place) for place in applies.territories):
        return False
    if applies.media and media and "*" not in media and not set(applies.media) & set(media):
        return False
    last = delivery.release_until
    return not (applies.release_from is not None and last is not None and last < applies.release_from)
