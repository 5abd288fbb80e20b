"""The verdict as one self-contained page: no request to anywhere, every value escaped, readable without scripts.

Style and script are named by their hashes in the page's content security policy, so that nothing else runs, even
if an escape were missed. Markup is terse on purpose: a cut of 2,000 shots stays under a megabyte.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from clearcut.core.timing import Timebase, format_rate
from clearcut.core.verdict import Outcome, Reason, ShotVerdict, UseVerdict, Verdict
from clearcut.report.bars import licence_bars, performer_bars
from clearcut.report.strip import strip_of
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
    head_look,
    headline,
    hinders,
    performers,
    replica_name,
    sentence,
    shot_frames,
    show_moment,
    show_places,
    show_ranges,
    show_seconds,
    unexplained,
    use_length,
)

LETTERS = {
    Outcome.BLOCKED: "b",
    Outcome.UNKNOWN: "u",
    Outcome.CLEARED_WITH_DUTIES: "d",
    Outcome.CLEARED: "c",
    Outcome.EXEMPT: "e",
    Outcome.NOT_APPLICABLE: "n",
}
"""The class that stands for an outcome in the page."""


_MAX_EVIDENCE = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One shot's line: the failing term first, what to do, whom to ask; `more` counts further reasons."""

    index: int
    name: str
    performers: str
    why: str
    remedy: str
    who: str
    more: int
    places: str
    reasons: tuple[str, ...]
    uses: tuple[UseLines, ...]


