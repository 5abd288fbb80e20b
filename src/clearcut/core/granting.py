"""Which licences a use's grant rests on, and why the atoms that none grants are not granted.

A licence grants an atom only if it alone grants all of its values and none of its terms hinders; several licences
may share the atoms of a use. Where more than one could grant, that one is taken that leaves no duty, then the one
whose scope grants without a waiver, then the one that ends first, then by id. Cap and count play no part in the choice: an exhausted licence does not spill.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from clearcut.core.case import Case, Question
from clearcut.core.coverage import (
    CODES,
    Box,
    TooManyPartsError,
    alike,
    granted,
    named,
    subtract,
    values,
)
from clearcut.core.demand import Demand
from clearcut.core.findings import PRECEDENCE, Bench, Finding, hinders, is_duty
from clearcut.core.freezing import new
from clearcut.core.licence import Licence
from clearcut.core.places import WORLD
from clearcut.core.prohibitions import bans_relied_on
from clearcut.core.registry_index import ends
from clearcut.core.terms import failing_terms
from clearcut.core.verdict import Reason

# A licence that fails one of these does not reach the use at all; failing others only, it is charged all the same.
_NOT_GRANTED = frozenset(
    {
        *CODES,
        "licence-draft",
        "licence-not-yet-valid",
        "licence-expired",
        "licence-superseded",
        "licence-revoked",
        "licence-suspended",
        "strike-suspended",
        "production-out-of-scope",
        "episode-out-of-scope",
        "sequence-out-of-scope",
        "shot-out-of-scope",
        "character-out-of-scope",
    }
)
_NOUNS = ("use", "alteration", "modality", "media", "territory", "language")
_SHOWN = 5


class Grant(NamedTuple):
    """What a use's grant rests on. `charged` are those it is charged to, by id, also where it is refused."""

    complete: bool
    reasons: tuple[Reason, ...] = ()
    charged: tuple[Licence, ...] = ()
    granting: tuple[Licence, ...] = ()


class _Candidate:
    """One licence that lists the replica: the box it grants as written (`strict`), and its terms as reasons.

    Terms are looked at only when somebody asks, for a licence whose scope grants nothing here takes no part.
    """

    __slots__ = ("_asking", "_reasons", "licence", "missed", "strict")

    def __init__(self, licence: Licence, asking: _Asking) -> None:
        self.licence = licence
        self.strict = granted(licence.scope, asking.question.demand)
        self.missed: dict[int, int] = {}  # dimension -> values told as not granted
        self._asking = asking
        self._reasons: tuple[Reason, ...] | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every term that fails or warns, scope apart."""
        if self._reasons is None:
            case, question, bench = self._asking
            failing = failing_terms(case, question, self.licence)
            failing += bans_relied_on(case, question, self.licence)
            self._reasons = tuple([bench.settle(finding) for finding in failing])
        return self._reasons

    @property
    def hindering(self) -> tuple[str, ...]:
        """The codes of the terms that hinder."""
        return tuple([reason.code for reason in self.reasons if hinders(reason)])

    @property
    def owes(self) -> bool | None:
        """Whether a duty would be left; None where a term hinders, and nothing can be granted."""
        reasons = self.reasons
        if not reasons:
            return False
        return None if any(map(hinders, reasons)) else any(map(is_duty, reasons))

    def failing(self, atom: Box) -> tuple[int, ...]:
        """The dimensions in which it does not grant all of the atom."""
        return tuple(at for at, bits in enumerate(atom) if bits & ~self.strict[at])


class _Asking(NamedTuple):
    """By what the terms of candidates are judged."""

    case: Case
    question: Question
    bench: Bench


class _Candidates:
    """The candidates of one use, made when they are first looked at: most uses are granted by the first licence."""

    __slots__ = ("_asking", "_listing", "_made")

    def __init__(self, listing: tuple[Licence, ...], asking: _Asking) -> None:
        self._listing = listing
        self._asking = asking
        self._made: list[_Candidate] = []

    def __iter__(self) -> Iterator[_Candidate]:
        made = self._made
        for at, licence in enumerate(self._listing):
            if at == len(made):
                made.append(_Candidate(licence, self._asking))
            yield made[at]


def grant(case: Case, question: Question, bench: Bench) -> Grant:
    """How far the performer's licences cover the use."""
    demand = question.demand
    listing = case.index.licences_listing(question.replica.id)
    candidates = _Candidates(listing, new(_Asking, (case, question, bench)))
    try:
        granting, remaining = _cover(candidates, demand.whole, bench)
    except TooManyPartsError:
        return Grant(complete=False, reasons=(bench.settle(_too_many(question, len(listing))),))
    if not listing:
        # Only where there is none can it be accepted that there is none: a licence that fails is another reason.
        lacking = bench.settle(no_licence(question))
        return Grant(complete=not hinders(lacking), reasons=(lacking,))
    told = granting
    taken = charged = _licences(granting)
    if remaining:
        nearest = {one.licence.id: one for one in _nearest(candidates, remaining, _soft_dimensions(bench))}
        told = {**granting, **nearest}
        charged = _licences({name: one for name, one in told.items() if name in granting or _reaches(one)})
    reasons = [reason for one in told.values() for reason in _told(one, demand, bench)]
    return new(Grant, (not remaining, tuple(reasons), charged, taken))


