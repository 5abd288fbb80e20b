"""What one use demands: one value in each single dimension, and sets in those that may hold several.

The demand is the product of the sets; it is never written out (WORLD times all media times all languages is too
much to write), but kept as bit sets, one per dimension (`coverage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from clearcut.core import words
from clearcut.core.languages import ALL, unknown_language
from clearcut.core.licence import Production
from clearcut.core.places import WORLD, parts
from clearcut.core.replica import Replica
from clearcut.core.use import ReplicaUse

# An atom's value where nothing is altered, or where nobody said what the use or modality is: every licence grants it.
# What nobody said is told apart (`without_use`), and keeps the use from being cleared whatever grants the rest.
NOTHING_NAMED = ""
_NOBODY_SAID = _NOTHING = (NOTHING_NAMED,)


class Demand(NamedTuple):
    """A use's atoms, factored. `places` are the territories as they were demanded, `territories` their countries.

    Where nobody said what the uses or modalities are they hold `NOTHING_NAMED` alone.
    """

    production: str
    episode: str | None
    sequence: str | None
    shot: str
    character: str | None
    uses: tuple[str, ...]
    alterations: tuple[str, ...]
    modalities: tuple[str, ...]
    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    depictions: tuple[str, ...]

    @property
    def without_use(self) -> bool:
        """Whether nobody said what the replica is used for."""
        return self.uses == _NOBODY_SAID

    @property
    def without_modality(self) -> bool:
        """Whether nobody said what of the performer the replica shows."""
        return self.modalities == _NOBODY_SAID


@dataclass(frozen=True, slots=True)
class Exploitation:
    """What a production's delivery profile demands of every use; without one, everything."""

    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    complete: bool


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


def demand_of(use: ReplicaUse, replica: Replica, production: Production, wanted: Exploitation) -> Demand:
    """What a use demands: what the edit says, else the replica's defaults.

    Raises ValueError on a word outside the vocabularies: a licence for all would grant it, and a ban not know it.
    """
    declared, usual = use.declared, replica.default_use
    if declared.language is not None and unknown_language(declared.language):
        raise ValueError("unknown language")
    return Demand(
        production=production.id,
        episode=use.episode,
        sequence=use.sequence,
        shot=use.shot,
        character=declared.character,
        uses=_each(declared.uses or usual.uses, words.USES) or _NOBODY_SAID,
        alterations=_each(declared.alterations or usual.alterations, words.ALTERATIONS) or _NOTHING,
        modalities=_each(declared.modalities or replica.modalities, words.MODALITIES) or _NOBODY_SAID,
        media=wanted.media,
        territories=wanted.territories,
        languages=wanted.languages if declared.language is None else (declared.language,),
        places=wanted.places,
        depictions=_each(declared.depictions or usual.depictions, words.DEPICTIONS),
    )


@lru_cache(maxsize=1024)
def _each(said: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Each word once, in order. Raises ValueError on one that is not `known`."""
    if not set(said).issubset(known):
        raise ValueError("a word outside its vocabulary")
    return tuple(sorted(set(said)))
