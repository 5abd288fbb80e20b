"""Patterns that could keep a name busy for hours are refused; the trade's own are not."""

import re
import time

import pytest

from clearcut.core.rules import MAX_NAME_CHARS, ShotNaming
from clearcut.core.shots import sequence_finder
from clearcut.settings.patterns import faults_of_pattern

GOOD = [
    r"(?P<shot>[A-Z]{3}_\d{3}_\d{4})",
    r"(?P<shot>(?P<sequence>[A-Z]{3}_\d{3})_\d{4})(_.*_(?P<version>v\d+))?",
    r"(?P<shot>[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)",
    r"^(?P<shot>[^_]+_[^_]+_[^_]+_[^_]+_[^_]+)_",
    r"(?P<episode>\d+)-(?P<shot>\w+)",
    r"(?P<shot>(?:\d+[A-Z])+)x",
    r"(?P<shot>.+\.\w+_.+-\w+)",
    r"(?i)(?P<shot>sh\d+|SQ\d+)",
]
SLOW = [
    r"(?P<shot>(a+)+)b",
    r"(?P<shot>(a|aa)+)b",
    r"(?P<shot>(\w+_?)*)x",
    r"(?P<shot>(a?){30})b",
    r"(?P<shot>(a{1,30}){1,30})b",
    r"(?P<shot>.+_.+_.+_.+)x",
    r"(?P<shot>.*.*.*.*)x",
    r"(?P<shot>(?:(?:a*)*)*)x",
    r"(?P<shot>(?=(a+)+b)x)",
    # Found by random search: small repeats around open ones multiply them.
    r"(?P<shot>(?:[a-z]{0,40}[^_]*?){1,3}b*?_{0,40})!",
    r"(?P<shot>_*[ab]*[ab]+?(?:.?a*\d.{2}){2})x",
    r"(?P<shot>(?:[^_]*_+?(?:a+?\d)*){1,3})!",
    r"(?P<shot>[ab].b{1,3}(?:\d*?[^_]*[ab]*?){1,3})x",
    r"(?P<shot>" + ".{0,20}" * 60 + ")x",
    r"(?P<shot>(?:a?){20}b)",
    r"(?P<shot>" + "(?:a|a)" * 60 + ")x",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_patterns_of_the_trade_are_good(pattern):
    assert faults_of_pattern(pattern, "shot") == []


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_could_blow_up_is_refused(pattern):
    assert any("on some names" in fault for fault in faults_of_pattern(pattern, "shot"))


@pytest.mark.parametrize("pattern", GOOD)
def test_a_good_pattern_is_quick_on_the_worst_names(pattern):
    started = time.perf_counter()
    for name in (
        "_" * MAX_NAME_CHARS,
        "a" * MAX_NAME_CHARS,
        "A1_" * (MAX_NAME_CHARS // 3),
        "0" * MAX_NAME_CHARS,
    ):
        re.compile(pattern).search(name)
    assert time.perf_counter() - started < 30


def test_without_the_guard_a_refused_pattern_takes_twice_as_long_for_each_character():
    pattern = re.compile(SLOW[0])

    def seconds(length):
        started = time.perf_counter()
        pattern.search("a" * length)
        return time.perf_counter() - started

    assert seconds(22) > 8 * min(seconds(16) for _ in range(3))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?P<shot>", "not a regular expression"),
        ("[A-Z]+", "lacks the group (?P<shot>"),
        ("(?P<shot>a)(?P<shto>b)", "unknown group 'shto'"),
        ("(?P<shot>" + "a" * 600 + ")", "longer than"),
        ("(?P<shot>a)(?P=shot)", "reference back"),
        ("(?P<shot>" + "(" * 5000 + ")" * 5000 + ")", "longer than"),
    ],
)
def test_a_faulty_pattern_says_why(pattern, said):
    assert any(said in fault for fault in faults_of_pattern(pattern, "shot"))


def test_a_name_longer_than_patterns_were_judged_for_is_not_matched():
    from clearcut.core.extractors import shot_in_name

    naming = ShotNaming(patterns=(r"(?P<shot>a+)",))
    assert shot_in_name("a" * MAX_NAME_CHARS, naming) is not None
    assert shot_in_name("a" * (MAX_NAME_CHARS + 1), naming) is None
    find = sequence_finder(r"(?P<sequence>.+)_")
    assert find("a" * (MAX_NAME_CHARS - 1) + "_")[0] is not None
    assert find("a" * MAX_NAME_CHARS + "_") == (None, None)
