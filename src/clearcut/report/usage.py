"""What rights people account for: per performer and licence the shots, time, terms, duties and approvals of a cut.

Made of verdicts, so that it counts exactly what was judged; the terms come from the registry where one is given.
One cut or several versions of it, each with rows of its own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from clearcut.core.reasons import CATALOGUE
from clearcut.core.registry import Registry
from clearcut.core.timing import format_seconds, total
from clearcut.core.verdict import Outcome, Severity, UseVerdict, Verdict, worst
from clearcut.report.csv import guard, seconds_cell
from clearcut.report.json import encode, moment_to_json
from clearcut.report.wording import NOBODY

SCHEMA: Final = "clearcut.usage/1"
COLUMNS: Final = (
    "production", "version", "as_of", "performer", "licence", "outcome", "shots", "shot_names", "frames", "seconds",
    "cap_seconds", "media", "territories", "valid_until", "duties", "approval", "approvals", "what_if",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One performer under one licence in one cut; `licence` "" for uses that no licence grants.

    `frames` and `seconds` are what the licence is charged, without a licence the time on screen; `seconds` None
    in a cut without a rate. `outcome` is the worst of its uses. `media`, `territories` and `valid_until` are the
    licence's, empty without a registry. `approval` says what
    the licence asks for ("none", "per_shot", "per_version"), `approvals` are the shots with one that approves.
    `what_if` marks what was judged at another moment and clears nothing.
    """

    production: str
    version: str
    as_of: str
    performer: str
    licence: str
    outcome: Outcome
    shots: tuple[str, ...]
    frames: int
    seconds: Fraction | None
    cap: Fraction | None
    media: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    valid_until: str = ""
    duties: tuple[str, ...] = ()
    approval: str = ""
    approvals: tuple[str, ...] = ()
    what_if: bool = False


def usage_rows(verdicts: Iterable[Verdict], registry: Registry | None = None) -> tuple[UsageRow, ...]:
    """Rows in the order of the cuts, within a cut by performer and licence; what no licence grants comes first."""
    rows = []
    for verdict in verdicts:
        found: dict[tuple[str, str], list[UseVerdict]] = {}
        for use in (use for shot in verdict.shots for use in shot.uses):
            for licence in use.decision.licences or ("",):
                found.setdefault((use.decision.performer or NOBODY, licence), []).append(use)
        rows += [
            _row(verdict, performer, licence, uses, registry)
            for (performer, licence), uses in sorted(found.items(), key=lambda item: item[0])
        ]
    return tuple(rows)


def _row(
    verdict: Verdict, performer: str, licence: str, uses: list[UseVerdict], registry: Registry | None
) -> UsageRow:
    edit, shots = verdict.edit, tuple(dict.fromkeys(use.use.shot for use in uses))
    charged = next((t for t in verdict.totals if t.licence == licence), None) if licence else None
    ticks = total(r for use in uses for r in use.use.screen)
    frames = ticks if edit.timebase is None else edit.timebase.whole_frames(ticks)
    seconds = None if edit.timebase is None else edit.timebase.seconds(ticks)
    terms = registry.licences.get(licence) if registry is not None else None
    approved = {
        a.shot
        for a in (registry.approvals if registry is not None else ())
        if a.licence == licence and a.approved
    }
    return UsageRow(
        production=edit.production or edit.name,
        version=edit.version or "",
        as_of=moment_to_json(verdict.as_of),
        performer=performer,
        licence=licence,
        outcome=worst(use.decision.outcome for use in uses),
        shots=shots,
        frames=charged.frames if charged is not None else frames,
        seconds=charged.seconds if charged is not None else seconds,
        cap=charged.cap if charged is not None else None,
        media=terms.scope.media if terms is not None else (),
        territories=terms.scope.territories if terms is not None else (),
        valid_until=moment_to_json(terms.valid_until) if terms is not None and terms.valid_until else "",
        duties=_duties(uses),
        approval=terms.approval.value if terms is not None else "",
        approvals=tuple(shot for shot in shots if shot in approved),
        what_if=verdict.what_if,
    )


def _duties(uses: list[UseVerdict]) -> tuple[str, ...]:
    """Codes of what is owed although cleared, and of what a waiver lifted."""
    owed = {
        reason.code
        for use in uses
        for reason in use.decision.reasons
        if reason.severity is Severity.WARN
        and ("waiver" in reason.detail or (reason.code in CATALOGUE and CATALOGUE[reason.code].duty))
    }
    return tuple(sorted(owed))


def usage_json(rows: Iterable[UsageRow]) -> str:
    """`clearcut.usage/1`: a row per line, ending in a line break."""
    lines = ",\n  ".join(encode(_plain(row)) for row in rows)
    return f'{{"schema": "{SCHEMA}",\n "rows": [' + (f"\n  {lines}" if lines else "") + "]}\n"


def usage_csv(rows: Iterable[UsageRow]) -> str:
    """A table with a header line; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        plain = _plain(row)
        for column, seconds in (("seconds", row.seconds), ("cap_seconds", row.cap)):
            plain[column] = None if seconds is None else seconds_cell(seconds)
        writer.writerow([guard(_cell(plain[column])) for column in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _plain(row: UsageRow) -> dict[str, Any]:
    return {
        "production": row.production,
        "version": row.version,
        "as_of": row.as_of,
        "performer": row.performer,
        "licence": row.licence or None,
        "outcome": row.outcome.value,
        "shots": len(row.shots),
        "shot_names": list(row.shots),
        "frames": row.frames,
        "seconds": None if row.seconds is None else format_seconds(row.seconds),
        "cap_seconds": None if row.cap is None else format_seconds(row.cap),
        "media": list(row.media),
        "territories": list(row.territories),
        "valid_until": row.valid_until or None,
        "duties": list(row.duties),
        "approval": row.approval or None,
        "approvals": list(row.approvals),
        "what_if": row.what_if,
    }
