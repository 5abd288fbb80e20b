"""API tokens: 256 random bits, of which only a hash is stored, with a role, an end and a way to revoke them.

A plain SHA-256 is enough: nobody guesses 256 random bits, whatever the hash costs.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, select, update

from clearcut.store.schema import tokens
from clearcut.store.times import sortable

# Recognised by secret scanners, and by our own log filter.
TOKEN_PREFIX = "ccl_"  # noqa: S105 - what every token begins with, no token


class Role(str, Enum):
    """What the holder of a token is to the show; `server.permissions` says what each may do."""

    ARTIST = "artist"
    TD = "td"
    FARM = "farm"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a valid token belongs to; `id` names the token, `name` the person or machine."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A token as lists show it. Moments are RFC 3339 texts, None where there is none."""

    id: str
    name: str
    role: Role
    created_at: str
    expires_at: str | None
    revoked_at: str | None


def create(
    connection: Connection, name: str, role: Role, now: datetime, expires: datetime | None
) -> tuple[str, dict[str, str | None]]:
    """A new token, and what the record is to tell of it; the token itself is nowhere else from now on."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    said = {
        "name": name,
        "role": role.value,
        "hash": _hash(token),
        "expires_at": sortable(expires) if expires is not None else None,
    }
    identity = secrets.token_hex(6)
    connection.execute(tokens.insert().values(id=identity, created_at=sortable(now), revoked_at=None, **said))
    return token, {"token": identity, **said}


def holder(connection: Connection, token: str, now: str) -> Holder | None:
    """Who the token belongs to; None when nobody gave it out, it has ended (`now >= end`) or was revoked."""
    row = _row(connection, token)
    return Holder(row.id, row.name, Role(row.role)) if row is not None and _is_valid(row, now) else None


def stands(connection: Connection, identity: str, now: str) -> bool:
    """Whether the token of that id is valid at that moment."""
    row = connection.execute(select(tokens).where(tokens.c.id == identity)).one_or_none()
    return row is not None and _is_valid(row, now)


def entry(connection: Connection, token: str) -> TokenEntry | None:
    """The token as lists show it, valid or not; None when nobody gave it out."""
    row = _row(connection, token)
    return None if row is None else _entry(row)


def entries(connection: Connection) -> tuple[TokenEntry, ...]:
    """Every token ever given out, oldest first."""
    rows = connection.execute(select(tokens).order_by(tokens.c.created_at, tokens.c.id))
    return tuple(map(_entry, rows))


def revoke(connection: Connection, identity: str, now: datetime) -> bool:
    """Ends a token from now on; False when there is none of that id. Revoking twice keeps the first moment."""
    if connection.execute(select(tokens.c.id).where(tokens.c.id == identity)).one_or_none() is None:
        return False
    connection.execute(
        update(tokens)
        .where(tokens.c.id == identity, tokens.c.revoked_at.is_(None))
        .values(revoked_at=sortable(now))
    )
    return True


def _row(connection: Connection, token: str) -> Any:
    hashed = _hash(token)
    row = connection.execute(select(tokens).where(tokens.c.hash == hashed)).one_or_none()
    # The index looks for the hash of 256 random bits, of which its time tells nothing; what decides is compared whole.
    return row if row is not None and hmac.compare_digest(row.hash, hashed) else None


def _is_valid(row: Any, now: str) -> bool:
    return row.revoked_at is None and (row.expires_at is None or now < row.expires_at)


def _entry(row: Any) -> TokenEntry:
    return TokenEntry(row.id, row.name, Role(row.role), row.created_at, row.expires_at, row.revoked_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
