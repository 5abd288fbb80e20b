"""The rule packs that are shipped, a studio's own, and what a faulty pack file says."""

from datetime import date
from pathlib import Path

import pytest

from clearcut.core.licence import Delivery, Production
from clearcut.core.packs import EffectKind, in_force
from clearcut.core.verdict import Severity
from clearcut.errors import RulesError
from clearcut.settings import load_packs, read_pack
from clearcut.settings import packs as packs_module

SHIPPED = Path(packs_module.__file__).parents[1] / "packs"


def production(agreement="none", start=date(2026, 9, 1), **delivery):
    profile = {"media": ("theatrical",), "territories": ("WORLD",), "languages": ("en",), **delivery}
    return Production("P", "P", start, agreement, Delivery(**profile))


def bound(given, kind):
    return [
        (one.pack, one.effect) for one in in_force(load_packs(environ={}), given) if one.effect.kind is kind
    ]


def test_the_packs_of_the_brief_are_shipped():
    assert [pack.id for pack in load_packs(environ={})] == [
        "ca-ab-1836",
        "ca-ab-2602",
        "clearcut-baseline",
        "eu-ai-act-50",
        "sag-aftra-commercials-2025",
        "sag-aftra-interactive-2025",
        "sag-aftra-tv-theatrical-2023",
        "sag-aftra-tv-theatrical-2026",
    ]


@pytest.mark.parametrize("pack", load_packs(environ={}), ids=lambda pack: pack.id)
def test_every_effect_names_its_clause_and_every_pack_its_sources_and_the_day_they_were_read(pack):
    assert pack.sources
    assert pack.dated is not None
    assert all(effect.clause for effect in pack.effects)
    # What is not marked rests on several sources, so there must be several.
    assert len(pack.sources) > 1 or all(effect.single_source for effect in pack.effects)


@pytest.mark.parametrize("pack", load_packs(environ={}), ids=lambda pack: pack.id)
def test_a_pack_is_called_as_its_file(pack):
    assert (SHIPPED / f"{pack.id}.toml").is_file()


@pytest.mark.parametrize(
    ("agreement", "start", "withdrawn"),
    [
        ("sag-aftra-tv-theatrical-2026", date(2026, 9, 1), False),
        ("sag-aftra-tv-theatrical-2026", date(2027, 6, 30), False),
        ("sag-aftra-tv-theatrical-2026", date(2027, 7, 1), True),
        ("sag-aftra-tv-theatrical-2026", date(2027, 7, 5), True),
        ("sag-aftra-tv-theatrical-2026", None, True),
        ("sag-aftra-tv-theatrical-2023", date(2027, 7, 5), False),
        ("none", date(2027, 7, 5), False),
    ],
)
def test_dubbing_needs_consent_under_2026_when_photography_starts_on_or_after_1_july_2027(
    agreement, start, withdrawn
):
    found = bound(production(agreement, start), EffectKind.WITHDRAW_EXEMPTION)
    assert bool(found) is withdrawn
    for _, effect in found:
        assert effect.single_source
        assert effect.values == ("permitted_dub_or_double",)
        assert "lip_resync" in effect.alterations


@pytest.mark.parametrize(
    ("delivery", "demanded"),
    [
        (
            {"territories": ("EU",), "release_from": date(2026, 12, 10), "release_until": date(2027, 12, 10)},
            True,
        ),
        ({"territories": ("DE",), "release_from": date(2026, 12, 10)}, True),
        ({"territories": ("WORLD",)}, True),
        ({"territories": ("US",), "release_from": date(2026, 12, 10)}, False),
        (
            {"territories": ("EU",), "release_from": date(2026, 1, 1), "release_until": date(2026, 8, 1)},
            False,
        ),
        ({"territories": ("EU",), "release_from": date(2026, 1, 1), "release_until": date(2026, 8, 2)}, True),
    ],
)
def test_the_eu_demands_disclosure_of_what_is_released_there_from_2_august_2026(delivery, demanded):
    blocking = [
        pack
        for pack, effect in bound(production(**delivery), EffectKind.DISCLOSURE)
        if effect.severity is Severity.BLOCK
    ]
    assert blocking == (["eu-ai-act-50"] if demanded else [])


def test_californias_contract_law_holds_where_the_delivery_reaches_california():
    assert "ca-ab-2602" in [p for p, _ in bound(production(territories=("US",)), EffectKind.CONSENT_SPECIFIC)]
    assert "ca-ab-2602" not in [
        p for p, _ in bound(production(territories=("DE",)), EffectKind.CONSENT_SPECIFIC)
    ]


