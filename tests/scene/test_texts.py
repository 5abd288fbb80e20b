"""Which texts are paths, and which are several words."""

import pytest

from clearcut.scene.texts import is_file, words


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("/jobs/a.exr", True),
        ("./a.usd", True),
        (r"C:\jobs\a.exr", True),
        ("tex/a.<UDIM>.exr", True),
        ("asset://show/a.usd", True),
        ("a.exr", False),
        ("/jobs/folder", False),
        ("and/or 1.5", False),
        ("/two\nlines.exr", False),
    ],
)
def test_a_file_has_a_folder_before_it_and_a_suffix_behind(text, file):
    assert is_file(text) is file


def test_words_are_parted_by_blanks_commas_and_semicolons():
    assert words(" a, b;c\n d ,,") == ["a", "b", "c", "d"]
    assert words(" ,") == []
