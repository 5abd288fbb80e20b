"""The rule packs as a page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from clearcut.core.packs import Applies, Effect, RulePack


def packs_as_text(packs: tuple[RulePack, ...]) -> str:
    """Each pack with where it holds, what it demands and what it rests on."""
    return "\n\n".join("\n".join(_pack_lines(pack)) for pack in packs)


def _pack_lines(pack: RulePack) -> Iterator[str]:
    yield f"{pack.id}: {pack.title}"
    yield f"  holds   {_applies(pack.applies) or 'always'}"
    for effect in pack.effects:
        yield f"  {_demand(effect)}"
        yield f"          {effect.clause}{' [ONE SOURCE ONLY]' if effect.single_source else ''}"
    for number, source in enumerate(pack.sources):
        yield f"  {'sources' if number == 0 else '       '} {source}"
    yield f"  read    {pack.dated}"


def _demand(effect: Effect) -> str:
    """One effect in a line: its kind, number, words, severity, and the uses it is about."""
    number = "" if effect.number is None else f" {effect.number}"
    words = f" {', '.join(effect.values)}" if effect.values else ""
    severity = f" ({effect.severity.value})" if effect.severity else ""
    about = [
        *effect.uses,
        *effect.alterations,
        *effect.categories,
        *effect.techniques,
        *effect.capture_sources,
    ]
    scope = [f"for {', '.join(about)}"] if about else []
    narrowed = _applies(effect.applies)
    scope += [f"where {narrowed}"] if narrowed else []
    return f"demands {effect.kind.value}{number}{words}{severity}{', ' if scope else ''}{'; '.join(scope)}"


def _applies(applies: Applies) -> str:
    parts = []
    if applies.agreements:
        parts.append(f"agreement {' or '.join(applies.agreements)}")
    if applies.photography_from:
        parts.append(f"photography starts on or after {applies.photography_from}")
    if applies.photography_until:
        parts.append(f"photography starts on or before {applies.photography_until}")
    if applies.territories:
        parts.append(f"delivered to {', '.join(applies.territories)}")
    if applies.media:
        parts.append(f"delivered as {', '.join(applies.media)}")
    if applies.release_from:
        parts.append(f"released on or after {applies.release_from}")
    return ", ".join(parts)


def packs_as_json(packs: tuple[RulePack, ...]) -> str:
    """The same as a JSON list."""
    return json.dumps([_pack(pack) for pack in packs], indent=2, ensure_ascii=False)


def _pack(pack: RulePack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": pack.title,
        "dated": str(pack.dated),
        "sources": list(pack.sources),
        "holds": _applies(pack.applies) or "always",
        "effects": [
            {
                "kind": effect.kind.value,
                "clause": effect.clause,
                "single_source": effect.single_source,
                "severity": effect.severity.value if effect.severity else None,
                "number": effect.number,
                "values": list(effect.values),
                "demand": _demand(effect),
            }
            for effect in pack.effects
        ],
    }
