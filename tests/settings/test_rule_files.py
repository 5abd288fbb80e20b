"""Where rule files are looked for, and that none of them can be lost on the way."""

import os
import sys
from pathlib import Path

import pytest

from clearcut.core.rules import severity_of
from clearcut.core.verdict import Severity
from clearcut.errors import RulesError
from clearcut.settings import load_rules

WARN = '[severity]\ncompensation-outstanding = "warn"\n'


@pytest.fixture
def home(tmp_path):
    """An empty home; the show lies elsewhere."""
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def show(tmp_path):
    folder = tmp_path / "jobs" / "helios" / "edit"
    folder.mkdir(parents=True)
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def files(resolved):
    return [(layer.kind, Path(layer.path).parent.name) for layer in resolved.layers]


def compensation(resolved):
    return severity_of(resolved.rules.policy, "compensation-outstanding", "SQ010")[0]


def test_with_no_file_anywhere_the_built_in_rules_hold(home, show):
    assert load_rules(show / "cut.otio", environ=home).layers == ()


def test_the_file_beside_the_edit_is_found_although_the_edit_is_not_there(home, show):
    write(show / "clearcut.toml", WARN)
    assert compensation(load_rules(show / "gone.otio", environ=home)) is Severity.WARN


def test_files_further_up_are_found_and_the_outermost_comes_first(home, show):
    write(show / "clearcut.toml", "")
    write(show.parent / "clearcut.toml", "")
    write(show.parent.parent / "clearcut.toml", "")
    found = files(load_rules(show / "cut.otio", environ=home))
    assert found == [("show", "jobs"), ("show", "helios"), ("show", "edit")]


def test_a_file_dropped_next_to_an_edit_cannot_hide_the_shows(home, show):
    write(show.parent / "clearcut.toml", '[severity]\nlicence-expires-soon = "block"')
    write(show / "clearcut.toml", WARN)
    with pytest.raises(RulesError, match="compensation-outstanding"):
        load_rules(show / "cut.otio", environ=home)
    # The twin: were the nearest file the only one, as in other tools, the show's would be gone.
    alone = load_rules(None, show / "clearcut.toml", environ=home)
    assert compensation(alone) is Severity.WARN


def test_the_studios_file_lies_in_the_users_configuration_folder(home, show):
    write(Path(home["XDG_CONFIG_HOME"]) / "clearcut" / "clearcut.toml", "")
    write(show / "clearcut.toml", WARN)
    with pytest.raises(RulesError, match="looser than 'block'"):
        load_rules(show / "cut.otio", environ=home)


def test_clearcut_studio_rules_names_another_and_then_only_that_counts(home, show, tmp_path):
    write(Path(home["XDG_CONFIG_HOME"]) / "clearcut" / "clearcut.toml", "")
    studio = write(tmp_path / "studio.toml", 'allow = ["severity.compensation-outstanding"]')
    write(show / "clearcut.toml", WARN)
    resolved = load_rules(show / "cut.otio", environ={**home, "CLEARCUT_STUDIO_RULES": str(studio)})
    assert compensation(resolved) is Severity.WARN
    assert resolved.layers[0].path == str(studio)


def test_clearcut_rules_stands_in_the_place_of_the_shows_files(home, show, tmp_path):
    write(show / "clearcut.toml", WARN)
    named = write(tmp_path / "named.toml", "")
    resolved = load_rules(show / "cut.otio", environ={**home, "CLEARCUT_RULES": str(named)})
    assert compensation(resolved) is Severity.BLOCK
    assert [layer.path for layer in resolved.layers] == [str(named)]


def test_an_option_wins_over_clearcut_rules(home, show, tmp_path):
    one, other = write(tmp_path / "one.toml", WARN), write(tmp_path / "other.toml", "")
    resolved = load_rules(show / "cut.otio", one, environ={**home, "CLEARCUT_RULES": str(other)})
    assert [layer.path for layer in resolved.layers] == [str(one)]


@pytest.mark.parametrize("name", ["CLEARCUT_RULES", "CLEARCUT_STUDIO_RULES"])
def test_a_file_that_is_named_and_not_there_is_a_fault_and_not_no_rules(home, show, name):
    with pytest.raises(RulesError, match=r"gone\.toml: cannot be read"):
        load_rules(show / "cut.otio", environ={**home, name: str(show / "gone.toml")})


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_rule_file_that_is_a_broken_link_is_a_fault_and_not_no_rules(home, show):
    (show / "clearcut.toml").symlink_to(show / "nowhere")
    with pytest.raises(RulesError, match="cannot be read"):
        load_rules(show / "cut.otio", environ=home)


def test_a_rule_file_that_is_a_folder_is_a_fault(home, show):
    (show / "clearcut.toml").mkdir()
    with pytest.raises(RulesError, match="cannot be read"):
        load_rules(show / "cut.otio", environ=home)


def test_the_studios_file_is_not_read_again_as_the_shows(home, show):
    studio = write(show / "clearcut.toml", '[severity]\napproval-required = "warn"')
    resolved = load_rules(show / "cut.otio", environ={**home, "CLEARCUT_STUDIO_RULES": str(studio)})
    assert files(resolved) == [("studio", "edit")]


def test_without_an_edit_the_working_folder_is_where_one_looks(home, show, monkeypatch):
    write(show / "clearcut.toml", WARN)
    monkeypatch.chdir(show)
    assert compensation(load_rules(None, environ=home)) is Severity.WARN


def test_a_relative_edit_is_meant_from_the_working_folder(home, show, monkeypatch):
    write(show.parent / "clearcut.toml", WARN)
    monkeypatch.chdir(show)
    assert compensation(load_rules(Path("cut.otio"), environ=home)) is Severity.WARN


def test_the_department_comes_from_the_caller_or_the_environment(home, show):
    environ = {**home, "CLEARCUT_DEPARTMENT": "comp"}
    assert load_rules(show / "x", environ=environ).rules.policy.department == "comp"
    assert load_rules(show / "x", environ=environ, department="light").rules.policy.department == "light"
    assert load_rules(show / "x", environ=home).rules.policy.department is None


def test_the_process_own_environment_is_read_when_none_is_given(show, tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("CLEARCUT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CLEARCUT_RULES", str(write(tmp_path / "named.toml", WARN)))
    assert compensation(load_rules(show / "x")) is Severity.WARN
