"""A Python of its own for what may crash or hang."""

import os
import sys

import pytest

from clearcut.child_process import ChildError, how_it_died, python, run_child


def child(tmp_path, body):
    script = tmp_path / "child.py"
    script.write_text(f"import json, os, sys, time\njob = json.load(sys.stdin)\n{body}\n")
    return script


def test_the_job_arrives_and_the_exit_code_comes_back(tmp_path):
    script = child(tmp_path, "open('said', 'w').write(job['word'])\nsys.exit(7)")
    assert run_child(script, {"word": "grüße"}, tmp_path, os.environ, 30) == 7
    assert (tmp_path / "said").read_text(encoding="utf-8") == "grüße"


def test_a_child_that_hangs_is_stopped(tmp_path):
    with pytest.raises(ChildError, match="did not finish within 1 s"):
        run_child(child(tmp_path, "time.sleep(600)"), {}, tmp_path, os.environ, 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
def test_a_child_that_dies_says_of_what(tmp_path):
    code = run_child(child(tmp_path, "os.abort()"), {}, tmp_path, os.environ, 30)
    assert how_it_died(code) == "SIGABRT"
    assert how_it_died(3) == "exit code 3"
    assert how_it_died(-4711) == "signal 4711"


def test_inside_a_host_the_python_beside_it_is_taken(monkeypatch, tmp_path):
    host = tmp_path / "Nuke15.1"
    host.write_text("")
    (tmp_path / "python3").write_text("")
    monkeypatch.setattr(sys, "executable", str(host))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "none"))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path / "none"))
    assert python() == str(tmp_path / "python3") or os.name == "nt"
    (tmp_path / "python3").unlink()
    with pytest.raises(ChildError, match="no Python"):
        python()
