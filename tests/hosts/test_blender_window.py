"""Clearcut's window beside Blender: started once, with the settings of Blender, and told plainly when it cannot be."""

import importlib.util
import stat
import time
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "hosts" / "blender" / "addons" / "clearcut_gate" / "window.py"


@pytest.fixture
def window():
    spec = importlib.util.spec_from_file_location("clearcut_gate_window", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    for child in module._child:
        child.terminate()
        child.wait(10)


def program(folder, body):
    file = folder / "clearcut"
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_it_is_started_with_the_edit_and_only_once(window, tmp_path, monkeypatch):
    program(tmp_path, f'echo "$@" > {tmp_path}/said\nexec /bin/sleep 30')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert window.open_window("/cuts/helios v041.otio")
    assert not window.open_window("/cuts/helios v041.otio")
    end = time.monotonic() + 10
    while not (tmp_path / "said").exists() or not (tmp_path / "said").read_text():
        assert time.monotonic() < end
        time.sleep(0.01)
    assert (tmp_path / "said").read_text() == "panel /cuts/helios v041.otio\n"


def test_after_it_was_closed_it_opens_again(window, tmp_path, monkeypatch):
    program(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert window.open_window()
    window._child[0].wait(10)
    assert window.open_window()


def test_without_the_program_it_says_who_installs_what(window, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"pipeline TD: install clearcut\[panel\]"):
        window.open_window()
