"""A stamp is nobody else's: each way of taking one over fails, and the genuine one holds."""

import copy
import dataclasses
import os
from types import SimpleNamespace

import opentimelineio as otio
import pyblish.api
import pyblish.util
import pytest

from clearcut.core.rules import Rules, ShotNaming
from clearcut.core.verdict import Outcome
from clearcut.publish import gate
from clearcut.publish.asking import answer_for
from clearcut.publish.stamp import GateRecord, issue_stamp
from clearcut.publish.stop import GateStop
from fakes.judge import FakeJudge
from fakes.pyblish_stage import Stage, errors_of

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


def a_context(*shots, **data):
    context = pyblish.api.Context()
    context.data["clearcutEdit"] = "cut.otio"
    for shot in shots:
        context.create_instance(f"render_{shot}", **{"shot": shot, "family": "render", **data})
    return context


def asked(context, **options):
    options.setdefault("outcomes", {GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED})
    fake = FakeJudge(**options)
    context.data["clearcut"] = answer_for(context, fake.judge())
    return fake


def refuses(instance):
    with pytest.raises(GateStop) as caught:
        gate.validate(instance)
    return str(caught.value)


def test_a_genuine_stamp_holds():
    context = a_context(GOOD)
    asked(context)
    gate.validate(context[0])
    gate.guard(context)


@pytest.mark.parametrize(
    "forged",
    [
        {"outcome": "cleared"},
        {"stamps": {}},
        True,
        "cleared",
        SimpleNamespace(terms=None, stamps={}, stops={}),
    ],
    ids=repr,
)
def test_anything_else_in_its_place_is_no_record(forged):
    context = a_context(GOOD)
    context.data["clearcut"] = forged
    assert "nobody could be asked" in refuses(context[0])


def test_the_record_of_another_context_does_not_hold():
    mine, other = a_context(GOOD), a_context(GOOD)
    asked(other)
    mine.data["clearcut"] = other.data["clearcut"]
    assert "nobody could be asked" in refuses(mine[0])


def with_stamps(record, **stamps):
    return dataclasses.replace(record, stamps=stamps, stops={})


def test_a_stamp_copied_from_another_instance_does_not_hold():
    context = a_context(GOOD, BAD)
    asked(context)
    good, bad = context
    record = context.data["clearcut"]
    context.data["clearcut"] = with_stamps(record, **{bad.id: record.stamps[good.id]})
    assert "another instance's" in refuses(bad)


@pytest.mark.parametrize(
    "change",
    [
        {"shot": BAD},
        {"instance": "x"},
        {"scene": "/tmp/x.nk"},
        {"outcome": Outcome.EXEMPT},
        {"silent": True},
        {"seal": "0" * 64},
    ],
)
def test_an_altered_stamp_does_not_hold(change):
    context = a_context(GOOD)
    asked(context)
    record = context.data["clearcut"]
    altered = dataclasses.replace(record.stamps[context[0].id], **change)
    context.data["clearcut"] = with_stamps(record, **{context[0].id: altered})
    assert "not made by Clearcut" in refuses(context[0])


@pytest.mark.parametrize(
    "change",
    [
        {"naming": ShotNaming(patterns=(f"(?P<shot>{GOOD})",))},
        {"silent_families": ("render",)},
        {"cut_state": "0:0:0"},
        {"asked_at_s": 1e12},
    ],
)
def test_altered_terms_do_not_hold(change):
    context = a_context(GOOD)
    asked(context)
    record = context.data["clearcut"]
    context.data["clearcut"] = dataclasses.replace(record, terms=dataclasses.replace(record.terms, **change))
    assert "not made by Clearcut" in refuses(context[0])


def test_a_copied_record_still_speaks_of_the_same_instances_only():
    context = a_context(GOOD, BAD)
    asked(context)
    context.data["clearcut"] = copy.copy(context.data["clearcut"])
    gate.validate(context[0])
    assert BAD in refuses(context[1])


def test_an_instance_that_becomes_another_shot_is_refused():
    context = a_context(GOOD)
    asked(context)
    context[0].data["shot"] = BAD
    assert f"looked at as shot {GOOD} and is now {BAD}" in refuses(context[0])


def test_an_instance_that_gets_another_scene_is_refused():
    context = a_context(GOOD)
    asked(context)
    context[0].data["clearcutScene"] = "other.nk"
    assert "another scene file" in refuses(context[0])


