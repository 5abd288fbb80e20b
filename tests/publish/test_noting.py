"""What the gate notes after a publish, from a real Pyblish to a real server, and what a revocation then finds."""

from __future__ import annotations

import json

import pyblish.api
import pyblish.util
import pytest

from clearcut.backend import RemoteCuts
from clearcut.core.verdict import AnswerSource, Outcome
from clearcut.publish.noting import publish_of
from clearcut.publish.outbox import folder, waiting
from clearcut.store.tokens import Role
from fakes.judge import FakeJudge
from fakes.pyblish_stage import PLUGINS, Stage, errors_of
from fakes.serving import serving
from fakes.studio import EDIT, HELIOS, Studio

FREE, CLEARED, BLOCKED = "HEL_010_0010", "HEL_010_0020", "HEL_010_0040"
COMP = "Root { inputs 0 }\nRead { inputs 0 name Read1 file /jobs/env/sky.%04d.exr }\nWrite { name Write1 file /out/a.%04d.exr }\n"
GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    pyblish.api.register_plugin_path(str(PLUGINS))
    return tmp_path


@pytest.fixture
def studio(home):
    return Studio(home)


def publish(*shots, studio=None, url=None, monkeypatch=None, **data):
    if studio is not None:
        monkeypatch.setenv("CLEARCUT_SERVER", url)
        monkeypatch.setenv("CLEARCUT_TOKEN", studio.tokens[Role.ARTIST])
    stage = Stage(shots, data)
    stage.register()
    context = pyblish.api.Context()
    context.data["clearcutEdit"] = str(EDIT)
    pyblish.util.publish(context)
    noted = [r for r in context.data["results"] if r["plugin"].__name__ == "NoteClearcut"]
    return stage, [one.getMessage() for r in noted for one in r["records"]], errors_of(context)


def publishes(studio, url):
    remote = RemoteCuts(url, studio.tokens[Role.OFFICER])
    return list(remote.publishes({}))


def test_a_revocation_finds_what_was_published_end_to_end(studio, monkeypatch):
    """Register, govern, publish, ask, revoke, ask again: over HTTP, with nothing in between but what people type."""
    with serving(studio.database, studio.folder / "log.txt") as server:
        made = studio.run(Role.TD, server.url, "cut", "register", EDIT)
        assert (made.code, made.out.split()[0:3]) == (0, ["C-1", "HELIOS", "v041"]), made.err
        assert "cut govern C-1" in made.err
        governs = studio.run(Role.TD, server.url, "cut", "govern", "v041", "--why", "locked")
        assert (governs.code, "governs" in governs.out) == (0, True), governs.err
        listed = studio.run(Role.ARTIST, server.url, "cut", "list", "--format", "json")
        assert [one["governs"] for one in json.loads(listed.out)] == [True]

        stage, said, errors = publish(
            FREE, CLEARED, studio=studio, url=server.url, monkeypatch=monkeypatch, version=7
        )
        assert (stage.integrated, said, errors) == ([FREE, CLEARED], [], {})
        out = publishes(studio, server.url)
        assert [(one.shot, one.version, one.cut, one.noted_by) for one in out] == [
            (FREE, "v007", "v041", "a artist"), (CLEARED, "v007", "v041", "a artist")]  # fmt: skip
        ((use,),) = [one.uses for one in out if one.shot == CLEARED]
        (licence,) = use.licences

        text = studio.run(Role.OFFICER, server.url, "impact", "--licence", licence)
        assert text.code == 0, text.err
        assert f"licence {licence}:" in text.out
        assert "the governing cut" in text.out
        assert f"  {CLEARED}" in text.out
        assert "published: v007" in text.out
        found = json.loads(
            studio.run(Role.OFFICER, server.url, "impact", "--licence", licence, "--format", "json").out
        )
        assert found["schema"] == "clearcut.impact/1"
        assert [one["shot"] for one in found["publishes"]] == [CLEARED]
        assert CLEARED in [one["shot"] for one in found["touched"]]
        touched = next(one for one in found["touched"] if one["shot"] == CLEARED)
        assert [one["version"] for one in touched["published"]] == ["v007"]

        assert studio.verified()
        refused = studio.run(Role.ARTIST, server.url, "impact", "--licence", licence)
        assert (refused.code, refused.out) == (3, "")
        assert studio.run(Role.OFFICER, server.url, "impact", "--suspension", "S-none").code == 2
        assert studio.run(Role.OFFICER, server.url, "impact").code == 2
        assert studio.run(Role.TD, server.url, "cut", "govern", "v099", "--why", "w").code == 2
        assert studio.run(Role.ARTIST, server.url, "cut", "register", EDIT).code == 3


