"""A kept verdict is the fresh one, byte for byte, or it is not given: random worlds, and a twin for every guard."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from clearcut import cache_folder, judging, kept
from clearcut.bootstrap import CheckOptions, run_check
from clearcut.cli.check import conclusion
from clearcut.core.watched import Span
from clearcut.edit import ahead
from clearcut.errors import RulesError
from clearcut.judging import judge
from clearcut.kept import KeptVerdict
from clearcut.report import FORMATS
from fakes.otio_json import clip, external, timeline, track
from fakes.worlds import NOW, licence, world

TICK = timedelta(microseconds=1)


def random_worlds():
    place = Path(__file__).with_name("core") / "random_worlds.py"
    spec = importlib.util.spec_from_file_location("random_worlds", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules["random_worlds"] = module
    spec.loader.exec_module(module)
    return module.random_world


random_world = random_worlds()


@pytest.fixture(autouse=True)
def even_the_smallest(monkeypatch):
    monkeypatch.setattr(kept, "WORTH_BYTES", 0)


class Show:
    """An edit and a registry on disk, and how they are asked about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.edit, self.registry = folder / "cut.otio", folder / "registry.json"
        self.environ = {"HOME": str(folder / "home")}

    def write(self, document, *clips):
        self.registry.write_text(json.dumps(document), encoding="utf-8")
        tree = timeline(track(*clips), metadata={"clearcut": {"production": "HELIOS", "version": "v1"}})
        self.edit.write_text(json.dumps(tree), encoding="utf-8")
        return self

    def options(self, **changes):
        asked = CheckOptions(edit=self.edit, registry=str(self.registry), environ=self.environ, now=NOW)
        return replace(asked, **changes)

    def entry_folder(self):
        return self.folder / "home" / ".cache" / "clearcut" / "verdicts"

    def entry(self):
        (found,) = self.entry_folder().iterdir()
        return found

    def kept(self, **changes):
        """Whether a kept verdict is given; and if so it says what a fresh one says."""
        options = self.options(**changes)
        judged = judge(options)
        if not isinstance(judged, KeptVerdict):
            return False
        same(judged, options)
        return True


def same(judged, options):
    """The kept verdict is the fresh one in every format, and in the exit code."""
    fresh = run_check(options)
    assert b"".join(judged.json()).decode() == FORMATS["json"](fresh)
    for name, form in FORMATS.items():
        assert form(judged.whole()) == form(fresh), name
    assert conclusion(judged.deciding(options.shots), options.shots) == conclusion(fresh, options.shots)


def declared(shot, replica="rpl-p1", **use):
    return clip(
        shot,
        metadata={"clearcut": {"shot": shot, "replicas": [{"replica": replica, "uses": ["stunt"], **use}]}},
    )


@pytest.fixture
def show(tmp_path):
    return Show(tmp_path).write(world(), declared("A_010"), clip("B_010"))


