"""Whether the gate could get an answer here: rules, backend and token, edit, clock, versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from fractions import Fraction

from clearcut.bootstrap import CheckOptions, Setup, compose
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.errors import ClearcutError
from clearcut.publish.finding import Finding, broken, holds, note
from clearcut.publish.python_inspection import inspect_python

_MAX_SKEW_S = 300
# No clock that is right shows a moment before this release was made.
_RELEASED = datetime(2026, 11, 1, tzinfo=timezone.utc)


def inspect_setup(now: datetime | None = None) -> Iterator[Finding]:
    """One finding for each thing the check needs. `now` stands for the machine's clock in tests."""
    now = now or datetime.now(timezone.utc)
    yield from inspect_python()
    try:
        setup = compose(CheckOptions())
    except ClearcutError as error:
        yield _broken_by("settings", error)
        return
    yield holds("settings", "the rule file and the environment are read without a fault")
    yield inspect_edit(setup)
    yield from inspect_backend(setup, now)
    yield from inspect_outbox()


def inspect_edit(setup: Setup) -> Finding:
    """Whether an edit is named and can be read."""
    try:
        cut = setup.edit.read()
    except ClearcutError as error:
        if error.code == "cut-missing" and not error.where:
            return note(
                "edit",
                "no edit is named here: what publishes must bring it (context.data['otioTimeline'] or "
                "'clearcutEdit'), else every shot that is published is stopped",
            )
        return _broken_by("edit", error)
    return holds("edit", f"{cut.name or cut.path} is read: {len(cut.clips)} clips")


def inspect_backend(setup: Setup, now: datetime) -> Iterator[Finding]:
    """Whether somebody answers for licences, whether the token is good, and whether the clocks agree."""
    if now < _RELEASED:
        yield broken(
            "clock", f"this machine's clock says {now:%Y-%m-%d}", "set the clock", who="administrator"
        )
    try:
        recognition = setup.backend.recognition()
        answer = setup.backend.decide(_empty_request(recognition.revision))
    except ClearcutError as error:
        yield _broken_by("backend", error)
        return
    source = setup.backend.source()
    yield holds("backend", f"{source.kind} {source.name} answers, {len(recognition.replicas)} replicas known")
    skew_s = abs((answer.as_of - now).total_seconds())
    if skew_s <= _MAX_SKEW_S:
        yield holds("clock", f"this machine and the {source.kind} agree on the time")
    else:
        yield broken(
            "clock",
            f"this machine and the {source.kind} are {skew_s:.0f} s apart",
            "set both clocks by the same time server",
            who="administrator",
        )


def inspect_outbox() -> Iterator[Finding]:
    """Whether publishes wait on this machine to be noted at a server."""
    from clearcut.publish.outbox import folder, waiting

    kept = len(waiting(folder()))
    if kept:
        yield note(
            "publishes", f"{kept} published, not noted at the server yet: `clearcut cut note` sends them"
        )


def _empty_request(revision: str) -> CheckRequest:
    """A question about nothing, so that asking it decides nothing."""
    return CheckRequest(None, None, Timebase(Fraction(24)), (), True, None, Policy(), revision)


def _broken_by(topic: str, error: ClearcutError) -> Finding:
    return broken(topic, f"{error} [{error.code}]", error.remedy or "see the message", who=error.who)
