"""A check as a panel runs it: told step by step, with what was found before the answer, and what explains it after.

No Qt. Runs on a thread of its own; `tell` must be fit to be called from there. It wraps the ports of `check_cut`
and changes nothing of what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clearcut.bootstrap import CheckOptions, Setup, check_setup, compose, utc_now
from clearcut.check import Backend, EditReader
from clearcut.core.cut import Cut
from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.shots import NamedClip, name_shots
from clearcut.core.timing import union
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import (
    AnswerSource,
    Decision,
    EditFacts,
    Outcome,
    ShotVerdict,
    UseVerdict,
    Verdict,
)
from clearcut.panel import texts
from clearcut.report.wording import hinders


@dataclass(frozen=True, slots=True)
class Step:
    """How far a check is: a sentence, and once the replicas are found, the shots that wait for an answer."""

    text: str
    waiting: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is requested: one replica in one shot, and the codes of the reasons that stop it."""

    production: str
    shot: str
    replica: str
    codes: tuple[str, ...]


def wanted_of(shot: ShotVerdict, production: str | None) -> tuple[Wanted, ...]:
    """One request for each replica of a shot that something hinders; () where no shot or production can be named."""
    codes: dict[str, list[str]] = {}
    for use in shot.uses:
        hindering = [reason.code for reason in use.decision.reasons if hinders(reason)]
        if use.use.replica and hindering:
            codes.setdefault(use.use.replica, []).extend(hindering)
    if not production or not shot.name:
        return ()
    return tuple(
        Wanted(production, shot.name, replica, tuple(dict.fromkeys(found)))
        for replica, found in codes.items()
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with what its chains of evidence need: the clips by shot, and the rules that held.

    `request` sends a request for clearance to whoever answered, and says what came of it; None where nobody takes any.
    It waits for the server, so call it from a thread of its own; it raises BackendError.
    """

    verdict: Verdict
    clips: Mapping[str, tuple[NamedClip, ...]] = field(default_factory=dict)
    policy: Policy | None = None
    request: Callable[[Wanted], str] | None = None


Tell = Callable[[Step], None]


def ask(options: CheckOptions, tell: Tell) -> Answer:
    """The verdict that the options name. Raises as `bootstrap.run_check` does."""
    return ask_setup(compose(options), tell)


def ask_setup(setup: Setup, tell: Tell, clock: Callable[[], datetime] = utc_now) -> Answer:
    """The verdict on what was composed, and its clips."""
    edit = _ToldEdit(setup.edit, tell)
    backend = _ToldBackend(setup.backend, tell, edit, clock)
    verdict = check_setup(setup._replace(edit=edit, backend=backend))
    clips: dict[str, list[NamedClip]] = {}
    if edit.cut is not None:
        for one in name_shots(edit.cut, setup.rules.shot_naming):
            if one.shot is not None:
                clips.setdefault(one.shot, []).append(one)
    by_shot = {shot: tuple(found) for shot, found in clips.items()}
    return Answer(verdict, by_shot, setup.rules.policy, _requester(setup.backend))


def _requester(backend: Backend) -> Callable[[Wanted], str] | None:
    """How this backend takes requests for clearance: a server does, a registry in this process does not."""
    send = getattr(backend, "request_clearance", None)
    if send is None:
        return None

    def request(wanted: Wanted) -> str:
        made = send(
            production=wanted.production, shot=wanted.shot, replica=wanted.replica, codes=wanted.codes
        )
        return f"{made.id} ({made.state.value})"

    return request


class _ToldEdit:
    """Reads as the reader it stands for, and keeps the cut."""

    def __init__(self, edit: EditReader, tell: Tell) -> None:
        self._edit = edit
        self._tell = tell
        self.cut: Cut | None = None

    def read(self) -> Cut:
        self._tell(Step(texts.STEP_READING))
        self.cut = self._edit.read()
        self._tell(Step(texts.STEP_LOOKING.format(clips=len(self.cut.clips))))
        return self.cut


class _ToldBackend:
    """Answers as the backend it stands for; says what is asked before the answer comes."""

    def __init__(self, backend: Backend, tell: Tell, edit: _ToldEdit, clock: Callable[[], datetime]) -> None:
        self._backend = backend
        self._tell = tell
        self._edit = edit
        self._clock = clock

    def recognition(self) -> Recognition:
        return self._backend.recognition()

    def source(self) -> AnswerSource:
        return self._backend.source()

    def decide(self, request: CheckRequest) -> CheckAnswer:
        asked = texts.STEP_ASKING.format(uses=len(request.uses))
        if self._edit.cut is not None:
            self._tell(Step(asked, _waiting(self._edit.cut, request, self.source(), self._clock())))
        return self._backend.decide(request)


def _waiting(cut: Cut, request: CheckRequest, source: AnswerSource, now: datetime) -> Verdict:
    """The shots that use a replica, or that something hinders, before anybody answered: all of them unknown."""
    uses: dict[str, list[ReplicaUse]] = {doubt.shot: [] for doubt in request.doubts}
    for use in request.uses:
        uses.setdefault(use.shot, []).append(use)
    shots = tuple(
        ShotVerdict(
            name,
            Outcome.UNKNOWN,
            union([r for use in found for r in use.record]),
            tuple(
                UseVerdict(use, Decision(use.id, Outcome.UNKNOWN, (), performer=texts.WAITING_PERFORMER))
                for use in found
            ),
            tuple(doubt.reason for doubt in request.doubts if doubt.shot == name),
        )
        for name, found in uses.items()
    )
    facts = EditFacts(
        cut.path, cut.sha256, cut.name, request.production, cut.version, cut.timebase, cut.duration
    )
    return Verdict(Outcome.UNKNOWN, now, request.now is not None, source, facts, shots)