def _reaches(one: _Candidate) -> bool:
    """Whether a licence that refuses the use is charged with it all the same."""
    return not one.missed and not _NOT_GRANTED.intersection(one.hindering)


def _licences(candidates: dict[str, _Candidate]) -> tuple[Licence, ...]:
    return tuple([candidates[name].licence for name in sorted(candidates)])


def _cover(
    candidates: Iterable[_Candidate], demanded: Box, bench: Bench
) -> tuple[dict[str, _Candidate], list[Box]]:
    """Which candidates grant which atoms, and what is left. Without duties first, and as written before as waived."""
    granting: dict[str, _Candidate] = {}
    remaining: list[Box] = [demanded]
    soft: frozenset[int] | None = None
    for owing in (False, True):
        remaining = _take(candidates, remaining, frozenset(), granting, owing=owing)
        if not remaining:
            break
        soft = _soft_dimensions(bench) if soft is None else soft
        if soft:
            remaining = _take(candidates, remaining, soft, granting, owing=owing)
    return granting, remaining


def _take(
    candidates: Iterable[_Candidate],
    remaining: list[Box],
    soft: frozenset[int],
    granting: dict[str, _Candidate],
    *,
    owing: bool,
) -> list[Box]:
    """What is left after every candidate took what it grants; `soft` dimensions it need not grant."""
    for one in candidates:
        box = tuple(-1 if at in soft else bits for at, bits in enumerate(one.strict)) if soft else one.strict
        left, took = subtract(remaining, box)
        if took and one.owes is owing:
            if soft:
                _note_missed(
                    one, (tuple(a & b for a, b in zip(each, box, strict=True)) for each in remaining)
                )
            granting[one.licence.id], remaining = one, left
            if not remaining:
                break
    return remaining


def _soft_dimensions(bench: Bench) -> frozenset[int]:
    """The dimensions whose lack does not hinder here, because it was waived."""
    return frozenset(at for at, code in enumerate(CODES) if not hinders(bench.settle(Finding(code, ""))))


def _note_missed(one: _Candidate, atoms: Iterable[Box]) -> None:
    for atom in atoms:
        if all(atom):
            for at in one.failing(atom):
                one.missed[at] = one.missed.get(at, 0) | (atom[at] & ~one.strict[at])


