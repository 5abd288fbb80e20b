"""What `doctor` sees of the gate: each way in which no plug-in can help is reported."""

import shutil

import pyblish.api
import pyblish.logic
import pyblish.plugin
import pytest

from clearcut.publish.finding import State
from clearcut.publish.inspection import discover, inspect_plugins, inspect_pyblish, rehearse
from clearcut.publish.shipped_files import SHIPPED, digest_of
from fakes.judge import FakeJudge
from fakes.pyblish_stage import PLUGINS

CLASSES = [shipped.plugin for shipped in SHIPPED]


@pytest.fixture
def in_place(judge):
    pyblish.api.register_plugin_path(str(PLUGINS))


def broken_topics():
    return {finding.topic for finding in inspect_pyblish() if finding.state is State.BROKEN}


def test_the_digests_are_those_of_the_files():
    """After a change to a plug-in, copy the digest from this test's message into shipped_files.py."""
    actual = {shipped.file: digest_of(PLUGINS / shipped.file) for shipped in SHIPPED}
    assert {shipped.file: shipped.sha256 for shipped in SHIPPED} == actual
    assert sorted(actual) == sorted(path.name for path in PLUGINS.glob("*.py"))


def test_a_checkout_with_other_line_ends_is_the_same_file(tmp_path):
    shipped = SHIPPED[0]
    (tmp_path / shipped.file).write_bytes((PLUGINS / shipped.file).read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of(tmp_path / shipped.file) == shipped.sha256


def test_a_gate_in_place_has_nothing_broken(in_place):
    assert broken_topics() == set()


def test_inspecting_changes_nothing_in_pyblish(in_place):
    def keep(plugins):
        pass

    pyblish.api.register_discovery_filter(keep)
    before = [plugin.__name__ for plugin in pyblish.api.discover()]
    list(inspect_pyblish())
    assert [plugin.__name__ for plugin in pyblish.api.discover()] == before
    assert pyblish.api.registered_discovery_filters() == [keep]


def test_plugins_that_are_nowhere_on_the_path_are_reported_once(judge):
    assert broken_topics() == {"plugin-path", "rehearsal"}
    assert sum(finding.state is State.BROKEN for finding in inspect_pyblish()) == 2


def test_a_namesake_without_any_of_our_files_is_reported_beside_them(judge, tmp_path):
    source = "import pyblish.api\nclass AskClearcut(pyblish.api.ContextPlugin):\n    def process(self, context): pass\n"
    (tmp_path / "theirs.py").write_text(source, encoding="utf-8")
    pyblish.api.register_plugin_path(str(tmp_path))
    assert broken_topics() == {"plugin-path", "plugin-missing", "plugin-shadowed", "rehearsal"}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_the_same_name_earlier_on_the_path_is_reported(judge, tmp_path, name):
    source = f"import pyblish.api\nclass {name}(pyblish.api.ContextPlugin):\n    def process(self, context): pass\n"
    (tmp_path / "theirs.py").write_text(source, encoding="utf-8")
    pyblish.api.register_plugin_path(str(tmp_path))
    pyblish.api.register_plugin_path(str(PLUGINS))
    (finding,) = [f for f in inspect_plugins() if f.state is State.BROKEN]
    assert finding.topic == "plugin-shadowed"
    assert "theirs.py" in finding.message
    assert finding.remedy


def test_where_duplicates_are_allowed_ours_beside_theirs_is_in_place(judge, tmp_path, monkeypatch):
    monkeypatch.setattr(pyblish.plugin, "ALLOW_DUPLICATES", True)
    source = "import pyblish.api\nclass AskClearcut(pyblish.api.ContextPlugin):\n    def process(self, context): pass\n"
    (tmp_path / "theirs.py").write_text(source, encoding="utf-8")
    pyblish.api.register_plugin_path(str(tmp_path))
    pyblish.api.register_plugin_path(str(PLUGINS))
    assert broken_topics() == set()


@pytest.mark.parametrize("name", CLASSES)
def test_a_discovery_filter_that_drops_one_is_reported(in_place, name):
    pyblish.api.register_discovery_filter(
        lambda plugins: plugins.__setitem__(slice(None), [p for p in plugins if p.__name__ != name])
    )
    (finding,) = [f for f in inspect_plugins() if f.state is State.BROKEN]
    assert finding.topic == "plugin-missing"
    assert "a discovery filter drops it" in finding.message


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("active", False),
        ("optional", True),
        ("enabled", False),
        ("hosts", ["nuke"]),
        ("families", ["render"]),
        ("targets", ["default"]),
        ("match", pyblish.api.Intersection),
        ("order", 1.7),
    ],
)
def test_a_plugin_that_settings_changed_is_reported(in_place, attribute, value):
    def change(plugins):
        for plugin in plugins:
            if plugin.__name__ == "ValidateClearcut":
                setattr(plugin, attribute, value)

    pyblish.api.register_discovery_filter(change)
    (finding,) = [f for f in inspect_plugins() if f.state is State.BROKEN]
    assert (finding.topic, attribute in finding.message) == ("plugin-switched-off", True)


