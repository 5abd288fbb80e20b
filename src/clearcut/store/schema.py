"""The tables, as the latest migration leaves them. Moments are RFC 3339 texts in UTC of one width: they sort."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()

# One row per change of the registry: who, when and why. `number` counts up by one without gaps. `how` is "record"
# where a record was changed by itself, null where the whole registry was imported.
revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("how", Text, nullable=True),
)

# What a record said from a revision on; a null body says that it was taken out. Rows are only ever added.
records = Table(
    "records",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("revision", Integer, ForeignKey("revisions.number"), primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=True),
    Index("records_by_revision", "revision"),
)

# `hash` is the SHA-256 of the token; the token itself is nowhere. `id` names it to people.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=True),
    Column("revoked_at", Text, nullable=True),
)

# Each row's digest covers the row and the digest before it.
audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

# One row: where the record ends, so that rows cut off at its end are missed.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

# Clearance requests as they stand; how they came to stand so is in the record.
requests = Table(
    "requests",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("production", Text, nullable=False),
    Column("shot", Text, nullable=False),
    Column("replica", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("answered_by", Text, nullable=True),
    Column("answered_at", Text, nullable=True),
    Column("licence", Text, nullable=True),
    Column("answer", Text, nullable=False),
    Index("requests_by_shot", "production", "shot"),
)

# What was answered to a write that bore an idempotency key; `digest` is of the whole request.
answered = Table(
    "answered",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# Waivers that one person proposed, until another one approves or refuses them.
waiver_proposals = Table(
    "waiver_proposals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("waiver", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("proposed_at", Text, nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", Text, nullable=True),
)

# Versions of cuts as they were registered; `question` is the digest of what was asked about the version, `decision`
# what the record keeps of the answer, `totals` the screen time per licence.
cuts = Table(
    "cuts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("production", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_at", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("totals", Text, nullable=False),
    Index("cuts_by_version", "production", "version", unique=True),
)

# Which version of a production's cut is the one to publish for; how it came to be so is in the record.
governing = Table(
    "governing",
    metadata,
    Column("production", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("cut", Integer, ForeignKey("cuts.number"), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# `screen` is JSON, half-open ranges of record frames; `performer` "" when nobody knows whose replica it is.
cut_uses = Table(
    "cut_uses",
    metadata,
    Column("cut", Integer, ForeignKey("cuts.number"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("shot", Text, nullable=False),
    Column("replica", Text, nullable=False),
    Column("performer", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("screen", Text, nullable=False),
    Index("cut_uses_by_performer", "performer"),
)

# The licences that a use rested on when its cut was registered. The key begins with the licence: that is how one asks.
cut_licences = Table(
    "cut_licences",
    metadata,
    Column("licence", Text, primary_key=True),
    Column("cut", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
)

# Published versions of shots: `version` "" where nobody named one, `cut` the version that was judged. `said` is the
# digest of all that was noted, null in rows older than it.
publishes = Table(
    "publishes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("production", Text, nullable=False),
    Column("shot", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("cut", Text, nullable=True),
    Column("said", Text, nullable=True),
    Index("publishes_by_shot", "production", "shot"),
)

# What a published version shows, its scene's replicas too, which no registered cut knows of.
publish_uses = Table(
    "publish_uses",
    metadata,
    Column("publish", Integer, ForeignKey("publishes.number"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("replica", Text, nullable=False),
    Column("performer", Text, nullable=False),
    Column("frames", Integer, nullable=False),
    Index("publish_uses_by_performer", "performer"),
)

publish_licences = Table(
    "publish_licences",
    metadata,
    Column("licence", Text, primary_key=True),
    Column("publish", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
)
