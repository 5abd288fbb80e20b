"""The report as JSON lines, for tools that read a stream: the cut, then each shot, then each total.

Each line is an object with `record` saying which it is; the rest is what `clearcut.report/1` says of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from clearcut.core.verdict import Verdict
from clearcut.report.json import verdict_to_json


def format_jsonl(verdict: Verdict) -> str:
    """One line per shot and total, after one for the cut; every line ends in a line break."""
    return "".join(json.dumps(line, allow_nan=False) + "\n" for line in _lines(verdict_to_json(verdict)))


def _lines(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    shots, totals = report.pop("shots"), report.pop("totals")
    yield {"record": "cut", **report, "shot_count": len(shots)}
    for shot in shots:
        yield {"record": "shot", **shot}
    for entry in totals:
        yield {"record": "total", **entry}
