"""A line is a line, text or JSON, and no line holds a token, whoever logged it."""

from __future__ import annotations

import json
import logging

import pytest

from clearcut.server.logs import REQUEST_ID, JsonFormatter, TextFormatter, holds_a_token

TOKEN = "ccl_nVBeaHzUDAKOosJIZHM5mY80YqZjw70z5Nh_W2a62rk"


def a_record(message="said", fields=None, *, failed=False):
    error = None
    if failed:
        try:
            raise ValueError(f"could not use {TOKEN}")
        except ValueError as raised:
            error = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("clearcut.test", logging.ERROR, __file__, 1, message, (), error)
    if fields is not None:
        record.fields = fields
    return record


def test_a_json_line_is_one_object_whatever_is_in_it():
    record = a_record('two\nlines "quoted"', {"name": "a\nb", "status": 200}, failed=True)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    plain = json.loads(line)
    assert (plain["level"], plain["logger"], plain["message"]) == (
        "error",
        "clearcut.test",
        record.getMessage(),
    )
    assert (plain["name"], plain["status"]) == ("a\nb", 200)
    assert plain["traceback"].startswith("Traceback")
    assert plain["time"].endswith("Z")
    assert "request_id" not in plain


def test_a_text_line_stays_one_line_and_its_traceback_is_below_it():
    line, *below = TextFormatter().format(a_record("said", {"name": "a\nb"}, failed=True)).splitlines()
    assert line.endswith(' clearcut.test said name="a\\nb"')
    assert below[0].startswith("Traceback")


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_lines_within_a_request_bear_its_id(formatter):
    before = REQUEST_ID.set("req-7")
    try:
        assert "req-7" in formatter.format(a_record())
    finally:
        REQUEST_ID.reset(before)
    assert "req-7" not in formatter.format(a_record())


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
@pytest.mark.parametrize(
    "record",
    [
        a_record(f"asked with {TOKEN}"),
        a_record(fields={"header": f"Bearer {TOKEN}"}),
        a_record(failed=True),
    ],
    ids=["message", "field", "traceback"],
)
def test_a_token_is_in_no_line(formatter, record):
    line = formatter.format(record)
    assert not holds_a_token(line)
    assert "(token)" in line


def test_the_twin_a_plain_formatter_writes_the_token():
    assert TOKEN in logging.Formatter().format(a_record(failed=True))
