"""Each way in which Pyblish fails open (facts.md): with our gate the publish stops; the twin without it gets through.

The twins show that the test's scene is a real danger: a studio's own validator, written as such plug-ins usually
are, or our gate without the guard in question.
"""

import ast
import io
import json
import logging
import sys
import textwrap
from contextlib import redirect_stdout

import pyblish.api
import pyblish.logic
import pyblish.plugin
import pyblish.util
import pytest

from clearcut.core.verdict import Outcome
from clearcut.publish.stop import GateStop
from fakes.pyblish_stage import PLUGINS, Stage, errors_of

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"
OURS = sorted(path.name for path in PLUGINS.glob("*.py"))
CLASSES = (
    "CollectClearcut",
    "AskClearcut",
    "ValidateClearcut",
    "GuardClearcutValidation",
    "GuardClearcutExtraction",
    "GuardClearcutIntegration",
    "NoteClearcut",
)


class Refusing:
    """What a usual studio validator does to every instance."""

    def process(self, instance):
        raise ValueError("refused")


def usual_validator(**attributes):
    """A validator as most are written, with one attribute that opens it."""
    return type("ValidateUsual", (Refusing, pyblish.api.InstancePlugin), {"order": 1, **attributes})


USUAL = """
    import pyblish.api

    class ValidateUsual(pyblish.api.InstancePlugin):
        order = 1
        {attributes}

        def process(self, instance):
            raise ValueError("refused")
    """


def staged(*shots, **data):
    stage = Stage(shots, data)
    stage.register()
    return stage


def without(*names):
    """Takes some of our plug-ins away, as a discovery filter may."""
    pyblish.api.register_discovery_filter(
        lambda plugins: plugins.__setitem__(slice(None), [p for p in plugins if p.__name__ not in names])
    )


