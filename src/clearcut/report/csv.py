"""The report as CSV for spreadsheets: one row per reason, one for a use or a shot that has none.

A spreadsheet runs a cell that begins like a formula, so such a cell begins with an apostrophe here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from clearcut.core.timing import Timebase, format_seconds, total
from clearcut.core.verdict import Reason, ShotVerdict, UseVerdict, Verdict
from clearcut.report.visible import clip
from clearcut.report.wording import (
    NOBODY,
    WHAT_IF,
    cut_hinders,
    replica_name,
    shot_frames,
    show_ranges,
    waiver_of,
)

COLUMNS: Final = (
    "shot", "shot_outcome", "performer", "replica", "use_outcome", "code", "severity", "why", "remedy", "ask",
    "licence", "waiver", "granted_by", "frames", "seconds", "record_ranges", "source_ranges", "version", "evidence",
    "asked",
)  # fmt: skip

# What starts a formula in Excel, LibreOffice, Google Sheets or Numbers; full-width signs too.
_FORMULA: Final = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


def format_csv(verdict: Verdict) -> str:
    """The table with a header line; reasons of the cut first, then the shots in record order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(verdict):
        writer.writerow([guard(str(row.get(column, ""))) for column in COLUMNS])
    return out.getvalue()


def guard(cell: str) -> str:
    """The cell, made harmless where a spreadsheet would run it."""
    shown = clip(cell, 2000)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def seconds_cell(seconds: Fraction) -> str:
    """Decimals, to a millionth where they do not end: a spreadsheet takes `5/3` for a date. The frames are exact."""
    return format_seconds(round(seconds, 6))


def _rows(verdict: Verdict) -> Iterator[dict[str, str]]:
    cut = {"shot": "(the whole cut)", "shot_outcome": verdict.outcome.value}
    if verdict.what_if:
        yield {**cut, "why": WHAT_IF}
    for reason in verdict.reasons:
        yield {**cut, **_reason(reason)}
    if cut_hinders(verdict) and not verdict.reasons:
        yield {**cut, "why": "the cut as a whole is worse than its shots"}
    for shot in verdict.shots:
        asked = "yes" if verdict.decides(shot) else "no"
        for row in _shot(shot, verdict.edit.timebase):
            yield {**row, "asked": asked}


def _shot(shot: ShotVerdict, timebase: Timebase | None) -> Iterator[dict[str, str]]:
    head = {
        "shot": shot.name,
        "shot_outcome": shot.outcome.value,
        "record_ranges": show_ranges(shot_frames(shot, timebase), 1000),
    }
    for reason in shot.reasons:
        yield {**head, **_reason(reason)}
    for use in shot.uses:
        row = {**head, **_use(use, timebase)}
        for reason in use.decision.reasons:
            yield {**row, **_reason(reason)}
        if not use.decision.reasons:
            yield row
    if not shot.reasons and not shot.uses:
        yield head


def _use(verdict: UseVerdict, timebase: Timebase | None) -> dict[str, str]:
    use, decision = verdict.use, verdict.decision
    ticks = total(use.screen)
    return {
        "performer": decision.performer or NOBODY,
        "replica": replica_name(verdict),
        "use_outcome": decision.outcome.value,
        "granted_by": " ".join(decision.licences),
        "frames": str(ticks if timebase is None else timebase.whole_frames(ticks)),
        "seconds": "" if timebase is None else seconds_cell(timebase.seconds(ticks)),
        "source_ranges": show_ranges(use.source, 1000),
        "version": use.version or "",
        "evidence": "; ".join(f"{e.kind.value} {e.where} {e.value}" for e in use.evidence[:20]),
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "severity": reason.severity.value,
        "why": reason.message,
        "remedy": reason.remedy,
        "ask": reason.who,
        "licence": reason.licence or "",
        "waiver": waiver_of(reason) or "",
    }
