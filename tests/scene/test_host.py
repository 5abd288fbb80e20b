"""The host contract on the .nk reader and on the fake; and what `scene_of` does with a host that goes wrong."""

import importlib.util
from pathlib import Path

import pytest

from clearcut.core.scene import ReferenceState, SceneReference
from clearcut.errors import SceneError
from clearcut.scene.host import NkHost, scene_of, shots_of
from fakes.comps import HEAD, node, read, write
from fakes.hosts import FakeHost

# Test files are no package here (importlib mode), so the suite is loaded from its file.
_spec = importlib.util.spec_from_file_location("host_contract", Path(__file__).with_name("host_contract.py"))
_contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_contract)

COMP = (
    HEAD
    + node("Root", None, inputs="0", first_frame="1001", last_frame="1100")
    + read("Read1")
    + read("Read2", disable="{{$gui}}")
    + node("Merge2", "Merge1", inputs="2")
    + write()
    + read("Read3")
)
READ1 = SceneReference("Read1", "Read", "file", "/in/Read1.exr")
READ2 = SceneReference("Read2", "Read", "file", "/in/Read2.exr", ReferenceState.UNKNOWN, "by expression")
READ3 = SceneReference("Read3", "Read", "file", "/in/Read3.exr")


class TestNkHost(_contract.HostContract):
    @pytest.fixture
    def host(self, tmp_path):
        (tmp_path / "comp.nk").write_text(COMP)
        return NkHost(tmp_path / "comp.nk")


class TestFakeHost(_contract.HostContract):
    @pytest.fixture
    def host(self):
        return FakeHost({"Write1": (READ1, READ2)}, (READ3,), {"Write1": "HEL_020_0100"})


def test_the_shots_of_a_script_that_serves_many_are_told_apart():
    host = FakeHost({"W1": (READ1,), "W2": (READ2,)}, shots={"W1": "HEL_020_0100"})
    assert shots_of(host) == {"W1": "HEL_020_0100", "W2": None}


def test_a_target_named_twice_is_a_problem():
    host = FakeHost({"W1": (READ1,)}, all_names=("W1", "W1"))
    assert scene_of(host).problems == ("the target W1 is there more than once",)
    assert len(scene_of(host).targets) == 1


def test_a_host_that_cannot_answer_is_an_error():
    with pytest.raises(SceneError):
        scene_of(FakeHost({"W1": (READ1,)}, fails=True))


def test_a_host_s_open_questions_reach_the_scene():
    assert scene_of(FakeHost({"W1": ()}, open_problems=("a library is missing",))).problems == (
        "a library is missing",
    )


def test_only_a_script_is_a_nk_host(tmp_path):
    (tmp_path / "stage.usda").write_text("#usda 1.0\n")
    with pytest.raises(SceneError):
        NkHost(tmp_path / "stage.usda")