def renamed(self, context):
    pass


@pytest.mark.parametrize(
    "process",
    [lambda self, context: None, renamed, eval("lambda self, context: None"), len],
    ids=["a", "b", "c", "d"],
)
def test_a_replaced_process_is_reported(in_place, process):
    def change(plugins):
        plugins[1].process = process

    pyblish.api.register_discovery_filter(change)
    assert "plugin-switched-off" in {f.topic for f in inspect_plugins()}


def test_an_altered_file_is_reported(judge, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(PLUGINS, folder)
    path = folder / "clearcut_validate.py"
    path.write_text(path.read_text().replace("validate(instance)", "return"), encoding="utf-8")
    pyblish.api.register_plugin_path(str(folder))
    (finding,) = [f for f in inspect_plugins() if f.state is State.BROKEN]
    assert finding.topic == "plugin-altered"


def test_an_unaltered_copy_elsewhere_is_ours(judge, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(PLUGINS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    pyblish.api.register_plugin_path(str(folder))
    assert broken_topics() == set()


def test_a_file_that_does_not_load_is_reported_with_its_cause(judge, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(PLUGINS, folder)
    path = folder / "clearcut_ask.py"
    path.write_text("import a_library_that_is_not_here\n" + path.read_text(), encoding="utf-8")
    pyblish.api.register_plugin_path(str(folder))
    findings = list(inspect_pyblish())
    assert any("its file does not load" in f.message for f in findings if f.topic == "plugin-missing")
    assert any("a_library_that_is_not_here" in f.message for f in findings if f.topic == "skipped-file")


def test_a_stop_test_that_lets_errors_pass_is_reported(in_place):
    pyblish.logic.register_test(lambda **_: None)
    assert "stop-test" in broken_topics()


def test_the_rehearsal_notices_a_gate_that_lets_everything_through(in_place, judge, monkeypatch):
    monkeypatch.setattr("clearcut.publish.gate._why_not", lambda *args, **options: None)
    assert rehearse(discover().plugins).state is State.BROKEN


def test_the_rehearsal_runs_no_plugin_of_others(in_place):
    ran = []

    class ValidateTheirs(pyblish.api.ContextPlugin):
        order = 1

        def process(self, context):
            ran.append(context)

    pyblish.api.register_plugin(ValidateTheirs)
    assert rehearse(discover().plugins).state is State.HOLDS
    assert ran == []


def test_the_rehearsal_stops_also_when_nobody_answers(in_place, monkeypatch):
    monkeypatch.setattr("clearcut.publish.asking.configured_judge", FakeJudge(raises=OSError("away")).judge)
    assert rehearse(discover().plugins).state is State.HOLDS
