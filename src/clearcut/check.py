"""The use case: one cut in, one verdict out. Its ports are arguments, so that every caller reaches the same code.

Artist, TD and farm all come through `check_cut`. Whatever a port cannot find out becomes `unknown` here, and
unknown blocks: nothing that fails on the way leaves a shot better than it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from clearcut.core.assemble import assemble, unread_cut
from clearcut.core.cut import Cut
from clearcut.core.identify import Identified, identify
from clearcut.core.reasons import reason
from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Rules
from clearcut.core.scene import Scene
from clearcut.core.verdict import AnswerSource, Reason, Verdict
from clearcut.errors import BackendError, CannotTellError, EditError, RecognitionChanged, SceneError


class EditReader(Protocol):
    """Gives the cut. Raises EditError when it cannot."""

    def read(self) -> Cut:
        """The whole cut."""
        ...


class SceneReader(Protocol):
    """Gives what a comp or scene uses. Raises SceneError when it cannot."""

    def read(self) -> Scene:
        """The scene as it would be published."""
        ...


class Backend(Protocol):
    """Who answers for licences. Every method raises BackendError when there is no answer to rely on."""

    def recognition(self) -> Recognition:
        """What is needed to recognise replicas."""
        ...

    def decide(self, request: CheckRequest) -> CheckAnswer:
        """One decision per use, matched by id: exactly the ids of the request, or BackendError.

        Raises RecognitionChanged when the request rests on assets that are no longer the current ones.
        """
        ...

    def source(self) -> AnswerSource:
        """Who answered."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a cut.

    `shots` are those the caller wants to publish: empty means all; the whole cut is judged in any case.
    `scenes` read what the comp or scene of a shot uses, by the shot's name. `now` is a what-if moment, None the
    backend's own clock. `production` None takes the edit's own.
    """

    shots: tuple[str, ...] = ()
    scenes: Mapping[str, SceneReader] = field(default_factory=dict)
    production: str | None = None
    facility: str | None = None
    now: datetime | None = None


def check_cut(
    edit: EditReader,
    backend: Backend,
    rules: Rules,
    question: Question,
    clock: Callable[[], datetime],
) -> Verdict:
    """The verdict on the whole cut. Never raises for what it could not find out: that is a reason.

    `clock` gives an aware UTC moment; it is read once, and only where no backend answered.
    """
    try:
        cut = edit.read()
    except EditError as error:
        return unread_cut(reason_of(error), question.shots, clock(), question.now, backend.source())
    scenes, scene_reasons = _read_scenes(question.scenes)
    identified, request, answer, failure = _ask(cut, backend, rules, question, scenes)
    return assemble(
        cut,
        identified,
        answer,
        production=request.production,
        source=backend.source(),
        asked=question.shots,
        now=answer.as_of if answer is not None else (question.now or clock()),
        what_if=question.now is not None,
        failure=failure,
        shot_reasons=scene_reasons,
    )


def _read_scenes(
    readers: Mapping[str, SceneReader],
) -> tuple[dict[str, Scene], dict[str, tuple[Reason, ...]]]:
    scenes: dict[str, Scene] = {}
    reasons: dict[str, tuple[Reason, ...]] = {}
    for shot, reader in readers.items():
        try:
            scenes[shot] = reader.read()
        except SceneError as error:
            reasons[shot] = (reason_of(error),)
    return scenes, reasons


_NOTHING_KNOWN = Recognition(replicas=(), assets=(), not_replicas=())


def _ask(
    cut: Cut, backend: Backend, rules: Rules, question: Question, scenes: Mapping[str, Scene]
) -> tuple[Identified, CheckRequest, CheckAnswer | None, Reason | None]:
    """Recognises and asks; once more when the assets changed in between. No answer: the reason why."""
    failure: Reason | None = None
    recognition = _NOTHING_KNOWN
    for _ in range(2):
        try:
            recognition = backend.recognition()
            identified = identify(cut, recognition, rules, scenes=scenes)
            request = _request(cut, identified, recognition, rules, question)
            return identified, request, _matched(request, backend.decide(request)), None
        except RecognitionChanged as error:
            failure = reason_of(error)
        except BackendError as error:
            failure = reason_of(error)
            break
    # What the edit itself declares is still shown, so that people see what waits for an answer.
    identified = identify(cut, recognition, rules, scenes=scenes)
    return identified, _request(cut, identified, recognition, rules, question), None, failure


def _request(
    cut: Cut, identified: Identified, recognition: Recognition, rules: Rules, question: Question
) -> CheckRequest:
    return CheckRequest(
        production=question.production or cut.production or rules.production,
        cut_version=cut.version,
        timebase=cut.timebase,
        uses=identified.uses,
        whole_cut=True,
        facility=question.facility or rules.facility,
        policy=rules.policy,
        recognition=recognition.revision,
        now=question.now,
    )


def _matched(request: CheckRequest, answer: CheckAnswer) -> CheckAnswer:
    """The answer in the request's order. Raises BackendError unless it decides each use exactly once."""
    by_use = {decision.use: decision for decision in answer.decisions}
    if len(by_use) != len(answer.decisions) or by_use.keys() != {use.id for use in request.uses}:
        raise BackendError(
            f"asked about {len(request.uses)} uses and got {len(answer.decisions)} answers, not one for each",
            code="backend-invalid-answer",
        )
    return CheckAnswer(
        decisions=tuple(by_use[use.id] for use in request.uses),
        totals=answer.totals,
        reasons=answer.reasons,
        as_of=answer.as_of,
    )


def reason_of(error: CannotTellError) -> Reason:
    """The reason that an error is: its code, its words, its remedy."""
    return reason(error.code, str(error), remedy=error.remedy or None)
