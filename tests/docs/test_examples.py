"""The examples in docs/examples can be used: they parse, and what they name is there."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml

from docs.test_pages import faults_of

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def unit():
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str
    parser.read_string((EXAMPLES / "clearcut.service").read_text())
    return parser


def compose():
    return yaml.safe_load((EXAMPLES / "compose.yaml").read_text())


def commands():
    yield shlex.split(unit()["Service"]["ExecStart"])[1:]
    for service in ("upgrade", "server"):
        yield compose()["services"][service]["command"]
    for file in EXAMPLES.iterdir():
        for line in re.findall(
            r"^# .*?(?:run --rm server|[^/\w]clearcut) (.+)$", file.read_text(), re.MULTILINE
        ):
            yield shlex.split(line.partition(" >")[0])


COMMANDS = list(commands())


def test_the_examples_show_commands_at_all():
    assert len(COMMANDS) == 5


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_an_example_exists_with_its_options(words):
    assert faults_of(words) == ""


def test_an_option_that_is_not_there_is_noticed():
    assert faults_of(["serve", "--wrokers", "2"])


def test_the_unit_leaves_time_to_stop():
    from clearcut.server.running import _GRACE_S, _LEAVING_S

    wanted = _GRACE_S + _LEAVING_S
    assert int(unit()["Service"]["TimeoutStopSec"]) > wanted
    assert int(compose()["services"]["server"]["stop_grace_period"].removesuffix("s")) > wanted
    # The parent alone is told to stop: it knows how.
    assert unit()["Service"]["KillMode"] == "mixed"


def test_what_the_compose_file_names_is_there():
    file = compose()
    assert set(file["volumes"]) == {
        one.partition(":")[0] for service in file["services"].values() for one in service.get("volumes", ())
    }
    for service in file["services"].values():
        assert set(service.get("depends_on", {})) <= set(file["services"])
    server = file["services"]["server"]
    assert (EXAMPLES / server["build"]["context"] / "pyproject.toml").is_file()
    test = " ".join(server["healthcheck"]["test"])
    assert "/v1/health/ready" in test
    assert "--port=8400" in server["command"]
    assert all(":8400/" in address for address in re.findall(r"http://\S+", test))


def test_prometheus_is_told_the_metrics_route_and_a_file_with_a_token():
    (job,) = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert job["authorization"]["credentials_file"].startswith("/")