def test_what_is_stopped_or_fails_or_is_left_out_is_not_noted(studio, monkeypatch):
    class ExtractBadly(pyblish.api.InstancePlugin):
        order = pyblish.api.ExtractorOrder
        targets: list[str] = []
        match = pyblish.api.Subset

        def process(self, instance):
            if instance.data["shot"] == FREE:
                raise OSError("disk full")

    with serving(studio.database, studio.folder / "log.txt") as server:
        stage, _, _ = publish(CLEARED, BLOCKED, studio=studio, url=server.url, monkeypatch=monkeypatch)
        assert stage.stopped
        assert publishes(studio, server.url) == []
        pyblish.api.deregister_all_plugins()
        pyblish.api.register_plugin(ExtractBadly)
        publish(FREE, CLEARED, studio=studio, url=server.url, monkeypatch=monkeypatch)
        (noted,) = publishes(studio, server.url)
        assert (noted.shot, noted.cut) == (CLEARED, "v041")


def test_a_server_that_dies_in_the_middle_stops_nothing_and_gets_the_note_later(studio, monkeypatch):
    """The publish has happened: it is said loudly, kept, and sent once, however often it is tried."""
    with serving(studio.database, studio.folder / "log.txt") as server:
        url, process = server.url, server.process

        class KillServer(pyblish.api.ContextPlugin):
            order = pyblish.api.ExtractorOrder
            targets: list[str] = []
            match = pyblish.api.Subset

            def process(self, context):
                process.kill()

        pyblish.api.register_plugin(KillServer)
        stage, said, errors = publish(CLEARED, studio=studio, url=url, monkeypatch=monkeypatch)
    assert (stage.integrated, errors) == ([CLEARED], {})
    (sentence,) = said
    for part in (CLEARED, "published", "not noted", "clearcut cut note"):
        assert part in sentence
    (kept,) = waiting(folder())
    assert studio.tokens[Role.ARTIST] not in kept.file.read_text()
    down = studio.run(Role.ARTIST, url, "cut", "note")
    assert (down.code, "1 still wait" in down.last_line) == (3, True)

    with serving(studio.database, studio.folder / "log.txt", "--port", url.rpartition(":")[2]) as again:
        assert again.url == url
        # As if the answer had been lost: sent once, and the file still there.
        RemoteCuts(url, studio.tokens[Role.ARTIST]).note(kept.publish, kept.key)
        sent = studio.run(Role.ARTIST, url, "cut", "note")
        assert (sent.code, CLEARED in sent.out) == (0, True), sent.err
        assert waiting(folder()) == ()
        assert len(publishes(studio, url)) == 1
        assert "nothing waits" in studio.run(Role.ARTIST, url, "cut", "note").err


def test_what_waits_goes_with_the_next_publish(studio, monkeypatch):
    with serving(studio.database, studio.folder / "log.txt") as server:
        monkeypatch.setenv("CLEARCUT_TOKEN", "ccl_wrong")
        judged = FakeJudge({CLEARED: Outcome.CLEARED})
        verdict = judged.check(type("Q", (), {"shots": (), "scenes": {}})())
        from clearcut.publish.outbox import keep

        keep(publish_of(verdict, CLEARED, "v001"), server.url, folder())
        keep(publish_of(verdict, CLEARED, "v001"), "http://127.0.0.1:9", folder())
        _, said, _ = publish(FREE, studio=studio, url=server.url, monkeypatch=monkeypatch)
        assert said == []
        assert [one.shot for one in publishes(studio, server.url)] == [FREE, CLEARED]
        assert [one.server for one in waiting(folder())] == ["http://127.0.0.1:9"]


def test_with_a_registry_file_there_is_nobody_to_note_it(monkeypatch):
    monkeypatch.setenv("CLEARCUT_REGISTRY", str(HELIOS / "registry.json"))
    stage, said, errors = publish(CLEARED)
    assert (stage.integrated, said, errors) == ([CLEARED], [], {})
    assert waiting(folder()) == ()


