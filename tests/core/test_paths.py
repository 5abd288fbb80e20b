r"""One spelling for a path: what Windows, UNC, file URLs and careless joins write, as tables."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.matching import PathGlobs, is_model
from clearcut.core.paths import forms, frame_form, normal_path, normal_pattern

NORMAL = [
    ("/jobs/char/p1/a.exr", "/jobs/char/p1/a.exr"),
    ("C:\\Jobs\\Char\\P1\\a.exr", "c:/jobs/char/p1/a.exr"),
    ("c:/jobs//char///p1/a.exr", "c:/jobs/char/p1/a.exr"),
    ("\\\\server\\share\\p1\\a.exr", "/server/share/p1/a.exr"),
    ("//server/share/p1/a.exr", "/server/share/p1/a.exr"),
    ("\\\\?\\C:\\jobs\\a.exr", "c:/jobs/a.exr"),
    ("\\\\?\\UNC\\server\\share\\a.exr", "/server/share/a.exr"),
    ("file:///jobs/p1/a.exr", "/jobs/p1/a.exr"),
    ("FILE:///jobs/p1/a.exr", "/jobs/p1/a.exr"),
    ("file://localhost/jobs/p1/a.exr", "/jobs/p1/a.exr"),
    ("file://server/share/a.exr", "/server/share/a.exr"),
    ("file:////server/share/a.exr", "/server/share/a.exr"),
    ("file:///C:/jobs/a.exr", "c:/jobs/a.exr"),
    ("file://C:/jobs/a.exr", "c:/jobs/a.exr"),
    ("file:///C|/jobs/a.exr", "c:/jobs/a.exr"),
    ("file:/jobs/a.exr", "/jobs/a.exr"),
    ("file:///my%20jobs/p1%5fdigi/a.exr", "/my jobs/p1_digi/a.exr"),
    ("file:///jobs/%2e%2e/char/a.exr", "/char/a.exr"),
    ("file:///jobs/M%C3%BCller/a.exr", "/jobs/müller/a.exr"),
    ("file:///jobs/M%FCller/a.exr", "/jobs/müller/a.exr"),
    ("file:///jobs/a.%04d.exr", "/jobs/a.%04d.exr"),
    ("file:///jobs/a.%2504d.exr", "/jobs/a.%04d.exr"),
    ("file:///jobs/a.%010d.exr", "/jobs/a.%010d.exr"),
    ("/jobs/a.%04d.exr", "/jobs/a.%04d.exr"),
    ("/jobs/a%20b.exr", "/jobs/a%20b.exr"),
    ("http://host/a%20b//c", "http:/host/a%20b/c"),
    ("/jobs/a.####.exr", "/jobs/a.####.exr"),
    ("/jobs/a.$F4.exr", "/jobs/a.$f4.exr"),
    ("/jobs/char/p1/../p2/./a.exr", "/jobs/char/p2/a.exr"),
    ("/../../jobs/a.exr", "/jobs/a.exr"),
    ("C:/../jobs/a.exr", "c:/jobs/a.exr"),
    ("../char/p1/a.exr", "../char/p1/a.exr"),
    ("../../char/../a.exr", "../../a.exr"),
    ("./char/p1", "char/p1"),
    ("a/../b", "b"),
    ("a/../../b", "../b"),
    ("/jobs/p1/", "/jobs/p1"),
    ("/", "/"),
    (" /jobs/a.exr\n", "/jobs/a.exr"),
    ("/jobs/.hidden/a", "/jobs/.hidden/a"),
    ("/jobs/Mu\u0308ller/a.exr", "/jobs/müller/a.exr"),
    ("/jobs/STRASSE/a.exr", "/jobs/strasse/a.exr"),
    ("/jobs/Straße/a.exr", "/jobs/strasse/a.exr"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "normal"), NORMAL)
def test_a_path_has_one_spelling(written, normal):
    assert normal_path(written) == normal


@pytest.mark.parametrize(("written", "normal"), NORMAL)
def test_the_normal_spelling_of_a_normal_path_is_itself(written, normal):
    # "http:/host" is what is left of a URL; only what was a path is a path again.
    assert normal_path(normal) == normal


@given(st.text(alphabet="aB/\\.:%20~é", max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_normalising_fail_or_grow_without_end(written):
    once = normal_path(written)
    assert normal_path(once) == once or "%" in written
    assert "//" not in once
    assert "\\" not in once


FOUND = [
    ("*/char/p1_digidouble/*", "/jobs/CHAR/P1_DigiDouble/a.%04d.exr"),
    ("*/CHAR/p1_digidouble/*", "/jobs/char/p1_digidouble/a.exr"),
    ("*/char/p1/*", "C:\\jobs\\char\\p1\\a.exr"),
    ("*\\char\\p1\\*", "/jobs/char/p1/a.exr"),
    ("*/char/p1/*", "\\\\nas\\jobs\\char\\p1\\a.exr"),
    ("\\\\nas\\jobs\\*", "//nas/jobs/a.exr"),
    ("//nas/jobs/*", "file://nas/jobs/a.exr"),
    ("C:/jobs/*", "file:///c:/jobs/a.exr"),
    ("file:///jobs/p1/*", "/jobs/p1/a.exr"),
    ("*/char/p1/*", "file:///jobs/char/p%31/a.exr"),
    ("*/char/p1/*", "/jobs/char//p1/./a.exr"),
    ("*/char/p1/*", "/jobs/char/x/../p1/a.exr"),
    ("*/char/p1/*", "char/p1/a.exr"),
    ("char/p1/*", "char/p1/a.exr"),
    ("*/char/p1/*", "../char/p1/a.exr"),
    ("/jobs/char/p1/*", "../char/p1/a.exr"),
    ("*/char/p1/*", "/jobs/char/p1/"),
    ("*/char/p1/", "/jobs/char/p1"),
    ("*/a.%04d.exr", "/x/a.%04d.exr"),
    ("*/a.####.exr", "/x/a.%04d.exr"),
    ("*/a.%04d.exr", "/x/a.####.exr"),
    ("*/a.$F4.exr", "/x/a.1001.exr"),
    ("*/a.[1001-1099].exr", "/x/a.%04d.exr"),
    ("*/a.%04d.exr", "/x/a.[1001-1099].exr"),
    ("*/müller/*", "/jobs/Mu\u0308ller/a.exr"),
    ("*", "anything"),
    # What a program leaves out before it opens the file.
    ("*/face.exr", "file:///x/face.exr?v=1"),
    ("*/face.exr", "file:///x/face.exr#frag"),
    ("*/face.exr", "file:///x/face.exr?v=/a/b#c"),
    ("*/face.exr", "https://host/x/face.exr?v=1"),
    ("*/face.exr", "/x/face.exr?v=1"),
    ("*/char/p1/*", " file:///jobs/char/p%31/a.exr"),
    ("*/char/p1/*", "file:///jobs/char/p\n1/a.exr"),
    ("*/char/p1/*", "/jobs/char/p\t1/a.exr"),
    ("*/face.exr", "/x/face.exr\x00"),
    ("*/face.exr", "/x/face.exr\x00.jpg"),
    ("*/face.exr", "file:///x/face.exr%00.jpg"),
    ("*/face.exr", "C:\\x\\face.exr. "),
    ("*/char/p1/*", "C:\\jobs\\char.\\p1 \\a.exr"),
    ("*/face.exr", "C:\\x\\face.exr::$DATA"),
]


@pytest.mark.parametrize(("glob", "written"), FOUND)
def test_a_registered_path_is_found_however_it_is_written(glob, written):
    assert PathGlobs([glob]).matching(forms(written, "/jobs/edit")) == (0,)


NOT_FOUND = [
    ("*/char/p1/*", "/jobs/char/p10/a.exr"),
    ("*/char/p1/*", "/jobs/char/p1/../p2/a.exr"),
    ("*/char/p1/*", "/jobs/char/p1"),
    ("*/char/p1/*", "/jobs/char/p%31/a.exr"),
    ("char/p1/*", "/jobs/char/p1/a.exr"),
    ("*/a.%04d.exr", "/x/b.%04d.exr"),
    ("*/a.%04d.exr", "/x/a.exr"),
    ("", "/x"),
    ("*", ""),
    ("*/a", "/x/a.####.exr"),
    ("*/b.exr", "/x/a#/b/b.exr.txt"),
]


@pytest.mark.parametrize(("glob", "written"), NOT_FOUND)
def test_what_is_another_path_is_not_found(glob, written):
    assert PathGlobs([glob]).matching(forms(written, "/jobs/edit")) == ()


def test_a_pattern_and_a_path_meet_in_the_same_spelling():
    assert normal_pattern("\\\\Nas\\Jobs\\\\Char\\*") == "/nas/jobs/char/*"
    assert frame_form("/x/a.%04d.exr") == frame_form("/x/a.####.exr") == frame_form("/x/a.1001.exr")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/x/face.onnx", True),
        ("/x/FACE.CAT", True),
        ("/x/a.safetensors", True),
        ("/x/a.pt", True),
        ("/x/a.pth", True),
        ("/x/a.ckpt", True),
        ("https://host/face.onnx?sig=1", True),
        ("file:///x/face.onnx", True),
        ("/x/face.onnx. ", True),
        ("/x/face.onnx/", True),
        ("/x/face.onnx?v=1", True),
        ("file:///x/face.onnx?v=1", True),
        ("file:///x/face%2Eonnx", True),
        ("/x/face.onnx\x00", True),
        ("", False),
        ("/x/cat", False),
        ("/x/face.onnx.txt", False),
        ("/x/a.catalog", False),
        ("/x/a.exr", False),
    ],
)
def test_an_ml_model_is_known_by_its_suffix(written, expected):
    assert is_model(written) is expected


def test_with_paths_taken_as_written_what_a_query_hides_is_missed(monkeypatch):
    monkeypatch.setattr("clearcut.core.paths.also_opened_as", lambda written: ())
    assert PathGlobs(["*/face.exr"]).matching(forms("file:///x/face.exr?v=1")) == ()


def test_with_the_case_rule_off_a_replica_is_missed(monkeypatch):
    monkeypatch.setattr("clearcut.core.paths.same_case", lambda text: text)
    assert PathGlobs(["*/char/p1/*"]).matching(forms("/jobs/CHAR/P1/a.exr")) == ()


def test_with_frame_tokens_as_plain_text_a_replica_is_missed(monkeypatch):
    monkeypatch.setattr("clearcut.core.paths.frame_form", lambda path: path)
    assert PathGlobs(["*/a.####.exr"]).matching(forms("/x/a.%04d.exr")) == ()


def test_with_relative_paths_taken_as_written_only_a_replica_is_missed():
    assert PathGlobs(["*/char/p1/*"]).matching((normal_path("char/p1/a.exr"),)) == ()


@given(st.text("/.\\aB*", max_size=9))
def test_a_pattern_with_nothing_to_straighten_is_what_straightening_comes_to(glob):
    straightened = re.sub(r"/(?:\./)+", "/", re.sub(r"/{2,}", "/", glob.replace("\\", "/"))).lower()
    kept = straightened[:-1] if len(straightened) > 1 and straightened.endswith("/") else straightened
    assert normal_pattern(glob) == kept
