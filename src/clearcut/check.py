"""The use case: one cut in, one verdict out. Its ports are arguments, so that every caller reaches the same code.

Artist, TD and farm all come through `check_cut`. Whatever a port cannot find out becomes `unknown` here, and
unknown blocks.
"""

from __future__ import annotations

from typing import Protocol

from clearcut.core.cut import Cut
from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import AnswerSource


class EditReader(Protocol):
    """Gives the cut. Raises EditError when it cannot."""

    def read(self) -> Cut:
        """The whole cut."""
        ...


class Backend(Protocol):
    """Who answers for licences. Every method raises BackendError when there is no answer to rely on."""

    def recognition(self) -> Recognition:
        """What is needed to recognise replicas."""
        ...

    def decide(self, request: CheckRequest) -> CheckAnswer:
        """One decision per use, matched by id: exactly the ids of the request, or BackendError."""
        ...

    def source(self) -> AnswerSource:
        """Who answered."""
        ...
