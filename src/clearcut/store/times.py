"""Moments as texts that sort: RFC 3339 in UTC with six digits of a second, always."""

from __future__ import annotations

from datetime import datetime, timezone


def sortable(moment: datetime) -> str:
    """`2026-11-20T12:00:00.000000Z`. Raises ValueError on a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
