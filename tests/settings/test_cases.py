"""A TD's own cases: they pass, they fail with the reason, and they cannot be empty."""

import pytest

from clearcut.errors import RulesError
from clearcut.settings import load_rules
from clearcut.settings.cases import read_cases, run_case

RULES = r"""
[shots]
metadata_paths = ["ayon.shot"]
patterns = ['(?P<shot>(?P<sequence>[A-Z]{3}_\d{3})_\d{4})(_.*_(?P<version>v\d+))?']
[replicas.suspects]
paths = ["*/digidouble/*"]
[severity]
compensation-outstanding = "warn"
[sequence."HEL_020".severity]
screen-time-near-cap = "block"
[department."comp".severity]
term-too-long = "block"
"""


@pytest.fixture
def differences(tmp_path):
    (tmp_path / "clearcut.toml").write_text(RULES, encoding="utf-8")

    def run(text):
        path = tmp_path / "cases.toml"
        path.write_text(text, encoding="utf-8")
        cases = read_cases(path)
        rules = load_rules(path, cases.rules, environ={"HOME": str(tmp_path)}).rules
        return [difference for case in cases.cases for difference in run_case(case, rules).differences]

    return run


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ('clip = "HEL_020_0100_comp_v004"', 'shot = "HEL_020_0100", sequence = "HEL_020", version = "v004"'),
        ('clip = "HEL_020_0100"\nmetadata = { ayon = { shot = "hel_020_0100" } }', "ambiguous = false"),
        ('clip = "HEL_020_0100"\nmetadata = { ayon = { shot = "HEL_020_0200" } }', "ambiguous = true"),
        ('clip = ""', "shot = false, version = false"),
        ('path = "/jobs/char/digidouble/beauty.####.exr"', "suspect = true"),
        ('path = "/jobs/env/rock.exr"', "suspect = false"),
        ('path = "/jobs/ml/face.onnx"', "suspect = true"),
        ('sequence = "HEL_020"', 'severity = { screen-time-near-cap = "block" }'),
        ('sequence = "HEL_030"', 'severity = { screen-time-near-cap = "warn" }'),
        (
            'clip = "HEL_020_0100"',
            'severity = { screen-time-near-cap = "block", compensation-outstanding = "warn" }',
        ),
        ('department = "comp"', 'severity = { term-too-long = "block" }'),
        ('department = "light"', 'severity = { term-too-long = "warn" }'),
    ],
)
def test_what_the_rules_do_passes(differences, given, expect):
    assert differences(f"[[case]]\n{given}\nexpect = {{ {expect} }}") == []


@pytest.mark.parametrize(
    ("given", "expect", "said"),
    [
        (
            'clip = "HEL_020_0100"',
            'shot = "HEL_020_0200"',
            "shot: expected 'HEL_020_0200', got 'HEL_020_0100'",
        ),
        ('clip = "HEL_020_0100"', "shot = false", "shot: expected none, got 'HEL_020_0100'"),
        ('clip = ""', 'shot = "X"', "shot: expected 'X', got none"),
        ('path = "/jobs/env/rock.exr"', "suspect = true", "suspect: expected yes, got none"),
        ('sequence = "HEL_020"', 'severity = { screen-time-near-cap = "warn" }', "clearcut.toml:10)"),
        ('sequence = "A"', 'severity = { no-licence = "warn" }', "expected warn, got block (built-in)"),
    ],
)
def test_what_the_rules_do_not_do_fails_and_says_what_they_did(differences, given, expect, said):
    (difference,) = differences(f"[[case]]\n{given}\nexpect = {{ {expect} }}")
    assert said in difference


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no [[case]]"),
        ("case = 3", "no [[case]]"),
        ("rules = 3\n[[case]]\nclip='a'\nexpect={shot='a'}", "rules is the path"),
        ("cases = []", "unknown key 'cases'"),
        ("[[case]]\nclip = 'a'", "expects nothing, so it cannot fail"),
        ("[[case]]\nclip = 'a'\nexpect = {}", "expects nothing"),
        ("[[case]]\nclip = 'a'\nexpct = {shot='a'}", "unknown key 'expct' (did you mean 'expect'?)"),
        ("[[case]]\nclip = 3\nexpect = {shot='a'}", "clip: not a str"),
        ("[[case]]\nclip = 'a'\nexpect = {shto='a'}", "unknown expectation 'shto'"),
        ("[[case]]\nclip = 'a'\nexpect = {shot=true}", "a name, or false"),
        ("[[case]]\nclip = 'a'\nexpect = {ambiguous='no'}", "not true or false"),
        ("[[case]]\nclip = 'a'\nexpect = {severity='no'}", "severity: a table"),
        ("[[case]]\nclip = 'a'\nexpect = {severity={no-licens='block'}}", "unknown reason code 'no-licens'"),
        ("[[case]]\nclip = 'a'\nexpect = {severity={no-licence='blok'}}", "unknown severity 'blok'"),
        ("[[case]]\nclip = 'a'\nexpect = {suspect=true}", "of a path and gives none"),
        ("[[case]]\npath = 'a'\nexpect = {shot='a'}", "of a clip and gives none"),
    ],
)
def test_a_case_that_cannot_mean_anything_is_a_fault_with_its_line(tmp_path, text, said):
    path = tmp_path / "cases.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        read_cases(path)
    assert said in str(caught.value)
    assert "cases.toml:" in str(caught.value)


def test_the_cases_may_name_the_rule_file_they_are_about(tmp_path):
    path = tmp_path / "cases.toml"
    path.write_text("rules = 'other.toml'\n[[case]]\nclip = 'a'\nexpect = { shot = 'a' }", encoding="utf-8")
    assert read_cases(path).rules == tmp_path / "other.toml"