def a_random_show(folder, seed):
    document, uses, _ = random_world(seed)
    document["assets"] = [
        {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1/*"}},
        {"replica": "rpl-p1", "kind": "model", "match": {"metadata": {"key": "studio.model", "value": "m"}}},
    ]
    clips = []
    for use in uses:
        said = {key: getattr(use.declared, key) for key in ("language", "character", "exemption")}
        words = {
            key: list(getattr(use.declared, key))
            for key in ("uses", "alterations", "depictions", "modalities")
        }
        row = {"replica": use.replica, **words, **said}
        about = {"shot": use.shot, "version": use.version, "sequence": use.sequence, "replicas": [row]}
        length = use.screen[0].length if use.screen else 1
        clips.append(clip(use.shot, 1001, length, metadata={"clearcut": about}))
    clips.append(clip("C_010", media_references={"DEFAULT_MEDIA": external("/jobs/char/p1/a.exr")}))
    clips.append(clip("D_é\u2028_010", media_references={"DEFAULT_MEDIA": external("/jobs/face.onnx")}))
    clips += [clip(f"PLAIN_{number}") for number in range(4)]
    folder.mkdir()
    return Show(folder).write(document, *clips)


@pytest.mark.parametrize("seed", range(24))
def test_a_kept_verdict_is_the_fresh_one_byte_for_byte_around_every_moment_at_which_it_may_change(
    tmp_path, seed
):
    show = a_random_show(tmp_path / "show", seed)
    judge(show.options())
    head = json.loads(show.entry().read_bytes().split(b"\n", 2)[1])
    from_, until = datetime.fromisoformat(head["from"]), datetime.fromisoformat(head["until"])
    assert from_ <= NOW < until
    entry = show.entry().read_bytes()
    there = "A_010" in {shot.name for shot in run_check(show.options()).shots}
    for moment in (from_ - TICK, from_, from_ + TICK, NOW - TICK, NOW, NOW + TICK, until - TICK, until):
        show.entry().write_bytes(entry)
        options = show.options(now=moment, shots=("A_010",) if moment == NOW and there else ())
        judged = judge(options)
        assert isinstance(judged, KeptVerdict) is (from_ <= moment < until), moment
        if isinstance(judged, KeptVerdict):
            same(judged, options)


def test_the_clock_itself_is_read_anew(show, monkeypatch):
    judge(show.options(now=None))
    later = datetime.now(timezone.utc).replace(hour=23, minute=59, second=59)
    monkeypatch.setattr(judging, "utc_now", lambda: later)
    judged = judge(show.options(now=None))
    assert isinstance(judged, KeptVerdict)
    assert (judged.whole().as_of, judged.whole().what_if) == (later, False)


def test_another_shot_asked_for_is_another_row_of_the_same_entry(show):
    assert not show.kept(shots=("A_010",))
    assert show.kept(shots=("B_010",))
    assert show.kept(shots=("B_010", "A_010", "B_010"))
    assert show.kept()


def test_a_shot_that_the_cut_lacks_is_found_out_anew_and_not_kept(show):
    judge(show.options())
    assert not show.kept(shots=("Z_010",))
    assert not show.kept(shots=("A_010", "Z_010"))
    assert show.kept(shots=("A_010",))
    show.entry().unlink()
    judge(show.options(shots=("Z_010",)))
    assert not show.kept()


def rules(show, text):
    (show.folder / "clearcut.toml").write_text(text, encoding="utf-8")


def of_the_same_size_and_time(path, old, new):
    before, text = path.stat(), path.read_text(encoding="utf-8")
    assert len(old) == len(new)
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


SUSPECT = '[replicas.suspects]\npaths = ["*plate*"]\n'
PACK = (Path(kept.__file__).parent / "packs" / "examples" / "studio.toml").read_text(encoding="utf-8")


def packs_of(show):
    folder = show.folder / "packs"
    folder.mkdir(exist_ok=True)
    show.environ["CLEARCUT_PACKS"] = str(folder)
    return folder


def with_a_pack(show):
    (packs_of(show) / "studio.toml").write_text(PACK, encoding="utf-8")


CHANGES = {
    "the edit": lambda show: of_the_same_size_and_time(show.edit, "rpl-p1", "rpl-p2"),
    "the registry": lambda show: of_the_same_size_and_time(show.registry, '"active"', '"draft" '),
    "a rule file beside the edit": lambda show: rules(show, SUSPECT),
    "a rule file above the edit": lambda show: (show.folder.parent / "clearcut.toml").write_text(
        SUSPECT, encoding="utf-8"
    ),
    "a department": lambda show: show.environ.update(CLEARCUT_DEPARTMENT="comp"),
    "a rule pack": with_a_pack,
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_judged_anew(tmp_path, what):
    (tmp_path / "deep").mkdir()
    show = Show(tmp_path / "deep").write(world(), declared("A_010"), clip("B_010"))
    judge(show.options())
    CHANGES[what](show)
    assert not show.kept()
    assert show.kept()


@pytest.mark.parametrize("which", ["edit", "registry"])
def test_what_is_of_another_size_is_not_even_hashed(show, which, monkeypatch):
    judge(show.options())
    path = getattr(show, which)
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    monkeypatch.setattr(kept, "digest_of_file", lambda path: pytest.fail(f"{path} was hashed"))
    assert not show.kept()


def test_an_edit_that_is_gone_when_it_is_hashed_is_judged_anew(show, monkeypatch):
    judge(show.options())
    real = cache_folder.digest_of_file

    def gone(path):
        if path == show.edit:
            raise FileNotFoundError(path)
        return real(path)

    monkeypatch.setattr(kept, "digest_of_file", gone)
    assert not show.kept()


@pytest.mark.parametrize("what", ["the edit", "the registry", "a rule file beside the edit"])
def test_each_of_these_would_be_a_stale_answer_if_it_did_not_count(show, what, monkeypatch):
    """The twin: with the digests off, the old verdict is given although a fresh one is another."""
    same_for_all = {"the edit": "digest_of_file", "the registry": "digest_of_file"}.get(what)
    if same_for_all:
        real = cache_folder.digest_of_file
        known = {path: real(path) for path in (show.edit, show.registry)}
        monkeypatch.setattr(kept, "digest_of_file", known.__getitem__)
    else:
        monkeypatch.setattr(kept.Inputs, "digest", lambda _: "the same")
    judge(show.options())
    CHANGES[what](show)
    stale = judge(show.options())
    assert isinstance(stale, KeptVerdict)
    assert stale.whole() != run_check(show.options())


def test_a_pack_that_changes_within_its_folder_counts(show):
    with_a_pack(show)
    judge(show.options())
    assert show.kept()
    pack = packs_of(show) / "studio.toml"
    pack.write_text(PACK + "\n# reworded\n", encoding="utf-8")
    assert not show.kept()
    pack.rename(pack.with_name("other.toml"))
    assert not show.kept()


def test_a_folder_of_packs_that_is_not_there_is_a_fault_though_a_verdict_without_packs_is_kept(show):
    judge(show.options())
    assert show.kept()
    show.environ["CLEARCUT_PACKS"] = str(show.folder / "gone")
    with pytest.raises(RulesError, match="names no folder"):
        judge(show.options())


def test_a_pack_that_lay_in_its_folder_only_while_the_verdict_was_made_is_not_kept(show, monkeypatch):
    pack = packs_of(show) / "studio.toml"
    settled = judging.compose

    def with_one_more(options, said):
        pack.write_text(PACK, encoding="utf-8")
        return settled(options, said)

    monkeypatch.setattr(judging, "compose", with_one_more)
    judge(show.options())
    assert not list(show.entry_folder().glob("*"))


@pytest.mark.parametrize(
    "changes",
    [
        {"production": "OTHER"},
        {"facility": "A"},
        {"department": "comp"},
        {"rate": 25},
        {"edit": "cut.otio"},
    ],
    ids=str,
)
def test_another_question_is_another_verdict(show, changes, monkeypatch):
    monkeypatch.chdir(show.folder)
    if "edit" in changes:
        changes = {"edit": Path(changes["edit"])}  # the same file: but reports show it as it was written
    judge(show.options())
    assert not show.kept(**changes)
    assert show.kept(**changes)


def test_another_program_keeps_its_own(show, monkeypatch):
    judge(show.options())
    assert show.kept()
    monkeypatch.setattr(kept, "program_digest", lambda: "a newer one")
    assert not show.kept()


def test_the_program_is_all_of_its_text_and_its_python(monkeypatch, tmp_path):
    names = set()
    real = cache_folder.digest_of_files
    monkeypatch.setattr(cache_folder, "digest_of_files", lambda paths: names.update(paths) or real(paths))
    before = cache_folder.program_digest()
    home = Path(kept.__file__).parent
    assert {home / "core" / "evaluate.py", home / "kept.py", *home.glob("packs/*.toml")} <= names
    assert set(home.rglob("*.py")) <= names
    monkeypatch.setattr(sys, "version", "another")
    assert cache_folder.program_digest() != before
    monkeypatch.setattr(cache_folder, "__file__", str(tmp_path / "none.py"))
    with pytest.raises(OSError, match="text"):
        cache_folder.program_digest()


def test_every_rule_is_in_what_is_compared():
    """The rules are compared by their repr: each field stands in it."""
    from clearcut.core.codec import field_names
    from clearcut.core.rules import Policy, Rules, SeverityRule, ShotNaming
    from clearcut.core.verdict import Severity

    for one in (Rules(), Policy(), ShotNaming(), SeverityRule("no-licence", Severity.BLOCK)):
        fields = ", ".join(f"{name}={getattr(one, name)!r}" for name in field_names(type(one)))
        assert repr(one) == f"{type(one).__name__}({fields})"


def test_what_changes_while_it_is_judged_is_not_kept(show, monkeypatch):
    real = judging.check_setup

    def meddled(setup, held):
        with_a_pack(show)
        (packs_of(show) / "studio.toml").write_text(PACK + "# changed\n", encoding="utf-8")
        return real(setup, held)

    with_a_pack(show)
    monkeypatch.setattr(judging, "check_setup", meddled)
    judge(show.options())
    monkeypatch.setattr(judging, "check_setup", real)
    (packs_of(show) / "studio.toml").write_text(PACK, encoding="utf-8")
    assert not show.kept()


def test_where_the_program_cannot_be_looked_at_nothing_is_kept(show, monkeypatch):
    def fails():
        raise OSError("in an archive")

    real = kept.program_digest
    monkeypatch.setattr(kept, "program_digest", fails)
    assert not show.kept()
    monkeypatch.setattr(kept, "program_digest", real)
    inputs, before = judging._inputs(show.options(), judging.settle(show.options()))
    setup = judging.compose(show.options())
    fresh = judging.FreshVerdict(setup)
    monkeypatch.setattr(kept, "program_digest", fails)  # there when the check began, and gone when it ends
    judging._keep(kept.KeptVerdicts(show.entry_folder()), inputs, before, setup, fresh)
    assert not show.entry_folder().exists()
    monkeypatch.setattr(kept, "program_digest", real)
    judging._keep(kept.KeptVerdicts(show.entry_folder()), inputs, before, setup, fresh)
    assert show.entry().exists()


def test_what_is_kept_is_the_users_alone_though_its_folder_was_not(show):
    show.entry_folder().mkdir(parents=True)
    judge(show.options())
    assert show.entry().stat().st_mode & 0o077 == 0


def test_the_edit_and_the_registry_are_those_that_were_read_and_not_those_there_now(show, monkeypatch):
    real = judging.check_setup

    def meddled(setup, held):
        verdict = real(setup, held)
        for path in (show.edit, show.registry):
            path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
        return verdict

    monkeypatch.setattr(judging, "check_setup", meddled)
    judge(show.options())
    monkeypatch.setattr(judging, "check_setup", real)
    assert not show.kept()


def test_content_of_media_counts_and_so_nothing_is_kept(tmp_path):
    by_content = {"replica": "rpl-p1", "kind": "asset", "match": {"sha256": "0" * 64}}
    show = Show(tmp_path).write(world(assets=[by_content]), declared("A_010"))
    judge(show.options())
    assert not show.kept()


def test_with_a_scene_or_a_timeline_it_is_judged_anew(show):
    judge(show.options())
    scene = show.folder / "comp.nk"
    scene.write_text("Write { file a.exr name W }", encoding="utf-8")
    assert not show.kept(shots=("A_010",), scenes={"A_010": scene})
    assert not show.kept(edit=None, timeline=show.edit.read_text(encoding="utf-8"))


def test_a_database_and_a_server_are_asked_each_time(show):
    options = show.options(registry=None, server="http://127.0.0.1:9")
    assert not isinstance(judge(options), KeptVerdict)
    assert not isinstance(judge(options), KeptVerdict)
    assert not (show.folder / "home").exists()


def test_an_edit_that_cannot_be_read_is_read_again(show):
    show.edit.write_text("{", encoding="utf-8")
    assert not show.kept()
    assert not show.kept()


def test_what_an_error_made_of_a_use_is_not_kept(show, monkeypatch):
    from clearcut.core import evaluate

    monkeypatch.setattr(evaluate, "demand_of", lambda *_: 1 / 0)
    assert b"evaluation-error" in b"".join(judge(show.options()).json())
    monkeypatch.undo()
    monkeypatch.setattr(kept, "WORTH_BYTES", 0)
    assert not show.kept()


def test_an_adapter_may_change_without_us_and_so_nothing_is_kept_of_its_formats(show):
    xml = show.folder / "cut.xml"
    xml.write_text("<xmeml/>", encoding="utf-8")
    judge(show.options(edit=xml))
    assert not isinstance(judge(show.options(edit=xml)), KeptVerdict)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(show):
    judge(show.options())
    show.edit.unlink()
    os.mkfifo(show.edit)
    assert b"not a regular file" in b"".join(judge(show.options()).json())


def test_small_files_are_judged_faster_than_looked_up(show, monkeypatch):
    monkeypatch.undo()
    judge(show.options())
    assert not (show.folder / "home").exists()


def test_where_the_system_has_no_thread_to_give_the_cut_is_judged_anew(show, monkeypatch):
    first = judge(show.options()).whole()
    assert show.kept()

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(ahead, "PART_BYTES", 1)
    again = judge(show.options())
    assert not isinstance(again, KeptVerdict)
    assert again.whole().shots == first.shots


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "head", "seal"])
def test_a_damaged_entry_is_dropped_and_the_cut_is_judged(show, damage):
    judge(show.options())
    raw = show.entry().read_bytes()
    at = {"flip": len(raw) - 40, "head": 90, "seal": 3}.get(damage, 0)
    bent = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
    show.entry().write_bytes({"cut": raw[:-1], "empty": b""}.get(damage, bent))
    assert not show.kept()
    assert show.kept()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_that_others_may_write_is_not_looked_at(show, mode):
    judge(show.options())
    assert show.entry().stat().st_mode & 0o777 == 0o600
    assert show.entry().parent.stat().st_mode & 0o777 == 0o700
    show.entry().chmod(mode)
    assert not show.kept()


def test_an_entry_of_another_owner_is_not_looked_at(show, monkeypatch):
    judge(show.options())
    mine = os.geteuid()
    monkeypatch.setattr(cache_folder.os, "geteuid", lambda: mine + 1)
    assert not show.kept()


def test_an_entry_under_the_name_of_another_is_not_looked_at(show):
    judge(show.options())
    mine = show.entry().read_bytes()
    judge(show.options(facility="A"))
    for entry in show.entry_folder().iterdir():
        entry.write_bytes(mine)
    assert not show.kept(facility="A")


def test_what_is_trusted_is_that_only_the_user_writes_here(show):
    """The twin of the guards: an entry that is whole, and the user's own, is believed."""
    import hashlib

    judge(show.options())
    rest = show.entry().read_bytes().partition(b"\n")[2].replace(b'"A_010"', b'"Z_010"')
    show.entry().write_bytes(hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
    assert [shot.name for shot in judge(show.options()).whole().shots] == ["Z_010", "B_010"]


def test_a_span_that_did_not_narrow_would_clear_what_has_expired(tmp_path, monkeypatch):
    """The twin of the watched moment: without it a licence that ends tonight would clear tomorrow."""
    show = Show(tmp_path).write(
        world(licences=[licence(valid_until="2026-11-20T18:00:00Z")]), declared("A_010")
    )
    after = NOW.replace(hour=18)
    judge(show.options())
    assert not show.kept(now=after)
    assert run_check(show.options(now=after)).outcome.value == "blocked"
    monkeypatch.setattr(Span, "narrow", lambda *_, **__: None)
    show.entry().unlink()
    judge(show.options())
    assert judge(show.options(now=after)).whole().outcome.may_publish


def test_the_oldest_entries_go_by_number_and_by_size(tmp_path):
    folder = cache_folder.CacheFolder(tmp_path, ".x", most_entries=3, most_bytes=1000)
    for number in range(5):
        folder.write(f"n{number}", {}, [b"1"])
        os.utime(tmp_path / f"n{number}.x", (number, number))
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["n2", "n3", "n4"]
    folder.write("large", {}, [b"1" * 5000])
    assert [path.stem for path in tmp_path.iterdir()] == ["large"]


def test_where_nothing_can_be_written_the_cut_is_judged_all_the_same(show):
    (show.folder / "home").write_text("not a folder", encoding="utf-8")
    assert not show.kept()
    assert not show.kept()
