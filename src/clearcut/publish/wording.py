"""What a stopped artist reads: which shot, why, whom to ask and what to do, complete in one text."""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.verdict import Outcome, Reason, Severity, ShotVerdict, Verdict
from clearcut.errors import CannotTellError, ClearcutError
from clearcut.publish.stop import Stop

_MOST_REASONS = 8
_MOST_LINES = 12


def hindering(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons that block or make it unknown."""
    return tuple(reason for reason in reasons if reason.severity not in (Severity.WARN, Severity.INFO))


def stop_of_shot(shot: ShotVerdict) -> Stop:
    """Why this shot may not be published."""
    found = sorted(_told(shot), key=lambda item: -item[1].severity.rank)
    verb = "it is blocked" if shot.outcome is Outcome.BLOCKED else "whether it is cleared cannot be told"
    return _stop(shot.name, verb, tuple(found), unknown=shot.outcome is not Outcome.BLOCKED)


def stop_of_cut(name: str, verdict: Verdict) -> Stop:
    """Why nothing of this cut may be published, told for the shot `name`."""
    found = tuple(("", reason) for reason in hindering(verdict.reasons))
    blocked = any(reason.severity is Severity.BLOCK for _, reason in found)
    return _stop(
        name,
        "its whole cut is blocked" if blocked else "its cut could not be judged",
        found,
        unknown=not blocked,
    )


def stop_of_missing(name: str, verdict: Verdict) -> Stop:
    """Why a shot that the verdict does not know may not be published."""
    return stop_in_words(
        name,
        f"the cut {verdict.edit.name or verdict.edit.path} has no shot of this name",
        code="shot-not-in-cut",
        who="compositor",
        remedy="check the shot's name, or publish against the cut that has it",
    )


def stop_of_error(name: str, error: BaseException) -> Stop:
    """Why something that raised may not be published: an error never clears."""
    if isinstance(error, ClearcutError):
        code = error.code if isinstance(error, CannotTellError) else "evaluation-error"
        remedy = error.remedy or "run `clearcut doctor`"
        return stop_in_words(name, _first_lines(str(error)), code=code, who=error.who, remedy=remedy)
    return stop_in_words(
        name,
        f"a defect hindered the check ({_words_of(error)})",
        code="evaluation-error",
        who="pipeline TD",
        remedy="report the traceback in the log; nothing was cleared",
    )


def stop_in_words(name: str, why: str, *, code: str, who: str, remedy: str) -> Stop:
    """A stop for a reason that has no `Reason`: nobody could be asked, or a stamp does not hold."""
    message = f"{name} may not be published: {why}.\n{_ask(who)}: {remedy}. [{code}]"
    return Stop(f"Clearance: {name}", message, (code,), unknown=True)


def said_above(names: tuple[str, ...], *, unknown: bool) -> Stop:
    """A short stop for instances of which the validator has just told everything."""
    message = f"{', '.join(names)} may not be published: `Clearance` says why, whom to ask and what to do."
    return Stop("Clearance", message, (), unknown=unknown)


def several(stops: tuple[Stop, ...]) -> Stop:
    """One stop for many: their texts under each other."""
    if len(stops) == 1:
        return stops[0]
    return Stop(
        f"Clearance: {len(stops)} instances may not be published",
        "\n".join(stop.message for stop in stops),
        tuple(dict.fromkeys(code for stop in stops for code in stop.codes)),
        unknown=all(stop.unknown for stop in stops),
    )


def _stop(name: str, verb: str, found: tuple[tuple[str, Reason], ...], *, unknown: bool) -> Stop:
    if not found:
        # An outcome without a reason is a fault of whoever judged, and blocks.
        return stop_in_words(
            name,
            "it was refused without a reason",
            code="evaluation-error",
            who="pipeline TD",
            remedy="run `clearcut check` on the cut and report what it says",
        )
    lines = [f"{name} may not be published: {verb}."]
    for who_is_shown, reason in found[:_MOST_REASONS]:
        shown = f"{who_is_shown}: " if who_is_shown else ""
        lines.append(
            f"- {shown}{_sentence(reason.message)} {_ask(reason.who)}: {_sentence(reason.remedy)} [{reason.code}]"
        )
    if len(found) > _MOST_REASONS:
        lines.append(
            f"- and {len(found) - _MOST_REASONS} more: `clearcut check --shot {name}` lists them all"
        )
    codes = tuple(dict.fromkeys(reason.code for _, reason in found))
    return Stop(f"Clearance: {name}", "\n".join(lines), codes, unknown=unknown)


def _told(shot: ShotVerdict) -> Iterator[tuple[str, Reason]]:
    for reason in hindering(shot.reasons):
        yield "", reason
    for item in shot.uses:
        performer = item.decision.performer
        shown = f"{item.use.replica} ({performer})" if performer else item.use.replica
        for reason in hindering(item.decision.reasons):
            yield shown, reason


def _first_lines(text: str) -> str:
    """A faulty registry can have thousands of faults: the window gets the first."""
    lines = text.splitlines()
    if len(lines) <= _MOST_LINES:
        return text
    return "\n".join([*lines[:_MOST_LINES], f"  and {len(lines) - _MOST_LINES} more"])


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _ask(who: str) -> str:
    return f"Ask {who}"


def _words_of(error: BaseException) -> str:
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - an error that cannot say what it is is still an error
        words = ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
