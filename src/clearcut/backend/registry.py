"""Answers from a registry in this process: the same `evaluate` that the server calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from clearcut.core.answers import answer_fault
from clearcut.core.evaluate import RegistryIndex, evaluate
from clearcut.core.packs import RulePack
from clearcut.core.registry import Recognition, Registry
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import AnswerSource
from clearcut.errors import BackendError, RecognitionChanged


class RegistryBackend:
    """Implements `check.Backend`. `clock` gives an aware UTC moment and is read once per decision."""

    def __init__(
        self,
        registry: Registry,
        packs: tuple[RulePack, ...],
        *,
        clock: Callable[[], datetime],
        name: str,
        kind: str = "registry",
    ) -> None:
        self._index = RegistryIndex(registry)
        self._recognition = registry.recognition()
        self._packs = packs
        self._clock = clock
        self._source = AnswerSource(kind, name)

    def recognition(self) -> Recognition:
        """What is needed to recognise replicas; never fails."""
        return self._recognition

    def decide(self, request: CheckRequest) -> CheckAnswer:
        """One decision per use. Raises RecognitionChanged for a request that rests on other assets than ours."""
        if request.recognition != self._recognition.revision:
            raise RecognitionChanged("the replicas of the cut were recognised with another registry")
        now = request.now if request.now is not None else self._clock()
        answer = evaluate(request, self._index, self._packs, now)
        fault = answer_fault(answer, request)
        if fault is not None:
            raise BackendError(f"the evaluation contradicts itself: {fault}", code="backend-invalid-answer")
        return answer

    def source(self) -> AnswerSource:
        """The registry's name."""
        return self._source