@pytest.mark.parametrize(
    "agreement", ["sag-aftra-interactive-2025", "sag-aftra-commercials-2025", "sag-aftra-tv-theatrical-2023"]
)
def test_an_agreement_binds_who_produces_under_it_and_nobody_else(agreement):
    assert agreement in {one.pack for one in in_force(load_packs(environ={}), production(agreement))}
    assert agreement not in {one.pack for one in in_force(load_packs(environ={}), production("equity"))}


def test_dubs_and_doubles_are_exempt_only_where_an_agreement_says_so():
    def permitted(agreement):
        found = bound(production(agreement), EffectKind.PERMIT_EXEMPTION)
        return {basis for _, effect in found for basis in effect.values}

    assert "permitted_dub_or_double" not in permitted("none")
    assert "permitted_dub_or_double" in permitted("sag-aftra-tv-theatrical-2026")


def test_the_example_of_a_studio_is_not_in_force_by_itself_and_is_a_good_pack(tmp_path):
    example = SHIPPED / "examples" / "studio.toml"
    assert "studio" not in {pack.id for pack in load_packs(environ={})}
    (tmp_path / "ours.toml").write_bytes(example.read_bytes())
    assert load_packs(environ={"CLEARCUT_PACKS": str(tmp_path)})[-1] == read_pack(example)


GOOD = """
id = "x"
title = "X"
dated = 2026-01-01
sources = ["a", "b"]
[[effect]]
kind = "notice_hours"
number = 12
clause = "c"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dated = 2026-01-01", "", "dated is missing"),
        ("dated = 2026-01-01", 'dated = "2026-01-01"', ":4: dated: not a date"),
        ('sources = ["a", "b"]', "sources = []", "sources is missing"),
        ("number = 12", "number = true", ":8: number: not a whole number"),
        ("number = 12", "number = -1", "not a whole number"),
        ("number = 12", "", "needs a number"),
        ("notice_hours", "notice_days", ":7: kind: unknown word 'notice_days'"),
        ('kind = "notice_hours"', "", "kind is missing"),
        ('clause = "c"', "", "clause is missing"),
        ('clause = "c"', 'clause = "c"\nsevrity = "warn"', ":10: unknown key 'sevrity'"),
        ('clause = "c"', 'clause = "c"\nseverity = "stop"', "unknown word 'stop'"),
        ('clause = "c"', 'clause = "c"\nsingle_source = "yes"', "not true or false"),
        ('clause = "c"', 'clause = "c"\nalterations = ["de-age"]', "unknown alteration 'de-age'"),
        ('clause = "c"', 'clause = "c"\nvalues = ["x"]', "takes no values"),
        ('clause = "c"', 'clause = "c"\napplies = { territories = ["XQ"] }', "unknown territory 'XQ'"),
        ('clause = "c"', 'clause = "c"\napplies = { media = ["film"] }', "unknown medium 'film'"),
        ('clause = "c"', 'clause = "c"\napplies = { since = 2026-01-01 }', "unknown key 'since'"),
        ("[[effect]]", "[effect]", "no [[effect]]"),
    ],
)
def test_a_faulty_pack_says_what_and_on_which_line(tmp_path, old, new, said):
    assert old in GOOD
    (tmp_path / "x.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_packs(tmp_path, environ={})
    assert said in str(caught.value)
    assert "x.toml:" in str(caught.value)


def test_a_good_pack_of_ones_own_stands_beside_the_shipped_ones(tmp_path):
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-8")
    assert [pack.id for pack in load_packs(tmp_path, environ={})][-1] == "x"
    assert len(load_packs(tmp_path, environ={})) == len(load_packs(environ={})) + 1


def test_a_pack_cannot_take_the_place_of_another_by_its_id(tmp_path):
    (tmp_path / "x.toml").write_text(GOOD.replace('"x"', '"eu-ai-act-50"'), encoding="utf-8")
    with pytest.raises(RulesError, match="two packs have the id 'eu-ai-act-50'"):
        load_packs(tmp_path, environ={})


def test_a_folder_of_packs_that_is_not_there_is_a_fault_and_not_no_packs(tmp_path):
    with pytest.raises(RulesError, match="names no folder"):
        load_packs(environ={"CLEARCUT_PACKS": str(tmp_path / "gone")})


def test_a_folder_of_packs_that_cannot_be_listed_is_a_fault_and_not_no_packs(tmp_path, monkeypatch):
    def refused(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(RulesError, match=r"CLEARCUT_PACKS cannot be read: Permission denied"):
        load_packs(environ={"CLEARCUT_PACKS": str(tmp_path)})
