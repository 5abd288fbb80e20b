"""`clearcut registry`: every fault, what is suspicious, and the way into a database and out of it again."""

import json
import os
import sys

import pytest

from clearcut.cli import main
from fakes.worlds import licence, world

GOOD_ASSET = {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1_digidouble/*"}}


@pytest.fixture
def clearcut(tmp_path, monkeypatch, capsys):
    """Runs the command line in this process, in an empty home."""
    for name in [name for name in os.environ if name.startswith(("CLEARCUT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["registry", *map(str, arguments)])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


@pytest.fixture
def registry(tmp_path):
    """Writes a registry file."""

    def write(**sections):
        path = tmp_path / "reg.json"
        sections.setdefault("assets", [GOOD_ASSET])
        path.write_text(json.dumps(world(**sections)), encoding="utf-8")
        return path

    return write


def test_a_good_file_is_valid(clearcut, registry):
    path = registry()
    code, out, err = clearcut("validate", path)
    assert (code, err) == (0, "")
    assert (
        out
        == f"{path}: no faults, 0 warnings (1 licences, 1 replicas, 1 performers, 1 assets, 1 productions)\n"
    )


def test_all_faults_are_told_at_once_each_with_its_path(clearcut, registry):
    path = registry(licences=[licence(scope={"territories": ["XQ"], "uses": ["stnt"]}, status="live")])
    code, out, err = clearcut("validate", path)
    assert code == 2
    for where in ("licences[0].scope.territories[0]", "licences[0].scope.uses[0]", "licences[0].status"):
        assert where in out
    assert f"3 faults in {path}" in err.splitlines()[-1]


def test_what_is_suspicious_is_a_warning_and_strict_makes_it_count(clearcut, registry):
    path = registry(licences=[licence(licensees=[])])
    code, out, err = clearcut("validate", path)
    assert (code, err) == (0, "")
    assert "warning  licences[L-1].licensees: it can never grant anything" in out
    code, _, err = clearcut("validate", "--strict", path)
    assert code == 2
    assert "--strict" in err


def test_json_holds_faults_and_warnings_apart(clearcut, registry):
    _, out, _ = clearcut("validate", "--format", "json", registry(assets=[]))
    document = json.loads(out)
    assert document["valid"] is True
    assert [one["code"] for one in document["warnings"]] == ["replica-without-assets"]
    code, out, _ = clearcut("validate", "--format", "json", registry(licences=[licence(status="live")]))
    document = json.loads(out)
    assert (code, document["valid"], len(document["faults"])) == (2, False, 1)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[]", b'{"schema": "x", "schema": "x"}', b"NaN"])
def test_a_file_that_is_no_registry_leaves_with_2(clearcut, tmp_path, raw):
    path = tmp_path / "reg.json"
    path.write_bytes(raw)
    code, out, _ = clearcut("validate", path)
    assert code == 2
    assert out.startswith("fault")


def test_a_file_that_is_not_there_leaves_with_2(clearcut, tmp_path):
    code, _, err = clearcut("validate", tmp_path / "gone.json")
    assert code == 2
    assert "gone.json" in err


def test_what_is_imported_is_exported_again_without_loss(clearcut, registry, tmp_path):
    path, database, out_file = registry(), f"sqlite:///{tmp_path}/r.sqlite", tmp_path / "out.json"
    code, out, err = clearcut("import", path, "--database", database)
    assert (code, out) == (0, "")
    assert "revision 1" in err
    assert clearcut("export", out_file, "--database", database)[0] == 0
    _, printed, _ = clearcut("export", "-", "--database", database)
    assert printed == out_file.read_text(encoding="utf-8")
    again = json.loads(printed)
    wanted = json.loads(path.read_text(encoding="utf-8"))
    assert again["licences"][0]["id"] == wanted["licences"][0]["id"]
    assert clearcut("import", out_file, "--database", database)[2].count("0 records added, 0 changed") == 1


def test_without_a_place_the_embedded_registry_is_meant(clearcut, registry, tmp_path):
    assert clearcut("import", registry())[0] == 0
    code, out, _ = clearcut("export", "-")
    assert code == 0
    assert json.loads(out)["licences"][0]["id"] == "L-1"


def test_a_faulty_file_changes_nothing(clearcut, registry):
    assert clearcut("import", registry())[0] == 0
    before = clearcut("export", "-")[1]
    assert clearcut("import", registry(licences=[licence(status="live")]))[0] == 2
    assert clearcut("export", "-")[1] == before


def test_two_places_are_one_too_many(clearcut, registry):
    code, _, err = clearcut("import", registry(), "--database", "x.sqlite", "--server", "http://127.0.0.1:9")
    assert code == 2
    assert "two places" in err


def test_a_server_that_only_the_environment_names_is_not_overwritten_by_accident(
    clearcut, registry, monkeypatch
):
    monkeypatch.setenv("CLEARCUT_SERVER", "http://127.0.0.1:9")
    code, _, err = clearcut("import", registry())
    assert code == 2
    assert "say --server or --database" in err


def test_a_server_that_does_not_answer_is_exit_3(clearcut, registry, monkeypatch):
    monkeypatch.setenv("CLEARCUT_TOKEN", "not-a-secret")
    code, _, err = clearcut("export", "-", "--server", "http://127.0.0.1:9")
    assert code == 3
    assert "backend-unavailable" in err


@pytest.mark.skipif(sys.platform == "win32", reason="no such folder rights there")
def test_an_export_that_cannot_be_written_says_so(clearcut, registry, tmp_path):
    assert clearcut("import", registry())[0] == 0
    code, _, err = clearcut("export", tmp_path / "no" / "such" / "folder.json")
    assert code == 2
    assert "cannot be written" in err


def test_an_older_file_does_not_take_back_a_revocation_and_leaves_with_2(clearcut, registry, tmp_path):
    assert clearcut("import", registry(licences=[licence(status="revoked")]))[0] == 0
    code, _, err = clearcut("import", registry())
    assert code == 2
    assert "licences[L-1]: it is revoked" in err
    assert "--base 1" in err.splitlines()[-1]
    assert json.loads(clearcut("export", "-")[1])["licences"][0]["status"] == "revoked"
    code, _, err = clearcut("import", registry(), "--base", "7")
    assert (code, "at revision 1, not at 7" in err) == (2, True)
    assert clearcut("import", registry(), "--base", "1")[0] == 0


def test_export_tells_the_revision_that_a_change_of_it_is_based_on(clearcut, registry, tmp_path):
    assert clearcut("import", registry())[0] == 0
    for target in ("-", tmp_path / "out.json"):
        err = clearcut("export", target)[2]
        assert "revision 1" in err
        assert "--base" in err


def test_what_was_known_at_a_moment_is_exported(clearcut, registry, tmp_path):
    database = f"sqlite:///{tmp_path}/r.sqlite"
    assert clearcut("import", registry(), "--database", database)[0] == 0
    out = tmp_path / "then.json"
    for moment, known in (("2001-01-01T00:00:00Z", 0), ("2099-01-01T00:00:00+01:00", 1)):
        code, _, err = clearcut("export", out, "--database", database, "--as-of", moment)
        assert (code, f"revision {known}" in err) == (0, True), err
        assert bool(json.loads(out.read_text())["assets"]) is bool(known)
    assert clearcut("export", out, "--database", database, "--as-of", "yesterday")[0] == 2
