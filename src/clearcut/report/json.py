"""The report `clearcut.report/1` (interface.md), and back: the machine's form of a verdict.

The same verdict gives the same bytes. A shot stands on a line of its own, so that two reports compare with any
line-wise diff and 100,000 uses are written by the fast encoder. Beyond interface.md a use also says what it was
declared for and where it is in the cut, so that reading a report back loses nothing that any format shows.
Reading back is in `reading`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring_ascii as encode_text
from typing import Any, Final

from clearcut.core.timing import FrameRange, Timebase, format_rate, format_seconds, total
from clearcut.core.use import Declaration, EvidenceKind
from clearcut.core.verdict import EditFacts, Outcome, Reason, ShotVerdict, Total, UseVerdict, Verdict
from clearcut.report.reading import verdict_from_json

__all__ = [
    "ROW_BREAK",
    "SCHEMA",
    "encode",
    "format_json",
    "head_to_json",
    "moment_to_json",
    "reason_to_json",
    "report_parts",
    "shot_rows",
    "shot_to_json",
    "total_rows",
    "totals_to_json",
    "verdict_from_json",
    "verdict_to_json",
]

SCHEMA: Final = "clearcut.report/1"
ROW_BREAK: Final = b",\n  "
"""What parts the lines of shots and totals."""


# NaN never reaches a reader that would take it for a number: `_plain` has made it a string.
encode: Final = json.JSONEncoder(allow_nan=False).encode
"""One JSON value as text, ASCII only."""


def format_json(verdict: Verdict) -> str:
    """The report as text, ASCII only, ending in a line break."""
    return b"".join(report_parts(verdict, shot_rows(verdict), total_rows(verdict))).decode()


def shot_rows(verdict: Verdict) -> bytes:
    """All shots as they stand in the report, each on a line of its own; nothing of it depends on the moment."""
    # Shot by shot: 100,000 uses held as dicts at once cost more in the garbage collector than in the encoder, and all
    # lines as text beside all lines as bytes another 25 MB.
    return _lines(_rows(verdict.shots, verdict.edit.timebase))


def total_rows(verdict: Verdict) -> bytes:
    """What each licence is charged, as it stands in the report."""
    return _lines([encode(row) for row in totals_to_json(verdict)])


def report_parts(verdict: Verdict, shots: bytes, totals: bytes) -> list[bytes]:
    """The report of a verdict of which the shots and the totals are these rows, whatever it has itself.

    In parts, to be written one after the other: the rows of a large cut have 20 MB, and each copy of them costs.
    """
    reasons = _lines([encode(reason_to_json(reason)) for reason in verdict.reasons])
    head = ",\n ".join([f"{encode(key)}: {encode(value)}" for key, value in head_to_json(verdict).items()])
    parts = [b"{", head.encode()]
    for key, lines in ((b"shots", shots), (b"totals", totals), (b"reasons", reasons)):
        parts += (b',\n "%s": [\n  ' % key, lines, b"]") if lines else (b',\n "%s": []' % key,)
    return [*parts, b"}\n"]


def _lines(rows: Iterable[str]) -> bytes:
    return ROW_BREAK.join(map(str.encode, rows))


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The report as plain JSON values, in the order of interface.md."""
    timebase = verdict.edit.timebase
    return {
        **head_to_json(verdict),
        "shots": [shot_to_json(shot, timebase) for shot in verdict.shots],
        "totals": totals_to_json(verdict),
        "reasons": [reason_to_json(reason) for reason in verdict.reasons],
    }


def head_to_json(verdict: Verdict) -> dict[str, Any]:
    """What stands before the shots."""
    source = verdict.source
    return {
        "schema": SCHEMA,
        "outcome": verdict.outcome.value,
        "as_of": moment_to_json(verdict.as_of),
        "what_if": verdict.what_if,
        "asked": list(verdict.asked),
        "source": {"kind": source.kind, "name": source.name, "age_s": source.age_s},
        "edit": edit_to_json(verdict.edit),
    }


def totals_to_json(verdict: Verdict) -> list[dict[str, Any]]:
    """One entry per licence charged, by id."""
    return [_total_to_json(entry) for entry in sorted(verdict.totals, key=lambda t: t.licence)]


