"""The chain behind a shot names every link: clip, evidence, demand, licence clause, rule line."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearcut.bootstrap import CheckOptions, check_setup, compose
from clearcut.cli.options import moment
from clearcut.core.chain import CLAUSES, chain
from clearcut.core.reasons import CATALOGUE
from clearcut.core.shots import name_shots

HELIOS = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"


def lines_of(shot: str, tmp_path: Path, version: str = "v041", rules: str = "") -> str:
    (tmp_path / "clearcut.toml").write_text(rules, encoding="utf-8")
    options = CheckOptions(
        edit=HELIOS / f"helios_{version}.otio",
        registry=str(HELIOS / "registry.json"),
        rules=tmp_path / "clearcut.toml",
        now=moment("2026-11-20T12:00:00Z"),
        environ={"HOME": str(tmp_path)},
    )
    setup = compose(options)
    verdict = check_setup(setup)
    found = verdict.shot(shot)
    assert found is not None
    clips = name_shots(setup.edit.read(), setup.rules.shot_naming)
    return "\n".join(chain(found, clips, verdict.edit.timebase, setup.rules.policy))


@pytest.mark.parametrize(
    "link",
    [
        "tracks[0].children[3]",
        "clearcut at tracks[0].children[3].metadata.clearcut.shot settles it",
        "seen by metadata at tracks[0].children[3].metadata.clearcut.replicas[0]",
        "demands principal, de_age, face",
        "[288, 396), 4.5 s",
        "licence-expired (block)",
        "clause L-2: licence.valid_until",
        "built-in: block",
        "fix    clearance: renew L-2",
    ],
)
def test_a_blocked_shots_chain_has_every_link(tmp_path: Path, link: str) -> None:
    assert link in lines_of("HEL_010_0040", tmp_path)


def test_a_rule_that_made_it_worse_is_named_by_file_and_line(tmp_path: Path) -> None:
    rules = '[severity]\nscreen-time-near-cap = "block"\n'
    told = lines_of("HEL_020_0050", tmp_path, rules=rules)
    assert "screen-time-near-cap (block)" in told
    assert "clearcut.toml:2: block" in told


def test_a_shot_without_a_replica_says_so(tmp_path: Path) -> None:
    assert "no replica was found in it" in lines_of("HEL_010_0010", tmp_path)


def test_every_clause_belongs_to_a_code_of_the_catalogue() -> None:
    assert set(CLAUSES) <= set(CATALOGUE)
