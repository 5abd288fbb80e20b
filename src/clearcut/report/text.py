"""The verdict for a terminal: what must not be published comes first, with why, what to do and whom to ask.

Words carry the meaning, colour only helps: it is there when the caller asks for it. Nothing that a terminal
obeys gets through (`visible`).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from clearcut.core.verdict import Outcome, Reason, Severity, ShotVerdict, Total, UseVerdict, Verdict
from clearcut.report.visible import clip
from clearcut.report.wording import (
    LOOKS,
    NOBODY,
    SILENT,
    WHAT_IF,
    alike,
    answered_by,
    cut_hinders,
    edit_label,
    head_look,
    headline,
    hinders,
    outcomes_asked,
    replica_name,
    sentence,
    shot_frames,
    show_moment,
    show_places,
    show_seconds,
    unexplained,
    use_length,
    worst_first,
)

WIDTH = 100
_COLORS = {
    Outcome.BLOCKED: "1;31",
    Outcome.UNKNOWN: "1;35",
    Outcome.CLEARED_WITH_DUTIES: "1;33",
    Outcome.CLEARED: "32",
    Outcome.EXEMPT: "36",
    Outcome.NOT_APPLICABLE: "2",
}
_MANY = 12


def format_text(verdict: Verdict, *, color: bool = False) -> str:
    """The whole verdict, at most about 100 columns wide, ending in a line break. No escape sequence without `color`.

    The shots that were asked for come first, because only these decide the exit code.
    """
    page = _Page(verdict, color)
    return "\n".join([*page.asked(), *page.lines()]) + "\n"


class _Page:
    """One report being laid out."""

    def __init__(self, verdict: Verdict, color: bool) -> None:
        self._verdict = verdict
        self._color = color
        self._timebase = verdict.edit.timebase

    def asked(self) -> Iterator[str]:
        """What became of the shots that were asked for; then the whole cut follows."""
        for name, outcome in outcomes_asked(self._verdict):
            line = f"ASKED FOR {clip(name, 120)}: {LOOKS[outcome].title}"
            if self._verdict.what_if and outcome.may_publish:
                yield f"{line} (a what-if, which clears nothing)"
            else:
                yield self._paint(outcome, line)
        if self._verdict.asked:
            yield ""
            yield "The whole cut, which its licences are charged with:"

    def lines(self) -> Iterator[str]:
        yield from self._head()
        for outcome in LOOKS:
            shots = [shot for shot in self._verdict.shots if shot.outcome is outcome]
            if not shots:
                continue
            yield ""
            yield self._paint(outcome, f"{LOOKS[outcome].title.upper()} ({len(shots)})")
            if outcome is Outcome.NOT_APPLICABLE:
                yield from _wrap("  ", ", ".join(clip(shot.name, 60) for shot in shots))
            elif outcome.may_publish:
                yield from self._table(shots)
            else:
                for shot in worst_first(shots):
                    yield from self._shot(shot)
        yield from _totals(self._verdict.totals)

    def _head(self) -> Iterator[str]:
        verdict, edit = self._verdict, self._verdict.edit
        tint = head_look(verdict.outcome, what_if=verdict.what_if)
        yield self._paint(tint, f"{LOOKS[verdict.outcome].title.upper()}: {headline(verdict)}")
        what = " ".join(clip(part, 60) for part in (edit.production, edit.version) if part)
        file = clip(edit_label(edit), 160)
        yield from _wrap("", f"{what}, {file}" if what else file, "  ")
        told = f"as of {show_moment(verdict.as_of)}, answered by {answered_by(verdict.source)}"
        yield from _wrap("", told, "  ")
        if verdict.what_if:
            yield WHAT_IF.upper()
        for reason in verdict.reasons:
            yield ""
            yield from self._reason(reason, "")
        if cut_hinders(verdict) and not verdict.reasons:
            yield "The cut as a whole is worse than its shots: nothing of it may be published."

    def _paint(self, outcome: Outcome, text: str) -> str:
        return f"\x1b[{_COLORS[outcome]}m{text}\x1b[0m" if self._color else text

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._color else text

    def _shot(self, shot: ShotVerdict) -> Iterator[str]:
        places = show_places(shot_frames(shot, self._timebase), self._timebase)
        where = f"   {places}" if places else "   not in the cut"
        yield ""
        yield f"  {self._strong(clip(shot.name, 120))}{where}"
        for reason in shot.reasons:
            yield from self._reason(reason, "    ")
        for group in alike(shot.uses):
            yield from self._uses(group)
        if unexplained(shot):
            yield from self._reason(SILENT, "    ")

    def _uses(self, group: list[UseVerdict]) -> Iterator[str]:
        first = group[0]
        if len(group) == 1:
            who = f"{clip(first.decision.performer or NOBODY, 60)}, {clip(replica_name(first), 80)}"
            licences = ", ".join(clip(licence, 40) for licence in first.decision.licences)
            tail = f", licence {licences}" if licences else ""
            yield f"    {who} ({use_length(first, self._timebase)}{tail})"
        else:
            names = ", ".join(clip(replica_name(use), 60) for use in group[:_MANY])
            more = f" and {len(group) - _MANY} more" if len(group) > _MANY else ""
            yield from _wrap("    ", f"{len(group)} replicas: {names}{more}", "      ")
        for reason in first.decision.reasons:
            yield from self._reason(reason, "      ")
        if not first.decision.outcome.may_publish:
            yield from _seen(first, "      ")

    def _reason(self, reason: Reason, margin: str) -> Iterator[str]:
        label = "why " if hinders(reason) else "note"
        outcome = {
            Severity.BLOCK: Outcome.BLOCKED,
            Severity.UNKNOWN: Outcome.UNKNOWN,
            Severity.WARN: Outcome.CLEARED_WITH_DUTIES,
            Severity.INFO: Outcome.NOT_APPLICABLE,
        }[reason.severity]
        lines = _wrap(
            f"{margin}{label}  ",
            sentence(reason),
            f"{margin}      ",
        )
        first, *rest = lines
        yield first.replace(label, self._paint(outcome, label), 1)
        yield from rest
        if hinders(reason) or reason.severity is Severity.WARN:
            yield from _wrap(f"{margin}do    ", clip(reason.remedy, 400), f"{margin}      ")
            yield from _wrap(f"{margin}ask   ", clip(reason.who, 120), f"{margin}      ")

    def _table(self, shots: list[ShotVerdict]) -> Iterator[str]:
        width = min(max(_columns(clip(shot.name, 40)) for shot in shots), 40)
        for shot in shots:
            name = clip(shot.name, 40)
            for index, use in enumerate(shot.uses or (None,)):
                label = _pad(name if index == 0 else "", width)
                if use is not None:
                    licences = ", ".join(clip(licence, 40) for licence in use.decision.licences)
                    parts = (
                        clip(use.decision.performer or NOBODY, 40),
                        clip(replica_name(use), 60),
                        use_length(use, self._timebase),
                        licences,
                    )
                    label += "   " + "   ".join(part for part in parts if part)
                yield f"  {label}".rstrip()
                for reason in use.decision.reasons if use is not None else ():
                    yield from self._reason(reason, "      ")
            for reason in shot.reasons:
                yield from self._reason(reason, "      ")


def _seen(use: UseVerdict, margin: str) -> Iterator[str]:
    """Where the replica was found: the node or the clip that somebody has to change."""
    for evidence in use.use.evidence[:3]:
        text = f"{evidence.kind.value} at {clip(evidence.where, 120)}: {clip(evidence.value, 160)}"
        yield from _wrap(f"{margin}seen  ", text, f"{margin}      ")
    left = len(use.use.evidence) - 3
    if left > 0:
        yield f"{margin}      and {left} more places"


def _totals(totals: tuple[Total, ...]) -> Iterator[str]:
    if not totals:
        return
    head = ("licence", "performer", "on screen", "cap", "left")
    rows = [head, *(_total_row(entry) for entry in sorted(totals, key=lambda t: t.licence))]
    widths = [max(_columns(row[column]) for row in rows) for column in range(5)]
    yield ""
    yield "SCREEN TIME CHARGED"
    for row in rows:
        yield ("  " + "   ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True))).rstrip()


def _total_row(entry: Total) -> tuple[str, str, str, str, str]:
    return (
        clip(entry.licence, 40),
        clip(entry.performer or NOBODY, 40),
        f"{show_seconds(entry.seconds)} ({entry.frames} f)",
        "none" if entry.cap is None else show_seconds(entry.cap),
        _left(entry),
    )


def _left(entry: Total) -> str:
    if entry.cap is None:
        return ""
    if entry.seconds <= entry.cap:
        return show_seconds(entry.cap - entry.seconds)
    return f"over by {show_seconds(entry.seconds - entry.cap)}"


def _wrap(first: str, text: str, rest: str | None = None) -> list[str]:
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]


def _columns(text: str) -> int:
    """How many columns a terminal gives the text: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))
