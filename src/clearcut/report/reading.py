"""Reads a report `clearcut.report/1` back into a verdict: for panels and merges that open a saved report.

Strict about what it reads and silent about what it does not know: a later Clearcut may add keys. A report is
never a permission: whoever gates a publish asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from clearcut.core.timing import FrameRange, Timebase, parse_seconds
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.verdict import (
    AnswerSource,
    Decision,
    EditFacts,
    Outcome,
    Reason,
    Severity,
    ShotVerdict,
    Total,
    UseVerdict,
    Verdict,
)

T = TypeVar("T")


class ReportError(ValueError):
    """Not a report, or not one of ours; the message begins with the place."""


class _Node(NamedTuple):
    """A JSON object and where it stands, so that a fault can name its path."""

    values: Mapping[str, Any]
    path: str

    @classmethod
    def of(cls, value: object, path: str) -> _Node:
        if not isinstance(value, Mapping):
            raise ReportError(f"{path or 'report'}: not an object")
        return cls(value, path)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def raw(self, key: str) -> Any:
        if key not in self.values:
            raise ReportError(f"{self.at(key)}: missing")
        return self.values[key]

    def text(self, key: str) -> str:
        value = self.raw(key)
        if not isinstance(value, str):
            raise ReportError(f"{self.at(key)}: not a text")
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self.values.get(key) is None else self.text(key)

    def whole(self, key: str) -> int:
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ReportError(f"{self.at(key)}: not a whole number of at least 0")
        return value

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if not isinstance(value, bool):
            raise ReportError(f"{self.at(key)}: neither true nor false")
        return value

    def rows(self, key: str) -> list[Any]:
        value = self.raw(key)
        if not isinstance(value, list):
            raise ReportError(f"{self.at(key)}: not a list")
        return value

    def nodes(self, key: str, read: Callable[[_Node], T]) -> tuple[T, ...]:
        return tuple(
            read(_Node.of(row, f"{self.at(key)}[{index}]")) for index, row in enumerate(self.rows(key))
        )

    def texts(self, key: str) -> tuple[str, ...]:
        rows = self.rows(key)
        if not all(isinstance(row, str) for row in rows):
            raise ReportError(f"{self.at(key)}: not a list of texts")
        return tuple(rows)

    def parsed(self, key: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(self.text(key))
        except ReportError:
            raise
        except ValueError as error:
            raise ReportError(f"{self.at(key)}: {error}") from error

    def ranges(self, key: str, exact: str = "") -> tuple[FrameRange, ...]:
        """Half-open pairs; under the key `exact` instead where the report has it."""
        key = exact if exact in self.values else key
        found = []
        for index, row in enumerate(self.rows(key)):
            if not (
                isinstance(row, list)
                and len(row) == 2
                and all(isinstance(n, int) and not isinstance(n, bool) for n in row)
                and row[0] < row[1]
            ):
                raise ReportError(f"{self.at(key)}[{index}]: not a range [first, end)")
            found.append(FrameRange(row[0], row[1]))
        return tuple(found)


def verdict_from_json(report: object) -> Verdict:
    """The verdict of a report. Written again it is the same report, byte for byte.

    Raises ReportError naming the place of what is missing or of a wrong kind.
    """
    top = _Node.of(report, "")
    if top.raw("schema") != "clearcut.report/1":
        raise ReportError(f"schema: not clearcut.report/1: {top.raw('schema')!r}")
    source = _Node.of(top.raw("source"), "source")
    return Verdict(
        outcome=top.parsed("outcome", Outcome),
        as_of=top.parsed("as_of", _moment),
        what_if=top.flag("what_if"),
        source=AnswerSource(source.text("kind"), source.text("name"), source.whole("age_s")),
        edit=_edit(_Node.of(top.raw("edit"), "edit")),
        shots=top.nodes("shots", _shot),
        totals=top.nodes("totals", _total),
        reasons=top.nodes("reasons", _reason),
        asked=top.texts("asked") if "asked" in top.values else (),
    )


def shot_from_json(row: object, path: str = "") -> ShotVerdict:
    """One shot of a report. Raises ReportError as `verdict_from_json` does."""
    return _shot(_Node.of(row, path))


def total_from_json(row: object, path: str = "") -> Total:
    """One total of a report. Raises ReportError as `verdict_from_json` does."""
    return _total(_Node.of(row, path))


def _edit(node: _Node) -> EditFacts:
    timebase = None
    if node.raw("rate") is not None:
        per_frame = node.whole("ticks_per_frame") if "ticks_per_frame" in node.values else 1
        try:
            timebase = Timebase(node.parsed("rate", _rate), per_frame)
        except ReportError:
            raise
        except ValueError as error:
            raise ReportError(f"{node.path}: {error}") from error
    return EditFacts(
        path=node.text("path"),
        sha256=node.text("sha256"),
        name=node.text("name"),
        production=node.text_or_none("production"),
        version=node.text_or_none("version"),
        timebase=timebase,
        duration=node.whole("duration_ticks" if "duration_ticks" in node.values else "duration_frames"),
    )


def _rate(text: str) -> Fraction:
    # A rational as it was written: snapping a second time could make it another rate.
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"not a rate: {text!r}") from error


def _shot(node: _Node) -> ShotVerdict:
    name = node.text("name")
    return ShotVerdict(
        name=name,
        outcome=node.parsed("outcome", Outcome),
        record=node.ranges("record_ranges", "record_ticks"),
        uses=tuple(
            _use(_Node.of(row, f"{node.at('uses')}[{index}]"), name)
            for index, row in enumerate(node.rows("uses"))
        ),
        reasons=node.nodes("reasons", _reason),
    )


def _use(node: _Node, shot: str) -> UseVerdict:
    use = ReplicaUse(
        id=node.text("id"),
        shot=shot,
        replica=node.text("replica"),
        declared=_declaration(_Node.of(node.raw("declared"), node.at("declared"))),
        screen=node.ranges("screen_ranges", "screen_ticks"),
        record=node.ranges("record_ranges", "record_ticks"),
        source=node.ranges("source_ranges"),
        source_known=node.flag("source_known"),
        evidence=node.nodes("evidence", _evidence),
        version=node.text_or_none("version"),
        sequence=node.text_or_none("sequence"),
        episode=node.text_or_none("episode"),
        scene_only=node.flag("scene_only"),
        models=node.texts("models"),
        biometric=node.texts("biometric"),
        occluded=node.ranges("occluded_ranges", "occluded_ticks") if "occluded_ranges" in node.values else (),
    )
    decision = Decision(
        use=use.id,
        outcome=node.parsed("outcome", Outcome),
        reasons=node.nodes("reasons", _reason),
        licences=node.texts("licences"),
        performer=node.text_or_none("performer"),
        expires=None if node.values.get("expires") is None else node.parsed("expires", _moment),
    )
    return UseVerdict(use, decision)


def _declaration(node: _Node) -> Declaration:
    return Declaration(
        uses=node.texts("uses"),
        alterations=node.texts("alterations"),
        depictions=node.texts("depictions"),
        modalities=node.texts("modalities"),
        language=node.text_or_none("language"),
        character=node.text_or_none("character"),
        exemption=node.text_or_none("exemption"),
    )


def _evidence(node: _Node) -> Evidence:
    return Evidence(node.parsed("kind", EvidenceKind), node.text("where"), node.text("value"))


def _reason(node: _Node) -> Reason:
    return Reason(
        code=node.text("code"),
        severity=node.parsed("severity", Severity),
        message=node.text("message"),
        remedy=node.text("remedy"),
        who=node.text("who"),
        licence=node.text_or_none("licence"),
        detail=_Node.of(node.raw("detail"), node.at("detail")).values,
    )


def _total(node: _Node) -> Total:
    return Total(
        licence=node.text("licence"),
        performer=node.text_or_none("performer"),
        frames=node.whole("frames"),
        seconds=node.parsed("seconds", parse_seconds),
        cap=None if node.raw("cap_seconds") is None else node.parsed("cap_seconds", parse_seconds),
    )


def _moment(text: str) -> datetime:
    # Python 3.10 reads no "Z".
    moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    if moment.tzinfo is None:
        raise ValueError(f"no zone: {text!r}")
    return moment
