"""Fakes that implement the ports of `check`: an edit, a scene and a backend that answer as they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction

from clearcut.core.cut import Clip, ClipKind, Cut, MediaReference
from clearcut.core.reasons import reason
from clearcut.core.registry import Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.scene import Scene
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.verdict import AnswerSource, Decision, Outcome
from clearcut.errors import BackendError, EditError, SceneError

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def a_clip(shot: str, first: int, end: int, path: str = "", metadata: dict | None = None) -> Clip:
    reference = MediaReference("DEFAULT_MEDIA", (path,) if path else (), "", {})
    return Clip(
        where=f"tracks[0].children[{first}]",
        name=shot,
        kind=ClipKind.PICTURE,
        record=FrameRange(first, end),
        source=FrameRange(1001, 1001 + end - first),
        source_rate=Fraction(24),
        references=(reference,),
        metadata=metadata or {},
        markers=(),
        enclosure=None,
    )


def a_cut(*clips: Clip, production: str | None = "HELIOS") -> Cut:
    end = max((clip.record.end for clip in clips), default=0)
    return Cut(
        "cut", "cut.otio", "0" * 64, Timebase(Fraction(24)), end, clips, production=production, version="v001"
    )


def recognising(*pairs: tuple[str, str]) -> Recognition:
    """A recognition in which each (replica, path glob) is an asset."""
    from clearcut.core.registry import KnownReplica

    return Recognition(
        replicas=tuple(KnownReplica(r, r.upper()) for r in dict.fromkeys(r for r, _ in pairs)),
        assets=tuple(Asset(r, AssetKind.ASSET, Match(MatchKind.PATH, glob)) for r, glob in pairs),
        not_replicas=(),
    )


@dataclass
class FakeEdit:
    """An edit that is what it is told to be, or fails."""

    cut: Cut | None = None
    error: EditError | None = None

    def read(self) -> Cut:
        if self.error is not None:
            raise self.error
        assert self.cut is not None
        return self.cut


@dataclass
class FakeScene:
    """A scene that is what it is told to be, or fails."""

    scene: Scene | None = None
    error: SceneError | None = None

    def read(self) -> Scene:
        if self.error is not None:
            raise self.error
        assert self.scene is not None
        return self.scene


@dataclass
class FakeBackend:
    """Decides by `decide_use`, by default clearing everything; counts the questions, and fails when told to."""

    known: Recognition
    decide_use: Callable[[str], Outcome] = lambda _: Outcome.CLEARED
    reshape: Callable[[tuple[Decision, ...]], tuple[Decision, ...]] = lambda decisions: decisions
    recognition_error: BackendError | None = None
    decide_errors: list[BackendError] = field(default_factory=list)
    questions: list[CheckRequest] = field(default_factory=list)

    def recognition(self) -> Recognition:
        if self.recognition_error is not None:
            raise self.recognition_error
        return self.known

    def decide(self, request: CheckRequest) -> CheckAnswer:
        self.questions.append(request)
        if self.decide_errors:
            raise self.decide_errors.pop(0)
        decisions = tuple(_decision(u.id, self.decide_use(u.shot)) for u in request.uses)
        return CheckAnswer(self.reshape(decisions), (), (), request.now or NOON, request.doubts)

    def source(self) -> AnswerSource:
        return AnswerSource("registry", "fake", 0)


def _decision(use: str, outcome: Outcome) -> Decision:
    """A decision that says why, as every honest one does."""
    codes = {Outcome.BLOCKED: "no-licence", Outcome.UNKNOWN: "evaluation-error"}
    reasons = (reason(codes[outcome], "as told"),) if outcome in codes else ()
    return Decision(use, outcome, reasons, ("L-1",), "P1")
