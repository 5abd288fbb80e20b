"""A publish without a window: one JSON document on stdout, and an exit code that tells."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pyblish.api
import pytest

from clearcut.core.verdict import Outcome
from clearcut.errors import BackendError
from clearcut.publish import headless
from fakes.pyblish_stage import Stage

ROOT = Path(__file__).resolve().parents[2]
GOOD, BAD = "HEL_020_0100", "HEL_020_0200"
STUDIO = """
import pyblish.api


class CollectShot(pyblish.api.ContextPlugin):
    order = 0

    def process(self, context):
        print("a plug-in that prints")
        context.create_instance(context.data["wanted"], shot=context.data["wanted"], family="render")
"""


def publish(*shots, **data):
    stage = Stage(shots, data)
    stage.register()
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        result = headless.publish({"from": "a test"})
    assert out.getvalue() == ""
    return result, stage


def test_what_is_cleared_is_published_and_the_code_is_0(gate):
    result, stage = publish(GOOD)
    assert (result.published, result.held, result.failures, result.exit_code) == ((GOOD,), (), (), 0)
    assert stage.integrated == [GOOD]


def test_one_blocked_shot_holds_all_and_the_code_is_1(gate):
    result, stage = publish(GOOD, BAD)
    assert (result.published, result.held, result.exit_code) == ((), (GOOD, BAD), 1)
    assert stage.stopped


def test_what_could_not_be_told_is_3(gate):
    gate.raises = BackendError("away")
    assert publish(GOOD)[0].exit_code == 3


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN])
def test_an_unknown_shot_is_3_and_beside_a_blocked_one_1(gate, outcome):
    gate.outcomes = {GOOD: outcome, BAD: Outcome.BLOCKED}
    assert publish(GOOD)[0].exit_code == 3


def test_blocked_and_unknown_together_are_1(gate):
    gate.outcomes = {GOOD: Outcome.UNKNOWN, BAD: Outcome.BLOCKED}
    assert publish(GOOD, BAD)[0].exit_code == 1


def test_a_publish_of_nothing_is_no_success(gate):
    assert publish()[0].exit_code == 3


def test_what_the_artist_left_out_is_not_held(gate):
    result, _ = publish(GOOD, BAD, publish=False)
    assert (result.published, result.held, result.exit_code) == ((), (), 3)


def test_an_extractor_that_fails_is_no_success(gate):
    class ExtractBroken(pyblish.api.InstancePlugin):
        order = 2.1

        def process(self, instance):
            raise OSError("disk full")

    pyblish.api.register_plugin(ExtractBroken)
    result, _ = publish(GOOD)
    assert (result.published, result.held, result.exit_code) == ((), (GOOD,), 1)


def test_a_withdrawn_instance_is_held_though_no_validator_refused_it(gate):
    class AddLate(pyblish.api.ContextPlugin):
        order = 1.9

        def process(self, context):
            context.create_instance("late", shot=BAD)

    pyblish.api.register_plugin(AddLate)
    result, stage = publish(GOOD)
    assert stage.integrated == [GOOD]
    assert result.exit_code != 0
    assert "late" in json.loads(headless.as_json(result))["failures"][0]["message"]


def test_without_the_gate_nothing_begins(judge):
    result, stage = publish(GOOD)
    assert (result.exit_code, stage.stopped, len(result.gate)) == (3, True, 7)
    assert "clearcut doctor" in headless.last_word(result)


def shell(tmp_path, *command, shot):
    studio = tmp_path / "studio"
    studio.mkdir(exist_ok=True)
    (studio / "collect_shot.py").write_text(STUDIO, encoding="utf-8")
    helios = ROOT / "src" / "clearcut" / "shipped" / "helios"
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("CLEARCUT_")},
        "PYBLISHPLUGINPATH": os.pathsep.join([str(ROOT / "plugins"), str(studio)]),
        "CLEARCUT_EDIT": str(helios / "helios_v041.otio"),
        "CLEARCUT_REGISTRY": str(helios / "registry.json"),
    }
    return subprocess.run(
        [sys.executable, *command],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )


@pytest.mark.parametrize(("shot", "code"), [("HEL_010_0040", 1), ("HEL_010_0020", 0), ("nowhere", 3)])
def test_the_script_leaves_with_a_code_that_tells_and_prints_json_alone(tmp_path, shot, code):
    script = ROOT / "hosts" / "standalone" / "clearcut_publish.py"
    done = shell(tmp_path, str(script), f"wanted={shot}", shot=shot)
    assert done.returncode == code, done.stdout + done.stderr
    assert json.loads(done.stdout)["published"] == ([shot] if code == 0 else [])
    assert "a plug-in that prints" in done.stderr
    assert "Traceback" not in done.stderr


def test_twin_pyblishs_own_command_leaves_with_0_after_a_stop_and_prints_errors_to_stdout(tmp_path):
    """No plug-in can change that: `doctor` says so, and the script above is there instead."""
    done = shell(
        tmp_path, "-m", "pyblish", "--data", "wanted", "HEL_010_0040", "publish", shot="HEL_010_0040"
    )
    assert done.returncode == 0, done.stderr
    assert "There were errors" in done.stdout
    assert "licence-expired" in done.stdout


def test_wrong_words_are_2(tmp_path):
    script = ROOT / "hosts" / "standalone" / "clearcut_publish.py"
    assert shell(tmp_path, str(script), "no pair", shot="x").returncode == 2
