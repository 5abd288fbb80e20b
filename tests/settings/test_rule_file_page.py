"""Every example of docs/rule-file.md does what the page says of it."""

import re
from pathlib import Path

import jsonschema
import pytest

from clearcut.core.rules import severity_of
from clearcut.core.verdict import Severity
from clearcut.errors import RulesError
from clearcut.settings import read_rules
from clearcut.settings.cases import read_cases, run_case
from clearcut.settings.keys import BUILT_IN_ALLOWS, KEYS, SEVERITIES
from clearcut.settings.located import parse_located
from clearcut.settings.schema import rule_file_schema

PAGE = (Path(__file__).parents[2] / "docs" / "rule-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
RULE_FILES = [text for text in EXAMPLES if "[[case]]" not in text]
CASES = [text for text in EXAMPLES if "[[case]]" in text]
STUDIO = next(text for text in RULE_FILES if text.startswith("# studio"))


@pytest.fixture
def load(tmp_path):
    def read(*texts):
        files = []
        for number, (kind, text) in enumerate(texts):
            path = tmp_path / f"{number}.toml"
            path.write_text(text, encoding="utf-8")
            files.append((kind, path))
        return read_rules(files)

    return read


def test_the_page_has_its_examples():
    assert len(RULE_FILES) == 5
    assert len(CASES) == 1


@pytest.mark.parametrize("text", RULE_FILES[:2])
def test_an_example_for_a_show_loads(load, text):
    # The second allows something, which a show may only do where a studio lets it.
    load(
        ("studio", 'allow = ["severity.compensation-outstanding", "expiry.soon_days", "families.silent"]'),
        ("show", text),
    )


def test_the_studios_example_loads_and_lets_the_shows_through_and_refuses_the_third(load):
    below = next(text for text in RULE_FILES if text.startswith("# below"))
    refused = next(text for text in RULE_FILES if text.startswith("# refused"))
    policy = load(("studio", STUDIO), ("show", below)).rules.policy
    assert severity_of(policy, "compensation-outstanding", "HEL_010")[0] is Severity.WARN
    with pytest.raises(RulesError, match=r"looser than 'block' \(.*0\.toml:"):
        load(("studio", STUDIO), ("show", refused))


def test_the_page_shows_every_key_there_is():
    layer = parse_located(RULE_FILES[1], "page").lines
    shown = {".".join(map(str, path)) for path in layer}
    assert set(KEYS) - shown == {"backend.registry", "scene.trusted_classes"}
    assert "allow" in shown


def test_the_page_names_what_a_lone_show_may_loosen():
    (paragraph,) = re.findall(
        r"^Where there is no studio file, a show may loosen:.*?(?=A studio may)",
        PAGE,
        re.MULTILINE | re.DOTALL,
    )
    for name in BUILT_IN_ALLOWS:
        table, _, word = name.partition(".")
        assert (word or name) in paragraph or name in paragraph or f"{table}.*" in paragraph


def test_the_cases_of_the_page_pass_with_the_smallest_file(load, tmp_path):
    path = tmp_path / "cases.toml"
    path.write_text(CASES[0], encoding="utf-8")
    rules = load(("show", RULE_FILES[0])).rules
    results = [run_case(case, rules) for case in read_cases(path).cases]
    assert len(results) == 3
    assert [result.differences for result in results] == [(), (), ()]


# --- the schema ----------------------------------------------------------------------------------------------

VALIDATOR = jsonschema.Draft202012Validator(rule_file_schema())


def test_the_schema_is_a_good_one():
    jsonschema.Draft202012Validator.check_schema(rule_file_schema())


@pytest.mark.parametrize("text", RULE_FILES)
def test_the_schema_accepts_every_example(text):
    VALIDATOR.validate(dict(parse_located(text, "page").values))


@pytest.mark.parametrize(
    "text",
    [
        "occlusio = 'opaque'",
        "occlusion = 'hidden'",
        "[expiry]\nsoon_days = 'x'",
        "[expiry]\nnear_cap_percent = 0",
        "[severity]\nno-licence = 'warn'",
        "[severity]\nno-licens = 'block'",
        "[sequence.SQ.severity]\nno-licence = 'warn'",
        "[sequence.SQ]\nocclusion = 'opaque'",
        "[backend]\nserver = 'ftp://x'",
        "allow = ['severity.no-licence']",
        "[shots]\nextractors = ['clip']",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(load, text):
    with pytest.raises(RulesError):
        load(("studio", text))
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(dict(parse_located(text, "page").values))


def test_the_schema_knows_every_key_and_every_code():
    schema = rule_file_schema()
    for name in KEYS:
        table = schema
        for word in name.split("."):
            table = table["properties"][word]
        assert table["description"] == KEYS[name].meaning
    assert set(schema["properties"]["severity"]["properties"]) == set(SEVERITIES.values())