@pytest.fixture
def away(monkeypatch):
    """A server that judged, and is gone by now."""
    fake = FakeJudge(
        {GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED}, source=AnswerSource("server", "http://127.0.0.1:9")
    )
    monkeypatch.setattr("clearcut.publish.asking.configured_judge", fake.judge)
    monkeypatch.setattr("clearcut.backend.exchange._PAUSES_S", ())
    monkeypatch.setenv("CLEARCUT_SERVER", "http://127.0.0.1:9")
    monkeypatch.setenv("CLEARCUT_TOKEN", "ccl_x")
    return fake


def test_what_can_neither_be_noted_nor_kept_is_an_error_that_says_it_was_published(away, home):
    (home / "home").write_text("no folder")
    stage, said, errors = publish(GOOD)
    assert (stage.integrated, said) == ([GOOD], [])
    assert "published, and noted neither" in errors["NoteClearcut"]
    assert "tell clearance" in errors["NoteClearcut"]


@pytest.mark.parametrize("setting, value", [("CLEARCUT_TOKEN", ""), ("CLEARCUT_SERVER", "http://127.0.0.1:8"),
                                            ("CLEARCUT_RULES", "/nowhere/clearcut.toml")])  # fmt: skip
def test_settings_that_changed_meanwhile_lose_no_note(away, monkeypatch, setting, value):
    monkeypatch.setenv(setting, value)
    stage, said, errors = publish(GOOD)
    assert (stage.integrated, errors, len(said)) == ([GOOD], {}, 1)
    assert [one.publish.shot for one in waiting(folder())] == [GOOD]


def test_a_defect_in_noting_is_told_and_stops_nothing(away, monkeypatch):
    def broken(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("clearcut.publish.noting.keep", broken)
    stage, _, errors = publish(GOOD)
    assert stage.integrated == [GOOD]
    assert "could not be noted" in errors["NoteClearcut"]


def test_a_cut_of_no_production_is_told_and_not_noted(away):
    away.production = None
    _, said, _ = publish(GOOD)
    assert "names a production" in said[0]
    assert waiting(folder()) == ()


@pytest.mark.parametrize("said, version", [(7, "v007"), (1234, "v1234"), ("v7 ", "v7"), ("", None), (None, None), (True, None),
                                           ([], None)])  # fmt: skip
def test_the_hosts_version_counts_and_is_never_made_up(said, version):
    verdict = FakeJudge({GOOD: Outcome.CLEARED}).check(type("Q", (), {"shots": (), "scenes": {}})())
    made = publish_of(verdict, GOOD, said)
    assert made.version == version
    assert (made.production, made.cut, [one.frames for one in made.uses]) == ("HELIOS", "v041", [10])


def test_files_of_somebody_else_in_the_folder_are_left_alone(home):
    folder().mkdir(parents=True)
    for name, text in (
        ("a.json", "{"),
        ("b.json", "[]"),
        ("c.json", '{"server": "x", "publish": {}}'),
        ("d.part", ""),
    ):
        (folder() / name).write_text(text)
    assert waiting(folder()) == ()
    assert len(list(folder().iterdir())) == 4


def test_doctor_tells_what_waits(home):
    from clearcut.publish.finding import State
    from clearcut.publish.outbox import keep
    from clearcut.publish.setup_inspection import inspect_setup

    topics = lambda: {one.topic: one for one in inspect_setup()}  # noqa: E731
    assert "publishes" not in topics()
    verdict = FakeJudge({GOOD: Outcome.CLEARED}).check(type("Q", (), {"shots": (), "scenes": {}})())
    keep(publish_of(verdict, GOOD, 7), "http://127.0.0.1:9", folder())
    found = topics()["publishes"]
    assert (found.state, "clearcut cut note" in found.message) == (State.NOTE, True)


def test_a_headless_publish_tells_what_waits_and_leaves_with_0(away):
    from clearcut.publish import headless

    stage = Stage((GOOD,))
    stage.register()
    result = headless.publish({})
    assert (result.exit_code, result.published, stage.integrated) == (0, (GOOD,), [GOOD])
    (note,) = result.notes
    assert "not noted at the clearance server yet" in note
    assert json.loads(headless.as_json(result))["notes"] == [note]