def edit_to_json(edit: EditFacts) -> dict[str, Any]:
    """Which edit was judged. Without a rate, `rate` and `duration_frames` are null."""
    timebase = edit.timebase
    return {
        "path": edit.path,
        "sha256": edit.sha256,
        "name": edit.name,
        "production": edit.production,
        "version": edit.version,
        "rate": None if timebase is None else format_rate(timebase.rate),
        "duration_frames": None if timebase is None else timebase.whole_frames(edit.duration),
        "duration_ticks": edit.duration,
        "ticks_per_frame": None if timebase is None else timebase.ticks_per_frame,
    }


def _rows(shots: Iterable[ShotVerdict], timebase: Timebase | None) -> Iterator[str]:
    """Each shot as the encoder writes `shot_to_json` of it; where every tick is a frame, as in most cuts, by hand."""
    if timebase is None or timebase.ticks_per_frame != 1:
        yield from (encode(shot_to_json(shot, timebase)) for shot in shots)
        return
    nothing, rate = Outcome.NOT_APPLICABLE, timebase.rate
    for name, outcome, record, uses, reasons in shots:
        # Most shots show nothing, nothing hinders them, and they play once: no call for those.
        if outcome is nothing and len(record) == 1 and not uses and not reasons:
            ((first, end),) = record
            yield (
                f'{{"name": {encode_text(name)}, "outcome": "not_applicable", '
                f'"record_ranges": [[{first}, {end}]], "uses": [], "reasons": []}}'
            )
            continue
        shown = ", ".join([_use_text(use, rate) for use in uses])
        yield (
            f'{{"name": {encode_text(name)}, "outcome": "{_WORDS[outcome]}", '
            f'"record_ranges": {_pairs_text(record)}, "uses": [{shown}], "reasons": {_reasons_text(reasons)}}}'
        )


def _use_text(verdict: UseVerdict, rate: Fraction) -> str:
    """A use as the encoder writes `_use_to_json` of it, in a cut of which every tick is a frame."""
    use, decision = verdict.use, verdict.decision
    evidence = [
        f'{{"kind": "{_WORDS[e.kind]}", "where": {encode_text(e.where)}, "value": {encode_text(e.value)}}}'
        for e in use.evidence
    ]
    screen = use.screen
    ticks = screen[0].end - screen[0].first if len(screen) == 1 else total(screen)
    expires = "null" if decision.expires is None else f'"{moment_to_json(decision.expires)}"'
    return (
        f'{{"id": {encode_text(use.id)}, "replica": {encode_text(use.replica)}, '
        f'"performer": {_text(decision.performer)}, "outcome": "{_WORDS[decision.outcome]}", '
        f'"licences": {_texts(decision.licences)}, "expires": {expires}, '
        f'"frames": {ticks}, "seconds": "{_seconds(rate, 1, ticks)}", '
        f'"record_ranges": {_pairs_text(use.record)}, "screen_ranges": {_pairs_text(screen)}, '
        f'"occluded_ranges": {_pairs_text(use.occluded)}, "source_ranges": {_pairs_text(use.source)}, '
        f'"source_known": {_TRUTH[use.source_known]}, "scene_only": {_TRUTH[use.scene_only]}, '
        f'"version": {_text(use.version)}, "sequence": {_text(use.sequence)}, "episode": {_text(use.episode)}, '
        f'"declared": {_declared_text(use.declared)}, "models": {_texts(use.models)}, '
        f'"biometric": {_texts(use.biometric)}, "evidence": [{", ".join(evidence)}], '
        f'"reasons": {_reasons_text(decision.reasons)}}}'
    )


# An enum's own `value` takes eight times as long as looking it up.
_WORDS: Final[dict[Outcome | EvidenceKind, str]] = {one: one.value for one in (*Outcome, *EvidenceKind)}
_TRUTH: Final = {False: "false", True: "true"}


def _text(text: str | None) -> str:
    return "null" if text is None else encode_text(text)


def _texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(encode_text, texts))}]" if texts else "[]"


def _pairs_text(ranges: tuple[FrameRange, ...]) -> str:
    if len(ranges) == 1:
        ((first, end),) = ranges
        return f"[[{first}, {end}]]"
    return encode(ranges) if ranges else "[]"


def _reasons_text(reasons: tuple[Reason, ...]) -> str:
    return encode([reason_to_json(reason) for reason in reasons]) if reasons else "[]"


@lru_cache(maxsize=1024)
def _declared_text(said: Declaration) -> str:
    # Most uses of a cut are declared alike, or not at all.
    return encode(_declared(said))


