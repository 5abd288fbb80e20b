"""A verdict as the rows and the detail that a panel shows. No Qt, no state; every text is safe to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from clearcut.core.timing import Timebase
from clearcut.core.use import Evidence, EvidenceKind
from clearcut.core.verdict import Outcome, Reason, ShotVerdict, UseVerdict, Verdict
from clearcut.panel import texts
from clearcut.report.visible import clip
from clearcut.report.wording import (
    LOOKS,
    NOBODY,
    SILENT,
    WHAT_IF,
    alike,
    all_reasons,
    hinders,
    performers,
    replica_name,
    sentence,
    shot_frames,
    show_places,
    show_ranges,
    unexplained,
    use_length,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One shot's line. `shot` is its index in `verdict.shots`; `search` is all that a filter looks at, folded."""

    shot: int
    name: str
    outcome: Outcome
    performers: str
    why: str
    remedy: str
    ask: str
    expires: str
    seen: str
    search: str

    def cells(self) -> tuple[str, ...]:
        """The texts of `texts.COLUMNS`."""
        look = LOOKS[self.outcome]
        told = (self.performers, self.why, self.remedy, self.ask, self.expires, self.seen)
        return (self.name, f"{look.glyph} {look.badge}", *told)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the detail: a label and its text; a `heading` begins a new part."""

    label: str
    text: str
    heading: bool = False


def rows_of(verdict: Verdict, *, waiting: bool = False) -> tuple[Row, ...]:
    """One row per shot, worst first, in record order within an outcome; `waiting` before anybody answered."""
    order = sorted(range(len(verdict.shots)), key=lambda index: -verdict.shots[index].outcome.rank)
    return tuple(_row(index, verdict.shots[index], waiting=waiting) for index in order)


def leading_reason(shot: ShotVerdict) -> Reason | None:
    """What to tell first: the worst reason; where a refusal has none, that nobody gave one."""
    told = all_reasons(shot)
    worst = told[0][1] if told else None
    if not shot.outcome.may_publish and (worst is None or not hinders(worst)):
        return SILENT
    return worst


def _row(index: int, shot: ShotVerdict, *, waiting: bool) -> Row:
    reason = leading_reason(shot)
    names = performers(shot.uses)
    name = clip(shot.name, 120) or texts.UNNAMED
    why, remedy, ask = ("", "", "")
    if waiting and not shot.reasons:
        why = texts.WAITING_WHY
    elif reason is not None:
        why, remedy, ask = sentence(reason), clip(reason.remedy, 400), clip(reason.who, 120)
        why = why if hinders(reason) else texts.NOTE_WHY.format(note=why)
    seen = next((_seen(e) for use in shot.uses for e in use.use.evidence), "")
    expires = last_day(shot.uses)
    found = (name, LOOKS[shot.outcome].badge, *map(clip, names), why, remedy, ask, expires, *_places(shot))
    return Row(
        index,
        name,
        shot.outcome,
        _who(shot, names),
        why,
        remedy,
        ask,
        expires,
        seen,
        "\n".join(found).casefold(),
    )


def _seen(evidence: Evidence) -> str:
    """What a person finds again: the node in a scene, the file in an edit."""
    in_scene = evidence.kind in (EvidenceKind.SCENE, EvidenceKind.SUSPECT)
    return clip(evidence.where if in_scene else evidence.value.rpartition("/")[2] or evidence.value, 120)


def _who(shot: ShotVerdict, names: tuple[str, ...]) -> str:
    if len(shot.uses) == 1:
        return f"{clip(names[0], 40)}, {clip(replica_name(shot.uses[0]), 60)}"
    shown = ", ".join(clip(name, 40) for name in names[:3])
    return texts.MORE.format(shown=shown, n=len(names) - 3) if len(names) > 3 else shown


def last_day(uses: Iterable[UseVerdict]) -> str:
    """The last day (UTC) on which all licences of these uses hold, `2028-12-31`; "" where none ends."""
    ends = [use.decision.expires for use in uses if use.decision.expires is not None]
    # The end is exclusive: midnight belongs to the day before.
    return (min(ends) - timedelta(microseconds=1)).strftime("%Y-%m-%d") if ends else ""


def _places(shot: ShotVerdict) -> list[str]:
    return [
        text
        for use in shot.uses
        for text in (use.use.replica, *use.decision.licences, *(e.value for e in use.use.evidence[:6]))
    ]


def detail_of(
    shot: ShotVerdict,
    timebase: Timebase | None,
    chain: Iterable[str] = (),
    *,
    waiting: bool = False,
) -> tuple[Line, ...]:
    """The verdict on a shot, what hinders first, down to the evidence; then the lines of its chain.

    `waiting`: nobody answered yet, and so nobody owes a reason.
    """
    look = LOOKS[shot.outcome]
    lines = [Line("", f"{clip(shot.name, 200)}  {look.glyph} {look.title}", heading=True)]
    places = show_places(shot_frames(shot, timebase), timebase)
    if places:
        lines.append(Line(texts.WHERE, places))
    if waiting:
        lines.append(Line(texts.WHY, texts.WAITING_WHY))
    elif unexplained(shot):
        lines += _reason(SILENT)
    for reason in shot.reasons:
        lines += _reason(reason)
    for group in alike(shot.uses):
        lines += _uses(group, timebase)
    if not shot.uses and not shot.reasons:
        lines.append(Line("", texts.NO_REPLICA))
    links = [clip(link, 600) for link in chain]
    if links:
        lines.append(Line("", texts.CHAIN, heading=True))
        lines += [Line("", link) for link in links]
    return tuple(lines)


def _uses(group: list[UseVerdict], timebase: Timebase | None) -> list[Line]:
    first = group[0]
    badge = LOOKS[first.decision.outcome].badge
    if len(group) > 1:
        names = ", ".join(clip(use.use.replica, 60) for use in group[:20])
        more = f" and {len(group) - 20} more" if len(group) > 20 else ""
        lines = [Line("", f"{len(group)} replicas: {badge}", heading=True), Line(texts.USE, names + more)]
    else:
        who = clip(first.decision.performer or NOBODY, 60)
        lines = [Line("", f"{who}, {clip(replica_name(first), 100)}: {badge}", heading=True)]
        source = f"; source {show_ranges(first.use.source)}" if first.use.source else ""
        lines.append(Line(texts.USE, use_length(first, timebase) + source))
    if first.decision.licences:
        lines.append(Line(texts.LICENCE, ", ".join(clip(name, 60) for name in first.decision.licences)))
    if last_day(group):
        lines.append(Line(texts.EXPIRES, texts.EXPIRES_LINE.format(day=last_day(group))))
    for reason in first.decision.reasons:
        lines += _reason(reason)
    lines += [
        Line(texts.SEEN, f"{e.kind.value} at {clip(e.where, 200)}: {clip(e.value, 300)}")
        for e in first.use.evidence[:10]
    ]
    return lines


def _reason(reason: Reason) -> list[Line]:
    return [
        Line(texts.WHY if hinders(reason) else texts.NOTE, sentence(reason)),
        Line(texts.TO_DO, clip(reason.remedy, 400)),
        Line(texts.ASK, clip(reason.who, 120)),
        *([Line(texts.LICENCE, clip(reason.licence, 60))] if reason.licence else []),
        Line(texts.CODE, texts.CODE_LINE.format(code=clip(reason.code, 60))),
    ]


def request_text(shot: ShotVerdict, verdict: Verdict) -> str:
    """A request for clearance, filled in: paste it into a mail or a ticket."""
    edit = verdict.edit
    production = clip(edit.production or edit.name or "?", 60)
    version = clip(edit.version or "", 40)
    head = texts.REQUEST_SUBJECT.format(
        shot=clip(shot.name, 120), production=f"{production} {version}".strip()
    )
    body = [
        f"{line.label}: {line.text}" if line.label else line.text for line in detail_of(shot, edit.timebase)
    ]
    told = [WHAT_IF, ""] if verdict.what_if else []
    return "\n".join((head, "", texts.REQUEST_BODY, "", *told, *body)) + "\n"
