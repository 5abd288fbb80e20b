"""One suspicious thing in a registry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """`path` is the record by its id (`licences[L-1].scope.uses`), `code` stable and kebab-case, `message` what."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        """As printed to people."""
        return f"{self.path}: {self.message} [{self.code}]"
