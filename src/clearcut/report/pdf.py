"""The summary, and everything that is not cleared, as a PDF for the legal department's files.

Needs ReportLab (BSD), the extra `pdf`. The same facts in the same words as the other reports. The fonts that every
reader has know Latin-1 alone: any other character is spelt as its escape, so that nothing is silently lost.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from clearcut.core.verdict import Outcome, Reason, ShotVerdict, UseVerdict, Verdict
from clearcut.errors import UsageError
from clearcut.report.bars import licence_bars
from clearcut.report.visible import clip
from clearcut.report.wording import (
    LOOKS,
    NOBODY,
    SILENT,
    WHAT_IF,
    alike,
    all_reasons,
    answered_by,
    asked_for,
    counts,
    cut_hinders,
    edit_label,
    headline,
    hinders,
    replica_name,
    sentence,
    shot_frames,
    show_moment,
    show_places,
    unexplained,
    use_length,
    waiver_of,
    worst_first,
)

_INK = {
    Outcome.BLOCKED: "#b3201a",
    Outcome.UNKNOWN: "#7a35a8",
    Outcome.CLEARED_WITH_DUTIES: "#8a5a00",
}
_WORSE = "The cut as a whole is worse than its shots: nothing of it may be published."
_FOOT = "Clearcut records and enforces what clearance staff entered. It does not decide the law."


def require() -> None:
    """Raises UsageError where ReportLab is not installed: before a long check, not after it."""
    try:
        import reportlab.platypus  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"a PDF needs ReportLab, which cannot be loaded here ({error})",
            remedy="install clearcut[pdf], or use --output report.html and print it",
        ) from error


def format_pdf(verdict: Verdict) -> bytes:
    """The document; the same verdict gives the same bytes. Raises UsageError where ReportLab is not installed."""
    require()
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    made = io.BytesIO()
    page = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=50,
        rightMargin=50,
        topMargin=50,
        bottomMargin=56,
        title="Clearcut clearance report",
        author="Clearcut",
        invariant=1,
    )
    foot = _footer(verdict)
    page.build(list(_Story(verdict).flowables()), onFirstPage=foot, onLaterPages=foot)
    return made.getvalue()


def latin(text: str, limit: int = 600) -> str:
    r"""The text as the fonts can show it: `名` becomes `\u540d`."""
    return clip(text, limit).encode("cp1252", errors="backslashreplace").decode("cp1252")


class _Story:
    """One document being laid out."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._styles = _styles()

    def flowables(self) -> Iterator[Any]:
        yield from self._head()
        held = [shot for shot in worst_first(self._verdict.shots) if not shot.outcome.may_publish]
        yield self._text(f"Not cleared ({len(held)})", "section")
        if not held:
            yield self._text(
                "No shot is blocked or unknown." if self._verdict.shots else "No shot was judged."
            )
        for shot in held:
            yield from self._shot(shot)
        yield from self._owed()
        yield from self._totals()

    def _text(self, text: str, style: str = "body", ink: str | None = None) -> Any:
        from reportlab.platypus import Paragraph

        body = escape(latin(text))
        return Paragraph(f'<font color="{ink}">{body}</font>' if ink else body, self._styles[style])

    def _told(self, label: str, text: str) -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(escape(latin(text)), self._styles["told"], bulletText=label)

    def _of(self, what: str, text: str) -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(f"<b>{escape(latin(what, 200))}</b>: {escape(latin(text))}", self._styles["of"])

    def _head(self) -> Iterator[Any]:
        verdict, edit = self._verdict, self._verdict.edit
        yield self._text("Clearcut clearance report", "small")
        name = " ".join(clip(part, 60) for part in (edit.production or edit.name, edit.version) if part)
        yield self._text(name or "The cut", "title")
        title = f"{LOOKS[verdict.outcome].title.upper()}: {headline(verdict)}"
        yield self._text(title, "verdict", _INK.get(verdict.outcome))
        if verdict.what_if:
            yield self._text(WHAT_IF, "verdict", _INK[Outcome.CLEARED_WITH_DUTIES])
        for label, text in (
            *((("Asked for", asked_for(verdict)),) if verdict.asked else ()),
            ("Edit", edit_label(edit)),
            ("SHA-256", edit.sha256 or "not known"),
            ("Judged", show_moment(verdict.as_of)),
            ("Answered by", answered_by(verdict.source)),
            ("Shots", ", ".join(f"{n} {LOOKS[o].badge}" for o, n in counts(verdict).items()) or "none"),
        ):
            yield self._told(label, text)
        for reason in verdict.reasons:
            yield from self._reason(reason)
        if cut_hinders(verdict) and not verdict.reasons:
            yield self._text(_WORSE, "verdict", _INK[Outcome.UNKNOWN])

    def _shot(self, shot: ShotVerdict) -> Iterator[Any]:
        timebase = self._verdict.edit.timebase
        look = LOOKS[shot.outcome]
        title = f"{clip(shot.name, 120) or '(unnamed)'}: {look.badge}"
        yield self._text(title, "shot", _INK.get(shot.outcome))
        yield self._told("Where", show_places(shot_frames(shot, timebase), timebase) or "not in the cut")
        for reason in shot.reasons:
            yield from self._reason(reason)
        for group in alike(shot.uses):
            yield from self._uses(group)
        if unexplained(shot):
            yield from self._reason(SILENT)

    def _uses(self, group: list[UseVerdict]) -> Iterator[Any]:
        first = group[0]
        if len(group) == 1:
            who = f"{clip(first.decision.performer or NOBODY, 60)}, {clip(replica_name(first), 80)}"
            length = use_length(first, self._verdict.edit.timebase)
            yield self._of(who, f"{LOOKS[first.decision.outcome].badge}, {length}")
        else:
            names = ", ".join(clip(replica_name(use), 60) for use in group)
            yield self._of(f"{len(group)} replicas", f"{LOOKS[first.decision.outcome].badge}: {names}")
        if first.decision.licences:
            yield self._told("Licence", ", ".join(clip(one, 60) for one in first.decision.licences))
        for reason in first.decision.reasons:
            yield from self._reason(reason)
        for seen in first.use.evidence[:3]:
            yield self._told("Seen", f"{seen.kind.value} at {clip(seen.where, 120)}: {clip(seen.value, 200)}")

    def _reason(self, reason: Reason) -> Iterator[Any]:
        yield self._told("Why" if hinders(reason) else "Note", sentence(reason))
        yield self._told("To do", reason.remedy)
        yield self._told("Ask", clip(reason.who, 120))

    def _owed(self) -> Iterator[Any]:
        """What is owed or was waived in shots that may be published: legal looks at these too."""
        rows = [
            (shot, reason)
            for shot in self._verdict.shots
            if shot.outcome.may_publish
            for _, reason in all_reasons(shot)
            if shot.outcome is Outcome.CLEARED_WITH_DUTIES or waiver_of(reason) is not None
        ]
        if rows:
            yield self._text(f"Cleared, with what is owed or waived ({len(rows)})", "section")
        for shot, reason in rows:
            yield self._of(clip(shot.name, 120) or "(unnamed)", sentence(reason))

    def _totals(self) -> Iterator[Any]:
        bars = licence_bars(self._verdict.totals)
        if bars:
            yield self._text("Screen time charged", "section")
        for bar in bars:
            yield self._of(bar.label, bar.text)


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    # Breaking inside words: a name of 10,000 characters must not run off the page.
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13, splitLongWords=1)
    strong = "Helvetica-Bold"
    return {
        "body": body,
        "told": ParagraphStyle(
            "told", body, leftIndent=84, bulletIndent=14, bulletFontName=strong, bulletFontSize=9.5
        ),
        "of": ParagraphStyle("of", body, leftIndent=14, spaceBefore=3),
        "small": ParagraphStyle("small", body, fontSize=8.5, textColor="#545a64"),
        "title": ParagraphStyle("title", body, fontName=strong, fontSize=20, leading=25),
        "verdict": ParagraphStyle(
            "verdict", body, fontName=strong, fontSize=11.5, leading=15, spaceBefore=4, spaceAfter=4
        ),
        "section": ParagraphStyle(
            "section",
            body,
            fontName=strong,
            fontSize=13,
            leading=17,
            spaceBefore=16,
            spaceAfter=4,
            keepWithNext=1,
        ),
        "shot": ParagraphStyle(
            "shot", body, fontName=strong, fontSize=10.5, leading=14, spaceBefore=9, keepWithNext=1
        ),
    }


def _footer(verdict: Verdict) -> Any:
    said = f"{'WHAT-IF: clears nothing.' if verdict.what_if else _FOOT} Judged {show_moment(verdict.as_of)}."

    def draw(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.drawString(50, 34, said)
        canvas.drawRightString(page.pagesize[0] - 50, 34, str(canvas.getPageNumber()))
        canvas.restoreState()

    return draw
