"""A watched moment: judging with it changes nothing, and its span is never longer than the answer holds."""

import ast
import importlib.util
import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from operator import ge, gt, le, lt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearcut.core
from clearcut.core.evaluate import evaluate
from clearcut.core.reasons import reason
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckRequest, Doubt
from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.core.watched import Span, Watched, watch
from clearcut.settings import load_packs
from fakes.worlds import NOW

TICK = timedelta(microseconds=1)
PACKS = load_packs(environ={})


def beside(name):
    """A module of this folder; the tests are no package (importmode=importlib)."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


random_world = beside("random_worlds").random_world


def moments_in(node):
    """Every moment that a document holds, dates by their midnight."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return {moment for item in node for moment in moments_in(item)}
    try:
        found = datetime.fromisoformat(node.replace("Z", "+00:00")) if isinstance(node, str) else None
    except ValueError:
        found = None
    return set() if found is None else {found if found.tzinfo else found.replace(tzinfo=timezone.utc)}


def a_question(seed):
    """A request about a random world, its registry, and the moments at which the answer may change."""
    doc, uses, changes = random_world(seed)
    doubt = Doubt("A_010", "A", reason("unidentified-replica", "looks like one"))
    policy = Policy(expires_soon_days=seed % 3 * 20)
    request = CheckRequest(
        "HELIOS",
        "v",
        Timebase(Fraction(24)),
        tuple(uses),
        policy=policy,
        recognition="",
        doubts=(doubt,),
        **changes,
    )
    told = moments_in(doc) | {NOW, NOW.replace(hour=0)}
    days = {timedelta(0), timedelta(days=1), -timedelta(days=1), -timedelta(days=policy.expires_soon_days)}
    edges = {moment + shift for moment in told for shift in days}
    return (
        request,
        parse_registry(json.dumps(doc)),
        sorted({e + t for e in edges for t in (-TICK, TICK * 0, TICK)}),
    )


def without_clock(answer):
    return replace(answer, as_of=NOW)


def judged(seed, now):
    request, registry, moments = a_question(seed)
    watched = watch(now)
    answer = without_clock(evaluate(request, registry, PACKS, watched))
    assert answer == without_clock(evaluate(request, registry, PACKS, now))
    return request, registry, moments, answer, watched.span


def differing(seed, now):
    """The moments inside the span at which the answer is another: there must be none. And how many there were."""
    request, registry, moments, answer, span = judged(seed, now)
    inside = [moment for moment in moments if span.from_ <= moment < span.until]
    wrong = [m for m in inside if without_clock(evaluate(request, registry, PACKS, m)) != answer]
    return wrong, len(inside)


WORLDS = [
    (seed, now)
    for seed in range(150)
    for now in (NOW, NOW - TICK, datetime(2028, 12, 30, 23, tzinfo=timezone.utc))
]


def test_inside_its_span_the_answer_is_the_same_in_every_random_world():
    probed = 0
    for seed, now in WORLDS:
        wrong, inside = differing(seed, now)
        assert wrong == [], seed
        probed += inside
    assert probed > len(WORLDS)


def test_a_span_that_did_not_narrow_would_be_wrong(monkeypatch):
    """The twin: these worlds have answers that change, and it is the narrowing that keeps them apart."""
    monkeypatch.setattr(Span, "narrow", lambda *_, **__: None)
    assert any(differing(seed, NOW)[0] for seed in range(60))


def test_a_span_reaches_up_to_where_the_answer_changes():
    """Within the day it is not shorter than it must be: the end of many a span is where another answer begins."""
    ends = 0
    for seed in range(150):
        request, registry, _, answer, span = judged(seed, NOW)
        if span.until.hour or span.until.minute or span.until.second:
            ends += without_clock(evaluate(request, registry, PACKS, span.until)) != answer
    assert ends > 3


moments = st.datetimes(timezones=st.just(timezone.utc), allow_imaginary=False)
near = st.integers(-3, 3).map(lambda n: TICK * n)


@given(moments, near, st.integers(-40, 40))
def test_comparisons_are_those_of_the_plain_moment_and_hold_throughout_the_span(now, off, days):
    try:
        bound = now + off + timedelta(days=days)
        ahead = now + timedelta(days=days)
    except OverflowError:
        return
    for compare in (
        lambda moment: (moment + timedelta(days=days)) < bound,
        lambda moment: (moment + timedelta(days=days)) <= bound,
        lambda moment: bound < (moment + timedelta(days=days)),
        lambda moment: bound <= (moment + timedelta(days=days)),
        lambda moment: (moment + timedelta(days=days)).astimezone(timezone.utc).date() == ahead.date(),
    ):
        watched = watch(now)
        said = compare(watched)
        assert said == compare(now)
        span = watched.span
        assert span.from_ <= now < span.until or now + TICK > datetime.max.replace(tzinfo=timezone.utc) - TICK
        for other in (span.from_, span.until - TICK):
            if span.from_ < span.until:
                assert compare(other) == said


