"""`clearcut paths`: folders that are there, alone, as lines, and as lines for a shell."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from clearcut.cli import cli
from clearcut.errors import UsageError
from clearcut.publish.locations import locations


def paths(*arguments):
    return CliRunner().invoke(cli, ["paths", *arguments], standalone_mode=False).stdout.splitlines()


def test_each_search_path_has_a_line_with_a_folder_that_holds_what_belongs_there():
    found = dict(line.split("=", 1) for line in paths())
    assert list(found) == ["PYBLISHPLUGINPATH", "NUKE_PATH", "BLENDER_SYSTEM_SCRIPTS"]
    assert (Path(found["PYBLISHPLUGINPATH"]) / "clearcut_ask.py").is_file()
    assert (Path(found["NUKE_PATH"]) / "init.py").is_file()
    assert (Path(found["BLENDER_SYSTEM_SCRIPTS"]) / "startup" / "clearcut_enable.py").is_file()


@pytest.mark.parametrize("option", ["pyblish", "nuke", "blender"])
def test_one_folder_alone_is_one_line_without_its_name(option):
    (line,) = paths(f"--{option}")
    assert Path(line).is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="lines for a POSIX shell")
def test_the_lines_for_a_shell_keep_what_was_set_behind_ours():
    script = (
        "PYBLISHPLUGINPATH=/theirs\n"
        + "\n".join(paths("--export"))
        + '\necho "$PYBLISHPLUGINPATH" "$NUKE_PATH"'
    )
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert said == [f"{locations().plugins}:/theirs", str(locations().nuke)]


def test_an_installation_without_its_plugins_says_so(tmp_path):
    with pytest.raises(UsageError, match="not there"):
        locations(tmp_path / "site-packages" / "clearcut")


def test_in_a_wheel_they_lie_inside_the_package(tmp_path):
    shipped = tmp_path / "clearcut" / "_shipped"
    (shipped / "plugins").mkdir(parents=True)
    (shipped / "plugins" / "clearcut_ask.py").touch()
    found = locations(tmp_path / "clearcut")
    assert (found.plugins, found.nuke) == (shipped / "plugins", shipped / "hosts" / "nuke")
