"""The report as JUnit XML: one test case per shot, blocked is a failure, unknown an error.

What is wrong with the cut as a whole is a case of its own, so that a farm never sees a green list of a cut that
nobody could judge. Where single shots were asked for, the others are skipped, whatever became of them: the exit code
does not rest on them either.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from clearcut.core.verdict import Outcome, Reason, ShotVerdict, Verdict, outcome_of
from clearcut.report.json import moment_to_json
from clearcut.report.visible import clip
from clearcut.report.wording import (
    LOOKS,
    SILENT,
    WHAT_IF,
    all_reasons,
    cut_hinders,
    headline,
    hinders,
    instruction,
    performers,
    sentence,
    unexplained,
)

_QUOTES = {'"': "&quot;"}


def format_junit(verdict: Verdict) -> str:
    """The XML, with a declaration, ending in a line break. Cases stand in record order."""
    label = clip(
        " ".join(p for p in (verdict.edit.production or verdict.edit.name, verdict.edit.version) if p)
        or "cut"
    )
    suite = f"{label} (what-if)" if verdict.what_if else label
    cases = [_cut_case(verdict, suite)] if cut_hinders(verdict) else []
    decisive = [shot for shot in verdict.shots if verdict.decides(shot)]
    cases += [
        _shot_case(shot, suite) if verdict.decides(shot) else _skipped(shot, suite) for shot in verdict.shots
    ]
    outcomes = [shot.outcome for shot in decisive] + ([_of_the_cut(verdict)] if cut_hinders(verdict) else [])
    numbers = (
        f'tests="{len(cases)}" failures="{outcomes.count(Outcome.BLOCKED)}" '
        f'errors="{outcomes.count(Outcome.UNKNOWN)}" skipped="{len(verdict.shots) - len(decisive)}"'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="clearcut" {numbers}>',
        f'<testsuite name={_quoted(suite)} timestamp="{moment_to_json(verdict.as_of)}" {numbers}>',
        *(
            [f'<properties><property name="what-if" value="{WHAT_IF}"/></properties>']
            if verdict.what_if
            else []
        ),
        *cases,
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _cut_case(verdict: Verdict, suite: str) -> str:
    told = [reason for reason in verdict.reasons if hinders(reason)]
    text = "\n".join(_told(reason) for reason in told) or "The cut as a whole is worse than its shots."
    return _case("the whole cut", suite, _of_the_cut(verdict), told, message=headline(verdict), text=text)


def _shot_case(shot: ShotVerdict, suite: str) -> str:
    told = [reason for _, reason in all_reasons(shot)]
    text = "\n".join(dict.fromkeys(_told(reason) for reason in told))
    if unexplained(shot):
        text = f"{_told(SILENT)}\n{text}".rstrip()
    names = ", ".join(clip(name, 60) for name in performers(shot.uses)[:20])
    seen = f"performers: {names}" if names else ""
    first = next((sentence(r) for r in told if hinders(r)), "no reason was given")
    return _case(
        clip(shot.name) or "(unnamed)",
        suite,
        shot.outcome,
        told,
        message=first,
        text=f"{text}\n{seen}".strip(),
    )


def _of_the_cut(verdict: Verdict) -> Outcome:
    """What the case of the whole cut is: with shots asked for, it is not the worst of the others."""
    own = outcome_of(verdict.reasons)
    return own if verdict.asked and not own.may_publish else verdict.outcome


def _skipped(shot: ShotVerdict, suite: str) -> str:
    start = f"<testcase name={_quoted(clip(shot.name) or '(unnamed)')} classname={_quoted(suite)}"
    return f'{start} time="0"><skipped message="not asked for: {LOOKS[shot.outcome].title}"/></testcase>'


def _case(name: str, suite: str, outcome: Outcome, told: Iterable[Reason], *, message: str, text: str) -> str:
    start = f"<testcase name={_quoted(name)} classname={_quoted(suite)}"
    if outcome.may_publish:
        body = escape("\n".join(part for part in (LOOKS[outcome].title, text) if part))
        return f'{start} time="0"><system-out>{body}</system-out></testcase>'
    # An allow-list: whatever is neither publishable nor plainly blocked is an error.
    kind = "failure" if outcome is Outcome.BLOCKED else "error"
    code = next((reason.code for reason in told if hinders(reason)), outcome.value)
    return (
        f'{start} time="0"><{kind} type={_quoted(clip(code, 60))} message={_quoted(message)}>'
        f"{escape(text)}</{kind}></testcase>"
    )


def _told(reason: Reason) -> str:
    return f"{reason.severity.value} {instruction(reason)}"


def _quoted(text: str) -> str:
    return f'"{escape(text, _QUOTES)}"'
