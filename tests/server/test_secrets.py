"""A token is in nothing that a run writes: no log, report, index, database, output or error.

That a traceback of the server's holds none is shown in `test_logs`.
"""

from __future__ import annotations

from pathlib import Path

import clearcut as package
from clearcut.report import FORMATS
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.command_line import clearcut

HELIOS = Path(package.__file__).parent / "shipped" / "helios"
CUT = HELIOS / "helios_v041.otio"


def found_in(folder, token):
    """The files that hold the token, or the part of it that is secret."""
    secret = token.removeprefix("ccl_").encode()
    return [path.name for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_a_token_is_in_nothing_that_a_run_writes(tmp_path, new_show):
    home = tmp_path / "home"
    home.mkdir()
    with new_show(tmp_path, "--log-format", "json", "--log-level", "debug") as show:
        (tmp_path / "tokens.json").unlink()
        token, ended = show.tokens[Role.ADMIN], show.tokens[Role.TD]
        with open_store(str(show.database)) as store:
            known = next(one.id for one in store.token_entries() if one.role is Role.TD)
            store.revoke_token(known, by="admin")

        said = []

        def run(*arguments, token, code=None):
            ran = clearcut(
                *arguments, home=home, environ={"CLEARCUT_SERVER": show.url, "CLEARCUT_TOKEN": token}
            )
            said.append(ran.out + ran.err)
            assert code is None or ran.code == code, ran.err

        outputs = [word for name in FORMATS for word in ("--output", f"{name}={home / 'report'}.{name}")]
        run("check", CUT, *outputs, token=token, code=1)
        run("--debug", "check", CUT, token=ended, code=3)
        run("--debug", "check", CUT, token="ccl_wrong-" + token[14:], code=3)
        run("registry", "export", home / "out.json", token=token, code=0)
        run("--debug", "registry", "import", home / "out.json", token=ended)
        run("doctor", token=token)
        run("token", "list", "--database", show.database, token=token, code=0)
        run("db", "backup", home / "backup.sqlite", "--database", show.database, token=token, code=0)
        for place in (f"/v1/records/licences/{token}", f"/v1/cuts?production={token}", f"/{token}"):
            show.server.ask("GET", place, token, headers={"X-Request-Id": token, "User-Agent": token})
        show.server.stop()
        run("--debug", "check", CUT, token=token, code=3)
    (home / "said.txt").write_text("".join(said))
    assert (home / "report.html").stat().st_size > 1000
    for secret in (token, ended):
        assert found_in(tmp_path, secret) == []
    # The twin: it would have been found.
    (home / "careless.log").write_text(f"Authorization: Bearer {token}")
    assert found_in(tmp_path, token) == ["careless.log"]
