"""The use case: one cut in, one verdict out. Its ports are arguments, so that every caller reaches the same code.

Artist, TD and farm all come through `check_cut`. Whatever a port cannot find out becomes `unknown` here, and
unknown blocks: nothing that fails on the way leaves a shot better than it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from clearcut.core.answers import answer_fault, in_request_order
from clearcut.core.assemble import assemble, doubts_about, listed, unread_cut
from clearcut.core.cut import Cut
from clearcut.core.gathering import IdentifiedShot
from clearcut.core.identify import Identified, identify
from clearcut.core.reasons import reason
from clearcut.core.registry import Recognition
from clearcut.core.replica import MatchKind
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


class Media(Protocol):
    """Looks at the content of media files."""

    def hashes(self, written: Iterable[str]) -> Mapping[str, str]:
        """sha256 by path as written, of those that are whole files here. Raises EditError on one it cannot read."""
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
    media: Media | None = None,
    held: list[object] | None = None,
) -> Verdict:
    """The verdict on the whole cut. Never raises for what it could not find out: that is a reason.

    `clock` gives an aware UTC moment; it is read once, and only where no backend answered. `media` is asked only
    when the registry knows something by its content. The verdict's makings are put into `held`: whoever ends the
    process with the verdict need not have them taken apart before.
    """
    try:
        cut = edit.read()
    except EditError as error:
        return unread_cut(reason_of(error), question.shots, clock(), question.now, backend.source())
    scenes, scene_reasons = _read_scenes(question.scenes)
    try:
        asked = _ask(cut, backend, rules, question, scenes, scene_reasons, media)
    except EditError as error:  # a media file that is here and cannot be read
        return unread_cut(reason_of(error), question.shots, clock(), question.now, backend.source())
    if held is not None:
        held += (cut, asked)
    return assemble(
        cut,
        asked.shots,
        asked.request,
        asked.answer,
        source=backend.source(),
        now=asked.answer.as_of if asked.answer is not None else (question.now or clock()),
        failure=asked.failure,
        asked=question.shots,
    )


def ask_about(
    edit: EditReader, backend: Backend, rules: Rules, question: Question, media: Media | None = None
) -> CheckRequest:
    """What a check of the edit would ask, without any scene. Raises EditError and BackendError."""
    cut = edit.read()
    return _prepared(cut, backend.recognition(), rules, question, {}, {}, media)[1]


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked about which shots, and the answer; without one, `failure` says why."""

    shots: tuple[IdentifiedShot, ...]
    request: CheckRequest
    answer: CheckAnswer | None
    failure: Reason | None


def _ask(
    cut: Cut,
    backend: Backend,
    rules: Rules,
    question: Question,
    scenes: Mapping[str, Scene],
    scene_reasons: Mapping[str, tuple[Reason, ...]],
    media: Media | None,
) -> _Asked:
    """Recognises and asks; once more when the assets changed in between."""

    def prepared(recognition: Recognition) -> tuple[tuple[IdentifiedShot, ...], CheckRequest]:
        return _prepared(cut, recognition, rules, question, scenes, scene_reasons, media)

    failure: Reason | None = None
    recognition = _NOTHING_KNOWN
    for _ in range(2):
        try:
            recognition = backend.recognition()
            shots, request = prepared(recognition)
            return _Asked(shots, request, _matched(request, backend.decide(request)), None)
        except RecognitionChanged as error:
            failure = reason_of(error)
        except BackendError as error:
            failure = reason_of(error)
            break
    # What the edit itself declares is still shown, so that people see what waits for an answer.
    shots, request = prepared(recognition)
    return _Asked(shots, request, None, failure)


def _prepared(
    cut: Cut,
    recognition: Recognition,
    rules: Rules,
    question: Question,
    scenes: Mapping[str, Scene],
    scene_reasons: Mapping[str, tuple[Reason, ...]],
    media: Media | None,
) -> tuple[tuple[IdentifiedShot, ...], CheckRequest]:
    """The shots that are judged, and what is asked about them."""
    hashes = _hashes(cut, scenes, recognition, media)
    identified = identify(cut, recognition, rules, scenes=scenes, hashes=hashes)
    shots = listed(cut, identified, question.shots, scene_reasons)
    return shots, _request(cut, identified, shots, recognition, rules, question)


def _hashes(
    cut: Cut, scenes: Mapping[str, Scene], recognition: Recognition, media: Media | None
) -> Mapping[str, str]:
    """The content of all files that are named, where the registry knows anything by its content."""
    matches = (*(a.match for a in recognition.assets), *(n.match for n in recognition.not_replicas))
    if media is None or not any(match.kind is MatchKind.SHA256 for match in matches):
        return {}
    named = [url for clip in cut.clips for reference in clip.references for url in reference.urls]
    for scene in scenes.values():
        named += [r.value for target in scene.targets for r in target.references if r.value]
    return media.hashes(dict.fromkeys(named))


def _request(
    cut: Cut,
    identified: Identified,
    shots: tuple[IdentifiedShot, ...],
    recognition: Recognition,
    rules: Rules,
    question: Question,
) -> CheckRequest:
    return CheckRequest(
        production=question.production or cut.production or rules.production,
        cut_version=cut.version,
        timebase=cut.timebase,
        uses=identified.uses,
        whole_cut=identified.whole,
        facility=question.facility or rules.facility,
        policy=rules.policy,
        recognition=recognition.revision,
        now=question.now,
        doubts=doubts_about(shots, identified),
    )


def _matched(request: CheckRequest, answer: CheckAnswer) -> CheckAnswer:
    """The answer in the request's order. Raises BackendError unless it is one to rely on, whoever gave it."""
    fault = answer_fault(answer, request)
    if fault is not None:
        raise BackendError(fault, code="backend-invalid-answer")
    return in_request_order(answer, request)


def reason_of(error: CannotTellError) -> Reason:
    """The reason that an error is: its code, its words, its remedy."""
    return reason(error.code, str(error), remedy=error.remedy or None)
