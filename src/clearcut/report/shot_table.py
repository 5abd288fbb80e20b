"""The table of clips, shot names and evidence that a TD tunes the rule file by: as text and as JSON.

Shows every place that could name a clip, also those that the rule file does not ask, so that one sees which
extractor to turn on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from clearcut.core.cut import Cut
from clearcut.core.shots import Candidate, NamedClip
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Evidence
from clearcut.report.visible import clip as shortened

SCHEMA = "clearcut.shots/1"


class Row(NamedTuple):
    """One clip: `evidence` of the replicas it shows, `unasked` what extractors would say that are not turned on."""

    named: NamedClip
    evidence: tuple[tuple[str, Evidence], ...]
    unasked: tuple[Candidate, ...]


def to_json(cut: Cut, rows: Sequence[Row]) -> dict[str, Any]:
    """The table as JSON values, in record order; ranges in whole frames of the cut's rate, half-open."""
    return {
        "schema": SCHEMA,
        "edit": {"path": cut.path, "name": cut.name, "sha256": cut.sha256, "rate": str(cut.timebase.rate)},
        "clips": [_row_to_json(row, cut.timebase) for row in rows],
    }


def _row_to_json(row: Row, timebase: Timebase) -> dict[str, Any]:
    one = row.named
    clip = one.clip
    return {
        "where": clip.where,
        "name": clip.name,
        "kind": "nested" if clip.nested else clip.kind.value,
        "record_range": list(_frames(clip.record, timebase)),
        "source_range": None if clip.source is None else list(clip.source),
        "media": [url for reference in clip.references for url in reference.urls],
        "shot": one.shot,
        "state": state(one),
        "sequence": one.sequence,
        "episode": one.episode,
        "version": one.version,
        "candidates": [_candidate_to_json(candidate) for candidate in one.candidates],
        "not_asked": [_candidate_to_json(candidate) for candidate in row.unasked],
        "faults": [str(fault) for said in (*one.declared, *one.around) for fault in said.faults],
        "replicas": [
            {"replica": replica, "kind": seen.kind.value, "where": seen.where, "value": seen.value}
            for replica, seen in row.evidence
        ],
    }


def _candidate_to_json(candidate: Candidate) -> dict[str, str]:
    return {"kind": candidate.kind, "where": candidate.where, "name": candidate.name}


def state(one: NamedClip) -> str:
    """How sure the shot is: "settled" by `clearcut.shot`, "named", "ambiguous" or "unnamed"."""
    if one.shot is None:
        return "unnamed"
    if one.ambiguous:
        return "ambiguous"
    return "settled" if one.settled else "named"


def to_text(cut: Cut, rows: Sequence[Row]) -> str:
    """The table for a terminal, one line for each clip and one for each replica and each doubt below it."""
    counted = "1 clip" if len(rows) == 1 else f"{len(rows)} clips"
    lines = [f"{shortened(cut.name or cut.path)}: {counted} at {cut.timebase.rate} fps", ""]
    columns = [("RECORD", "SHOT", "CLIP", "NAMED BY"), *(_columns(row, cut.timebase) for row in rows)]
    widths = [min(max(len(column[n]) for column in columns), 48) for n in range(3)]
    lines.append(_line(columns[0], widths))
    for row, column in zip(rows, columns[1:], strict=True):
        lines.append(_line(column, widths))
        lines.extend(f"    {note}" for note in _notes(row))
    return "\n".join(lines) + "\n"


def _columns(row: Row, timebase: Timebase) -> tuple[str, str, str, str]:
    one = row.named
    first, end = _frames(one.clip.record, timebase)
    kind = " (sound)" if one.clip.kind.value == "sound" else " (nested)" if one.clip.nested else ""
    by = ", ".join(dict.fromkeys(candidate.kind for candidate in one.candidates)) or "nothing"
    shot = shortened(one.shot, 60) if one.shot is not None else "-"
    return f"{first}-{end}", shot, f"{shortened(one.clip.name, 60) or '-'}{kind}", by


def _line(columns: tuple[str, str, str, str], widths: Sequence[int]) -> str:
    cells = [text.ljust(width) for text, width in zip(columns, widths, strict=False)]
    return "  ".join([*cells, columns[3]]).rstrip()


def _notes(row: Row) -> list[str]:
    one = row.named
    notes = []
    if one.ambiguous:
        said = "; ".join(f"{shortened(c.name, 60)} by {shortened(c.where)}" for c in one.candidates)
        notes.append(f"ambiguous: {said}")
    if row.unasked:
        others = dict.fromkeys(f"{c.kind} would say {shortened(c.name, 60)}" for c in row.unasked)
        notes.append(f"not asked: {'; '.join(others)}")
    for declared in (*one.declared, *one.around):
        notes.extend(f"fault: {shortened(str(fault))}" for fault in declared.faults)
    notes.extend(
        f"{shortened(replica, 60)} by {seen.kind.value}: {shortened(seen.value)}"
        for replica, seen in row.evidence
    )
    return notes


def _frames(ticks: FrameRange, timebase: Timebase) -> FrameRange:
    return timebase.frame_ranges((ticks,))[0]
