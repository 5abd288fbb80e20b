"""`clearcut rules`: faults with file and line, the layers, where values come from, a TD's cases, the schema."""

import json
import os

import jsonschema
import pytest

from clearcut.cli import main

SHOW = """
[production]
id = "HELIOS"
[shots]
patterns = ['(?P<shot>(?P<sequence>[A-Z]{3}_\\d{3})_\\d{4})']
[severity]
compensation-outstanding = "warn"
[sequence."HEL_020".severity]
screen-time-near-cap = "block"
"""


@pytest.fixture
def clearcut(tmp_path, monkeypatch, capsys):
    """Runs the command line in this process, in an empty home, in a show's folder."""
    for name in [name for name in os.environ if name.startswith(("CLEARCUT_", "XDG_"))]:
        monkeypatch.delenv(name)
    home, show = tmp_path / "home", tmp_path / "show"
    home.mkdir()
    show.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(show)
    (show / "clearcut.toml").write_text(SHOW, encoding="utf-8")

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([*map(str, arguments)])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    run.show, run.home = show, home
    return run


def test_check_says_which_files_hold_and_that_they_are_good(clearcut):
    code, out, err = clearcut("rules", "check")
    assert (code, err) == (0, "")
    assert out == f"{clearcut.show}/clearcut.toml: no faults (show, 4 settings)\n"


def test_check_says_so_when_no_file_holds(clearcut, monkeypatch):
    monkeypatch.chdir(clearcut.home)
    assert clearcut("rules", "check") == (0, "no rule file holds here: the built-in rules do\n", "")


def test_check_tells_every_fault_with_file_and_line_and_leaves_with_2(clearcut):
    (clearcut.show / "clearcut.toml").write_text("occlusio = 1\n[severity]\nno-licence = 'warn'\n")
    code, out, err = clearcut("rules", "check")
    assert (code, out) == (2, "")
    assert f"{clearcut.show}/clearcut.toml:1: unknown key 'occlusio' (did you mean 'occlusion'?)" in err
    assert f"{clearcut.show}/clearcut.toml:3: severity.no-licence" in err
    assert err.splitlines()[-1].startswith("clearcut: could not go on (rules-faults)")


def test_check_of_a_file_that_is_not_there_leaves_with_2(clearcut):
    code, _, err = clearcut("rules", "check", "gone.toml")
    assert code == 2
    assert "gone.toml: cannot be read" in err


def test_check_knows_a_studios_file_from_a_shows(clearcut):
    studio = clearcut.show / "studio.toml"
    studio.write_text('[severity]\napproval-required = "warn"\n')
    assert clearcut("rules", "check", studio)[0] == 2
    assert clearcut("rules", "check", "--studio", studio)[0] == 0
    assert clearcut("rules", "check", "--studio")[0] == 2


def test_show_lists_the_layers_and_what_each_allows(clearcut):
    config = clearcut.home / ".config" / "clearcut"
    config.mkdir(parents=True)
    (config / "clearcut.toml").write_text('allow = ["severity.compensation-outstanding"]\n')
    code, out, _ = clearcut("rules", "show")
    assert code == 0
    assert out.splitlines() == [
        "built-in",
        f"studio    {config}/clearcut.toml",
        "          allows severity.compensation-outstanding",
        f"show      {clearcut.show}/clearcut.toml",
    ]


def test_show_resolved_names_the_line_of_every_value(clearcut):
    _, out, _ = clearcut("rules", "show", "--resolved")
    lines = out.splitlines()
    where = f"{clearcut.show}/clearcut.toml"
    assert f'production.id = "HELIOS"  # {where}:3' in lines
    assert "expiry.soon_days = 30  # built-in" in lines
    assert f'sequence."HEL_020".severity.screen-time-near-cap = "block"  # {where}:9' in lines


def test_show_resolved_as_json_holds_the_same(clearcut):
    _, out, _ = clearcut("rules", "show", "--resolved", "--format", "json")
    document = json.loads(out)
    assert [layer["kind"] for layer in document["layers"]] == ["show"]
    (value,) = [one for one in document["values"] if one["key"] == "severity.compensation-outstanding"]
    assert (value["value"], value["layer"]) == ("warn", "show")
    assert value["where"].endswith("clearcut.toml:7")


def test_explain_tells_everybody_who_set_a_key_in_order(clearcut):
    config = clearcut.home / ".config" / "clearcut"
    config.mkdir(parents=True)
    (config / "clearcut.toml").write_text(
        'allow = ["severity.compensation-outstanding"]\n[expiry]\nsoon_days = 60\n'
    )
    (clearcut.show / "clearcut.toml").write_text("[expiry]\nsoon_days = 90\n")
    code, out, _ = clearcut("rules", "explain", "expiry.soon_days")
    assert code == 0
    places = [line.strip().partition(": ")[0] for line in out.splitlines()[-3:]]
    assert places == ["built-in", f"{config}/clearcut.toml:3", f"{clearcut.show}/clearcut.toml:2"]


def test_explain_takes_a_bare_reason_code(clearcut):
    _, out, _ = clearcut("rules", "explain", "compensation-outstanding")
    assert out.startswith("severity.compensation-outstanding\n")
    assert ":7: severity.compensation-outstanding" in out


def test_explain_of_an_unknown_key_suggests_one(clearcut):
    code, _, err = clearcut("rules", "explain", "expiry.son_days")
    assert code == 2
    assert "did you mean 'expiry.soon_days'?" in err


def test_the_cases_of_a_td_pass_or_fail(clearcut):
    cases = clearcut.show / "cases.toml"
    cases.write_text('[[case]]\nname = "good"\nclip = "HEL_020_0100"\nexpect = { shot = "HEL_020_0100" }\n')
    assert clearcut("rules", "test", cases) == (0, "ok    good\n1 of 1 cases pass\n", "")
    cases.write_text('[[case]]\nname = "bad"\nclip = "HEL_020_0100"\nexpect = { shot = "HEL_020_0200" }\n')
    code, out, err = clearcut("rules", "test", cases)
    assert code == 1
    assert "FAIL  bad\n" in out
    assert "expected 'HEL_020_0200', got 'HEL_020_0100'" in out
    assert "1 of the cases" in err


def test_a_case_file_with_a_fault_leaves_with_2(clearcut):
    cases = clearcut.show / "cases.toml"
    cases.write_text("")
    assert clearcut("rules", "test", cases)[0] == 2


def test_the_schema_on_stdout_is_a_good_one(clearcut):
    code, out, _ = clearcut("rules", "schema")
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


def test_the_packs_are_shown_with_clause_source_and_what_rests_on_one_source(clearcut):
    code, out, _ = clearcut("rules", "packs")
    assert code == 0
    _, listed, _ = clearcut("rules", "packs", "--format", "json")
    packs = json.loads(listed)
    assert "sag-aftra-tv-theatrical-2026" in {pack["id"] for pack in packs}
    for pack in packs:
        for text in (pack["id"], pack["title"], pack["holds"], *pack["sources"]):
            assert text in out
        for effect in pack["effects"]:
            assert effect["clause"] + (" [ONE SOURCE ONLY]" if effect["single_source"] else "\n") in out


def test_a_studios_own_packs_are_shown_too_and_a_faulty_one_is_exit_2(clearcut, monkeypatch):
    folder = clearcut.home / "packs"
    folder.mkdir()
    monkeypatch.setenv("CLEARCUT_PACKS", str(folder))
    (folder / "ours.toml").write_text("id = 'ours'\n")
    code, out, err = clearcut("rules", "packs")
    assert (code, out) == (2, "")
    assert "ours.toml:1: title is missing" in err
