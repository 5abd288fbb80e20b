"""A TD's own test cases for the rules: given a clip, a path or a code, what the rules should make of it.

::

    rules = "clearcut.toml"            # beside this file; left out: found as for an edit that lies here

    [[case]]
    name = "a comp's clip"
    clip = "HEL_020_0100_comp_v004"
    metadata = { ayon = { folderPath = "/shots/HEL_020_0100" } }
    path = "/jobs/helios/char/p1_digidouble/beauty.####.exr"
    department = "comp"
    expect = { shot = "HEL_020_0100", sequence = "HEL_020", suspect = true, severity = { no-licence = "block" } }

`shot = false` expects that nothing names it. Severities are those in the `sequence` given, else in the clip's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from clearcut.core.cut import Clip, ClipKind, Cut, MediaReference
from clearcut.core.matching import Recogniser
from clearcut.core.reasons import CATALOGUE
from clearcut.core.registry import Recognition
from clearcut.core.rules import Rules, severity_of
from clearcut.core.shots import NamedClip, name_shots
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.verdict import Severity
from clearcut.core.words import unknown_word
from clearcut.errors import Fault, RulesError
from clearcut.settings.located import LocatedToml, read_located

_GIVEN = {
    "name": str,
    "clip": str,
    "path": str,
    "metadata": dict,
    "sequence": str,
    "department": str,
    "expect": dict,
}
_NAMES = ("shot", "sequence", "episode", "version")
_FLAGS = ("suspect", "ambiguous")
_EXPECTED = (*_NAMES, *_FLAGS, "severity")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `expect` holds only what its author asked about. `where` is `file:line`."""

    name: str
    where: str
    clip: str
    metadata: Mapping[str, Any]
    path: str | None
    sequence: str | None
    department: str | None
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file, and the rule file it names (None: found as for an edit in its folder)."""

    path: Path
    rules: Path | None
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case came to: a sentence for each thing that is not as expected; none, and it passed."""

    case: Case
    differences: tuple[str, ...]


def read_cases(path: Path) -> CaseFile:
    """The cases of a file. Raises RulesError with every fault and its line; a file without a case is one."""
    document = read_located(path)
    faults = [
        Fault(document.where(key), f"unknown key {key!r} (known: rules, case)")
        for key in document.values
        if key not in ("rules", "case")
    ]
    rules = document.values.get("rules")
    if rules is not None and not isinstance(rules, str):
        faults.append(Fault(document.where("rules"), "rules is the path of a rule file"))
    given = document.values.get("case", [])
    if not isinstance(given, list) or not given:
        faults.append(Fault(document.where("case"), "no [[case]]: nothing would be tested"))
        given = []
    for index, case in enumerate(given):
        faults.extend(_faults_of(case, index, document))
    if faults:
        raise RulesError(tuple(faults))
    cases = tuple(_case(case, document.where("case", index)) for index, case in enumerate(given))
    return CaseFile(path, None if rules is None else path.parent / rules, cases)


def _faults_of(case: Any, index: int, document: LocatedToml) -> Iterator[Fault]:
    at = ("case", index)
    if not isinstance(case, dict):
        yield Fault(document.where(*at), "a case is a table")
        return
    for key, value in case.items():
        wrong = unknown_word("key", key, tuple(_GIVEN))
        if wrong:
            yield Fault(document.where(*at, key), wrong)
        elif not isinstance(value, _GIVEN[key]):
            yield Fault(document.where(*at, key), f"{key}: not a {_GIVEN[key].__name__}: {value!r:.80}")
    expect = case.get("expect")
    if not expect:
        yield Fault(document.where(*at), 'expects nothing, so it cannot fail: say expect = { shot = "…" }')
    elif isinstance(expect, dict):
        for key, value in expect.items():
            said = _wrong_expectation(key, value)
            if said:
                yield Fault(document.where(*at, "expect", key), said)
        if "suspect" in expect and "path" not in case:
            yield Fault(document.where(*at), "expects something of a path and gives none")
        if (
            "clip" not in case
            and "metadata" not in case
            and set(expect) & {*_NAMES, "ambiguous"} - {"sequence"}
        ):
            yield Fault(document.where(*at), "expects something of a clip and gives none")


def _wrong_expectation(key: str, value: Any) -> str:
    if wrong := unknown_word("expectation", key, _EXPECTED):
        return wrong
    if key in _FLAGS:
        return "" if isinstance(value, bool) else f"{key}: not true or false: {value!r}"
    if key in _NAMES:
        named = value is False or (isinstance(value, str) and bool(value))
        return "" if named else f"{key}: a name, or false where there is none: {value!r}"
    if not isinstance(value, dict) or not value:
        return 'severity: a table of codes, as in { no-licence = "block" }'
    for code, severity in value.items():
        wrong = unknown_word("reason code", code, tuple(CATALOGUE))
        wrong = wrong or unknown_word("severity", severity, tuple(s.value for s in Severity))
        if wrong:
            return wrong.partition(" (known")[0]
    return ""


def _case(case: dict[str, Any], where: str) -> Case:
    return Case(
        name=case.get("name") or case.get("clip") or case.get("path") or where,
        where=where,
        clip=case.get("clip", ""),
        metadata=case.get("metadata", {}),
        path=case.get("path"),
        sequence=case.get("sequence"),
        department=case.get("department"),
        expect=case["expect"],
    )


def run_case(case: Case, rules: Rules) -> CaseResult:
    """Holds one case against the rules. Raises RulesError as `name_shots` does."""
    named = _named(case, rules)
    return CaseResult(case, tuple(_differences(case, named, rules)))


def _named(case: Case, rules: Rules) -> NamedClip:
    references = (MediaReference("DEFAULT_MEDIA", (case.path,), "", {}),) if case.path else ()
    clip = Clip(
        where=case.where,
        name=case.clip,
        kind=ClipKind.PICTURE,
        record=FrameRange(0, 24),
        source=None,
        source_rate=Fraction(24),
        references=references,
        metadata=case.metadata,
        markers=(),
        enclosure=None,
    )
    cut = Cut(name="", path="", sha256="", timebase=Timebase(Fraction(24), 1), duration=24, clips=(clip,))
    return name_shots(cut, rules.shot_naming)[0]


def _differences(case: Case, named: NamedClip, rules: Rules) -> Iterator[str]:
    for key, wanted in case.expect.items():
        if key == "severity":
            yield from _severities(case, named, rules, wanted)
            continue
        if key == "suspect":
            found: Any = Recogniser(Recognition((), (), ()), rules.suspects).path(case.path or "").suspect
        else:
            found = getattr(named, key)
        if (found or False) != wanted:
            yield f"{key}: expected {_shown(wanted)}, got {_shown(found)}"


def _severities(case: Case, named: NamedClip, rules: Rules, wanted: Mapping[str, str]) -> Iterator[str]:
    policy = replace(rules.policy, department=case.department or rules.policy.department)
    sequence = case.sequence or named.sequence
    for code, word in wanted.items():
        severity, rule = severity_of(policy, code, sequence)
        if severity.value != word:
            by = f" (by {rule.where})" if rule else " (built-in)"
            yield f"severity of {code}: expected {word}, got {severity.value}{by}"


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "none" if not value else "yes"
    return repr(value)
