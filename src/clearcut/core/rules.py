"""The rules a TD sets, as values: what is a shot's name, what looks like a replica, how bad a reason is.

Reading them from `clearcut.toml` and laying the layers over each other is `settings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from clearcut.core.name_globs import any_matches
from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.verdict import Severity

# No pattern is held against a longer name: what a pattern may cost was judged for names up to here.
MAX_NAME_CHARS = 200


class Occlusion(str, Enum):
    """Whether record time under an opaque clip of a higher track counts as screen time."""

    COUNTED = "counted"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """One code's severity where `sequence` and `department` (globs) match; `where` is `file:line` of the rule."""

    code: str
    severity: Severity
    sequence: str = "*"
    department: str = "*"
    where: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What of the rules bears on a decision; it goes to the backend with the question.

    `expires_soon_days`: a licence that ends within so many days warns. `near_cap_percent`: from this part of a
    cap on it warns. `authority_must_hold_now`: studio policy; the law asks only for the day of signing.
    `severities`: later ones win; none goes below a code's floor.
    """

    expires_soon_days: int = 30
    near_cap_percent: int = 90
    authority_must_hold_now: bool = True
    department: str | None = None
    severities: tuple[SeverityRule, ...] = ()


# Where a shot's name may be found (`core.shots` knows how): configured metadata paths, patterns on the clip's name,
# the bare clip's name, AYON's and Hiero's marker JSON, Resolve's marker note, sg-otio's metadata, bare EDL comments,
# EDL LOC markers, the nearest nested stack's name.
EXTRACTORS = (
    "metadata_paths",
    "patterns",
    "clip_name",
    "marker_json",
    "resolve_note",
    "sg",
    "edl_comments",
    "loc_markers",
    "stack_name",
)


class ShotNaming(NamedTuple):
    """How a clip's shot is found, after `clearcut.shot` which settles it.

    `extractors` are asked in order, and what they say must agree; the words are those of `EXTRACTORS`. Left out,
    an extractor is not asked: without "clip_name" a clip is never called a shot by its bare name.
    `metadata_paths` are dotted keys, tried in order. `patterns` are regular expressions over the clip's name with
    the group `shot` and, if they like, `sequence`, `episode` and `version`. `sequence_pattern` finds a sequence in
    a shot's name, as its group `sequence`, where nothing else gave one.
    """

    metadata_paths: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    extractors: tuple[str, ...] = ("metadata_paths", "patterns", "clip_name")
    sequence_pattern: str = r"(?P<sequence>.+)[_-][^_-]+"


class Rules(NamedTuple):
    """Everything the rule file says, resolved.

    `suspects` are path globs that look like a replica; ML model files always do. `silent_families` are the
    Pyblish families that carry neither picture nor sound. `edit`, `server` and `registry` are defaults for
    where to look, None when the file names none. `gizmo_paths` are folders with the sources of gizmos,
    `trusted_classes` those of Nuke plug-ins that, on the studio's word, read no file but what their knobs name.
    """

    policy: Policy = Policy()
    shot_naming: ShotNaming = ShotNaming()
    suspects: tuple[str, ...] = ()
    occlusion: Occlusion = Occlusion.COUNTED
    silent_families: tuple[str, ...] = ()
    facility: str | None = None
    production: str | None = None
    edit: str | None = None
    server: str | None = None
    registry: str | None = None
    gizmo_paths: tuple[str, ...] = ()
    trusted_classes: tuple[str, ...] = ()


def floor_of(code: str) -> Severity:
    """The mildest severity that any rule file may give a code, whoever allows it (domain.md, 2.9 and 3).

    What nobody or only legal may waive keeps its own, and so does `unknown`: not having looked is never a warning.
    What a producer may waive and stays owed as a duty may become a warning, and a warning a remark. Raises KeyError
    on a code that is not in the catalogue.
    """
    entry = CATALOGUE[code]
    if entry.waiver in (WaiverBy.NEVER, WaiverBy.LEGAL) or entry.severity is Severity.UNKNOWN:
        return entry.severity
    if entry.severity is Severity.WARN:
        return Severity.INFO
    return Severity.WARN if entry.duty else entry.severity


def severity_of(
    policy: Policy, code: str, sequence: str | None, *, demanded: Severity | None = None
) -> tuple[Severity, SeverityRule | None]:
    """How bad a code is for a shot of `sequence` (None: not known), and the rule that made it so, if one did.

    `demanded` is what a rule pack in force demands, None when none does: no rule file goes below it, for a studio
    cannot loosen a law. The policy may come from a stranger: floors hold here, whatever was sent. A rule for
    another sequence or department does not count; where it is not known which one it is, the rule can only raise.
    """
    entry = CATALOGUE[code]
    floor = floor_of(code)
    if demanded is not None and demanded.rank > floor.rank:
        floor = demanded
    severity = max(entry.severity, demanded or entry.severity, key=lambda s: s.rank)
    made_by = None
    for rule in policy.severities:
        if rule.code != code:
            continue
        fits = _fits(rule.sequence, sequence), _fits(rule.department, policy.department)
        if False in fits or (None in fits and rule.severity.rank <= severity.rank):
            continue
        severity, made_by = max(rule.severity, floor, key=lambda s: s.rank), rule
    return severity, made_by


def _fits(glob: str, name: str | None) -> bool | None:
    """Whether the glob takes in the name; None when the name is not known."""
    if glob == "*":
        return True
    return None if name is None else any_matches((glob,), name)
