"""Dated rule packs as values: what an agreement, a law or a studio demands, when, and by which clause.

No law stands in code: a pack is data with a source (domain.md, 2.7). Reading pack files is the settings' business;
`in_force` picks the effects that bind one production. Several packs stack, and the strictest effect wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from clearcut.core.licence import Delivery, Production
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
    delivery reaches one of them. What a production does not say (no date, no delivery) does not keep a rule away, and
    does not bring a permission.
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

    `alterations`, `uses`, `categories`, `techniques` and `capture_sources` narrow it to uses that have one of them:
    any match in any of the five suffices, and with all five empty it binds every use. `single_source`: the fact rests on one source.
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
    capture_sources: tuple[str, ...] = ()


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
    """The effects that bind this production, in the order of the packs.

    Where the production is silent a rule is taken to bind, and a permission not to: what is not known never loosens.
    """
    for pack in packs:
        for effect in pack.effects:
            silent = effect.kind is not EffectKind.PERMIT_EXEMPTION
            if all(binds(each, production, silent=silent) for each in (pack.applies, effect.applies)):
                yield InForce(pack.id, effect)


def binds(applies: Applies, production: Production, *, silent: bool = True) -> bool:
    """Whether the conditions hold; `silent` is what a condition comes to of which the production says nothing."""
    if applies.agreements and not production.agreement.startswith(applies.agreements):
        return False
    start = production.principal_photography_start
    first, last = applies.photography_from, applies.photography_until
    if start is None:
        if (first is not None or last is not None) and not silent:
            return False
    elif (first is not None and start < first) or (last is not None and start > last):
        return False
    return _delivered(applies, production.delivery, silent=silent)


def _delivered(applies: Applies, delivery: Delivery | None, *, silent: bool) -> bool:
    """Whether the delivery reaches the places, media and days that the conditions name."""
    if delivery is None:
        return silent or not (applies.territories or applies.media or applies.release_from is not None)
    places, media = delivery.territories, delivery.media
    if applies.territories:
        reached = any(reaches(places, place) for place in applies.territories)
        if not (reached if places else silent):
            return False
    if applies.media:
        reached = "*" in media or not set(applies.media).isdisjoint(media)
        if not (reached if media else silent):
            return False
    last = delivery.release_until
    if applies.release_from is None or (last is None and silent):
        return True
    return last is not None and last >= applies.release_from
