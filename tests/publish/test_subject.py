"""Which shot an instance is, and which cut a context names."""

from pathlib import Path

import pyblish.api
import pytest

from clearcut.core.rules import ShotNaming
from clearcut.errors import CannotTellError, RulesError
from clearcut.publish.asking import rounds
from clearcut.publish.scenes import FileScene, LiveScene, register_host_reader
from clearcut.publish.subject import NamedCut, Subject, named_cut, see, subject_of

PATTERN = ShotNaming(patterns=(r"(?P<shot>[A-Z]{3}_\d{3}_\d{4})",))


def shot_of(name="render_main", naming=PATTERN, **data):
    return subject_of(see(pyblish.api.Context().create_instance(name, **data)), naming).shot


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"shot": "HEL_010_0010", "folderPath": "/x/HEL_010_0020", "asset": "HEL_010_0030"}, "HEL_010_0010"),
        ({"folderPath": "/shots/HEL_010/HEL_010_0020", "asset": "HEL_010_0030"}, "HEL_010_0020"),
        ({"folderPath": "/shots/HEL_010_0020/"}, "HEL_010_0020"),
        ({"asset": "HEL_010_0030"}, "HEL_010_0030"),
        ({"shot": "", "folderPath": None, "asset": "HEL_010_0030"}, "HEL_010_0030"),
        ({"shot": "renderHEL_010_0040Main_v003"}, "HEL_010_0040"),
        ({"shot": "  HEL_010_0040 "}, "HEL_010_0040"),
        ({"shot": "other"}, "other"),
        ({}, "render_main"),
    ],
)
def test_the_shot_is_the_first_that_says_one_in_the_cuts_spelling(data, expected):
    assert shot_of(**data) == expected


@pytest.mark.parametrize("value", [7, {"name": "HEL_010_0010"}, ["HEL_010_0010"], True])
@pytest.mark.parametrize("key", ["shot", "folderPath", "asset"])
def test_a_shot_that_is_no_text_cannot_be_told(key, value):
    with pytest.raises(CannotTellError) as caught:
        shot_of(**{key: value})
    assert caught.value.code == "shot-unnamed"


def test_the_name_under_which_the_cut_gathers_what_is_no_shot_is_nobodys():
    with pytest.raises(CannotTellError):
        shot_of(shot="unnamed")


def test_a_pattern_that_is_none_is_a_fault_of_the_rules():
    with pytest.raises(RulesError):
        shot_of(naming=ShotNaming(patterns=("(",)))


def context_with(**data):
    context = pyblish.api.Context()
    context.data.update(data)
    return context


def test_a_live_timeline_wins_over_a_path():
    timeline = object()
    assert named_cut(context_with(otioTimeline=timeline, clearcutEdit="a.otio")) == NamedCut(
        timeline=timeline
    )
    assert named_cut(context_with(otioTimeline=None, clearcutEdit="a.otio")) == NamedCut(path=Path("a.otio"))
    assert named_cut(context_with()) == NamedCut()


@pytest.mark.parametrize("value", ["", 7, [], {"path": "a.otio"}])
def test_an_edit_that_is_no_path_cannot_be_told_and_nothing_else_is_taken(value):
    with pytest.raises(CannotTellError) as caught:
        named_cut(context_with(clearcutEdit=value))
    assert caught.value.code == "cut-missing"


def a_subject(shot, scene=None):
    return Subject(f"{shot}-{scene}", shot, shot, None if scene is None else FileScene(Path(scene)), ())


def test_two_scenes_of_one_shot_are_asked_about_one_after_the_other():
    a1, a2, b, plain = a_subject("A", "1.nk"), a_subject("A", "2.nk"), a_subject("B", "1.nk"), a_subject("A")
    assert rounds([a1, a2, b, plain]) == [[a1, b, plain], [a2]]
    assert rounds([]) == []


def test_a_file_that_the_instance_names_wins_over_what_the_host_has_open():
    instance = pyblish.api.Context().create_instance("A", clearcutScene="a.nk")
    other = pyblish.api.Context().create_instance("A")
    register_host_reader(lambda _: LiveScene("live", None))
    try:
        assert see(instance).scene == FileScene(Path("a.nk"))
        assert see(other).scene == LiveScene("live", None)
    finally:
        register_host_reader(None)
    assert see(other).scene is None


@pytest.mark.parametrize("value", [7, "", []])
def test_a_scene_that_is_no_path_cannot_be_told(value):
    with pytest.raises(CannotTellError) as caught:
        shot_of(clearcutScene=value)
    assert caught.value.code == "scene-unreadable"
