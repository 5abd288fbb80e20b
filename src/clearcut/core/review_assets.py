"""Suspicious ways to recognise replicas: globs that match everything, one file for two performers, nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.globs import Glob, GlobIndex
from clearcut.core.handwriting import seen
from clearcut.core.paths import normal_pattern
from clearcut.core.registry import Registry
from clearcut.core.replica import Category, Match, MatchKind
from clearcut.core.review_remark import Remark

# Folders that no show has: a glob that matches a file there, of the suffix it asks for, matches every file of it.
_NOWHERE = (("/qzx7/jwvk/yyq", "/xkq2/vvj"), ("c:/qzx7/jwvk/yyq", "c:/xkq2/vvj"))
_MAX_SAMPLED = 20_000
_CROWD = "\0crowd"  # no id is spelled so


def review_assets(registry: Registry) -> Iterator[Remark]:
    """Everything suspicious about assets and what is declared no replica, in file order."""
    for number, asset in enumerate(registry.assets):
        if _takes_everything(asset.match):
            yield Remark(
                f"assets[{number}].match.path",
                "matches-everything",
                f"{asset.match.value!r} matches files anywhere: every shot would use {asset.replica}",
            )
    for number, declared in enumerate(registry.not_replicas):
        if _takes_everything(declared.match):
            yield Remark(
                f"not_replicas[{number}].match.path",
                "matches-everything",
                f"{declared.match.value!r} matches files anywhere: it would silence every suspicion",
            )
        if not seen(declared.reason):
            yield Remark(
                f"not_replicas[{number}].reason",
                "declared-without-reason",
                f"nobody says why {declared.match.value!r} is no replica: it counts for nothing",
            )
    yield from _two_performers(registry)
    yield from _unregistered(registry)
    yield from _without_assets(registry)


def _takes_everything(match: Match) -> bool:
    if match.kind is not MatchKind.PATH:
        return False
    pattern = normal_pattern(match.value)
    glob = Glob(pattern)
    _, dot, suffix = pattern.rpartition("/")[2].rpartition(".")
    end = f".{suffix}" if dot and not set(suffix) & set("*?[") else ".exr"
    return any(all(glob.matches(f"{folder}/hmk.1001{end}") for folder in folders) for folders in _NOWHERE)


def _two_performers(registry: Registry) -> Iterator[Remark]:
    """The same match, or a glob that another one takes in, for replicas of different performers."""
    first: dict[Match, tuple[int, str | None]] = {}
    told: set[tuple[int, int]] = set()
    for number, asset in enumerate(registry.assets):
        match = _normal(asset.match)
        performer = _performer(registry, asset.replica)
        before, whose = first.setdefault(match, (number, performer))
        if whose != performer:
            told.add((before, number))
            yield _shared(registry, before, number)
    globs = [n for n, asset in enumerate(registry.assets) if asset.match.kind is MatchKind.PATH][
        :_MAX_SAMPLED
    ]
    index = GlobIndex([normal_pattern(registry.assets[n].match.value) for n in globs])
    for number in globs:
        asset = registry.assets[number]
        for found in index.matching(_example(normal_pattern(asset.match.value))):
            other = globs[found]
            pair = (min(other, number), max(other, number))
            if pair in told or other == number:
                continue
            if _performer(registry, registry.assets[other].replica) != _performer(registry, asset.replica):
                told.add(pair)
                yield _shared(registry, *pair)


def _shared(registry: Registry, one: int, other: int) -> Remark:
    first, second = registry.assets[one], registry.assets[other]
    return Remark(
        f"assets[{other}].match",
        "asset-of-two-performers",
        f"{second.match.value!r} of {second.replica} and {first.match.value!r} of {first.replica} (assets[{one}]) "
        "match the same files: whoever uses them needs the licences of both",
    )


def _normal(match: Match) -> Match:
    if match.kind is MatchKind.PATH:
        return Match(match.kind, normal_pattern(match.value), match.key)
    return match


def _example(pattern: str) -> str:
    """A path that the pattern matches."""
    return pattern.replace("*", "x").replace("?", "x")


def _performer(registry: Registry, replica: str) -> str | None:
    """Whose it is; one word for all background performers, whose tiles share their files by nature."""
    known = registry.replicas.get(replica)
    if known is None:
        return None
    return _CROWD if known.category is Category.BACKGROUND else known.performer


def _unregistered(registry: Registry) -> Iterator[Remark]:
    """What is declared no replica although it is registered as one: the registration wins."""
    registered = {_normal(asset.match): asset.replica for asset in registry.assets}
    for number, declared in enumerate(registry.not_replicas):
        replica = registered.get(_normal(declared.match))
        if replica is not None:
            yield Remark(
                f"not_replicas[{number}].match",
                "declared-both",
                f"{declared.match.value!r} is registered as {replica}, and that counts",
            )


def _without_assets(registry: Registry) -> Iterator[Remark]:
    with_assets = {asset.replica for asset in registry.assets}
    for replica in registry.replicas.values():
        if replica.id not in with_assets:
            yield Remark(
                f"replicas[{replica.id}]",
                "replica-without-assets",
                "no asset recognises it: it is found only where an edit declares it",
            )
