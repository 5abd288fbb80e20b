"""Clean Pyblish registries for every test of the gate, and a judge that needs no files."""

import pyblish.api
import pytest

from clearcut.core.verdict import Outcome
from fakes.judge import FakeJudge
from fakes.pyblish_stage import PLUGINS, clean_pyblish

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


@pytest.fixture(autouse=True)
def _clean_pyblish(monkeypatch):
    monkeypatch.delenv("PYBLISHPLUGINPATH", raising=False)
    for variable in ("EDIT", "SERVER", "REGISTRY", "RULES", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"CLEARCUT_{variable}", raising=False)
    with clean_pyblish():
        yield


@pytest.fixture
def judge(monkeypatch):
    """What the gate asks in place of the configured check."""
    fake = FakeJudge({GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED})
    monkeypatch.setattr("clearcut.publish.asking.configured_judge", fake.judge)
    return fake


@pytest.fixture
def gate(judge):
    """Our plug-ins where Pyblish looks, and the judge behind them."""
    pyblish.api.register_plugin_path(str(PLUGINS))
    return judge
