"""What the rule packs in force demand of one production, laid together: the strictest of each kind.

The numbers that stand here are those of the reason codes themselves (domain.md, section 3): what Clearcut asks with
no pack at all. A pack can only tighten them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from clearcut.core.demand import Demand
from clearcut.core.findings import NOTHING
from clearcut.core.licence import Production
from clearcut.core.packs import Effect, EffectKind, InForce, RulePack, in_force
from clearcut.core.replica import Replica
from clearcut.core.verdict import Detail, Severity

NOTICE_HOURS = 48
ADULT_TERM_YEARS = 10
MINOR_TERM_YEARS = 5
MINOR_TERM_AGE = 18
AGE_OF_MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Strictest:
    """A number that is demanded, how bad its lack is (None: as the catalogue says), and which clause says so."""

    number: int
    severity: Severity | None
    detail: Detail


class Demands:
    """The effects that bind one production."""

    __slots__ = ("_asked", "effects")

    def __init__(self, effects: tuple[InForce, ...]) -> None:
        self.effects = effects
        self._asked: dict[Hashable, Asked] = {}

    def of(self, demand: Demand, replica: Replica) -> Asked:
        """What they ask of one use of one replica; the same answer for all that they cannot tell apart."""
        # All that `concerns` looks at, and nothing else.
        alike = demand, replica.category, replica.technique, replica.capture_source
        asked = self._asked.get(alike)
        if asked is None:
            about = tuple(one for one in self.effects if concerns(one.effect, demand, replica))
            asked = self._asked[alike] = Asked(about)
        return asked


class Asked:
    """What the effects that are about one use come to, and where they are silent what we ask ourselves."""

    __slots__ = (
        "_effects",
        "adult_term_years",
        "disclosures",
        "minor_term_age",
        "minor_term_years",
        "notice_hours",
    )

    def __init__(self, effects: tuple[InForce, ...]) -> None:
        self._effects = effects
        self.disclosures = self._of(EffectKind.DISCLOSURE)
        self.notice_hours = self._strictest(EffectKind.NOTICE_HOURS, NOTICE_HOURS, max)
        self.adult_term_years = self._strictest(EffectKind.ADULT_TERM_YEARS, ADULT_TERM_YEARS, min)
        self.minor_term_years = self._strictest(EffectKind.MINOR_TERM_YEARS, MINOR_TERM_YEARS, min)
        self.minor_term_age = self._strictest(EffectKind.MINOR_TERM_AGE, MINOR_TERM_AGE, min)

    def severity(self, kind: EffectKind) -> tuple[Severity | None, Detail]:
        """How bad the lack of what a kind demands is where packs say so, and the strictest clause that says it."""
        found = self._of(kind)
        worst = _worst(found)
        binding = [one for one in found if one.effect.severity is worst]
        return worst, source_of(binding[0]) if binding else NOTHING

    def _of(self, kind: EffectKind) -> tuple[InForce, ...]:
        return tuple(one for one in self._effects if one.effect.kind is kind)

    def _strictest(self, kind: EffectKind, ours: int, stricter: Callable[[list[int]], int]) -> Strictest:
        found = self._of(kind)
        number = stricter([ours, *(one.effect.number for one in found if one.effect.number is not None)])
        binding = [one for one in found if one.effect.number == number]
        return Strictest(number, _worst(binding), source_of(binding[0]) if binding else NOTHING)


def demands_on(packs: tuple[RulePack, ...], production: Production) -> Demands:
    """What binds this production."""
    return Demands(tuple(in_force(packs, production)))


def concerns(effect: Effect, demand: Demand, replica: Replica) -> bool:
    """Whether an effect is about such a use: any match in any of its five lists, or five empty lists."""
    lists = (effect.alterations, effect.uses, effect.categories, effect.techniques, effect.capture_sources)
    if not any(lists):
        return True
    return (
        not set(effect.alterations).isdisjoint(demand.alterations)
        or not set(effect.uses).isdisjoint(demand.uses)
        or replica.category.value in effect.categories
        or replica.capture_source.value in effect.capture_sources
        or _spelt(replica.technique) in map(_spelt, effect.techniques)
    )


def _spelt(technique: str) -> str:
    """One spelling of a technique: its words are open, and `Face-Replacement` is the same as `face_replacement`."""
    return "_".join(technique.casefold().replace("-", " ").replace("_", " ").split())


def source_of(one: InForce) -> Detail:
    """Which pack and clause, as detail of a reason."""
    return {"pack": one.pack, "clause": one.effect.clause, "single_source": one.effect.single_source}


def _worst(found: tuple[InForce, ...] | list[InForce]) -> Severity | None:
    given = [one.effect.severity for one in found if one.effect.severity is not None]
    return max(given, key=lambda one: one.rank, default=None)
