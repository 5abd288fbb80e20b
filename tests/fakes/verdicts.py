"""Verdicts to report on: a made-up one with every outcome, hostile names, and a strategy for any verdict."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from fractions import Fraction

from hypothesis import strategies as st

from clearcut.core.reasons import CATALOGUE, reason
from clearcut.core.timing import FrameRange, Timebase, union
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
    worst,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
FILM = Timebase(Fraction(24))
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "a\x1b[2J\x1b]0;title\x07b",
    "safe\u202egnp.exe\u2066x\u2069",
    "nul\x00tab\tline\nbreak\r\x85\u2028\u2029",
    "lone \ud800 surrogate \udfff",
    "not in XML \ufffe\uffff\x0b",
    "]]>&amp;<!--",
    "::error::x%0A,:",
    "n" * 10_000,
    "\u0301" * 500,
    "名前テスト 🙂",
    "",
)


def a_use(
    number: str = "u0",
    shot: str = "HEL_020_0100",
    *,
    replica: str = "rpl-p1-body",
    performer: str | None = "P1",
    outcome: Outcome = Outcome.CLEARED,
    reasons: tuple[Reason, ...] = (),
    licences: tuple[str, ...] = ("L-1",),
    screen: tuple[tuple[int, int], ...] = ((0, 288),),
    heard: tuple[tuple[int, int], ...] = (),
    evidence: tuple[Evidence, ...] = (
        Evidence(EvidenceKind.PATH, "tracks[0].children[0]", "/jobs/char/p1/b.exr"),
    ),
) -> UseVerdict:
    ranges = tuple(FrameRange(*pair) for pair in screen)
    use = ReplicaUse(
        id=number,
        shot=shot,
        replica=replica,
        declared=Declaration(uses=("stunt",)),
        screen=ranges,
        record=ranges + tuple(FrameRange(*pair) for pair in heard),
        source=(FrameRange(1001, 1289),),
        source_known=True,
        evidence=evidence,
        version="v004",
    )
    return UseVerdict(use, Decision(number, outcome, reasons, licences, performer))


def a_shot(
    name: str, first: int, end: int, *uses: UseVerdict, reasons: tuple[Reason, ...] = ()
) -> ShotVerdict:
    own = {Severity.BLOCK: Outcome.BLOCKED, Severity.UNKNOWN: Outcome.UNKNOWN}
    outcome = worst(
        [*(u.decision.outcome for u in uses), *(own[r.severity] for r in reasons if r.severity in own)]
    )
    return ShotVerdict(name, outcome, (FrameRange(first, end),), uses, reasons)


def a_verdict(
    *shots: ShotVerdict, totals: tuple[Total, ...] = (), reasons: tuple[Reason, ...] = (), **over
) -> Verdict:
    facts = EditFacts(
        "cuts/helios_v041.otio",
        "ab" * 32,
        "helios",
        "HELIOS",
        "v041",
        FILM,
        max([s.record[-1].end for s in shots if s.record], default=0),
    )
    own = {Severity.BLOCK: Outcome.BLOCKED, Severity.UNKNOWN: Outcome.UNKNOWN}
    values = {
        "outcome": worst(
            [*(s.outcome for s in shots), *(own[r.severity] for r in reasons if r.severity in own)]
        ),
        "as_of": NOON,
        "what_if": False,
        "source": AnswerSource("registry", "helios.json"),
        "edit": facts,
        "shots": shots,
        "totals": totals,
        "reasons": reasons,
    }
    return Verdict(**{**values, **over})


def helios() -> Verdict:
    """A cut of seven shots with every outcome, a crowd, a voice, a waiver, a cap that a shot breaks."""
    over_cap = reason(
        "screen-time-exceeded",
        "6 frames (0.25 s) over the cap of 90 s of licence L-1",
        remedy="trim 6 frames, or have the cap raised; grew in HEL_020_0130",
        licence="L-1",
        detail={"over_frames": 6, "over_seconds": "0.25", "shots": ["HEL_020_0130"]},
    )
    expired = reason(
        "authority-expired",
        "the mandate of Estate of P2 ended on 2026-10-31",
        remedy="obtain a current mandate from Estate of P2",
        licence="L-2",
    )
    suspect = reason("unidentified-replica", "Inference1 loads /ml/p5_face.cat, which nobody registered")
    unpaid = reason(
        "compensation-outstanding",
        "payment for L-3 was due on 2026-11-01",
        severity=Severity.WARN,
        licence="L-3",
    )
    waived = reason(
        "media-out-of-scope",
        "airline is not among the media of L-4",
        severity=Severity.WARN,
        licence="L-4",
        detail={"waiver": "W-1"},
    )
    crowd = tuple(
        a_use(
            f"c{n}",
            "CRD_010",
            replica=f"rpl-b{n:02d}",
            performer=f"B{n}",
            outcome=Outcome.BLOCKED,
            licences=(),
            reasons=(reason("no-licence", "no licence grants this crowd scan"),),
            screen=((1344, 1440),),
        )
        for n in range(1, 15)
    )
    return a_verdict(
        a_shot("HEL_020_0100", 0, 288, a_use()),
        a_shot("HEL_020_0110", 288, 480),
        a_shot(
            "HEL_020_0120",
            480,
            888,
            a_use(
                "u1",
                "HEL_020_0120",
                replica="rpl-p2-deaged",
                performer="P2",
                outcome=Outcome.BLOCKED,
                reasons=(expired,),
                licences=(),
                screen=((480, 888),),
            ),
        ),
        a_shot(
            "HEL_020_0130",
            888,
            1224,
            a_use("u2", "HEL_020_0130", outcome=Outcome.BLOCKED, reasons=(over_cap,), screen=((888, 1224),)),
            a_use(
                "u3",
                "HEL_020_0130",
                replica="rpl-p3-voice",
                performer="P3",
                outcome=Outcome.CLEARED_WITH_DUTIES,
                reasons=(unpaid,),
                licences=("L-3",),
                screen=(),
                heard=((900, 1200),),
            ),
        ),
        a_shot(
            "HEL_020_0140",
            1224,
            1344,
            a_use(
                "u4",
                "HEL_020_0140",
                replica="",
                performer=None,
                outcome=Outcome.UNKNOWN,
                reasons=(suspect,),
                licences=(),
                screen=((1224, 1344),),
                evidence=(Evidence(EvidenceKind.SUSPECT, "Inference1", "/ml/p5_face.cat"),),
            ),
        ),
        a_shot("CRD_010", 1344, 1440, *crowd),
        a_shot(
            "HEL_030_0010",
            1440,
            1700,
            a_use(
                "u5",
                "HEL_030_0010",
                replica="rpl-p4-face",
                performer="P4",
                outcome=Outcome.CLEARED_WITH_DUTIES,
                reasons=(waived,),
                licences=("L-4",),
                screen=((1440, 1700),),
            ),
        ),
        a_shot(
            "HEL_030_0020",
            1700,
            1800,
            a_use("u6", "HEL_030_0020", outcome=Outcome.EXEMPT, licences=(), screen=((1700, 1800),)),
        ),
        totals=(
            Total("L-1", "P1", 2166, Fraction(361, 4), Fraction(90)),
            Total("L-3", "P3", 0, Fraction(0), None),
            Total("L-4", "P4", 260, Fraction(65, 6), Fraction(120)),
        ),
    )


def hostile() -> Verdict:
    """Every place a name can stand in, filled with names that attack each format."""
    shots = []
    for index, name in enumerate(HOSTILE):
        nasty = Reason("no-licence", Severity.BLOCK, name, name, name, name, {name: [name, 1.5, {"k": name}]})
        use = a_use(
            f"u{index}",
            name,
            replica=name,
            performer=name,
            outcome=Outcome.BLOCKED,
            reasons=(nasty,),
            licences=(name,),
            screen=((index * 10, index * 10 + 10),),
            evidence=(Evidence(EvidenceKind.PATH, name, name),),
        )
        shots.append(a_shot(name, index * 10, index * 10 + 10, use, reasons=(nasty,)))
    every = "".join(HOSTILE)
    return a_verdict(
        *shots,
        totals=tuple(Total(name, name, 10, Fraction(1, 3), None) for name in HOSTILE),
        reasons=(Reason("no-licence", Severity.BLOCK, every, every, every),),
        source=AnswerSource("server", every),
        edit=EditFacts(every, every, every, every, every, FILM, 200),
    )


def large(shots: int, *, outcome: Outcome = Outcome.BLOCKED, start: int = 0) -> Verdict:
    """A cut of many shots, each with one use and one reason."""
    told = (
        ()
        if outcome.may_publish
        else (
            reason(
                "territory-out-of-scope",
                "licence L-17 does not cover territory DE",
                remedy="extend territories to DE",
                licence="L-17",
            ),
        )
    )
    made = []
    for n in range(start, start + shots):
        name = f"HEL_{n // 100:03d}_{n % 100 * 10:04d}"
        use = a_use(
            f"u{n}",
            name,
            replica=f"rpl-p{n % 40}-body",
            performer=f"P{n % 40}",
            outcome=outcome,
            reasons=told,
            licences=(f"L-{n % 60}",),
            screen=((n * 100, n * 100 + 100),),
            evidence=(
                Evidence(
                    EvidenceKind.PATH,
                    f"tracks[0].children[{n}]",
                    f"/jobs/helios/char/p{n % 40}/beauty.####.exr",
                ),
            ),
        )
        made.append(a_shot(name, n * 100, n * 100 + 100, use))
    return a_verdict(
        *made,
        totals=tuple(Total(f"L-{n}", f"P{n % 40}", 500, Fraction(500, 24), Fraction(100)) for n in range(60)),
    )


texts = st.text(max_size=12) | st.sampled_from([name[:40] for name in HOSTILE])
_codes = st.sampled_from(sorted(CATALOGUE))
_ranges = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 300)).map(lambda p: FrameRange(p[0], p[0] + p[1])),
    max_size=3,
).map(union)
_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
reasons = st.builds(
    Reason,
    _codes,
    st.sampled_from(list(Severity)),
    texts,
    texts,
    texts,
    st.none() | texts,
    st.dictionaries(texts, _json_values, max_size=2),
)
_words = st.lists(texts, max_size=2).map(tuple)
_moments = st.builds(lambda s: NOON + timedelta(microseconds=s), st.integers(0, 10**13))
_declared = st.builds(
    Declaration, _words, _words, _words, _words, st.none() | texts, st.none() | texts, st.none() | texts
)
_evidence = st.builds(Evidence, st.sampled_from(list(EvidenceKind)), texts, texts)


@st.composite
def uses(draw, shot: str) -> UseVerdict:
    use = ReplicaUse(
        id=draw(texts),
        shot=shot,
        replica=draw(texts),
        declared=draw(_declared),
        screen=draw(_ranges),
        record=draw(_ranges),
        source=draw(_ranges),
        source_known=draw(st.booleans()),
        evidence=tuple(draw(st.lists(_evidence, max_size=2))),
        version=draw(st.none() | texts),
        sequence=draw(st.none() | texts),
        episode=draw(st.none() | texts),
        scene_only=draw(st.booleans()),
        models=draw(_words),
        biometric=draw(_words),
        occluded=draw(_ranges),
    )
    decision = Decision(
        use.id,
        draw(st.sampled_from(list(Outcome))),
        tuple(draw(st.lists(reasons, max_size=2))),
        draw(_words),
        draw(st.none() | texts),
        draw(st.none() | _moments),
    )
    return UseVerdict(use, decision)


@st.composite
def shots(draw) -> ShotVerdict:
    name = draw(texts)
    return ShotVerdict(
        name,
        draw(st.sampled_from(list(Outcome))),
        draw(_ranges),
        tuple(draw(st.lists(uses(name), max_size=2))),
        tuple(draw(st.lists(reasons, max_size=2))),
    )


_timebases = st.builds(
    Timebase,
    st.sampled_from([Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)]),
    st.sampled_from([1, 1, 5, 1001]),
)
_seconds = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)

verdicts = st.builds(
    Verdict,
    outcome=st.sampled_from(list(Outcome)),
    as_of=_moments,
    what_if=st.booleans(),
    source=st.builds(AnswerSource, texts, texts, st.integers(0, 10**9)),
    edit=st.builds(
        EditFacts,
        texts,
        texts,
        texts,
        st.none() | texts,
        st.none() | texts,
        st.none() | _timebases,
        st.integers(0, 10**9),
    ),
    shots=st.lists(shots(), max_size=3).map(tuple),
    totals=st.lists(
        st.builds(Total, texts, st.none() | texts, st.integers(0, 10**9), _seconds, st.none() | _seconds),
        max_size=3,
    ).map(tuple),
    reasons=st.lists(reasons, max_size=2).map(tuple),
)
"""Any well-typed verdict, consistent or not."""
