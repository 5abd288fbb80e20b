"""What the panel shows and what each gesture does to it: no Qt, no thread, no file.

A panel shows a verdict and never changes one. A check is known by its ticket: the answer of a check that was
cancelled or overtaken is dropped, and a failed check takes the former answer off the screen, because a clearance
that could not be confirmed is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from clearcut.core.chain import chain
from clearcut.core.verdict import Outcome, ShotVerdict, Verdict
from clearcut.errors import ClearcutError
from clearcut.panel import texts
from clearcut.panel.asking import Answer, Step, Wanted, wanted_of
from clearcut.panel.playhead import record_frame
from clearcut.panel.rows import Line, Row, detail_of, request_text, rows_of
from clearcut.report.strip import percent_at
from clearcut.report.text import format_text
from clearcut.report.visible import clip
from clearcut.report.wording import (
    LOOKS,
    WHAT_IF,
    counts,
    cut_hinders,
    head_look,
    headline,
    instruction,
    shots_word,
    show_moment,
)


class Phase(Enum):
    """Which of its faces the panel shows."""

    EMPTY = "empty"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class Link(Enum):
    """Where the answer came from."""

    NONE = "none"
    ONLINE = "online"
    LOCAL = "local"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Chip:
    """A count that filters: `on` shows the shots of its outcome."""

    outcome: Outcome
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class PanelState:
    """Everything the widgets draw. `rows` are those that the filter leaves; `selected` is an index into them, or -1.

    `tint` is the outcome whose colour the head bears where that is not its own.

    `message` and `hint` fill the panel where there are no rows to show, `banner` stands above the rows. `progress`
    is the step of a running check, `playhead` the host's place in the cut in percent, `note` what came of the last request. `publish_why_not` "" means
    that what is cleared can be handed to the host.
    """

    phase: Phase = Phase.EMPTY
    checking: bool = False
    title: str = texts.NO_EDIT
    outcome: Outcome | None = None
    tint: Outcome | None = None
    headline: str = ""
    facts: str = ""
    link: Link = Link.NONE
    badge: str = texts.NO_ANSWER
    banner: str = ""
    message: str = texts.NO_EDIT
    hint: str = texts.NO_EDIT_HINT
    chips: tuple[Chip, ...] = ()
    rows: tuple[Row, ...] = ()
    shown: str = ""
    selected: int = -1
    detail: tuple[Line, ...] = ()
    progress: str = ""
    playhead: float | None = None
    note: str = ""
    publish_why_not: str = texts.PUBLISH_NO_HOST


_OFFLINE_CODES = frozenset({"backend-unavailable", "backend-unauthorised", "backend-invalid-answer"})


@dataclass(slots=True)
class Presenter:
    """Holds the state and tells `changed` of each new one. Call it from one thread only.

    `clock` gives an aware moment; it is read for the age of an answer and nothing else. `host_publishes`: somebody
    is there to take what is cleared.
    """

    clock: Callable[[], datetime]
    changed: Callable[[PanelState], None] = lambda _state: None
    state: PanelState = field(default_factory=PanelState)
    verdict: Verdict | None = None
    host_publishes: bool = False
    _answer: Answer | None = None
    _waiting: bool = False  # the verdict is what waits for an answer, and clears nothing
    _ticket: int = 0
    _edit: str = ""
    _rows: tuple[Row, ...] = ()
    _filter: str = ""
    _off: frozenset[Outcome] = frozenset()

    def begin(self, edit: str) -> int:
        """A check starts; the number is its ticket. A former answer stays readable, under a banner that dates it."""
        self._ticket += 1
        self._edit = clip(edit, 120)
        if self._waiting:
            self._forget()
        if self.verdict is None:
            self._show(
                phase=Phase.LOADING,
                checking=True,
                title=self._edit,
                outcome=None,
                tint=None,
                headline="",
                banner="",
                message=texts.CHECKING.format(edit=self._edit),
                hint=texts.CHECKING_HINT,
            )
        else:
            moment = show_moment(self.verdict.as_of)
            self._show(checking=True, banner=texts.CHECKING_AGAIN.format(moment=moment))
        return self._ticket

    def stepped(self, ticket: int, step: Step) -> None:
        """How far the check is. What waits for an answer is shown, unless a former answer is on the screen."""
        if ticket != self._ticket or not self.state.checking:
            return
        waiting = step.waiting
        if waiting is None or (self.verdict is not None and not self._waiting) or not waiting.shots:
            self._show(progress=step.text)
            return
        self.verdict, self._waiting = waiting, True
        self._rows = rows_of(waiting, waiting=True)
        self._set(
            phase=Phase.READY,
            title=_title(waiting),
            outcome=Outcome.UNKNOWN,
            tint=None,
            headline=texts.WAITING_HEADLINE.format(shots=shots_word(len(waiting.shots))),
            facts=_facts(waiting),
            banner=f"{WHAT_IF}\n{texts.WAITING}" if waiting.what_if else texts.WAITING,
            progress=step.text,
            message="",
            hint="",
        )
        self._filtered(keep=-1)

    def arrived(self, ticket: int, answer: Answer | Verdict) -> None:
        """The answer of a check; dropped unless it is the one that is waited for."""
        if ticket != self._ticket or not self.state.checking:
            return
        kept = None if self._waiting else self._selected_name()
        self._answer = answer if isinstance(answer, Answer) else Answer(answer)
        verdict = self._answer.verdict
        self.verdict, self._waiting = verdict, False
        self._rows = rows_of(verdict)
        link, badge = self._link(verdict)
        self._set(
            phase=Phase.READY,
            checking=False,
            progress="",
            title=_title(verdict),
            outcome=verdict.outcome,
            tint=head_look(verdict.outcome, what_if=verdict.what_if),
            headline=headline(verdict),
            facts=_facts(verdict),
            link=link,
            badge=badge,
            banner=_banner(verdict),
            message="" if self._rows else texts.NO_SHOTS,
            hint="",
        )
        self._filtered(keep=next((i for i, s in enumerate(verdict.shots) if s.name == kept), -1))

    def failed(self, ticket: int, error: BaseException) -> None:
        """A check that gave no verdict. Nothing of a former answer stays on the screen."""
        if ticket != self._ticket or not self.state.checking:
            return
        who, remedy, told = (
            texts.DEFECT_WHO,
            texts.DEFECT_REMEDY,
            texts.DEFECT.format(error=clip(repr(error), 300)),
        )
        if isinstance(error, ClearcutError):
            who, remedy, told = error.who, error.remedy, clip(f"{error.code}: {error}", 600)
        self._forget()
        self._show(
            phase=Phase.FAILED,
            title=self._edit,
            outcome=Outcome.UNKNOWN,
            tint=None,
            headline=texts.FAILED,
            message=told,
            hint=texts.FAILED_HINT.format(who=who, remedy=clip(remedy, 300)),
        )

    def cancel(self) -> None:
        """Gives up the running check: its answer, should it still come, is dropped."""
        if not self.state.checking:
            return
        self._ticket += 1
        if self._waiting:
            self._forget()
        if self.verdict is None:
            self._show(
                phase=Phase.EMPTY,
                checking=False,
                progress="",
                title=self._edit,
                message=texts.CANCELLED,
                hint=texts.CANCELLED_HINT,
            )
        else:
            moment = show_moment(self.verdict.as_of)
            self._show(checking=False, progress="", banner=texts.CANCELLED_STALE.format(moment=moment))

    def opened(self) -> None:
        """Another edit was chosen: what was known of the former one goes."""
        self._ticket += 1
        self._forget()
        self.changed(self.state)

    def type_filter(self, text: str) -> None:
        """Leaves the rows in which every word occurs."""
        self._filter = text
        self._filtered(keep=self._selected_shot())

    def toggle(self, outcome: Outcome) -> None:
        """Hides or shows the shots of an outcome."""
        self._off = self._off ^ {outcome}
        self._filtered(keep=self._selected_shot())

    def show_all(self) -> None:
        """Takes every filter off."""
        self._filter, self._off = "", frozenset()
        self._filtered(keep=self._selected_shot())

    def select(self, index: int) -> None:
        """Selects a row by its place among those shown; -1 selects none."""
        if self.verdict is None or not 0 <= index < len(self.state.rows):
            self._show(selected=-1, detail=())
            return
        shot = self.verdict.shots[self.state.rows[index].shot]
        detail = detail_of(shot, self.verdict.edit.timebase, self._chain(shot), waiting=self._waiting)
        self._show(selected=index, detail=detail)

    def select_shot(self, shot: int) -> None:
        """Selects by index in the verdict, as the strip does; takes the filter off where it hides the shot."""
        if not any(row.shot == shot for row in self.state.rows):
            self.show_all()
        self.select(next((i for i, row in enumerate(self.state.rows) if row.shot == shot), -1))

    def tick(self) -> None:
        """Time has passed: the answer grows older."""
        if self.verdict is not None and not self._waiting:
            link, badge = self._link(self.verdict)
            if badge != self.state.badge:
                self._show(link=link, badge=badge)

    @property
    def answered(self) -> bool:
        """Whether there is an answer on the screen, to copy or to report."""
        return self.verdict is not None and not self._waiting

    def as_text(self) -> str:
        """The selected shot's request, or the whole report where none is selected; "" without an answer."""
        if self.verdict is None or self._waiting:
            return ""
        return self.request() or format_text(self.verdict)

    def request(self) -> str:
        """A filled-in request for the selected shot; "" where none is selected."""
        shot = self._selected_shot()
        if self.verdict is None or self._waiting or shot < 0:
            return ""
        return request_text(self.verdict.shots[shot], self.verdict)

    def wanted(self) -> tuple[Wanted, ...]:
        """What to request for the selected shot, one for each replica that something hinders; () where it cannot be."""
        shot = self._selected_shot()
        if self.verdict is None or self._waiting or self.verdict.what_if or shot < 0:
            return ()
        return wanted_of(self.verdict.shots[shot], self.verdict.edit.production)

    def requester(self) -> Callable[[Wanted], str] | None:
        """What sends a request; None where it can only be copied."""
        return None if self._answer is None or not self.wanted() else self._answer.request

    def noted(self, note: str) -> None:
        """Says what came of a request."""
        self._show(note=note)

    def nodes(self) -> tuple[str, ...]:
        """Where in the open scene the selected shot's replicas were seen, for a host to select."""
        shot = self._selected_shot()
        if self.verdict is None or shot < 0:
            return ()
        places = (e for use in self.verdict.shots[shot].uses for e in use.use.evidence)
        return tuple(dict.fromkeys(e.where for e in places if e.kind.value in ("scene", "suspect")))

    def publishable(self) -> tuple[str, ...]:
        """The shots that the host may take to its gate, in record order; none while anything speaks against it."""
        if self.verdict is None or self._publish_why_not():
            return ()
        return tuple(shot.name for shot in self.verdict.shots if shot.name and shot.outcome.may_publish)

    def set_playhead(self, frame: int | None) -> None:
        """The host stands at a whole frame of the cut (record time, from 0), or (None) nowhere in it."""
        place = None if frame is None or self.verdict is None else percent_at(self.verdict, frame)
        if place != self.state.playhead:
            self._show(playhead=place)

    def follow(self, shot: str, source_frame: int) -> None:
        """The host stands at a frame of a shot's media: the playhead goes where that frame is in the cut."""
        self.set_playhead(None if self.verdict is None else record_frame(self.verdict, shot, source_frame))

    def _publish_why_not(self) -> str:
        verdict = self.verdict
        if not self.host_publishes:
            return texts.PUBLISH_NO_HOST
        if self.state.checking:
            return texts.PUBLISH_CHECKING
        if verdict is None or self._waiting:
            return texts.PUBLISH_NO_ANSWER
        if verdict.what_if:
            return texts.PUBLISH_WHAT_IF
        if cut_hinders(verdict):
            return texts.PUBLISH_CUT
        cleared = any(shot.name and shot.outcome.may_publish for shot in verdict.shots)
        return "" if cleared else texts.PUBLISH_NOTHING

    def _chain(self, shot: ShotVerdict) -> tuple[str, ...]:
        if self._answer is None or self._answer.policy is None or self._waiting:
            return ()
        clips = self._answer.clips.get(shot.name, ())
        return tuple(chain(shot, clips, self._answer.verdict.edit.timebase, self._answer.policy))

    def _selected_name(self) -> str | None:
        shot = self._selected_shot()
        return self.verdict.shots[shot].name if self.verdict is not None and shot >= 0 else None

    def _selected_shot(self) -> int:
        at = self.state.selected
        return self.state.rows[at].shot if 0 <= at < len(self.state.rows) else -1

    def _filtered(self, keep: int) -> None:
        if self.verdict is None:
            return
        words = self._filter.casefold().split()
        off = self._off
        rows = tuple(
            row for row in self._rows if row.outcome not in off and all(word in row.search for word in words)
        )
        number = shots_word(len(self._rows))
        some = texts.SHOWN_SOME.format(left=len(rows), shots=number)
        self.state = replace(
            self.state,
            chips=()
            if self._waiting
            else tuple(
                Chip(o, f"{LOOKS[o].glyph} {LOOKS[o].title} {n}", o not in off)
                for o, n in counts(self.verdict).items()
            ),
            rows=rows,
            shown=texts.SHOWN_ALL.format(shots=number) if len(rows) == len(self._rows) else some,
            message=texts.NO_MATCH if self._rows and not rows else texts.NO_SHOTS if not self._rows else "",
        )
        self.select(next((i for i, row in enumerate(rows) if row.shot == keep), 0 if keep < 0 else -1))

    def _link(self, verdict: Verdict) -> tuple[Link, str]:
        if not _answered(verdict):
            return Link.OFFLINE, texts.OFFLINE
        age = _age(self.clock() - verdict.as_of + timedelta(seconds=verdict.source.age_s))
        if verdict.source.kind == "server":
            return Link.ONLINE, texts.ONLINE.format(age=age)
        return Link.LOCAL, (texts.BUNDLE if verdict.source.kind == "bundle" else texts.LOCAL).format(age=age)

    def _forget(self) -> None:
        self.verdict, self._answer, self._waiting = None, None, False
        self._rows, self._off = (), frozenset()
        self.state = PanelState()

    def _set(self, **parts: object) -> None:
        # Told by whoever calls: half of a new state beside half of an old one is never drawn.
        self.state = replace(self.state, **parts)  # type: ignore[arg-type]

    def _show(self, **parts: object) -> None:
        self._set(**parts)
        self.state = replace(self.state, publish_why_not=self._publish_why_not())
        self.changed(self.state)


def _title(verdict: Verdict) -> str:
    edit = verdict.edit
    name = " ".join(clip(part, 60) for part in (edit.production or edit.name, edit.version) if part)
    return name or clip(edit.path, 120) or texts.NO_EDIT


def _facts(verdict: Verdict) -> str:
    edit = verdict.edit
    digest = f"sha256 {clip(edit.sha256[:12], 12)}" if edit.sha256 else ""
    return "   ".join(part for part in (clip(edit.path, 200), digest, show_moment(verdict.as_of)) if part)


def _banner(verdict: Verdict) -> str:
    told = [WHAT_IF] if verdict.what_if else []
    told += [instruction(reason) for reason in verdict.reasons]
    if cut_hinders(verdict):
        told.append(texts.CUT_HINDERED)
    return "\n".join(told)


def _answered(verdict: Verdict) -> bool:
    told = [*verdict.reasons, *(r for s in verdict.shots for u in s.uses for r in u.decision.reasons)]
    return not any(reason.code in _OFFLINE_CODES for reason in told)


def _age(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return texts.NOW
    return texts.MINUTES.format(n=minutes) if minutes < 120 else texts.HOURS.format(n=minutes // 60)