def span_after(*questions):
    now = watch(NOW)
    moments = {0: now, 30: now + timedelta(days=30)}
    for days, bound, compare in questions:
        compare(moments[days], bound)
    return now.span.from_, now.span.until


questions = st.tuples(
    st.sampled_from([0, 30]),
    st.builds(lambda days, off: NOW + timedelta(days=days) + off, st.integers(-1, 31), near),
    st.sampled_from([lt, le, gt, ge]),
)


@given(st.lists(questions, min_size=1, max_size=8))
def test_many_questions_narrow_the_span_as_each_of_them_alone(asked):
    alone = [span_after(one) for one in asked]
    assert span_after(*asked) == (max(from_ for from_, _ in alone), min(until for _, until in alone))


def test_a_moment_that_takes_a_bound_for_asked_has_a_span_that_is_too_long():
    """The twin: what is known of a moment is only what it was asked."""
    watched = watch(NOW)
    watched.before = NOW
    assert watched < NOW + TICK
    assert not watched.span.until < NOW + TICK * 2


def exactly_now(span):
    return (span.from_, span.until) == (NOW, NOW + TICK)


@pytest.mark.parametrize("name", sorted(name for name in dir(datetime) if name not in vars(object)))
def test_whatever_else_it_is_asked_the_span_is_this_moment_alone(name):
    accounted = {"__add__", "astimezone", "date", "tzinfo", "__lt__", "__le__", "__gt__", "__ge__"}
    of_the_class = {"combine", "fromisocalendar", "fromisoformat", "fromordinal", "fromtimestamp", "max", "min",
                    "now", "resolution", "strptime", "today", "utcfromtimestamp", "utcnow"}  # fmt: skip
    if name in accounted | of_the_class:
        return
    arguments = {
        "strftime": ["%Y"],
        "__format__": [""],
        "__radd__": [TICK],
        "__rsub__": [NOW],
        "__sub__": [TICK],
    }
    watched = watch(NOW)
    asked, plain = getattr(watched, name), getattr(NOW, name)
    if callable(asked):
        asked, plain = asked(*arguments.get(name, [])), plain(*arguments.get(name, []))
    assert asked == plain
    assert exactly_now(watched.span)


@pytest.mark.parametrize(
    "ask",
    [
        hash,
        str,
        repr,
        lambda m: m == NOW,
        lambda m: m != NOW,
        lambda m: NOW == m,
        lambda m: NOW - m,
        lambda m: m - NOW,
        lambda m: {NOW: 1}[m],
        lambda m: f"{m:%Y}",
        lambda m: m.year,
        lambda m: m < watch(NOW),
        lambda m: m < NOW.astimezone(timezone(timedelta(hours=1))),
        lambda m: m.astimezone(timezone(timedelta(hours=1))),
        lambda m: (m + timedelta(days=3)).isoformat(),
    ],
)
def test_what_cannot_be_accounted_for_is_answered_rightly_and_settles_the_span(ask):
    watched = watch(NOW)
    assert ask(watched) == ask(NOW) if ask is not repr else ask(watched)
    assert exactly_now(watched.span)


def test_a_moment_that_cannot_be_compared_raises_as_ever():
    with pytest.raises(TypeError):
        assert watch(NOW) < NOW.replace(tzinfo=None)
    with pytest.raises(TypeError):
        assert watch(NOW) < date(2026, 1, 1)
    with pytest.raises(OverflowError):
        watch(datetime.max.replace(tzinfo=timezone.utc)) + TICK
    with pytest.raises(ValueError, match="zone"):
        watch(datetime(2026, 1, 1))


def test_nothing_in_the_core_asks_a_moment_behind_its_back():
    """`datetime.isoformat(now)` would read a watched moment unseen; `now.isoformat()` does not."""
    made_of_the_class = {"combine", "fromisoformat", "fromtimestamp", "max", "min", "now", "strptime"}
    unseen = []
    for path in Path(clearcut.core.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                own = path.name == "watched.py"
                if node.value.id == "datetime" and node.attr not in made_of_the_class and not own:
                    unseen.append((path.name, node.attr))
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "datetime.combine"
                and path.name != "watched.py"
            ):
                unseen.append((path.name, "combine"))
    assert unseen == []
    assert issubclass(Watched, datetime)
