"""Approvals of shots: which frames the performer's side has approved, rejected, or never seen.

Frame by frame the latest decision that is about the frame counts; of two at one moment the rejection. A decision is
about a version where it names it or names none; where one approval serves a whole shot, versions do not matter.
A rejection is also about a shot or version that differs in case alone, and about a shot of which no version is known.
Decisions made after `now` are not made yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.case import Case, Question
from clearcut.core.findings import Finding
from clearcut.core.licence import Approval, ApprovalNeeded, Licence
from clearcut.core.paths import same_case
from clearcut.core.timing import FrameRange, intersect, subtract, union

# Stands for all the frames of a shot where no frames are known: a decision about a part of them is about less.
_ALL = FrameRange(-(10**12), 10**12)


def approval_terms(case: Case, question: Question, licence: Licence) -> Iterator[Finding]:
    """What is wrong with the approvals of this use under this licence."""
    shot = question.use.shot
    recorded = case.index.approvals_of.get((licence.id, same_case(shot)), ())
    if licence.approval is ApprovalNeeded.NONE and not recorded:
        return
    given = [one for one in recorded if one.at <= case.now and (one.shot == shot or not one.approved)]
    about = [one for one in given if _about(one, question.use.version, licence.approval)]
    frames = union(question.use.source) if question.use.source_known and question.use.source else (_ALL,)
    approved, rejected, because = _standing(about, frames)
    if rejected:
        yield _rejected(licence, shot, rejected, because)
    if licence.approval is ApprovalNeeded.NONE or rejected or not subtract(frames, approved):
        return
    if approved:
        yield _exceeded(licence, question, subtract(frames, approved))
    elif licence.approval is ApprovalNeeded.PER_VERSION and any(one.approved for one in given):
        yield _outdated(licence, question, given)
    else:
        version = f" {question.use.version}" if question.use.version else ""
        yield Finding(
            "approval-required",
            f"{licence.id} asks for an approval of {shot}, and there is none",
            f"submit {shot}{version} to {question.called}'s representative",
            licence.id,
            {"shot": shot, "version": question.use.version},
        )


def _about(approval: Approval, version: str | None, needed: ApprovalNeeded) -> bool:
    if needed is not ApprovalNeeded.PER_VERSION or approval.version is None:
        return True
    if approval.approved:
        return approval.version == version
    # Where nobody says which version the shot is at, it may be the one that was rejected.
    return version is None or same_case(approval.version) == same_case(version)


def _standing(
    decisions: list[Approval], frames: tuple[FrameRange, ...]
) -> tuple[tuple[FrameRange, ...], tuple[FrameRange, ...], Approval | None]:
    """Approved frames, rejected frames, and the latest rejection that stands."""
    approved: tuple[FrameRange, ...] = ()
    rejected: tuple[FrameRange, ...] = ()
    because = None
    # At one moment rejections come last, and so win.
    for one in sorted(decisions, key=lambda each: (each.at, not each.approved, each.note, each.by)):
        whole = one.source_range or _ALL
        part = [met for met in (intersect(each, whole) for each in frames) if met is not None]
        if one.approved:
            approved, rejected = union([*approved, *part]), subtract(rejected, part)
        else:
            approved, rejected = subtract(approved, part), union([*rejected, *part])
            because = one if part else because
    return approved, rejected, because


def _rejected(
    licence: Licence, shot: str, rejected: tuple[FrameRange, ...], because: Approval | None
) -> Finding:
    note = because.note.strip() if because is not None else ""
    which = "" if rejected == (_ALL,) else f" frames {_shown(rejected)} of"
    return Finding(
        "approval-rejected",
        f"the performer's side rejected{which} {shot} under {licence.id}" + (f": {note}" if note else ""),
        f"change the shot: {note}" if note else f"change {shot}, and submit it again",
        licence.id,
        {"frames": _plain(rejected), "version": because.version if because is not None else None},
    )


def _exceeded(licence: Licence, question: Question, missing: tuple[FrameRange, ...]) -> Finding:
    shot = question.use.shot
    if not question.use.source_known or not question.use.source:
        return Finding(
            "approval-range-exceeded",
            f"{licence.id} has approvals for parts of {shot} only, and which source frames it uses cannot be told",
            f"have all frames of {shot} approved",
            licence.id,
            {"frames": None},
        )
    return Finding(
        "approval-range-exceeded",
        f"frames {_shown(missing)} of {shot} are not approved under {licence.id}",
        f"have frames {_shown(missing)} approved, or trim them",
        licence.id,
        {"frames": _plain(missing)},
    )


def _outdated(licence: Licence, question: Question, given: list[Approval]) -> Finding:
    shot, version = question.use.shot, question.use.version
    versions = sorted({one.version for one in given if one.approved and one.version is not None})
    shown = version or "a version that the edit does not name"
    return Finding(
        "approval-version-outdated",
        f"{shot} is at {shown}, and {licence.id} has an approval of {', '.join(versions)}",
        f"submit {shot} {version or '(name its version in the edit)'} to {question.called}'s representative",
        licence.id,
        {"version": version, "approved": versions},
    )


def _shown(ranges: tuple[FrameRange, ...]) -> str:
    return ", ".join(f"[{each.first}, {each.end})" for each in ranges)


def _plain(ranges: tuple[FrameRange, ...]) -> list[list[int]] | None:
    return None if ranges == (_ALL,) else [[each.first, each.end] for each in ranges]
