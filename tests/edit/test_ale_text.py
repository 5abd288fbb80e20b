"""Avid logs as programs write them: in any code, with sections and columns as they come; no path of a clip is lost."""

from fractions import Fraction

import pytest

from clearcut.edit import EditFile
from clearcut.errors import EditError
from fakes.otio_json import records

LOG = (
    "Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nFPS\t24\n\nColumn\nName\tStart\tEnd\tSource File Path\n\n"
    "Data\nZoë_010\t01:00:00:00\t01:00:02:00\t/jobs/char/p1/a.mov\n"
)


def read(tmp_path, text, rate=None):
    path = tmp_path / "log.ale"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return EditFile(path, rate=rate).read()


def urls(clip):
    return [url for reference in clip.references for url in reference.urls]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_logs_in_any_code_keep_their_names(tmp_path, code):
    cut = read(tmp_path, LOG.encode(code))
    assert records(cut) == [("Zoë_010", 0, 48)]
    assert urls(cut.clips[0]) == ["/jobs/char/p1/a.mov"]


@pytest.mark.parametrize(
    "change",
    [
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("Heading", "HEADING"),
        ("Column", " column "),
        ("Data", "DATA"),
        ("FPS\t24", "FPS \t 24 "),
        ("Zoë", "Z\0oë"),
    ],
)
def test_sections_and_rate_are_found_however_they_are_written(tmp_path, change):
    assert records(read(tmp_path, LOG.replace(*change))) == [("Zoë_010", 0, 48)]


def test_two_columns_of_one_name_are_both_looked_at(tmp_path):
    two = LOG.replace("Start", "Source File Path\tStart").replace(
        "\t01:00:00:00", "\t/jobs/plates/b.mov\t01:00:00:00"
    )
    assert urls(read(tmp_path, two).clips[0]) == ["/jobs/plates/b.mov", "/jobs/char/p1/a.mov"]


def test_a_rate_that_is_left_blank_is_not_said(tmp_path):
    blank = LOG.replace("FPS\t24", "FPS\t")
    with pytest.raises(EditError) as caught:
        read(tmp_path, blank)
    assert caught.value.code == "rate-unknown"
    assert read(tmp_path, blank, Fraction(24)).duration == 48
