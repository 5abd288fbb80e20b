"""Licences that can never grant anything, and licences that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from clearcut.core.licence import Authority, Licence, LicenceStatus, Scope
from clearcut.core.moments import day_of
from clearcut.core.registry import Registry
from clearcut.core.replica import Replica
from clearcut.core.review_remark import Remark
from clearcut.core.terms import OF_THE_LIVING

_NEEDED = (
    "productions",
    "episodes",
    "sequences",
    "shots",
    "characters",
    "uses",
    "modalities",
    "media",
    "territories",
    "languages",
)  # not alterations: a use without any is granted by a licence that permits none
_COMPARED = ("productions", "uses", "modalities", "characters")
# More licences of one performer than this are compared with their neighbours by start only.
_MAX_COMPARED = 200


def review_licences(registry: Registry) -> Iterator[Remark]:
    """Everything suspicious about licences that still count, by id."""
    living = [
        licence
        for licence in registry.licences.values()
        if licence.status in (LicenceStatus.ACTIVE, LicenceStatus.DRAFT, LicenceStatus.SUSPENDED)
    ]
    replicas: dict[str, dict[str, Replica]] = defaultdict(dict)
    for replica in registry.replicas.values():
        if replica.performer is not None:
            replicas[replica.performer][replica.id] = replica
    for licence in living:
        for path, why in _never_grants(licence, registry, replicas.get(licence.performer, {})):
            yield Remark(
                f"licences[{licence.id}].{path}", "never-grants", f"it can never grant anything: {why}"
            )
    yield from _contradictions([licence for licence in living if licence.status is LicenceStatus.ACTIVE])


def _never_grants(
    licence: Licence, registry: Registry, own: Mapping[str, Replica]
) -> Iterator[tuple[str, str]]:
    for dimension in _NEEDED:
        if not getattr(licence.scope, dimension):
            yield f"scope.{dimension}", "an empty list grants nothing"
    if not licence.licensees:
        yield "licensees", "an empty list authorises nobody"
    if licence.max_screen_time_s == 0:
        yield "max_screen_time_s", "a cap of 0 seconds"
    if licence.max_shots == 0:
        yield "max_shots", "a cap of 0 shots"
    if licence.valid_from and licence.valid_until and licence.valid_until <= licence.valid_from:
        yield "valid_until", "it ends before it begins"
    yield from _replicas(licence, own)
    yield from _authority(licence, registry)
    yield from _signature(licence, registry)


def _replicas(licence: Licence, own: Mapping[str, Replica]) -> Iterator[tuple[str, str]]:
    """`own` are the replicas of the licence's performer."""
    if not licence.replicas:
        yield "replicas", "it lists no replica"
        return
    listed = own if licence.replicas == ("*",) else {id_: own[id_] for id_ in licence.replicas if id_ in own}
    if not listed:
        yield "replicas", f"none of them is {licence.performer}'s"
        return
    permitted = set(licence.scope.modalities)
    if permitted and "*" not in permitted and not any(permitted & set(r.modalities) for r in listed.values()):
        yield "scope.modalities", "its replicas have none of them"


def _authority(licence: Licence, registry: Registry) -> Iterator[tuple[str, str]]:
    authority = registry.authorities.get(licence.authority) if licence.authority else None
    if authority is None:
        yield "authority", "nobody is named who may grant it"
        return
    if authority.performer != licence.performer:
        yield "authority", f"{authority.id} may not grant for {licence.performer}"
    if not authority.verified:
        yield "authority", f"the right of {authority.id} is not verified"
    if _apart(authority, licence):
        yield "authority", f"the mandate of {authority.id} and the licence never hold on the same day"


def _signature(licence: Licence, registry: Registry) -> Iterator[tuple[str, str]]:
    signed, person = licence.consent.signed_at, registry.performers.get(licence.performer)
    if signed is None:
        if licence.status is LicenceStatus.ACTIVE:
            yield "consent.signed_at", "it is active, and nobody signed it"
        return
    authority = registry.authorities.get(licence.authority) if licence.authority else None
    died = person.died if person is not None else None
    if (
        died is not None
        and authority is not None
        and authority.kind in OF_THE_LIVING
        and day_of(signed) > died
    ):
        yield (
            "consent.signed_at",
            f"{authority.id} ({authority.kind.value}) signed it after {licence.performer} had died",
        )


def _apart(authority: Authority, licence: Licence) -> bool:
    begins, ends = licence.valid_from, licence.valid_until
    if authority.valid_until is not None and begins is not None and begins.date() > authority.valid_until:
        return True
    return authority.valid_from is not None and ends is not None and ends.date() < authority.valid_from


def _contradictions(licences: Iterable[Licence]) -> Iterator[Remark]:
    of_performer: dict[str, list[Licence]] = defaultdict(list)
    for licence in licences:
        of_performer[licence.performer].append(licence)
    for several in of_performer.values():
        for one, other in _pairs(several):
            if not _overlap(one, other):
                continue
            for what in _disagreements(one, other):
                yield Remark(
                    f"licences[{other.id}]",
                    "contradicts",
                    f"overlaps with licence {one.id}, and they disagree: {what}",
                )


def _pairs(several: list[Licence]) -> Iterator[tuple[Licence, Licence]]:
    if len(several) <= _MAX_COMPARED:
        yield from combinations(several, 2)
        return
    ordered = sorted(several, key=lambda licence: (str(licence.valid_from), licence.id))
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 : at + 11]:
            yield one, other


def _overlap(one: Licence, other: Licence) -> bool:
    if not _meet(one.replicas, other.replicas):
        return False
    if one.valid_until and other.valid_from and one.valid_until <= other.valid_from:
        return False
    if other.valid_until and one.valid_from and other.valid_until <= one.valid_from:
        return False
    return all(_meet(_words(one.scope, name), _words(other.scope, name)) for name in _COMPARED)


def _words(scope: Scope, name: str) -> tuple[str, ...]:
    words: tuple[str, ...] = getattr(scope, name)
    return words


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return "*" in one or "*" in other or bool(set(one) & set(other))


def _disagreements(one: Licence, other: Licence) -> Iterator[str]:
    for licence, against in ((one, other), (other, one)):
        only = sorted(set(licence.forbidden_depictions) - set(against.forbidden_depictions))
        if only:
            yield f"{licence.id} forbids {', '.join(only)}, {against.id} does not"
    if one.training is not other.training:
        yield f"training is {one.training.value} in {one.id} and {other.training.value} in {other.id}"
    if one.approval is not other.approval:
        yield f"approval is {one.approval.value} in {one.id} and {other.approval.value} in {other.id}"
