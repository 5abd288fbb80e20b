"""What `doctor` finds: one line each, with who can mend it and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """How one thing stands. BROKEN: the gate would not hold, or nothing could be cleared. UNTOLD: not from here."""

    HOLDS = "holds"
    NOTE = "note"
    UNTOLD = "untold"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `topic` is stable and kebab-case; `who` and `remedy` are "" where it holds."""

    topic: str
    state: State
    message: str
    who: str = ""
    remedy: str = ""


def holds(topic: str, message: str) -> Finding:
    """It is as it must be."""
    return Finding(topic, State.HOLDS, message)


def broken(topic: str, message: str, remedy: str, who: str = "pipeline TD") -> Finding:
    """It is not as it must be."""
    return Finding(topic, State.BROKEN, message, who, remedy)


def note(topic: str, message: str) -> Finding:
    """Worth knowing; hinders nothing."""
    return Finding(topic, State.NOTE, message)


def untold(topic: str, message: str, remedy: str, who: str = "pipeline TD") -> Finding:
    """It cannot be told from here; `remedy` says from where it can."""
    return Finding(topic, State.UNTOLD, message, who, remedy)


def state_of(findings: Iterable[Finding]) -> State:
    """Broken if anything is, else untold if anything is, else it holds."""
    states = {finding.state for finding in findings}
    return next((state for state in (State.BROKEN, State.UNTOLD) if state in states), State.HOLDS)
