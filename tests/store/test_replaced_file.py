"""A SQLite file that is moved away, or replaced by a backup, under a server that has it open."""

from __future__ import annotations

import pytest

from clearcut.core.registry_json import registry_from_json
from clearcut.errors import UsageError
from clearcut.server.examples import REGISTRY
from clearcut.store import connecting, open_store
from clearcut.store.backup import backup, restore
from clearcut.store.sqlite_file import StoreError

ENDINGS = ("", "-wal", "-shm")


def move_away(place):
    for ending in ENDINGS:
        file = place.with_name(place.name + ending)
        if file.exists():
            file.rename(place.with_name(f"old{ending}"))


@pytest.fixture
def place(tmp_path):
    """A database, and its backup beside it."""
    found = tmp_path / "r.sqlite"
    with open_store(str(found)) as store:
        store.import_registry(registry_from_json(REGISTRY), by="a", why="first")
    backup(str(found), tmp_path / "backup")
    return found


def replaced_and_changed(place):
    """What a store that was open all the time says is the revision, after somebody changed the restored backup."""
    with open_store(str(place)) as open_before:
        assert open_before.revision() == 1
        move_away(place)
        restore(place.with_name("backup"), str(place))
        with open_store(str(place)) as other:
            other.import_registry(registry_from_json({**REGISTRY, "waivers": []}), by="b", why="now", base=1)
        return open_before.revision()


def test_who_has_a_file_open_that_was_replaced_reads_the_one_that_is_there(place):
    assert replaced_and_changed(place) == 2


def test_twin_unwatched_the_old_file_is_read_on_and_the_change_is_missed(place, monkeypatch):
    monkeypatch.setattr(connecting, "_hold_to_the_file", lambda *_: None)
    assert replaced_and_changed(place) == 1


def test_a_file_that_was_moved_away_is_an_error_and_no_empty_one_takes_its_place(place):
    with open_store(str(place)) as store:
        assert store.revision() == 1
        move_away(place)
        with pytest.raises(StoreError, match="cannot be opened"):
            store.revision()
        with pytest.raises(StoreError):
            store.note("a", "check", {})
        assert not place.exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_restored_beside_what_is_left_of_another_database(place, ending):
    move_away(place)
    left = place.with_name(place.name + ending)
    left.write_bytes(b"left")
    with pytest.raises(UsageError, match="there"):
        restore(place.with_name("backup"), str(place))
    assert left.read_bytes() == b"left"