@pytest.mark.parametrize("key", ["clearcutEdit", "otioTimeline"])
def test_a_context_that_names_another_cut_afterwards_is_refused(key):
    context = a_context(GOOD)
    asked(context)
    context.data[key] = "another.otio"
    assert "another cut" in refuses(context[0])


def test_a_live_timeline_is_only_itself():
    context = a_context(GOOD)
    context.data["otioTimeline"] = otio.schema.Timeline("helios")
    asked(context)
    gate.validate(context[0])
    context.data["otioTimeline"] = otio.schema.Timeline("helios")
    assert "another cut" in refuses(context[0])


def test_no_stamp_is_made_for_an_outcome_that_permits_nothing():
    context = a_context(GOOD)
    asked(context)
    record = context.data["clearcut"]
    subject = SimpleNamespace(instance="i", shot=GOOD, scene=None)
    for outcome in (Outcome.UNKNOWN, Outcome.BLOCKED):
        with pytest.raises(ValueError, match="no stamp"):
            issue_stamp(record.terms, subject, "", outcome)


def test_a_silent_family_is_published_from_a_scene_too(tmp_path):
    """In Nuke and Blender every instance has one, workfiles above all."""
    scene = tmp_path / "comp.nk"
    scene.write_text("Root { }", encoding="utf-8")
    context = a_context(GOOD, family="workfile", clearcutScene=str(scene))
    asked(context, rules=Rules(silent_families=("workfile",)))
    instance = context[0]
    instance.data["publish"] = False
    gate.release(context, [(instance, True)], fresh=True)
    assert instance.data["publish"] is True
    instance.data.update(family="render", publish=False)
    with pytest.raises(GateStop, match="has another one now"):
        gate.release(context, [(instance, True)], fresh=True)


def test_a_silent_family_holds_only_while_all_its_families_are_silent():
    context = a_context("no shot at all", family="workfile")
    fake = asked(context, rules=Rules(silent_families=("workfile", "notes")))
    gate.validate(context[0])
    assert fake.asked == []
    context[0].data["families"] = ["render"]
    assert "family without picture or sound" in refuses(context[0])


@pytest.mark.parametrize("families", [["render"], "render", ["notes", "render"]])
def test_one_family_that_is_not_silent_is_enough_to_be_looked_at(families):
    context = a_context(BAD, family="workfile", families=families)
    asked(context, rules=Rules(silent_families=("workfile", "notes")))
    assert "no-licence" in refuses(context[0])


def test_without_any_family_an_instance_is_looked_at():
    context = a_context(BAD)
    context[0].data["family"] = ""
    asked(context, rules=Rules(silent_families=("render",)))
    assert "no-licence" in refuses(context[0])


def files(tmp_path):
    edit, scene = tmp_path / "cut.otio", tmp_path / "comp.nk"
    edit.write_text("cut")
    scene.write_text("comp")
    return edit, scene


@pytest.mark.parametrize("changed", [0, 1, None], ids=["edit", "scene", "nothing"])
def test_a_file_saved_between_validation_and_extraction_withdraws_the_shot(gate, tmp_path, changed):
    paths = files(tmp_path)
    stage = Stage((GOOD,), {"clearcutScene": str(paths[1])})
    stage.register()
    context = pyblish.api.Context()
    context.data["clearcutEdit"] = str(paths[0])
    pyblish.util.collect(context)
    pyblish.util.validate(context)
    if changed is not None:
        paths[changed].write_text("saved again")
        os.utime(paths[changed], ns=(1, 1))
    pyblish.util.extract(context)
    assert stage.extracted == ([GOOD] if changed is None else [])
    if changed is not None:
        assert f"{paths[changed].name} changed" in errors_of(context)["GuardClearcutExtraction"]


def test_a_validation_of_yesterday_is_asked_again(gate, monkeypatch):
    stage = Stage((GOOD,))
    stage.register()
    context = pyblish.util.collect()
    pyblish.util.validate(context)
    monkeypatch.setattr("clearcut.publish.gate._MAX_AGE_S", -1.0)
    pyblish.util.extract(context)
    assert stage.stopped
    assert "more than an hour ago" in errors_of(context)["GuardClearcutExtraction"]


def test_the_record_shows_the_verdict():
    context = a_context(GOOD, BAD)
    asked(context)
    record = context.data["clearcut"]
    assert type(record) is GateRecord
    assert record.outcome is Outcome.BLOCKED
    assert [shot.name for shot in record.shots] == [GOOD, BAD]
    assert record.shot(GOOD).outcome is Outcome.CLEARED
    assert record.edit.production == "HELIOS"