def shot_to_json(shot: ShotVerdict, timebase: Timebase | None) -> dict[str, Any]:
    """One shot; `record_ranges` are half-open, in whole frames of the cut's rate."""
    return {
        "name": shot.name,
        "outcome": shot.outcome.value,
        "record_ranges": _frames(shot.record, timebase),
        "uses": [_use_to_json(use, timebase) for use in shot.uses],
        "reasons": [reason_to_json(reason) for reason in shot.reasons],
        **_ticks("record_ticks", shot.record, timebase),
    }


def _use_to_json(verdict: UseVerdict, timebase: Timebase | None) -> dict[str, Any]:
    use, decision = verdict.use, verdict.decision
    screen = use.screen
    ticks = screen[0].end - screen[0].first if len(screen) == 1 else total(screen)
    return {
        "id": use.id,
        "replica": use.replica,
        "performer": decision.performer,
        "outcome": decision.outcome.value,
        "licences": list(decision.licences),
        "expires": None if decision.expires is None else moment_to_json(decision.expires),
        "frames": ticks if timebase is None else timebase.whole_frames(ticks),
        "seconds": None if timebase is None else _seconds(timebase.rate, timebase.ticks_per_frame, ticks),
        "record_ranges": _frames(use.record, timebase),
        "screen_ranges": _frames(use.screen, timebase),
        "occluded_ranges": _frames(use.occluded, timebase),
        "source_ranges": _pairs(use.source),
        "source_known": use.source_known,
        "scene_only": use.scene_only,
        "version": use.version,
        "sequence": use.sequence,
        "episode": use.episode,
        "declared": _declared(use.declared),
        "models": list(use.models),
        "biometric": list(use.biometric),
        "evidence": [{"kind": e.kind.value, "where": e.where, "value": e.value} for e in use.evidence],
        "reasons": [reason_to_json(reason) for reason in decision.reasons],
        **_ticks("record_ticks", use.record, timebase),
        **_ticks("screen_ticks", use.screen, timebase),
        **_ticks("occluded_ticks", use.occluded, timebase),
    }


@lru_cache(maxsize=65_536)
def _seconds(rate: Fraction, ticks_per_frame: int, ticks: int) -> str:
    # Shots of one length are many, and a rational costs more than all the rest of a use.
    return format_seconds(Timebase(rate, ticks_per_frame).seconds(ticks))


def _declared(said: Declaration) -> dict[str, Any]:
    return {
        "uses": list(said.uses),
        "alterations": list(said.alterations),
        "depictions": list(said.depictions),
        "modalities": list(said.modalities),
        "language": said.language,
        "character": said.character,
        "exemption": said.exemption,
    }


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """One reason; the keys of `detail` are sorted, so that every backend's answer reads the same."""
    return {
        "code": reason.code,
        "severity": reason.severity.value,
        "message": reason.message,
        "remedy": reason.remedy,
        "who": reason.who,
        "licence": reason.licence,
        "detail": _plain(reason.detail) if reason.detail else {},
    }


def _total_to_json(entry: Total) -> dict[str, Any]:
    """What one licence is charged; `cap_seconds` null without a cap."""
    return {
        "licence": entry.licence,
        "performer": entry.performer,
        "frames": entry.frames,
        "seconds": format_seconds(entry.seconds),
        "cap_seconds": None if entry.cap is None else format_seconds(entry.cap),
    }


def moment_to_json(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`."""
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _pairs(ranges: Iterable[FrameRange]) -> list[list[int]]:
    return [[r.first, r.end] for r in ranges]


def _frames(ranges: tuple[FrameRange, ...], timebase: Timebase | None) -> list[list[int]]:
    if timebase is None or timebase.ticks_per_frame == 1:
        return _pairs(ranges)
    return _pairs(timebase.frame_ranges(ranges))


def _ticks(key: str, ranges: tuple[FrameRange, ...], timebase: Timebase | None) -> dict[str, list[list[int]]]:
    # Only a cut of mixed rates has times between frames; elsewhere the frames already say it exactly.
    if timebase is None or timebase.ticks_per_frame == 1:
        return {}
    return {key: _pairs(ranges)}


def _plain(value: Any) -> Any:
    """A detail's value as JSON: a backend may send anything, and a report must still be written."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Fraction):
        return format_seconds(value) if value >= 0 else str(value)
    if isinstance(value, float) and value - value == 0:
        return value
    return str(value)
