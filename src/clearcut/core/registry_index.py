"""A registry made quick to ask: which licences list a replica, which approvals a shot has. Built once, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from math import inf
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from clearcut.core.freezing import new
from clearcut.core.licence import Approval, ApprovalNeeded, Exemption, Licence, Waiver
from clearcut.core.paths import same_case
from clearcut.core.registry import Registry

V = TypeVar("V")


_ANY = ("*",)


class NamesLookedAt(NamedTuple):
    """Which names of a use the licences of one replica look at, scope and approvals alike."""

    shot: bool
    sequence: bool
    episode: bool


class RegistryIndex:
    """Indexes over one registry. Answers do not depend on the order of its records.

    `licences_of` performers, every one, by id; `approvals_of` licence and shot (in
    `same_case`), `approved_licences` are those that have any; `exemptions_of` production and replica; `waivers_of`
    productions.
    """

    __slots__ = (
        "_listing",
        "_looked_at",
        "approvals_of",
        "approved_licences",
        "exemptions_of",
        "licences_of",
        "registry",
        "waivers_of",
    )

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.licences_of: Mapping[str, tuple[Licence, ...]] = _grouped(
            _by_id(registry.licences), attrgetter("performer")
        )
        self.approvals_of: Mapping[tuple[str, str], tuple[Approval, ...]] = _grouped(
            registry.approvals, lambda one: (one.licence, same_case(one.shot))
        )
        self.approved_licences = frozenset(one.licence for one in registry.approvals)
        self.exemptions_of: Mapping[tuple[str, str], tuple[Exemption, ...]] = _grouped(
            _by_id(registry.exemptions), attrgetter("production", "replica")
        )
        self.waivers_of: Mapping[str, tuple[Waiver, ...]] = _grouped(
            _by_id(registry.waivers), attrgetter("production")
        )
        self._listing: dict[str, tuple[Licence, ...]] = {}
        self._looked_at: dict[str, NamesLookedAt] = {}

    def licences_listing(self, replica: str) -> tuple[Licence, ...]:
        """The licences that list a replica, whatever their state: the one that ends first comes first, then by id.

        Only its own performer's count: one that lists another's replica cannot give it away.
        """
        known = self._listing.get(replica)
        if known is None:
            record = self.registry.replicas.get(replica)
            whose = record.performer if record is not None else None
            listing = [
                one
                for one in (self.licences_of.get(whose, ()) if whose is not None else ())
                if one.replicas == _ANY or replica in one.replicas
            ]
            listing.sort(key=ends)  # they are by id already
            known = self._listing[replica] = tuple(listing)
        return known

    def names_looked_at(self, replica: str) -> NamesLookedAt:
        """Which names of a use make a difference to its licences; where there is none, the shot is told."""
        known = self._looked_at.get(replica)
        if known is None:
            known = self._looked_at[replica] = self._names_looked_at(self.licences_listing(replica))
        return known

    def _names_looked_at(self, listing: tuple[Licence, ...]) -> NamesLookedAt:
        shot, sequence, episode = not listing, False, False
        for one in listing:
            scope = one.scope
            shot = shot or (
                scope.shots != _ANY
                or one.approval is not ApprovalNeeded.NONE
                or one.id in self.approved_licences
            )
            sequence = sequence or scope.sequences != _ANY
            episode = episode or scope.episodes != _ANY
        return new(NamesLookedAt, (shot, sequence, episode))

    def pseudonym(self, performer: str | None) -> str | None:
        """How reports call a performer; None when nobody knows who it is."""
        record = self.registry.performers.get(performer) if performer is not None else None
        return record.pseudonym if record is not None else None


def ends(licence: Licence) -> float:
    """When a licence ends, as a number to compare; endless ones last."""
    return licence.valid_until.timestamp() if licence.valid_until is not None else inf


def _by_id(records: Mapping[str, V]) -> Iterable[V]:
    return (records[name] for name in sorted(records))


def _grouped(records: Iterable[V], key: Callable[[V], Any]) -> dict[Any, tuple[V, ...]]:
    groups: defaultdict[Any, list[V]] = defaultdict(list)
    for one in records:
        groups[key(one)].append(one)
    return {name: tuple(group) for name, group in groups.items()}
