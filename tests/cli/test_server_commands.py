"""`clearcut token`, `db` and `audit`, as whole processes would run them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest

from clearcut.cli import main
from clearcut.store import open_store
from clearcut.store.tokens import Role


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "registry.sqlite")


@pytest.fixture
def run(capsys):
    """Runs a command line: its exit code, stdout and stderr."""

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(list(map(str, arguments)))
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return call


def test_a_new_token_is_all_that_is_printed_and_it_works(run, database):
    code, out, err = run("token", "create", "--role", "farm", "--name", "farm 1", "--database", database)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    with open_store(database) as store:
        holder = store.token_holder(out.strip())
    assert (holder.name, holder.role) == ("farm 1", Role.FARM)


def test_the_list_shows_tokens_by_id_and_never_themselves(run, database):
    _, token, _ = run("token", "create", "--role", "td", "--name", "td 1", "--database", database)
    code, out, _ = run("token", "list", "--database", database)
    assert code == 0
    assert "td 1" in out
    assert token.strip() not in out
    identity = out.split()[0]
    assert run("token", "revoke", identity, "--database", database)[0] == 0
    assert "revoked" in run("token", "list", "--database", database)[1]
    with open_store(database) as store:
        assert store.token_holder(token.strip()) is None


@pytest.mark.parametrize(
    "expires", ["2000-01-01", "0d", "soon", "2026-13-01", "2030-01-01T00:00:00", "", "-1d"]
)
def test_an_end_that_is_none_or_past_makes_no_token(run, database, expires):
    code, out, err = run(
        "token", "create", "--role", "td", "--name", "n", f"--expires={expires}", "--database", database
    )
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_a_token_holds_to_the_end_of_its_last_day(run, database):
    day = (datetime.now(timezone.utc) + timedelta(days=3)).date()
    _, token, _ = run(
        "token", "create", "--role", "td", "--name", "n", "--expires", day, "--database", database
    )
    with open_store(database) as store:
        last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=timezone.utc)
        store._clock = lambda: last
        assert store.token_holder(token.strip()) is not None
        store._clock = lambda: last + timedelta(seconds=1)
        assert store.token_holder(token.strip()) is None


@pytest.mark.parametrize("arguments", [["--role", "king", "--name", "n"], ["--name", "n"], ["--role", "td"],
                                       ["--role", "td", "--name", " "]])  # fmt: skip
def test_a_token_needs_a_role_and_a_name(run, database, arguments):
    code, out, _ = run("token", "create", *arguments, "--database", database)
    assert (code, out) == (2, "")


def test_revoking_nobodys_token_is_wrong_usage(run, database):
    run("token", "create", "--role", "td", "--name", "n", "--database", database)
    assert run("token", "revoke", "none", "--database", database)[0] == 2


def test_an_unreachable_database_is_exit_3_without_its_password(run):
    code, out, err = run("token", "list", "--database", "postgresql://u:s3cret@127.0.0.1:1/d")
    assert (code, out) == (3, "")
    assert "s3cret" not in err


def test_a_whole_record_is_verified_and_a_changed_one_is_not(run, database):
    run("token", "create", "--role", "td", "--name", "n", "--database", database)
    code, head, _ = run("audit", "verify", "--database", database)
    assert code == 0
    run("token", "create", "--role", "td", "--name", "m", "--database", database)
    assert run("audit", "verify", "--expect", head.strip(), "--database", database)[0] == 0
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE audit SET actor = 'nobody' WHERE sequence = 1")
        connection.commit()
    code, out, err = run("audit", "verify", "--database", database)
    assert (code, out) == (1, "")
    assert "row 1 was changed" in err


def test_a_record_that_was_written_anew_is_seen_by_who_kept_its_end(run, tmp_path):
    ours, forged = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for path, name in ((ours, "right"), (forged, "forged")):
        run("token", "create", "--role", "td", "--name", name, "--database", path)
    _, head, _ = run("audit", "verify", "--database", ours)
    assert run("audit", "verify", "--database", forged)[0] == 0
    assert run("audit", "verify", "--expect", head.strip(), "--database", forged)[0] == 1
    assert run("audit", "verify", "--expect", "nonsense", "--database", ours)[0] == 2


def test_a_backup_is_the_database_and_a_restore_never_overwrites(run, tmp_path, database):
    _, token, _ = run("token", "create", "--role", "td", "--name", "n", "--database", database)
    kept, back = tmp_path / "kept.sqlite", tmp_path / "new" / "back.sqlite"
    assert run("db", "backup", kept, "--database", database)[0] == 0
    assert kept.stat().st_mode & 0o077 == 0
    assert run("db", "backup", kept, "--database", database)[0] == 2
    assert run("db", "restore", kept, "--database", database)[0] == 2
    assert run("db", "restore", kept, "--database", back)[0] == 0
    with open_store(str(back)) as store:
        assert store.token_holder(token.strip()) is not None
        assert store.verify()[1] == ()


def test_a_damaged_or_foreign_backup_is_not_restored(run, tmp_path, database):
    run("token", "create", "--role", "td", "--name", "n", "--database", database)
    kept = tmp_path / "kept.sqlite"
    run("db", "backup", kept, "--database", database)
    content = bytearray(kept.read_bytes())
    content[5000:9000] = b"x" * 4000
    kept.write_bytes(content)
    foreign = tmp_path / "foreign.sqlite"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (a)")
    for bad in (kept, foreign):
        target = tmp_path / f"{bad.name}.restored"
        assert run("db", "restore", bad, "--database", target)[0] == 3
        assert not target.exists()


def test_upgrading_twice_is_upgrading_once(run, database):
    assert run("db", "upgrade", "--database", database)[0] == 0
    assert "up to date" in run("db", "upgrade", "--database", database)[2]


def test_backing_up_postgresql_says_what_to_use(run, tmp_path):
    code, _, err = run("db", "backup", tmp_path / "x", "--database", "postgresql://h/d")
    assert code == 2
    assert "pg_dump" in err


def test_a_clock_that_was_wrong_is_said_to_be_right_in_the_record(run, database):
    run("token", "create", "--role", "farm", "--name", "n", "--database", database)
    assert run("audit", "set-clock", "--database", database)[0] == 2
    assert run("audit", "set-clock", "--why", "a day ahead", "--database", database)[0] == 0
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT body FROM audit WHERE action = 'clock-set'").fetchall()
    connection.close()
    assert "a day ahead" in rows[0][0]
    assert run("audit", "verify", "--database", database)[0] == 0
