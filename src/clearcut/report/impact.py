"""What a licence, a performer or a suspension touches: shots of registered cuts, and what was published of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from clearcut.core.codec import to_plain
from clearcut.core.registered import NotedPublish, Touched
from clearcut.report.visible import visible

SCHEMA = "clearcut.impact/1"


@dataclass(frozen=True, slots=True)
class Impact:
    """What was asked about (`licence`, `L-1`), and what rests on it."""

    kind: str
    name: str
    touched: tuple[Touched, ...]
    publishes: tuple[NotedPublish, ...]


def impact_to_json(impact: Impact) -> str:
    """`clearcut.impact/1`, the shots as `/v1/impact` and the publishes as `/v1/publishes` have them."""
    document = {
        "schema": SCHEMA,
        impact.kind: impact.name,
        "touched": [to_plain(one) for one in impact.touched],
        "publishes": [to_plain(one) for one in impact.publishes],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def impact_to_text(impact: Impact) -> str:
    """The head, then each registered cut with its shots, then what was published."""
    return "\n".join(visible(line) for line in _lines(impact))


def _lines(impact: Impact) -> Iterator[str]:
    frames = sum(one.frames for one in impact.touched)
    cuts = len({one.cut for one in impact.touched})
    yield (
        f"{impact.kind} {impact.name}: {_count(len(impact.touched), 'shot')} of {_count(cuts, 'registered cut')} "
        f"({_count(frames, 'frame')}), {_count(len(impact.publishes), 'publish', 'publishes')}"
    )
    for _, group in groupby(impact.touched, key=lambda one: one.cut):
        yield from _cut(tuple(group))
    if impact.publishes:
        yield ""
        yield "Published, and resting on it then:"
        width = max(len(one.shot) for one in impact.publishes)
        for one in impact.publishes:
            yield f"  {one.shot:<{width}}  {_published(one)}"


def _cut(touched: Sequence[Touched]) -> Iterator[str]:
    first = touched[0]
    yield ""
    governs = ", the governing cut" if first.governs else ""
    yield f"{first.production} {first.version} ({first.cut}{governs}):"
    width = max(len(one.shot) for one in touched)
    for one in touched:
        out = ", ".join(dict.fromkeys(p.version or "a version without a name" for p in one.published))
        told = f"published: {out}" if out else "not published"
        ranges = ", ".join(f"[{r.first}, {r.end})" for r in one.screen) or "off screen"
        yield f"  {one.shot:<{width}}  {one.frames} f  {ranges}  {', '.join(one.replicas)}  {told}"


def _published(one: NotedPublish) -> str:
    shown = ", ".join(
        f"{use.replica} {use.frames} f by {', '.join(use.licences) or 'no licence'}" for use in one.uses
    )
    version = one.version or "a version without a name"
    cut = f" from cut {one.cut}" if one.cut else ""
    return (
        f"{one.production} {version}{cut}  {shown}  (noted {one.noted_at[:10]} by {one.noted_by}, {one.id})"
    )


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