def write_plugin(folder, source, name="validate_usual.py"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(textwrap.dedent(source), encoding="utf-8")
    pyblish.api.register_plugin_path(str(folder))


# --- the main line ---------------------------------------------------------------------------------------------


def test_a_blocked_shot_is_stopped_and_says_shot_why_who_and_how(gate):
    stage = staged(BAD)
    said = errors_of(stage.publish())["ValidateClearcut"]
    assert stage.stopped
    assert all(
        word in said for word in (BAD, "no-licence", "shows a double", "Ask clearance", "request consent")
    )


def test_a_cleared_shot_is_published(gate):
    stage = staged(GOOD)
    context = stage.publish()
    assert (stage.extracted, stage.integrated) == ([GOOD], [GOOD])
    assert errors_of(context) == {}


def test_twin_a_blocked_shot_is_published_when_the_gate_is_not_there(judge):
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_outcomes_that_may_publish_do(gate, outcome):
    gate.outcomes = {GOOD: outcome}
    stage = staged(GOOD)
    stage.publish()
    assert (stage.integrated == [GOOD]) is outcome.may_publish


# --- a plug-in file fails to import at its top ------------------------------------------------------------------


def test_our_plugin_files_import_the_standard_library_and_pyblish_api_alone_at_their_top():
    for name in OURS:
        tree = ast.parse((PLUGINS / name).read_text(encoding="utf-8"))
        imported = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        names = {alias.name for node in imported for alias in node.names}
        modules = {node.module for node in imported if isinstance(node, ast.ImportFrom)}
        assert names <= {"pyblish.api"} | set(sys.stdlib_module_names), name
        assert modules <= set(sys.stdlib_module_names) - {"__future__"}, name
        assert not any(node.decorator_list for node in tree.body if isinstance(node, ast.ClassDef)), name


def test_without_clearcut_on_the_machine_the_publish_stops(gate, monkeypatch):
    for module in [name for name in sys.modules if name.startswith("clearcut.publish")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "clearcut.publish", None)
    stage = staged(GOOD)
    said = errors_of(stage.publish())
    assert stage.stopped
    assert set(said) == {"CollectClearcut", "AskClearcut", "ValidateClearcut", "GuardClearcutValidation"}


def test_twin_a_validator_that_imports_at_its_top_is_skipped(tmp_path):
    write_plugin(
        tmp_path / "usual",
        "import a_library_that_is_not_here\n" + textwrap.dedent(USUAL.format(attributes="")),
    )
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


def test_twin_a_file_with_future_annotations_and_a_dataclass_is_skipped(tmp_path):
    source = """
        from __future__ import annotations
        from dataclasses import dataclass
        from typing import ClassVar
        import pyblish.api

        @dataclass
        class Found:
            name: ClassVar[str] = ""

        class ValidateUsual(pyblish.api.InstancePlugin):
            order = 1

            def process(self, instance):
                raise ValueError("refused")
        """
    write_plugin(tmp_path / "usual", source)
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


# --- a collector raises -----------------------------------------------------------------------------------------


def failing_collector(order=0.1):
    class CollectCut(pyblish.api.ContextPlugin):
        targets = []
        match = pyblish.api.Subset

        def process(self, context):
            raise OSError("the edit's server is away")

    CollectCut.order = order
    pyblish.api.register_plugin(CollectCut)


@pytest.mark.parametrize("order", [-0.5, 0.1, 0.499])
def test_a_collector_that_raised_stops_the_publish_and_is_named(gate, order):
    failing_collector(order)
    stage = staged(GOOD)
    assert "CollectCut" in errors_of(stage.publish())["AskClearcut"]
    assert stage.stopped


def test_twin_a_collector_that_raised_stops_nobody_by_itself():
    failing_collector()
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


def test_a_collector_that_succeeded_when_it_ran_again_is_forgiven(gate):
    stage = staged(GOOD)
    context = pyblish.util.collect()
    collector = next(p for p in pyblish.api.discover() if p.__name__ == "CollectStage")
    context.data["results"].insert(
        0, {"plugin": collector, "instance": None, "error": OSError("away"), "action": None}
    )
    pyblish.util.validate(context)
    pyblish.util.extract(context)
    assert stage.extracted == [GOOD]


# --- orders, hosts, targets, families, tuples --------------------------------------------------------------------


def test_our_orders_are_where_an_error_stops_or_where_we_withdraw_by_ourselves():
    pyblish.api.register_plugin_path(str(PLUGINS))
    orders = {plugin.__name__: plugin.order for plugin in pyblish.api.discover()}
    assert set(orders) == set(CLASSES)
    assert -0.5 <= orders["CollectClearcut"] < 0.5
    assert 0.5 <= orders["AskClearcut"] < orders["ValidateClearcut"] < orders["GuardClearcutValidation"] < 1.5
    assert 1.5 <= orders["GuardClearcutExtraction"] < 2
    assert 2.5 <= orders["GuardClearcutIntegration"] < 3
    assert 3 < orders["NoteClearcut"] < 3.5


@pytest.mark.parametrize("order", [0.49, 1.5])
def test_twin_a_validator_outside_of_the_validators_orders_stops_nobody(order):
    pyblish.api.register_plugin(usual_validator(order=order))
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


@pytest.mark.parametrize("targets", [None, ["farm"], ["default"], ["farm", "review"]])
@pytest.mark.parametrize("host", ["shell", "nuke", "a host of tomorrow"])
@pytest.mark.parametrize("families", [[], ["render"], ["anything.else"]])
def test_the_gate_is_there_for_every_host_target_and_family(gate, host, targets, families):
    pyblish.api.register_host(host)
    stage = staged(BAD, families=families)
    assert "ValidateClearcut" in errors_of(stage.publish(targets=targets))
    assert stage.stopped


def test_the_gate_is_there_for_registered_targets(gate):
    pyblish.api.register_target("farm")
    stage = staged(BAD)
    stage.publish()
    assert stage.stopped


@pytest.mark.parametrize(
    ("attributes", "targets"),
    [
        ('hosts = ["nuke"]', None),
        ("", ["farm"]),
        ('families = ["comp"]', None),
        ("active = False", None),
        ("", None),
    ],
    ids=["hosts", "targets", "families", "active", "none: it does stop"],
)
def test_twin_a_usual_validator_is_silently_not_there(tmp_path, attributes, targets):
    write_plugin(tmp_path / "usual", USUAL.format(attributes=attributes))
    stage = staged(BAD)
    stage.publish(targets=targets)
    assert stage.integrated == ([BAD] if attributes or targets else [])


@pytest.mark.parametrize("attribute", ["hosts", "families", "targets"])
def test_twin_a_tuple_in_place_of_a_list_drops_a_plugin(tmp_path, attribute):
    write_plugin(tmp_path / "usual", USUAL.format(attributes=f'{attribute} = ("*",)'))
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


def test_our_lists_are_lists():
    pyblish.api.register_plugin_path(str(PLUGINS))
    for plugin in pyblish.api.discover():
        assert (plugin.hosts, plugin.families, plugin.targets) == (["*"], ["*"], [])
        assert plugin.match == pyblish.api.Subset
        assert (plugin.optional, plugin.active) == (False, True)


# --- a class of the same name, a filter, an inactive plug-in ------------------------------------------------------


SHADOW = """
    import pyblish.api

    class {name}(pyblish.api.ContextPlugin):
        order = 1

        def process(self, context):
            pass
    """


def shadow(folder, names):
    folder.mkdir()
    for name in names:
        (folder / f"{name.lower()}.py").write_text(
            textwrap.dedent(SHADOW.format(name=name)), encoding="utf-8"
        )
    pyblish.api.register_plugin_path(str(folder))


NO_STOP = ("CollectClearcut", "AskClearcut", "NoteClearcut")


@pytest.mark.parametrize("kept", [name for name in CLASSES if name not in NO_STOP])
def test_any_one_of_our_plugins_that_is_left_stops_what_nobody_looked_at(judge, tmp_path, kept):
    shadow(tmp_path / "earlier", [name for name in CLASSES if name != kept])
    pyblish.api.register_plugin_path(str(PLUGINS))
    stage = staged(GOOD)
    assert kept in errors_of(stage.publish())
    assert stage.integrated == []


def test_the_last_of_our_plugins_says_that_something_went_out_that_nobody_looked_at(judge, tmp_path):
    """Too late to stop it, not too late to take it back."""
    shadow(tmp_path / "earlier", [name for name in CLASSES if name != "NoteClearcut"])
    pyblish.api.register_plugin_path(str(PLUGINS))
    stage = staged(BAD)
    said = errors_of(stage.publish())
    assert stage.integrated == [BAD]
    assert BAD in said["NoteClearcut"]
    assert "take it back" in said["NoteClearcut"]


def test_twin_when_all_are_shadowed_nothing_is_left_to_stop_it(judge, tmp_path):
    """No plug-in can help here: `doctor` reports it (test_inspection.py)."""
    shadow(tmp_path / "earlier", CLASSES)
    pyblish.api.register_plugin_path(str(PLUGINS))
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


@pytest.mark.parametrize("gone", CLASSES)
def test_a_blocked_shot_is_stopped_whichever_of_our_plugins_is_taken_away(gate, gone):
    without(gone)
    stage = staged(BAD)
    stage.publish()
    assert stage.stopped


@pytest.mark.parametrize("gone", CLASSES)
def test_a_blocked_shot_is_stopped_whichever_of_our_plugins_is_made_inactive(gate, gone):
    def switch_off(plugins):
        for plugin in plugins:
            if plugin.__name__ == gone:
                plugin.active = False

    pyblish.api.register_discovery_filter(switch_off)
    stage = staged(BAD)
    stage.publish()
    assert stage.stopped


# --- unticked, then ticked ----------------------------------------------------------------------------------------


def lite_flow(stage):
    """As in pyblish-lite: untick the shot, Validate, tick it, Publish."""
    context = pyblish.util.collect()
    for instance in context:
        instance.data["publish"] = False
    pyblish.util.validate(context)
    for instance in context:
        instance.data["publish"] = True
    pyblish.util.extract(context)
    pyblish.util.integrate(context)
    return context


@pytest.mark.parametrize("shot", [GOOD, BAD])
def test_a_shot_ticked_after_validation_is_neither_extracted_nor_integrated(gate, shot):
    stage = staged(shot)
    said = errors_of(lite_flow(stage))
    assert stage.stopped
    assert "nobody has looked at it" in said["GuardClearcutExtraction"]


def test_twin_without_the_guard_of_extraction_it_is_extracted(gate):
    without("GuardClearcutExtraction")
    stage = staged(BAD)
    lite_flow(stage)
    assert stage.extracted == [BAD]
    assert stage.integrated == []


def test_twin_without_both_guards_it_is_published(gate):
    without("GuardClearcutExtraction", "GuardClearcutIntegration")
    stage = staged(BAD)
    lite_flow(stage)
    assert stage.integrated == [BAD]


def test_what_is_not_published_is_not_asked_about(gate):
    stage = staged(BAD, publish=False)
    context = stage.publish()
    assert stage.stopped
    assert errors_of(context) == {}
    assert gate.asked == []


@pytest.mark.parametrize("odd", [0, None, "", "False"])
def test_an_odd_value_of_publish_is_published_by_pyblish_and_so_looked_at_by_us(gate, odd):
    stage = staged(BAD, publish=odd)
    assert "ValidateClearcut" in errors_of(stage.publish())
    assert stage.stopped


def test_twin_an_odd_value_of_publish_does_get_published(judge):
    stage = staged(BAD, publish=0)
    stage.publish()
    assert stage.integrated == [BAD]


def late_instance(order):
    class AddLate(pyblish.api.ContextPlugin):
        targets = []
        match = pyblish.api.Subset

        def process(self, context):
            context.create_instance("late", shot=GOOD, family="render")

    AddLate.order = order
    pyblish.api.register_plugin(AddLate)


def test_an_instance_made_among_the_validators_is_noticed_by_guard_a(gate):
    late_instance(1.2)
    stage = staged(GOOD)
    assert "late" in errors_of(stage.publish())["GuardClearcutValidation"]
    assert stage.stopped


def test_twin_without_guard_a_the_publish_goes_on_and_the_next_guard_withdraws_it(gate):
    without("GuardClearcutValidation")
    late_instance(1.2)
    stage = staged(GOOD)
    stage.publish()
    assert stage.integrated == [GOOD]


def test_an_instance_made_among_the_extractors_is_not_integrated(gate):
    late_instance(1.9)
    stage = staged(GOOD)
    assert "late" in errors_of(stage.publish())["GuardClearcutIntegration"]
    assert stage.integrated == [GOOD]


def test_twin_without_guard_b_it_is_integrated(gate):
    without("GuardClearcutIntegration")
    late_instance(1.9)
    stage = staged(GOOD)
    stage.publish()
    assert sorted(stage.integrated) == [GOOD, "late"]


def test_extracting_without_having_validated_gives_nothing(gate):
    stage = staged(GOOD)
    context = pyblish.util.collect()
    pyblish.util.extract(context)
    pyblish.util.integrate(context)
    assert stage.stopped


def test_twin_extracting_without_having_validated_works_in_pyblish(judge):
    stage = staged(BAD)
    context = pyblish.util.collect()
    pyblish.util.extract(context)
    assert stage.extracted == [BAD]


def test_a_stop_test_that_lets_errors_pass_does_not_let_a_shot_pass(gate):
    pyblish.logic.register_test(lambda **_: None)
    stage = staged(GOOD, BAD)
    stage.publish()
    assert stage.integrated == [GOOD]


def test_twin_with_that_stop_test_a_usual_validator_stops_nobody():
    pyblish.logic.register_test(lambda **_: None)
    pyblish.api.register_plugin(usual_validator())
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


# --- errors of every kind -----------------------------------------------------------------------------------------


class Falsy(Exception):
    def __bool__(self):
        return False


class Speechless(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    "error",
    [
        Falsy("quiet"),
        SystemExit(0),
        SystemExit("bye"),
        RuntimeError("x"),
        MemoryError(),
        RecursionError(),
        Speechless(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_the_check_raises_stops_the_publish_and_leaves_the_host_alive(gate, error):
    gate.raises = error
    stage = staged(GOOD)
    context = stage.publish()
    assert stage.stopped
    results = [r["error"] for r in context.data["results"] if r["plugin"].__name__ == "AskClearcut"]
    assert isinstance(results[0], GateStop)
    assert bool(results[0])
    assert str(results[0]).startswith("This publish may not be published")


def test_ctrl_c_ends_the_publish(gate):
    gate.raises = KeyboardInterrupt()
    stage = staged(GOOD)
    with pytest.raises(KeyboardInterrupt):
        stage.publish()
    assert stage.stopped


def raising_validator(error):
    def process(self, instance):
        raise error

    plugin = usual_validator(process=process)
    pyblish.api.register_plugin(plugin)


def test_twin_an_error_that_is_false_counts_as_success():
    raising_validator(Falsy("quiet"))
    stage = staged(BAD)
    stage.publish()
    assert stage.integrated == [BAD]


def test_twin_system_exit_in_a_plugin_takes_the_host_with_it():
    raising_validator(SystemExit(0))
    with pytest.raises(SystemExit):
        staged(BAD).publish()


# --- what comes out of a publish ----------------------------------------------------------------------------------


def test_twin_publish_iter_prints_errors_where_json_should_be(gate):
    staged(BAD)
    printed = io.StringIO()
    with redirect_stdout(printed):
        list(pyblish.util.publish_iter())
    assert BAD in printed.getvalue()


def test_the_root_logger_hears_nothing_but_texts_and_numbers_from_us(gate, caplog):
    """pyblish-qml sends the arguments of log records as JSON."""
    stage = staged(GOOD, BAD)
    with caplog.at_level(logging.DEBUG):
        context = stage.publish()
    for result in context.data["results"]:
        for record in result["records"]:
            assert isinstance(record.args, (tuple, dict)) or record.args is None
            json.dumps(record.args)
