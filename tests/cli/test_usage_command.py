"""`clearcut usage`, typed as people type it."""

import csv
import io
import json
from importlib import resources

import pytest
from click.testing import CliRunner

from clearcut.cli import check, usage
from clearcut.errors import UsageError

SHOW = resources.files("clearcut") / "shipped" / "helios"
REGISTRY = str(SHOW / "registry.json")


@pytest.fixture
def reports(tmp_path):
    made = []
    for version in ("v041", "v042"):
        made.append(str(tmp_path / f"{version}.json"))
        told = CliRunner().invoke(
            check.command,
            [str(SHOW / f"helios_{version}.otio"), "--registry", REGISTRY, "--now", "2026-11-20T12:00:00Z", "--output", made[-1]],
            standalone_mode=False,
        )  # fmt: skip
        assert told.exception is None, told.exception
    return made


def test_two_versions_of_a_cut_are_accounted_for_side_by_side(reports):
    told = CliRunner().invoke(usage.command, [*reports, "--registry", REGISTRY])
    assert told.exit_code == 0, told.output
    rows = {(row["version"], row["licence"]): row for row in csv.DictReader(io.StringIO(told.output))}
    assert int(rows["v042", "L-3"]["frames"]) == 502
    assert int(rows["v041", "L-3"]["frames"]) < 502
    assert rows["v042", "L-3"]["territories"]


@pytest.mark.parametrize(
    "form, start", [("json", '{"schema": "clearcut.usage/1"'), ("html", "<!doctype html>")]
)
def test_it_is_written_as_json_and_html_too(reports, form, start):
    told = CliRunner().invoke(usage.command, [reports[0], "--format", form])
    assert told.output.startswith(start)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema": "x"}', "[" * 100_000, json.dumps({"schema": "clearcut.report/1"})]
)
def test_what_is_no_report_is_wrong_usage_and_names_the_file(tmp_path, content):
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    told = CliRunner().invoke(usage.command, [str(tmp_path / "x.json")], standalone_mode=False)
    assert isinstance(told.exception, UsageError)
    assert "x.json" in str(told.exception)