@dataclass(frozen=True, slots=True)
class UseLines:
    """Uses told together: one line of who and how long, then evidence."""

    title: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All shots of one outcome."""

    letter: str
    title: str
    glyph: str
    rows: tuple[Row, ...]


def format_html(verdict: Verdict) -> str:
    """The page, ending in a line break; the same verdict gives the same bytes."""
    edit = verdict.edit
    look = LOOKS[verdict.outcome]
    return _template().render(
        policy=_policy(),
        style=Markup(_asset("report.css")),  # noqa: S704 - our own file, not a value
        script=Markup(_asset("report.js")),  # noqa: S704 - our own file, not a value
        letter=LETTERS[head_look(verdict.outcome, what_if=verdict.what_if)],
        look=look,
        title=" ".join(clip(part, 60) for part in (edit.production or edit.name, edit.version) if part),
        headline=headline(verdict),
        facts=_facts(verdict),
        what_if=WHAT_IF if verdict.what_if else "",
        cut_reasons=[_cut_reason(reason) for reason in verdict.reasons],
        cut_unexplained=cut_hinders(verdict) and not any(hinders(r) for r in verdict.reasons),
        chips=[(LETTERS[o], LOOKS[o].glyph, LOOKS[o].title, number) for o, number in counts(verdict).items()],
        strip=strip_of(verdict),
        letters=LETTERS,
        few=len(verdict.shots) <= 200,
        long=_is_long(verdict),
        groups=_groups(verdict),
        licence_bars=licence_bars(verdict.totals),
        performer_bars=performer_bars(verdict),
    )


def _facts(verdict: Verdict) -> list[tuple[str, str]]:
    edit = verdict.edit
    rows = [("Asked for", asked_for(verdict))] if verdict.asked else []
    rows.append(("Edit", clip(edit_label(edit), 300)))
    if edit.timebase is not None:
        seconds = show_seconds(edit.timebase.seconds(edit.duration))
        rows.append(("Rate", f"{format_rate(edit.timebase.rate)} fps, {seconds} long"))
    if edit.sha256:
        rows.append(("SHA-256", clip(edit.sha256, 64)))
    rows += [("Judged", show_moment(verdict.as_of)), ("Answered by", answered_by(verdict.source))]
    return rows


def _cut_reason(reason: Reason) -> tuple[str, str, str, bool]:
    return (sentence(reason), clip(reason.remedy, 400), clip(reason.who, 120), hinders(reason))


def _groups(verdict: Verdict) -> list[Group]:
    long = _is_long(verdict)
    found: dict[Outcome, list[Row]] = {outcome: [] for outcome in LOOKS}
    for index, shot in enumerate(verdict.shots):
        found[shot.outcome].append(_row(index, shot, verdict.edit.timebase, long=long))
    return [
        Group(LETTERS[outcome], LOOKS[outcome].title, LOOKS[outcome].glyph, tuple(rows))
        for outcome, rows in found.items()
        if rows
    ]


def _row(index: int, shot: ShotVerdict, timebase: Timebase | None, *, long: bool) -> Row:
    told = list(dict.fromkeys(_three(reason) for _, reason in all_reasons(shot)))
    if unexplained(shot):
        told.insert(0, _three(SILENT))
    names = performers(shot.uses)
    first = told[0] if told else (_granted(shot, timebase), "", "")
    return Row(
        index=index,
        name=clip(shot.name, 200) or "(unnamed)",
        performers=", ".join(clip(name, 40) for name in names[:3])
        + (f" and {len(names) - 3} more" if len(names) > 3 else ""),
        why=first[0],
        remedy=first[1],
        who=first[2],
        more=max(len(told) - 1, 0),
        places=show_places(shot_frames(shot, timebase), timebase),
        reasons=tuple(f"{why}. To do: {remedy}. Ask: {who}" for why, remedy, who in told[1:40]),
        uses=tuple(_use_lines(group, timebase, long=long) for group in alike(shot.uses)[:60]),
    )


def _granted(shot: ShotVerdict, timebase: Timebase | None) -> str:
    """What a shot without any reason rests on, so that its line is not bare."""
    licences = dict.fromkeys(licence for use in shot.uses for licence in use.decision.licences)
    under = f", licence {', '.join(clip(licence, 40) for licence in list(licences)[:4])}" if licences else ""
    if not shot.uses:
        return ""
    return (
        use_length(shot.uses[0], timebase) + under if len(shot.uses) == 1 else f"{len(shot.uses)} uses{under}"
    )


def _three(reason: Reason) -> tuple[str, str, str]:
    # In a cleared shot's line a warning must not pass for a refusal.
    told = sentence(reason) if hinders(reason) else f"note: {sentence(reason)}"
    return told, clip(reason.remedy, 400), clip(reason.who, 120)


def _use_lines(group: list[UseVerdict], timebase: Timebase | None, *, long: bool) -> UseLines:
    first = group[0]
    badge = LOOKS[first.decision.outcome].badge
    if len(group) > 1:
        names = ", ".join(clip(use.use.replica, 60) for use in group[:60])
        more = f" and {len(group) - 60} more" if len(group) > 60 else ""
        return UseLines(f"{len(group)} replicas, {badge}: {names}{more}", _seen(first, long=long))
    parts = [
        f"{clip(first.decision.performer or NOBODY, 60)}, {clip(replica_name(first), 100)}: {badge}",
        use_length(first, timebase),
    ]
    if first.decision.licences:
        parts.append("licence " + ", ".join(clip(licence, 40) for licence in first.decision.licences[:10]))
    if first.use.source:
        parts.append(f"source {show_ranges(first.use.source)}")
    return UseLines("; ".join(parts), _seen(first, long=long))


def _seen(use: UseVerdict, *, long: bool) -> tuple[str, ...]:
    evidence = use.use.evidence
    if long:
        if use.decision.outcome.may_publish:
            return ()
        return tuple(f"{e.kind.value}: {clip(e.value, 80)}" for e in evidence[:1])
    shown = tuple(f"{e.kind.value} at {clip(e.where, 120)}: {clip(e.value, 200)}" for e in evidence[:6])
    left = len(evidence) - 6
    return (*shown, f"and {left} more places") if left > 0 else shown


def _is_long(verdict: Verdict) -> bool:
    """Whether the page would pass a megabyte with all evidence in it: then it has what one needs first."""
    return sum(len(use.use.evidence) for shot in verdict.shots for use in shot.uses) > _MAX_EVIDENCE


def _percent(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text[1:] if text.startswith("0.") else text


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["percent"] = _percent
    environment.filters["clip60"] = lambda text: clip(text, 60)
    return environment.from_string(_asset("report.html"))


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return (resources.files("clearcut.report") / "page" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _policy() -> str:
    return (
        f"default-src 'none'; style-src '{_digest('report.css')}'; script-src '{_digest('report.js')}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(name: str) -> str:
    digest = hashlib.sha256(_asset(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
