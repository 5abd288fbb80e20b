"""What changed between two cuts, for a terminal and as `clearcut.diff/1`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from clearcut.core.diff import ChangeKind, ClipChange, CutDiff
from clearcut.core.diff_verdicts import Cause, ScreenTime, Turn, VerdictDiff
from clearcut.core.timing import format_seconds
from clearcut.core.verdict import Verdict
from clearcut.report.visible import clip as shortened

SCHEMA = "clearcut.diff/1"
_WORDS = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.MOVED: "moved",
    ChangeKind.TRIMMED: "trimmed",
    ChangeKind.RETIMED: "retimed",
    ChangeKind.MEDIA_REPLACED: "other media",
}


def to_json(old: Verdict, new: Verdict, cut: CutDiff, verdicts: VerdictDiff) -> dict[str, Any]:
    """Both cuts, every change, and what it does to clearance. Frames are numbers or rational texts."""
    return {
        "schema": SCHEMA,
        "old": _edit_to_json(old),
        "new": _edit_to_json(new),
        "frames": [_number(length) for length in cut.frames],
        "rates": None if cut.rates is None else [str(rate) for rate in cut.rates],
        "changes": [_change_to_json(change) for change in cut.changes],
        "slid": cut.slid,
        "replicas": [
            {"replica": one.replica, "performer": one.performer, **_time_to_json(one.time)}
            for one in verdicts.replicas
        ],
        "licences": [
            {
                "licence": one.licence,
                "performer": one.performer,
                **_time_to_json(one.time),
                "cap_seconds": None if one.cap is None else format_seconds(one.cap),
            }
            for one in verdicts.licences
        ],
        "newly_blocked": [_turn_to_json(turn) for turn in verdicts.newly_blocked],
        "newly_unknown": [_turn_to_json(turn) for turn in verdicts.newly_unknown],
        "newly_cleared": [_turn_to_json(turn) for turn in verdicts.newly_cleared],
        "reasons": [why.message for why in new.reasons],
    }


def _edit_to_json(verdict: Verdict) -> dict[str, Any]:
    edit = verdict.edit
    return {
        "path": edit.path,
        "sha256": edit.sha256,
        "name": edit.name,
        "version": edit.version,
        "outcome": verdict.outcome.value,
    }


def _number(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else str(value)


def _optional(value: Fraction | None) -> int | str | None:
    return None if value is None else _number(value)


def _change_to_json(change: ClipChange) -> dict[str, Any]:
    return {
        "shot": change.shot,
        "kinds": [kind.value for kind in change.kinds],
        "sound": change.sound,
        "frames": _number(change.frames),
        "head": _optional(change.head),
        "tail": _optional(change.tail),
        "old": None if change.old is None else [_number(end) for end in change.old],
        "new": None if change.new is None else [_number(end) for end in change.new],
        "speeds": None if change.speeds is None else [_optional(speed) for speed in change.speeds],
        "media": None if change.media is None else [list(paths) for paths in change.media],
    }


def _time_to_json(time: ScreenTime) -> dict[str, Any]:
    return {
        "frames": [_number(frames) for frames in time.frames],
        "seconds": [format_seconds(seconds) for seconds in time.seconds],
    }


def _turn_to_json(turn: Turn) -> dict[str, Any]:
    return {
        "shot": turn.shot,
        "before": None if turn.before is None else turn.before.value,
        "after": turn.after.value,
        "reasons": [
            {"code": why.code, "message": why.message, "licence": why.licence} for why in turn.reasons
        ],
        "causes": [
            {
                "shot": cause.shot,
                "frames": _optional(cause.frames),
                "what": cause.what,
                "licence": cause.licence,
            }
            for cause in turn.causes
        ],
    }


def to_text(old: Verdict, new: Verdict, cut: CutDiff, verdicts: VerdictDiff) -> str:
    """The same for people: what is newly blocked last, where a terminal leaves it in sight."""
    lines = [f"{_titles(old, new)}: {_from_to(cut.frames)}"]
    if cut.rates is not None:
        lines.append(f"the rate changed: {cut.rates[0]} -> {cut.rates[1]} fps")
    lines += ["", f"CHANGES ({len(cut.changes)})"]
    lines += [f"  {_change(change)}" for change in cut.changes] or ["  none"]
    if cut.slid:
        clips = "other clip only begins" if cut.slid == 1 else "other clips only begin"
        why = "these" if cut.changes else "the rate"
        lines.append(f"  ({cut.slid} {clips} earlier or later because of {why})")
    lines += _screen_time(verdicts)
    lines += _turns("NEWLY CLEARED", verdicts.newly_cleared)
    lines += _turns("NEWLY UNKNOWN", verdicts.newly_unknown)
    lines += _turns("NEWLY BLOCKED", verdicts.newly_blocked)
    return "\n".join(lines) + "\n"


def _titles(old: Verdict, new: Verdict) -> str:
    """What the cuts are called; by their files where both are called alike."""
    titles = _title(old), _title(new)
    if titles[0] == titles[1] and old.edit.path != new.edit.path:
        titles = shortened(old.edit.path, 120), shortened(new.edit.path, 120)
    return " -> ".join(titles)


def _title(verdict: Verdict) -> str:
    edit = verdict.edit
    return shortened(edit.version or edit.name or edit.path or "a cut", 60)


def _from_to(frames: tuple[Fraction, Fraction]) -> str:
    before, after = frames
    return f"{_show(before)} f -> {_show(after)} f ({_signed(after - before)})"


def _show(frames: Fraction) -> str:
    return str(frames) if frames.denominator == 1 else f"{float(frames):.2f}"


def _signed(frames: Fraction) -> str:
    return f"+{_show(frames)}" if frames >= 0 else _show(frames)


def _change(change: ClipChange) -> str:
    kinds = ", ".join(_WORDS[kind] for kind in change.kinds) + (" (sound)" if change.sound else "")
    said = f"{kinds}: {shortened(change.shot, 60)} {_signed(change.frames)}"
    details = []
    if change.head:
        details.append(f"head {_signed(change.head)}")
    if change.tail:
        details.append(f"tail {_signed(change.tail)}")
    if change.speeds is not None:
        details.append(" -> ".join("speed unknown" if s is None else f"x{float(s):g}" for s in change.speeds))
    if change.media is not None:
        details.append(" -> ".join(shortened(", ".join(paths), 120) or "no media" for paths in change.media))
    return said + (f" ({'; '.join(details)})" if details else "")


def _screen_time(verdicts: VerdictDiff) -> Iterator[str]:
    replicas = [one for one in verdicts.replicas if any(one.time.frames)]
    if replicas:
        yield ""
        yield "SCREEN TIME BY REPLICA"
        for one in replicas:
            who = f" ({shortened(one.performer, 40)})" if one.performer else ""
            yield f"  {shortened(one.replica, 60)}{who}: {_time(one.time)}"
    if verdicts.licences:
        yield ""
        yield "SCREEN TIME BY LICENCE"
        for licence in verdicts.licences:
            cap = "" if licence.cap is None else f", cap {_seconds(licence.cap)}"
            yield f"  {shortened(licence.licence, 60)}: {_time(licence.time)}{cap}"


def _time(time: ScreenTime) -> str:
    return f"{_from_to(time.frames)}, {_seconds(time.seconds[0])} -> {_seconds(time.seconds[1])}"


def _seconds(seconds: Fraction) -> str:
    exact = format_seconds(seconds)
    return f"{exact} s" if "/" not in exact else f"{float(seconds):.3f} s"


def _turns(title: str, turns: tuple[Turn, ...]) -> Iterator[str]:
    if not turns:
        return
    yield ""
    yield f"{title} ({len(turns)})"
    for turn in turns:
        before = "not in the old cut" if turn.before is None else turn.before.value.replace("_", " ")
        yield f"  {shortened(turn.shot, 60)}: was {before}"
        for why in turn.reasons:
            yield f"    {why.code}: {shortened(why.message, 300)}"
        causes = ", ".join(_cause(cause) for cause in turn.causes)
        yield f"    because of: {causes or 'nothing that changed in the cut'}"


def _cause(cause: Cause) -> str:
    if cause.frames is not None:
        return f"{shortened(cause.shot, 60)} {_signed(cause.frames)}"
    return f"{shortened(cause.shot, 60)} {shortened(cause.what)}"
