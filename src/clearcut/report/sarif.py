"""The report as SARIF 2.1.0, for code-scanning views: one result per reason, one rule per code that occurs.

Blocked and unknown are both `error`: a viewer that hides warnings must not hide what nobody could judge. Where single
shots were asked for, what is told of the others is a `note`.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final
from urllib.parse import quote

from clearcut import __version__
from clearcut.core.reasons import CATALOGUE
from clearcut.core.verdict import Reason, Severity, ShotVerdict, UseVerdict, Verdict
from clearcut.report.json import moment_to_json, reason_to_json
from clearcut.report.visible import clip
from clearcut.report.wording import (
    NOBODY,
    SILENT,
    all_reasons,
    cut_hinders,
    hinders,
    instruction,
    replica_name,
    unexplained,
    waiver_of,
)

_LEVELS: Final = {
    Severity.BLOCK: "error",
    Severity.UNKNOWN: "error",
    Severity.WARN: "warning",
    Severity.INFO: "note",
}


_WINDOWS: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def format_sarif(verdict: Verdict) -> str:
    """The log as text, ASCII only, ending in a line break."""
    return json.dumps(sarif_log(verdict), indent=1, allow_nan=False) + "\n"


def sarif_log(verdict: Verdict) -> dict[str, Any]:
    """The log as plain JSON values; results of the cut first, then of each shot in record order."""
    told = _told(verdict)
    codes = sorted({reason.code for _, _, reason in told})
    run: dict[str, Any] = {
        "tool": {
            "driver": {"name": "Clearcut", "version": __version__, "rules": [_rule(code) for code in codes]}
        },
        # True whatever the outcome: the tool ran. Whether it could judge is in the results.
        "invocations": [{"executionSuccessful": True, "endTimeUtc": moment_to_json(verdict.as_of)}],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(verdict)],
        "properties": {
            "outcome": verdict.outcome.value,
            "whatIf": verdict.what_if,
            "asked": _clean(list(verdict.asked)),
            "production": _clean(verdict.edit.production),
            "cutVersion": _clean(verdict.edit.version),
        },
        "results": [
            _result(verdict, shot, use, reason, codes.index(reason.code)) for shot, use, reason in told
        ],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _told(verdict: Verdict) -> list[tuple[ShotVerdict | None, UseVerdict | None, Reason]]:
    found: list[tuple[ShotVerdict | None, UseVerdict | None, Reason]] = [
        (None, None, reason) for reason in verdict.reasons
    ]
    if cut_hinders(verdict) and not any(hinders(reason) for reason in verdict.reasons):
        found.append((None, None, SILENT))
    for shot in verdict.shots:
        if unexplained(shot):
            found.append((shot, None, SILENT))
        found += [(shot, use, reason) for use, reason in all_reasons(shot)]
    return found


def _rule(code: str) -> dict[str, Any]:
    entry = CATALOGUE.get(code)
    if entry is None:  # a newer backend's code
        return {"id": clip(code, 60), "shortDescription": {"text": "A reason this version does not know."}}
    return {
        "id": code,
        "shortDescription": {"text": entry.meaning},
        "help": {"text": f"To do: {entry.remedy}. Ask: {entry.who}."},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
        "properties": {"waiver": entry.waiver.value},
    }


def _artifact(verdict: Verdict) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": _uri(verdict.edit.path)}}
    if verdict.edit.sha256:
        artifact["hashes"] = {"sha-256": clip(verdict.edit.sha256, 64)}
    return artifact


def _result(
    verdict: Verdict, shot: ShotVerdict | None, use: UseVerdict | None, reason: Reason, rule: int
) -> dict[str, Any]:
    name = clip(shot.name) if shot is not None else "the whole cut"
    who = (
        ""
        if use is None
        else f", {clip(use.decision.performer or NOBODY, 60)} ({clip(replica_name(use), 80)})"
    )
    result: dict[str, Any] = {
        "ruleId": clip(reason.code, 60),
        "ruleIndex": rule,
        "level": _LEVELS[reason.severity] if shot is None or verdict.decides(shot) else "note",
        "message": {"text": f"{name}{who}: {instruction(reason)}"},
        "locations": [_location(verdict, shot, use)],
        "partialFingerprints": {"clearcut/1": _fingerprint(shot, use, reason)},
        "properties": {"severity": reason.severity.value, "reason": _clean(reason_to_json(reason))},
    }
    waiver = waiver_of(reason)
    if waiver is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": clip(waiver)}]
    return result


def _location(verdict: Verdict, shot: ShotVerdict | None, use: UseVerdict | None) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(verdict.edit.path), "index": 0}}
    }
    if shot is not None:
        full = clip(shot.name) if use is None else f"{clip(shot.name)}/{clip(replica_name(use), 80)}"
        location["logicalLocations"] = [{"name": clip(shot.name), "fullyQualifiedName": full, "kind": "shot"}]
    return location


def _fingerprint(shot: ShotVerdict | None, use: UseVerdict | None, reason: Reason) -> str:
    """The same reason for the same use in the next version of a cut is the same finding."""
    parts = (shot.name if shot else "", use.use.replica if use else "", reason.code, reason.licence or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _uri(path: str) -> str:
    """A relative reference or `file:` URI; "cut" where a live timeline has no path."""
    if not path:
        return "cut"
    windows = _WINDOWS.match(path) is not None
    plain = path.replace("\\", "/") if windows else path
    escaped = quote(plain.encode("utf-8", "surrogatepass"), safe="/")
    if plain.startswith("//"):  # a share: `//host/share` names its host already
        return f"file:{escaped}"
    if windows:
        return f"file:///{plain[:2]}{escaped[4:]}"
    return f"file://{escaped}" if plain.startswith("/") else escaped


def _clean(value: Any) -> Any:
    """The value with hidden characters spelt out: viewers show properties as they are."""
    if isinstance(value, str):
        return clip(value, 1000)
    if isinstance(value, dict):
        return {clip(str(key), 200): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value
