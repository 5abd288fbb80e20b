"""`clearcut explain`: every code of the catalogue, what it means and who can fix it."""

import json

import pytest

from clearcut.cli import main
from clearcut.core.reasons import CATALOGUE


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(["explain", *arguments])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_is_explained(capsys, code):
    left, out, err = run(capsys, code)
    entry = CATALOGUE[code]
    assert (left, err) == (0, "")
    for part in (code, entry.severity.value, entry.meaning, entry.who, entry.remedy):
        assert part in out


def test_every_code_is_explained_as_json(capsys):
    for code, entry in CATALOGUE.items():
        _, out, _ = run(capsys, code, "--format", "json")
        document = json.loads(out)
        assert (document["code"], document["severity"]) == (code, entry.severity.value)
        assert document["waiver"] == entry.waiver.value


def test_without_a_code_all_are_listed(capsys):
    _, out, _ = run(capsys)
    listed = [line.split()[0] for line in out.splitlines() if line][: len(CATALOGUE)]
    assert listed == list(CATALOGUE)
    _, out, _ = run(capsys, "--format", "json")
    assert [one["code"] for one in json.loads(out)] == list(CATALOGUE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("no-licens", "no-licence"), ("licence-expire", "licence-expired"), ("NO-LICENSE", "no-licence")],
)
def test_an_unknown_code_leaves_with_2_and_a_suggestion(capsys, typed, meant):
    code, out, err = run(capsys, typed)
    assert (code, out) == (2, "")
    assert f"did you mean `clearcut explain {meant}`?" in err.splitlines()[-1]


def test_a_code_that_is_like_none_is_told_where_all_are(capsys):
    code, _, err = run(capsys, "qqqq")
    assert code == 2
    assert "`clearcut explain` lists all codes" in err


def test_what_nobody_waives_says_so(capsys):
    assert "nobody, and no rule file makes it milder" in run(capsys, "licence-revoked")[1]
    assert 'a rule file may make it "warn"' in run(capsys, "compensation-outstanding")[1]
    assert "a rule file may" not in run(capsys, "no-licence")[1]
