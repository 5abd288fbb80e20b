"""Many globs at once agree with one glob at a time, and one glob with the shell's."""

import fnmatch
import os
import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core import paths
from clearcut.core.globs import Glob, GlobIndex
from clearcut.core.matching import PathGlobs
from clearcut.core.name_globs import any_matches


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*/char/p1/*", "/jobs/char/p1/a/b.exr", True),
        ("*/char/p1/*", "/jobs/char/p10/b.exr", False),
        ("*/char/p1/*", "/jobs/char/p1", False),
        ("*", "", True),
        ("*", "anything/at all", True),
        ("", "", True),
        ("", "a", False),
        ("a", "ab", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*a*b", "xaxbxb", True),
        ("?.exr", "a.exr", True),
        ("?.exr", ".exr", False),
        ("p[0-9]_*", "p7_body", True),
        ("p[0-9]_*", "px_body", False),
        ("p[!0-9]_*", "px_body", True),
        ("p[!0-9]_*", "p7_body", False),
        ("p[]]x", "p]x", True),
        ("p[x", "p[x", True),
        ("p[x", "px", False),
        ("p[z-a]x", "pbx", False),
        ("p[a&&b]x", "p&x", True),
        ("p[^a]x", "p^x", True),
        ("a\nb*", "a\nbc", True),
        ("a?b", "a\nb", True),
    ],
)
def test_a_glob_is_read_as_a_shell_reads_it_and_stars_cross_slashes(glob, path, expected):
    assert Glob(glob).matches(path) is expected


def test_a_glob_finds_the_file_that_is_spelled_like_itself():
    # As a class, [1001-1099] is one character: the path would never be found.
    assert Glob("*/a.[1001-1099].tif").matches("/x/a.1.tif")
    assert Glob("/x/a.[1001-1099].tif").matches("/x/a.[1001-1099].tif")
    assert GlobIndex(["/x/a.[1001-1099].tif"]).matching("/x/a.[1001-1099].tif") == (0,)


_LETTERS = "aab/._01"
_globs = st.text(alphabet=_LETTERS + "**?[]!-", max_size=12)
_paths = st.text(alphabet=_LETTERS + "[]", max_size=16)


@given(_globs, _paths)
@settings(max_examples=400, deadline=None)
def test_one_glob_agrees_with_the_standard_library(glob, path):
    standard = re.compile(fnmatch.translate(glob)).match(path) is not None
    assert Glob(glob).matches(path) is (standard or glob == path)


@given(st.lists(_globs, max_size=12), st.lists(_paths, max_size=6))
@settings(max_examples=400, deadline=None)
def test_the_index_agrees_with_every_glob_tried_one_by_one(globs, paths):
    index = GlobIndex(globs)
    for path in paths:
        assert index.matching(path) == tuple(n for n, glob in enumerate(globs) if Glob(glob).matches(path))


_words = st.sampled_from(["char", "p1_digi", "p12_digi", "comp", "v001", "anna", "a.%04d.exr", "x"])
_real_paths = st.lists(_words, min_size=1, max_size=6).map(lambda parts: "/" + "/".join(parts))


@st.composite
def _globs_from_paths(draw):
    """A path with some of it replaced by stars: globs that really match something."""
    path = draw(_real_paths)
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, len(path)))
        path = path[:first] + "*" + path[first + draw(st.integers(0, 8)) :]
    return path


@given(st.lists(_globs_from_paths(), min_size=1, max_size=12), st.lists(_real_paths, min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_index_agrees_on_globs_and_paths_as_studios_write_them(globs, paths):
    index = GlobIndex(globs)
    for path in paths:
        assert index.matching(path) == tuple(n for n, glob in enumerate(globs) if Glob(glob).matches(path))


def test_a_glob_full_of_stars_takes_no_time_on_a_path_that_nearly_fits():
    # The same as a regular expression would still be at it tomorrow: r".*a.*a.*a…b".
    glob = Glob("*a" * 200 + "b")
    start = time.process_time()
    assert not glob.matches("a" * 20_000)
    assert time.process_time() - start < 30


def test_a_path_is_tried_against_few_of_many_globs(monkeypatch):
    tried = []
    honest = Glob.matches
    monkeypatch.setattr(Glob, "matches", lambda self, path: tried.append(self.text) or honest(self, path))
    index = GlobIndex([f"*/char/p{n}_digi/*" for n in range(500)] + [f"*scan_{n:04d}*" for n in range(500)])

    assert index.matching("/jobs/char/p77_digi/render/a.exr") == (77,)
    assert index.matching("/jobs/plates/x_scan_0123_a.exr") == (623,)
    assert index.matching("/jobs/comp/nothing.exr") == ()
    assert len(tried) < 20

    tried.clear()
    alike = GlobIndex(["*/char/*"] * 500)
    assert len(alike.matching("/jobs/char/a.exr")) == 500  # nothing tells these apart: each is tried
    assert len(tried) == 500


@pytest.mark.fuzz
@pytest.mark.skipif("CLEARCUT_FUZZ" not in os.environ, reason="long: run by `make fuzz`")
def test_the_index_agrees_on_a_hundred_thousand_random_globs_and_paths():
    rng = random.Random(20261120)
    words = ["char", "p1_digi", "p12", "Anna", "comp", "v001", "a.%04d.exr", "x", "scan_0001", "é"]
    for _ in range(2_000):
        paths = ["/" + "/".join(rng.choices(words, k=rng.randint(1, 6))) for _ in range(10)]
        globs = []
        for _ in range(50):
            text = rng.choice(paths)
            for _ in range(rng.randint(0, 3)):
                at = rng.randrange(len(text) + 1)
                text = (
                    text[:at] + rng.choice(["*", "?", "[a-z]", "[!p]", "*"]) + text[at + rng.randint(0, 9) :]
                )
            globs.append(text)
        index = GlobIndex(globs)
        for path in paths:
            assert index.matching(path) == tuple(
                n for n, glob in enumerate(globs) if Glob(glob).matches(path)
            )


def test_an_index_that_forgets_a_gram_is_found_out_by_the_comparison(monkeypatch):
    # The twin: with the grams of partial names switched off, a glob inside a name is missed.
    monkeypatch.setattr(GlobIndex, "_by_grams", lambda self, segment: ())
    assert GlobIndex(["*scan_0001*"]).matching("/x/a_scan_0001_b.exr") == ()
    assert Glob("*scan_0001*").matches("/x/a_scan_0001_b.exr")


def test_what_has_no_name_is_matched_by_all_alone():
    assert any_matches(("*",), None)
    assert not any_matches(("A*", "?*"), None)


_framed = st.lists(
    st.sampled_from(
        ["/x/a.%04d.exr", "/x/a.####.exr", "*/b.[1001-1099].tif", "*/c/*", "#", "%", "4d", "a\nb"]
    ),
    max_size=4,
)


@given(_framed, st.sampled_from(["/x/a.%04d.exr", "/x/a.1001.exr", "/x/b.1001.tif", "/x/c/1", "a\nb"]))
def test_globs_asked_for_frame_tokens_all_at_once_match_as_each_by_itself(globs, path):
    each = tuple(n for n, glob in enumerate(globs) if PathGlobs([glob]).matching(paths.forms(path)))
    assert PathGlobs(globs).matching(paths.forms(path)) == each
