"""Answers from a registry in this process: the same `evaluate` that the server calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from clearcut.core.answers import answer_fault
from clearcut.core.evaluate import RegistryIndex, evaluate
from clearcut.core.packs import RulePack
from clearcut.core.registry import Recognition, Registry
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import AnswerSource
from clearcut.core.watched import Span, watch
from clearcut.errors import BackendError, RecognitionChanged


class RegistryBackend:
    """Implements `check.Backend`. `clock` gives an aware UTC moment and is read once per decision.

    `content` is the sha256 of the file that the registry was read from, None for a database.
    """

    def __init__(
        self,
        registry: Registry,
        packs: tuple[RulePack, ...],
        *,
        clock: Callable[[], datetime],
        name: str,
        kind: str = "registry",
        content: str | None = None,
    ) -> None:
        self._index = RegistryIndex(registry)
        self._recognition = registry.recognition()
        self._packs = packs
        self._clock = clock
        self._source = AnswerSource(kind, name)
        self.content = content
        self._lasts: Span | None = None

    def recognition(self) -> Recognition:
        """What is needed to recognise replicas; never fails."""
        return self._recognition

    def decide(self, request: CheckRequest) -> CheckAnswer:
        """One decision per use. Raises RecognitionChanged for a request that rests on other assets than ours."""
        if request.recognition != self._recognition.revision:
            raise RecognitionChanged("the replicas of the cut were recognised with another registry")
        now = request.now if request.now is not None else self._clock()
        watched = watch(now)
        answer = replace(evaluate(request, self._index, self._packs, watched), as_of=now)
        self._lasts = watched.span
        fault = answer_fault(answer, request)
        if fault is not None:
            raise BackendError(f"the evaluation contradicts itself: {fault}", code="backend-invalid-answer")
        return answer

    def lasts(self) -> Span | None:
        """The moments at which the last answer would have been the same; None before there is one."""
        return self._lasts

    def source(self) -> AnswerSource:
        """The registry's name."""
        return self._source
