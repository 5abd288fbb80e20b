"""The tables, as the latest migration leaves them. Moments are RFC 3339 texts in UTC of one width: they sort."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()


def _texts(names: str, *, nullable: bool = False, key: bool = False) -> list[Column[str]]:
    """Columns of text, by their names; `key` makes them part of the table's key."""
    return [Column(name, Text, primary_key=key, nullable=nullable) for name in names.split()]


def _number(name: str) -> Column[int]:
    """A number that is part of the table's key, and given by us: the database counts nothing."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


# One row per change of the registry: who, when and why. `number` counts up by one without gaps. `how` is "record"
# where a record was changed by itself, null where the whole registry was imported.
revisions = Table(
    "revisions",
    metadata,
    _number("number"),
    *_texts("at by why"),
    *_texts("how", nullable=True),
)

# What a record said from a revision on; a null body says that it was taken out. Rows are only ever added.
records = Table(
    "records",
    metadata,
    *_texts("kind key", key=True),
    Column("revision", Integer, ForeignKey("revisions.number"), primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    *_texts("body", nullable=True),
    Index("records_by_revision", "revision"),
)

# `hash` is the SHA-256 of the token; the token itself is nowhere. `id` names it to people.
tokens = Table(
    "tokens",
    metadata,
    *_texts("id", key=True),
    *_texts("name role"),
    Column("hash", Text, nullable=False, unique=True),
    *_texts("created_at"),
    *_texts("expires_at revoked_at", nullable=True),
)

# Each row's digest covers the row and the digest before it.
audit = Table(
    "audit",
    metadata,
    _number("sequence"),
    *_texts("at actor action body previous digest"),
)

# One row: where the record ends, so that rows cut off at its end are missed.
audit_head = Table(
    "audit_head",
    metadata,
    _number("id"),
    Column("sequence", Integer, nullable=False),
    *_texts("digest"),
)

# Clearance requests as they stand; how they came to stand so is in the record.
requests = Table(
    "requests",
    metadata,
    _number("number"),
    Column("revision", Integer, nullable=False),
    *_texts("state production shot replica codes message asked_by asked_at"),
    *_texts("answered_by answered_at licence", nullable=True),
    *_texts("answer"),
    Index("requests_by_shot", "production", "shot"),
)

# What was answered to a write that bore an idempotency key; `digest` is of the whole request.
answered = Table(
    "answered",
    metadata,
    *_texts("holder key", key=True),
    *_texts("digest"),
    Column("status", Integer, nullable=False),
    *_texts("body at"),
)

# Waivers that one person proposed, until another one approves or refuses them.
waiver_proposals = Table(
    "waiver_proposals",
    metadata,
    _number("number"),
    *_texts("state waiver why proposed_by token proposed_at"),
    *_texts("decided_by decided_at", nullable=True),
)

# Versions of cuts as they were registered; `question` is the digest of what was asked about the version, `decision`
# what the record keeps of the answer, `totals` the screen time per licence.
cuts = Table(
    "cuts",
    metadata,
    _number("number"),
    *_texts("production version question registered_by registered_at decision totals"),
    Index("cuts_by_version", "production", "version", unique=True),
)

# Which version of a production's cut is the one to publish for; how it came to be so is in the record.
governing = Table(
    "governing",
    metadata,
    *_texts("production", key=True),
    Column("revision", Integer, nullable=False),
    Column("cut", Integer, ForeignKey("cuts.number"), nullable=False),
    *_texts("by at why"),
)

# `screen` is JSON, half-open ranges of record frames; `performer` "" when nobody knows whose replica it is.
cut_uses = Table(
    "cut_uses",
    metadata,
    Column("cut", Integer, ForeignKey("cuts.number"), primary_key=True, autoincrement=False),
    _number("place"),
    *_texts("shot replica performer outcome"),
    Column("frames", Integer, nullable=False),
    *_texts("screen"),
    Index("cut_uses_by_performer", "performer"),
)

# The licences that a use rested on when its cut was registered. The key begins with the licence: that is how one asks.
cut_licences = Table(
    "cut_licences",
    metadata,
    *_texts("licence", key=True),
    _number("cut"),
    _number("place"),
)

# Published versions of shots: `version` "" where nobody named one, `cut` the version that was judged. `said` is the
# digest of all that was noted, null in rows older than it.
publishes = Table(
    "publishes",
    metadata,
    _number("number"),
    *_texts("production shot version by at"),
    *_texts("cut said", nullable=True),
    Index("publishes_by_shot", "production", "shot"),
)

# What a published version shows, its scene's replicas too, which no registered cut knows of.
publish_uses = Table(
    "publish_uses",
    metadata,
    Column("publish", Integer, ForeignKey("publishes.number"), primary_key=True, autoincrement=False),
    _number("place"),
    *_texts("replica performer"),
    Column("frames", Integer, nullable=False),
    Index("publish_uses_by_performer", "performer"),
)

publish_licences = Table(
    "publish_licences",
    metadata,
    *_texts("licence", key=True),
    _number("publish"),
    _number("place"),
    Index("publish_licences_by_publish", "publish"),
)
