"""A judge for the gate's tests: outcomes by shot, no files, no backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

from clearcut.core.reasons import reason
from clearcut.core.rules import Rules
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration, ReplicaUse
from clearcut.core.verdict import (
    AnswerSource,
    Decision,
    EditFacts,
    Outcome,
    Reason,
    Severity,
    ShotVerdict,
    UseVerdict,
    Verdict,
    worst,
)
from clearcut.publish.asking import Judge, Question
from clearcut.publish.subject import NamedCut

_A_REGISTRY = AnswerSource("registry", "fake")
CODES = {Outcome.BLOCKED: "no-licence", Outcome.UNKNOWN: "unidentified-replica"}


@dataclass
class FakeJudge:
    """Answers with the outcomes it was given; `raises` instead, where set. Keeps the questions."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    cut_file: Path | None = None
    reasons: tuple[Reason, ...] = ()
    what_if: bool = False
    raises: BaseException | None = None
    source: AnswerSource = _A_REGISTRY
    production: str | None = "HELIOS"
    asked: list[Question] = field(default_factory=list)

    def judge(self) -> Judge:
        """The port the gate wants."""
        return Judge(self._rules, self.check)

    def _rules(self, cut: NamedCut) -> tuple[Rules, Path | None]:
        return self.rules, cut.path or self.cut_file

    def check(self, question: Question) -> Verdict:
        """The verdict on the shots it knows."""
        self.asked.append(question)
        if self.raises is not None:
            raise self.raises
        shots = tuple(shot_verdict(name, outcome) for name, outcome in self.outcomes.items())
        shots += tuple(self._missing(name, question) for name in question.shots if name not in self.outcomes)
        return Verdict(
            outcome=worst(shot.outcome for shot in shots),
            as_of=datetime(2026, 11, 20, 12, tzinfo=timezone.utc),
            what_if=self.what_if,
            source=self.source,
            edit=EditFacts("cut.otio", "", "cut", self.production, "v041", Timebase(Fraction(24), 1), 100),
            shots=shots,
            reasons=self.reasons,
        )

    def _missing(self, name: str, question: Question) -> ShotVerdict:
        """As the real check says it: unknown, or a warning where a scene shows everything."""
        if name in question.scenes:
            warning = reason("shot-not-in-cut", "the cut lacks it", severity=Severity.WARN)
            return ShotVerdict(name, Outcome.CLEARED, (), (), (warning,))
        return ShotVerdict(name, Outcome.UNKNOWN, (), (), (reason("shot-not-in-cut", "the cut lacks it"),))


def shot_verdict(name: str, outcome: Outcome) -> ShotVerdict:
    """A shot with one use of that outcome, and a reason where it hinders."""
    reasons = (reason(CODES[outcome], f"{name} shows a double"),) if outcome in CODES else ()
    use = ReplicaUse(
        f"u-{name}",
        name,
        "rpl-p1-body",
        Declaration(),
        (FrameRange(0, 10),),
        (FrameRange(0, 10),),
        (),
        True,
        (),
    )
    decision = Decision(use.id, outcome, reasons, performer="P1")
    return ShotVerdict(name, outcome, (FrameRange(0, 10),), (UseVerdict(use, decision),))
