"""The report as JSON lines, for tools that read a stream: the cut, then each shot, then each total.

Each line is an object with `record` saying which it is; the rest is what `clearcut.report/1` says of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.verdict import Verdict
from clearcut.report.json import encode, head_to_json, reason_to_json, shot_to_json, totals_to_json


def format_jsonl(verdict: Verdict) -> str:
    """One line per shot and total, after one for the cut; every line ends in a line break."""
    return "".join(line + "\n" for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    reasons = [reason_to_json(reason) for reason in verdict.reasons]
    yield encode(
        {"record": "cut", **head_to_json(verdict), "reasons": reasons, "shot_count": len(verdict.shots)}
    )
    for shot in verdict.shots:
        yield encode({"record": "shot", **shot_to_json(shot, verdict.edit.timebase)})
    for entry in totals_to_json(verdict):
        yield encode({"record": "total", **entry})
