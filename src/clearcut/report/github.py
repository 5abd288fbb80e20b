"""The report as workflow commands that GitHub shows beside the edit file: one annotation per shot.

GitHub keeps ten errors and ten warnings per step, so a shot is one annotation with its leading reason, and those
that hinder come first. Messages and properties are escaped by the rules of workflow commands, so that no name
can end one command and begin another. Where single shots were asked for, the others are notices.
"""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.verdict import Outcome, ShotVerdict, Verdict
from clearcut.report.visible import clip
from clearcut.report.wording import (
    SILENT,
    WHAT_IF,
    all_reasons,
    cut_hinders,
    headline,
    hinders,
    instruction,
    worst_first,
)


def format_github(verdict: Verdict) -> str:
    """Commands, one a line; shots that are cleared without a reason make none."""
    return "".join(line + "\n" for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    file = verdict.edit.path
    if verdict.what_if:
        yield _command("notice", file, "what-if", WHAT_IF)
    for reason in verdict.reasons:
        yield _command("error" if hinders(reason) else "warning", file, "the whole cut", instruction(reason))
    if cut_hinders(verdict) and not any(hinders(reason) for reason in verdict.reasons):
        yield _command("error", file, "the whole cut", headline(verdict))
    for shot in sorted(worst_first(verdict.shots), key=lambda shot: not verdict.decides(shot)):
        line = _shot(shot, file, asked=verdict.decides(shot))
        if line:
            yield line


def _shot(shot: ShotVerdict, file: str, *, asked: bool) -> str:
    told = [reason for _, reason in all_reasons(shot)]
    name = clip(shot.name, 120) or "(unnamed)"
    if shot.outcome.may_publish:
        kind = "warning" if asked else "notice"
        return _command(kind, file, name, instruction(told[0])) if told else ""
    leading = next((reason for reason in told if hinders(reason)), None)
    message = instruction(leading) if leading else instruction(SILENT)
    more = sum(hinders(reason) for reason in told) - 1
    word = "blocked" if shot.outcome is Outcome.BLOCKED else "could not be decided"
    return _command(
        "error" if asked else "notice",
        file,
        f"{name} {word}" + ("" if asked else ", not asked for"),
        message + (f" ({more} more)" if more > 0 else ""),
    )


def _command(kind: str, file: str, title: str, message: str) -> str:
    place = f"file={_property(clip(file, 500))}," if file else ""
    return f"::{kind} {place}title={_property('Clearcut: ' + title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