def _nearest(
    candidates: Iterable[_Candidate], remaining: list[Box], soft: frozenset[int]
) -> Iterator[_Candidate]:
    """For every atom left over the licence that fails in the fewest terms; what it misses is noted in it."""
    found: dict[str, _Candidate] = {}
    # Many atoms fail in the same dimensions of a licence, and are then as far from it.
    known: dict[tuple[str, tuple[int, ...]], tuple[int, int, int, float, str]] = {}

    def distance(one: _Candidate, atom: Box) -> tuple[int, int, int, float, str]:
        dimensions = one.failing(atom)
        key = one.licence.id, dimensions
        if key not in known:
            known[key] = _distance(one, dimensions, soft)
        return known[key]

    for atom in alike(remaining, [one.strict for one in candidates]):
        best = min(candidates, key=lambda one: distance(one, atom))
        found[best.licence.id] = best
        _note_missed(best, [atom])
    yield from (found[name] for name in sorted(found))


def _distance(
    one: _Candidate, dimensions: tuple[int, ...], soft: frozenset[int]
) -> tuple[int, int, int, float, str]:
    codes = one.hindering
    hindering = len(codes) + sum(1 for at in dimensions if at not in soft)
    # Whoever does not grant an atom fails in something.
    first = min(PRECEDENCE[code] for code in (*codes, *(CODES[at] for at in dimensions)))
    failing = len(one.reasons) + len(dimensions)
    return hindering, failing, first, -ends(one.licence), one.licence.id


def _told(one: _Candidate, demand: Demand, bench: Bench) -> Iterator[Reason]:
    yield from one.reasons
    if not one.missed:
        return
    each = values(demand)
    for at, bits in sorted(one.missed.items()):
        missing = named(bits, each[at])
        if _SCOPES[at] == "territories" and missing == demand.territories:
            missing = demand.places  # all that was asked: WORLD, rather than 249 countries
        shown = _summary(at, missing, demand)
        noun = _NOUNS[at]
        scope = getattr(one.licence.scope, _SCOPES[at])
        only = f"only {', '.join(scope[:_SHOWN])}{' …' if len(scope) > _SHOWN else ''}" if scope else "none"
        verb = "cover" if at > 2 else "permit"
        remedy = (
            f"extend the {_SCOPES[at]} of {one.licence.id} to {shown}"
            if at > 2
            else f"remove {noun} {shown}, or request it under {one.licence.id}"
        )
        yield bench.settle(
            Finding(
                CODES[at],
                f"{one.licence.id} does not {verb} {noun} {shown} ({only})",
                remedy,
                one.licence.id,
                {"values": list(missing), "granted": list(scope)},
            )
        )


_SCOPES = ("uses", "alterations", "modalities", "media", "territories", "languages")


def _summary(at: int, missing: tuple[str, ...], demand: Demand) -> str:
    if missing == ("*",):
        return "any but those named"
    shown = ", ".join(missing[:_SHOWN])
    more = len(missing) - _SHOWN
    if more > 0 and demand.places == (WORLD,) and _SCOPES[at] == "territories":
        return f"{shown} and {more} more of {WORLD}"
    return f"{shown} and {more} more" if more > 0 else shown


def _too_many(question: Question, licences: int) -> Finding:
    """Licences that divide a use into more parts than can be looked at: nobody can tell whether they grant it."""
    replica = question.replica.id
    return Finding(
        "evaluation-error",
        f"{licences} licences share {replica} among them in too many parts to tell whether they cover the use",
        f"replace the many partial licences of {replica} by fewer and wider ones",
        detail={"trace": "TooManyPartsError", "replica": replica, "licences": licences},
    )


def no_licence(question: Question, why: str = "") -> Finding:
    """Nobody has granted this replica at all."""
    shot, called = question.use.shot, question.called
    party = f"the estate of {called}" if question.performer.died is not None else called
    return Finding(
        "no-licence",
        f"no licence lists {question.replica.id} of {called}" + (f"; {why}" if why else ""),
        f"request consent from {party} for {shot}",
        detail={"replica": question.replica.id, "shot": shot},
    )
