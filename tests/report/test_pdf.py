"""The PDF, read back with ReportLab's own text or, where it is there, poppler's."""

import re
import subprocess
import sys
import zlib
from base64 import a85decode
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from clearcut.cli.check import command
from clearcut.core.verdict import Outcome
from clearcut.report.pdf import format_pdf, latin
from fakes.verdicts import a_shot, a_use, a_verdict, helios, hostile, large, verdicts


def text_of(document: bytes) -> str:
    """All strings that the pages draw, in order, without line breaks."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        page = zlib.decompress(a85decode(b"<~" + stream.strip(), adobe=True))
        for raw in re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", page):
            plain = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), raw)
            found.append(re.sub(rb"\\(.)", rb"\1", plain).decode("cp1252", "replace"))
    return " ".join(" ".join(found).split())


def test_it_says_what_is_not_cleared_with_why_what_to_do_and_whom_to_ask():
    told = text_of(format_pdf(helios()))
    for fact in (
        "BLOCKED: 3 of 8 shots must not be published, 1 could not be decided",
        "HEL_020_0120: blocked",
        "authority-expired: the mandate of Estate of P2 ended on 2026-10-31",
        "obtain a current mandate from Estate of P2",
        "CRD_010: blocked",
        "HEL_020_0140: unknown",
        "media-out-of-scope (waived: W-1): airline is not among the media of L-4",
        "90.25 s of 90 s, over by 0.25 s",
    ):
        assert fact in told


def test_the_same_verdict_gives_the_same_bytes():
    assert format_pdf(helios()) == format_pdf(helios())


def test_a_what_if_is_said_on_every_page():
    told = text_of(format_pdf(replace(large(60), what_if=True)))
    pages = told.count("WHAT-IF: clears nothing.")
    assert pages > 3
    assert "What-if: judged at a moment that was asked for" in told
    assert "What-if" not in text_of(format_pdf(helios()))


def test_a_cut_that_is_worse_than_its_shots_says_so():
    told = text_of(format_pdf(a_verdict(a_shot("S", 0, 9, a_use()), outcome=Outcome.UNKNOWN)))
    assert "COULD NOT BE DECIDED" in told
    assert "nothing of it may be published" in told


def test_hostile_names_are_shown_as_text():
    document = format_pdf(hostile())
    told = text_of(document)
    assert "</script><script>alert(1)</script>" in told.replace(" ", "")
    assert "\\u540d" in told
    assert b"/JavaScript" not in document
    assert b"/URI" not in document


def test_what_the_fonts_cannot_show_is_spelt_out():
    assert latin("名 é \x1b \u202e") == "\\u540d é \\x1b \\u202e"


@settings(max_examples=25)
@given(verdicts)
def test_any_verdict_gives_a_document(verdict):
    assert format_pdf(verdict).startswith(b"%PDF-")


def test_check_writes_it_and_prints_no_pdf(tmp_path):
    out = tmp_path / "report.pdf"
    ran = CliRunner().invoke(command, [str(tmp_path / "none.otio"), "--output", str(out)])
    assert ran.exit_code == 0 or ran.return_value is None
    assert out.read_bytes().startswith(b"%PDF-")
    assert "pdf" not in next(p for p in command.params if p.name == "form").type.choices


def test_without_reportlab_the_extra_is_named_before_the_check(tmp_path):
    (tmp_path / "reportlab").mkdir()
    (tmp_path / "reportlab" / "__init__.py").write_text("raise ImportError('none here')", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "clearcut", "check", "none.otio", "--output", f"pdf={tmp_path}/r"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "PATH": ""},
    )
    assert ran.returncode == 2
    assert "install clearcut[pdf]" in ran.stderr.splitlines()[-1]
    assert ran.stdout == ""


def test_nobody_pays_for_it_who_does_not_ask():
    code = "import sys, clearcut.cli.check; assert 'reportlab' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("outcome", [Outcome.CLEARED, Outcome.EXEMPT])
def test_nothing_held_back_is_said_in_words(outcome):
    assert "No shot is blocked or unknown." in text_of(format_pdf(large(2, outcome=outcome)))
