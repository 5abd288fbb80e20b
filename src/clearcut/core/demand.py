"""What one use demands: one value in each single dimension, and sets in those that may hold several.

The demand is the product of the sets; it is never written out (WORLD times all media times all languages is too
much to write), but kept as bit sets, one per dimension (`coverage`).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from clearcut.core import words
from clearcut.core.languages import ALL, unknown_language
from clearcut.core.licence import Production
from clearcut.core.places import WORLD, parts
from clearcut.core.replica import Replica
from clearcut.core.use import Declaration

# An atom's value where nothing is altered, or where nobody said what the use or modality is: every licence grants it.
# What nobody said is told apart (`without_use`), and keeps the use from being cleared whatever grants the rest.
NOTHING_NAMED = ""
_NOBODY_SAID = _NOTHING = (NOTHING_NAMED,)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """A use's atoms, factored; the same object for all uses of a case that demand the same.

    `places` are the territories as they were demanded, `territories` their countries. Where nobody said what the
    uses or modalities are (`without_use`, `without_modality`) they hold `NOTHING_NAMED` alone. `whole` are the bit
    sets of all values (`coverage`).
    """

    uses: tuple[str, ...]
    alterations: tuple[str, ...]
    modalities: tuple[str, ...]
    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    depictions: tuple[str, ...]
    whole: tuple[int, ...]
    without_use: bool
    without_modality: bool


@dataclass(frozen=True, slots=True)
class Exploitation:
    """What a production's delivery profile demands of every use; without one, everything."""

    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    complete: bool
    # What uses have demanded so far, by what is said of them.
    demands: dict[Hashable, Demand] = field(default_factory=dict, compare=False, repr=False)


def exploitation(production: Production) -> Exploitation:
    """The delivery profile as a demand. A dimension that it leaves empty is demanded whole: silence grants nothing."""
    delivery = production.delivery
    media = delivery.media if delivery is not None else ()
    places = delivery.territories if delivery is not None else ()
    languages = delivery.languages if delivery is not None else ()
    complete = bool(media and places and languages)
    everywhere = not places or "*" in places or WORLD in places
    places = (WORLD,) if everywhere else tuple(sorted(set(places)))
    return Exploitation(
        media=words.MEDIA if not media or "*" in media else tuple(sorted(set(media))),
        territories=tuple(sorted(set().union(*(parts(place) for place in places)))),
        languages=(ALL,) if not languages or ALL in languages else tuple(sorted(set(languages))),
        places=places,
        complete=complete,
    )


def demand_of(declared: Declaration, replica: Replica, wanted: Exploitation) -> Demand:
    """What a use demands: what the edit says, else the replica's defaults.

    Raises ValueError on a word outside the vocabularies: a licence for all would grant it, and a ban not know it.
    """
    usual = replica.default_use
    said = (
        declared.uses or usual.uses,
        declared.alterations or usual.alterations,
        declared.modalities or replica.modalities,
        declared.depictions or usual.depictions,
        declared.language,
    )
    known = wanted.demands.get(said)
    if known is None:
        known = wanted.demands[said] = _demand(wanted, *said)
    return known


def _demand(
    wanted: Exploitation,
    uses: tuple[str, ...],
    alterations: tuple[str, ...],
    modalities: tuple[str, ...],
    depictions: tuple[str, ...],
    language: str | None,
) -> Demand:
    if language is not None and unknown_language(language):
        raise ValueError("unknown language")
    sets = (
        _each(uses, words.USES) or _NOBODY_SAID,
        _each(alterations, words.ALTERATIONS) or _NOTHING,
        _each(modalities, words.MODALITIES) or _NOBODY_SAID,
        wanted.media,
        wanted.territories,
        wanted.languages if language is None else (language,),
    )
    return Demand(
        *sets,
        places=wanted.places,
        depictions=_each(depictions, words.DEPICTIONS),
        whole=tuple([(1 << len(each)) - 1 for each in sets]),
        without_use=not uses,
        without_modality=not modalities,
    )


def _each(said: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Each word once, in order. Raises ValueError on one that is not `known`."""
    if not set(said).issubset(known):
        raise ValueError("a word outside its vocabulary")
    return tuple(sorted(set(said)))
