"""Registry records as rows and back: which kinds there are, what a record's key is, how rows become one document.

Standard library only, because a client without the `server` extra reads a SQLite registry too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

SCHEMA = "clearcut.registry/1"
# In the order of interface.md. Those without an id of their own are keyed by what they say.
KINDS = (
    "performers",
    "authorities",
    "replicas",
    "assets",
    "not_replicas",
    "productions",
    "licences",
    "approvals",
    "exemptions",
    "suspensions",
    "waivers",
)


class Row(NamedTuple):
    """One record: its place among its kind (0 where the id gives the order) and its canonical JSON text."""

    position: int
    body: str


def records(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Row]]:
    """Kind, key and row of every record of a `clearcut.registry/1` document."""
    for kind in KINDS:
        same: Counter[str] = Counter()
        for place, record in enumerate(document.get(kind, ())):
            body, position = canonical(record), 0
            key = record.get("id")
            if key is None:
                digest = hashlib.sha256(body.encode()).hexdigest()
                same[digest] += 1
                # Two records that say the same are two records: what was imported is what is exported.
                key = digest if same[digest] == 1 else f"{digest}:{same[digest]}"
                position = place
            yield kind, key, Row(position, body)


def document_text(rows: Iterable[tuple[str, str]]) -> str:
    """The `clearcut.registry/1` document of rows of kind and JSON text. Raises ValueError on an unknown kind."""
    bodies: defaultdict[str, list[str]] = defaultdict(list)
    for kind, body in rows:
        bodies[kind].append(body)
    unknown = bodies.keys() - set(KINDS)
    if unknown:
        raise ValueError(f"the database holds records of an unknown kind {min(unknown)!r}")
    parts = [f'"{kind}":[{",".join(bodies[kind])}]' for kind in KINDS]
    return f'{{"schema":"{SCHEMA}",{",".join(parts)}}}'


def canonical(plain: Any) -> str:
    """One text per JSON value: sorted keys, no spaces, ASCII."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def texts_digest(*texts: str) -> str:
    """The digest of texts in their order, 64 hex digits."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()
