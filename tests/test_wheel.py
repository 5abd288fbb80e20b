"""The wheel in an empty environment: it brings plug-ins and hosts, and a real publish with it is stopped and let go.

Builds with pip, which fetches the build backend and the dependencies from the package index or its cache.
"""

import json
import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLEARED, BLOCKED = "HEL_010_0020", "HEL_010_0040"
STUDIO = """
import os
import pyblish.api


class CollectShots(pyblish.api.ContextPlugin):
    order = 0

    def process(self, context):
        for shot in os.environ["SHOTS"].split(","):
            context.create_instance(shot, shot=shot, family="render")


class ExtractShot(pyblish.api.InstancePlugin):
    order = 2

    def process(self, instance):
        open(os.path.join(os.environ["OUT"], instance.name), "w").close()
"""


def run(*command, **environ):
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("CLEARCUT_", "PYBLISH", "PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        list(map(str, command)),
        env={**clean, **environ},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def well(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
    well(run(*pip, "wheel", "--no-deps", "-w", folder, ROOT))
    (built,) = folder.glob("clearcut-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin folder of a virtual environment with the wheel and its base dependencies alone."""
    folder = tmp_path_factory.mktemp("venv")
    well(run(sys.executable, "-m", "venv", folder))
    bin_folder = folder / ("Scripts" if sys.platform == "win32" else "bin")
    well(run(bin_folder / "python", "-m", "pip", "--disable-pip-version-check", "-q", "install", wheel))
    return bin_folder


@pytest.fixture
def publish(installed, tmp_path):
    """Publishes shots in a home where nothing is set up, with the wheel's plug-ins and a studio's own two."""
    studio, out, home = tmp_path / "studio", tmp_path / "out", tmp_path / "home"
    for folder in (studio, out, home):
        folder.mkdir()
    (studio / "studio.py").write_text(textwrap.dedent(STUDIO), encoding="utf-8")
    paths = dict(
        line.split("=", 1) for line in well(run(installed / "clearcut", "paths", HOME=str(home))).splitlines()
    )
    script = Path(paths["PYBLISHPLUGINPATH"]).parent / "hosts" / "standalone" / "clearcut_publish.py"
    shipped = Path(paths["PYBLISHPLUGINPATH"]).parents[1] / "shipped" / "helios"

    def go(*shots, gate=True):
        done = run(
            installed / "python",
            script,
            HOME=str(home),
            SHOTS=",".join(shots),
            OUT=str(out),
            PYBLISHPLUGINPATH=os.pathsep.join([*([paths["PYBLISHPLUGINPATH"]] if gate else []), str(studio)]),
            CLEARCUT_EDIT=str(shipped / "helios_v041.otio"),
            CLEARCUT_REGISTRY=str(shipped / "registry.json"),
        )
        return done.returncode, json.loads(done.stdout), sorted(path.name for path in out.iterdir())

    return go


def test_the_wheel_brings_every_plugin_and_host_file(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = [
        path.relative_to(ROOT).as_posix()
        for folder in ("plugins", "hosts")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert ours
    assert {f"clearcut/_shipped/{name}" for name in ours} <= packed
    assert not [name for name in packed if "__pycache__" in name]


def test_a_blocked_shot_is_stopped_with_the_installed_wheel(publish):
    code, result, written = publish(BLOCKED)
    assert (code, result["published"], result["held"], written) == (1, [], [BLOCKED], [])
    assert "licence-expired" in result["failures"][0]["codes"]


def test_a_cleared_shot_is_published_with_the_installed_wheel(publish):
    code, result, written = publish(CLEARED)
    assert (code, result["published"], written) == (0, [CLEARED], [CLEARED]), result


def test_without_the_plugins_on_the_path_nothing_begins(publish):
    code, result, written = publish(CLEARED, gate=False)
    assert (code, result["published"], written) == (3, [], [])
    assert len(result["gate"]) == 7


def test_doctor_of_the_installed_wheel_finds_it_in_place(installed, publish, tmp_path):
    paths = dict(line.split("=", 1) for line in well(run(installed / "clearcut", "paths")).splitlines())
    plugins = Path(paths["PYBLISHPLUGINPATH"])
    assert installed.parent in plugins.parents
    registry = plugins.parents[1] / "shipped" / "helios" / "registry.json"
    well(
        run(
            installed / "clearcut",
            "doctor",
            HOME=str(tmp_path),
            PYBLISHPLUGINPATH=str(plugins),
            CLEARCUT_REGISTRY=str(registry),
        )
    )
