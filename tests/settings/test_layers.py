"""Layers of rules: a lower one tightens freely and loosens only what the ones above allow by name."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.reasons import CATALOGUE
from clearcut.core.rules import Occlusion, floor_of, severity_of
from clearcut.core.verdict import Severity
from clearcut.errors import RulesError
from clearcut.settings import read_rules
from clearcut.settings.keys import BUILT_IN_ALLOWS, KEYS, STUDIO_MAY_LOOSEN
from clearcut.settings.layers import Layer, Setting, resolve


@pytest.fixture
def rules_of(tmp_path):
    """Writes rule files, `studio` above `show`, and resolves them."""

    def resolved(*, studio=None, show=None, below=None, department=None):
        files = []
        for name, kind, text in (
            ("studio", "studio", studio),
            ("show", "show", show),
            ("below", "show", below),
        ):
            if text is not None:
                path = tmp_path / f"{name}.toml"
                path.write_text(text, encoding="utf-8")
                files.append((kind, path))
        return read_rules(files, department=department)

    return resolved


def faults(call, **layers):
    with pytest.raises(RulesError) as caught:
        call(**layers)
    return [str(fault) for fault in caught.value.faults]


def severity(resolved, code, sequence="SQ010", department=None):
    policy = resolved.rules.policy
    if department:
        policy = replace(policy, department=department)
    return severity_of(policy, code, sequence)[0]


def test_without_any_file_the_built_in_rules_hold(rules_of):
    rules = rules_of().rules
    assert rules.policy.expires_soon_days == 30
    assert rules.occlusion is Occlusion.COUNTED
    assert rules.policy.authority_must_hold_now
    assert rules.suspects == ()


def test_a_lone_show_may_loosen_what_the_domain_says_a_rule_file_may(rules_of):
    resolved = rules_of(
        show="""
            occlusion = "opaque"
            [severity]
            compensation-outstanding = "warn"
            [authority]
            must_hold_now = false
            [expiry]
            soon_days = 7
            near_cap_percent = 95
            [families]
            silent = ["workfile"]
        """
    )
    assert severity(resolved, "compensation-outstanding") is Severity.WARN
    assert not resolved.rules.policy.authority_must_hold_now
    assert resolved.rules.occlusion is Occlusion.OPAQUE
    assert resolved.rules.silent_families == ("workfile",)


LOOSENED = [
    ('[severity]\ncompensation-outstanding = "warn"', "severity.compensation-outstanding"),
    ('occlusion = "opaque"', "occlusion"),
    ("[authority]\nmust_hold_now = false", "authority.must_hold_now"),
    ("[expiry]\nsoon_days = 7", "expiry.soon_days"),
    ("[expiry]\nnear_cap_percent = 95", "expiry.near_cap_percent"),
    ('[families]\nsilent = ["workfile"]', "families.silent"),
]


@pytest.mark.parametrize(("text", "name"), LOOSENED)
def test_below_a_studio_that_is_silent_nothing_may_be_loosened(rules_of, text, name):
    (fault,) = faults(rules_of, studio="", show=text)
    assert f"{name} = " in fault
    assert "looser than" in fault
    assert "show.toml:" in fault
    assert f"allow = ['{name}']" in fault


@pytest.mark.parametrize(("text", "name"), LOOSENED)
def test_what_the_studio_allows_by_name_may_be_loosened(rules_of, text, name):
    loose = rules_of(studio=f'allow = ["{name}"]', show=text).rules
    strict = rules_of(studio=f'allow = ["{name}"]').rules
    assert loose != strict


@pytest.mark.parametrize(("text", "name"), LOOSENED)
def test_the_studio_itself_may_loosen_it(rules_of, text, name):
    assert rules_of(studio=text).rules != rules_of(studio="").rules


def test_a_studio_may_make_a_missing_approval_a_duty_and_a_lone_show_may_not(rules_of):
    text = '[severity]\napproval-required = "warn"'
    assert severity(rules_of(studio=text), "approval-required") is Severity.WARN
    assert "looser than 'block' (built-in)" in faults(rules_of, show=text)[0]


@pytest.mark.parametrize("code", ["licence-revoked", "no-licence", "shot-ambiguous", "screen-time-exceeded"])
def test_floors_hold_for_the_studio_too(rules_of, code):
    (fault,) = faults(rules_of, studio=f'[severity]\n{code} = "warn"')
    assert "whoever allows it" in fault


@pytest.mark.parametrize("code", CATALOGUE)
def test_no_layer_gets_a_code_below_its_floor(rules_of, code):
    floor = floor_of(code)
    for word in Severity:
        text = f'[severity]\n{code} = "{word.value}"'
        if word.rank < floor.rank:
            assert "whoever allows it" in faults(rules_of, studio=text)[0]
        else:
            assert severity(rules_of(studio=text), code) is word


def test_what_nobody_can_loosen_cannot_be_allowed(rules_of):
    (fault,) = faults(rules_of, studio='allow = ["severity.no-licence"]')
    assert "can never be loosened" in fault


def test_a_show_cannot_allow_what_the_studio_did_not(rules_of):
    (fault,) = faults(rules_of, studio="", show='allow = ["occlusion"]')
    assert "not allowed by the layers above" in fault


def test_leave_is_handed_down_by_each_layer(rules_of):
    opaque, leave = 'occlusion = "opaque"', 'allow = ["occlusion"]'
    assert rules_of(studio=leave, show=leave, below=opaque).rules.occlusion is Occlusion.OPAQUE
    assert "occlusion" in faults(rules_of, studio=leave, show="", below=opaque)[0]


def test_tightening_is_free_everywhere(rules_of):
    resolved = rules_of(
        studio='[severity]\nlicence-expires-soon = "block"',
        show='[expiry]\nsoon_days = 90\n[severity]\nterm-too-long = "block"',
        below='[sequence."SQ010".severity]\ndelivery-profile-missing = "block"',
    )
    assert severity(resolved, "licence-expires-soon") is Severity.BLOCK
    assert severity(resolved, "term-too-long") is Severity.BLOCK
    assert severity(resolved, "delivery-profile-missing") is Severity.BLOCK
    assert severity(resolved, "delivery-profile-missing", "SQ020") is Severity.WARN
    assert resolved.rules.policy.expires_soon_days == 90


def test_suspects_add_up_so_that_a_show_cannot_take_the_studios_away(rules_of):
    resolved = rules_of(
        studio='[replicas.suspects]\npaths = ["*/double/*"]',
        show='[replicas.suspects]\npaths = ["*/crowd/*"]',
    )
    assert resolved.rules.suspects == ("*/double/*", "*/crowd/*")


def test_a_show_may_not_send_its_questions_to_another_server_than_the_studios(rules_of):
    studio = '[backend]\nserver = "https://clearance.studio.example"'
    show = '[backend]\nserver = "http://localhost:1"'
    assert "backend.server" in faults(rules_of, studio=studio, show=show)[0]
    assert (
        rules_of(studio=f'allow = ["backend.server"]\n{studio}', show=show).rules.server
        == "http://localhost:1"
    )
    assert rules_of(studio="", show=show).rules.server == "http://localhost:1"


def test_who_names_shots_or_the_backend_first_has_decided_it_whichever_key_they_used(rules_of):
    """Else a file dropped beside an edit could call a shot by another's name, or ask somebody else."""
    pattern = "[shots]\npatterns = ['(?P<shot>[A-Z]+)']"
    for below in (
        "[shots]\npatterns = ['(?P<shot>HEL_020_0100|.)']",
        '[shots]\nextractors = ["stack_name"]',
        "[shots]\nsequence_pattern = '(?P<sequence>x)'",
    ):
        (fault,) = faults(rules_of, show=pattern, below=below)
        assert "changes what" in fault
        assert "show.toml:2 has decided ([shots])" in fault
        name = fault.partition(": ")[2].partition(" = ")[0]
        rules_of(show=f'allow = ["{name}"]\n{pattern}', below=below)
        rules_of(studio="", show=below)
    registry = '[backend]\nregistry = "reg.json"'
    (fault,) = faults(rules_of, show=registry, below='[backend]\nserver = "http://localhost:1"')
    assert "has decided ([backend])" in fault


def test_saying_the_same_again_changes_nothing(rules_of):
    pattern = "[shots]\npatterns = ['(?P<shot>[A-Z]+)']"
    assert rules_of(studio=pattern, show=pattern).rules == rules_of(studio=pattern).rules


def test_a_studio_that_names_its_facility_leaves_the_production_to_the_show(rules_of):
    rules = rules_of(studio='[production]\nfacility = "ACME"', show='[production]\nid = "HELIOS"').rules
    assert (rules.facility, rules.production) == ("ACME", "HELIOS")


def test_leave_for_what_is_pinned_is_needed_from_everybody_who_set_it(rules_of):
    one, other = "[shots]\npatterns = ['(?P<shot>a)']", "[shots]\npatterns = ['(?P<shot>b)']"
    third = "[shots]\npatterns = ['(?P<shot>c)']"
    leave = 'allow = ["shots.patterns"]\n'
    assert rules_of(studio=leave + one, show=leave + other, below=third).rules.shot_naming.patterns == (
        "(?P<shot>c)",
    )
    assert "show.toml:2 has decided" in faults(rules_of, studio=leave + one, show=other, below=third)[0]


def test_saying_it_again_and_allowing_it_does_not_take_the_place_of_who_said_it_first(rules_of):
    one, other = "[shots]\npatterns = ['(?P<shot>a)']", "[shots]\npatterns = ['(?P<shot>b)']"
    leave = 'allow = ["shots.patterns"]\n'
    assert "has decided" in faults(rules_of, studio=one, show=leave + one, below=other)[0]


def test_a_section_that_is_looser_does_not_hide_what_its_file_says_of_the_rest(rules_of):
    studio = """
        allow = ["severity.licence-expires-soon"]
        [severity]
        licence-expires-soon = "block"
        [sequence."AB010".severity]
        licence-expires-soon = "warn"
    """
    show = '[severity]\nlicence-expires-soon = "warn"'
    assert severity(rules_of(studio=studio, show=show), "licence-expires-soon") is Severity.WARN
    # The same where the show has no leave: the studio's word on all sequences is what counts.
    closed = Layer(
        "show",
        "w",
        (
            Setting("severity.licence-expires-soon", Severity.BLOCK, "w:1"),
            Setting("severity.licence-expires-soon", Severity.WARN, "w:2", "AB010"),
        ),
        {"severity.licence-expires-soon": "w:3"},
    )
    below = Layer("show", "b", (Setting("severity.licence-expires-soon", Severity.WARN, "b:1"),))
    assert not resolve((closed, below))[1]
    assert resolve((closed, closed._replace(path="c", settings=(), allow={}), below))[1]


def test_paths_are_meant_from_the_file_that_holds_them(rules_of, tmp_path):
    rules = rules_of(show='[edit]\npath = "cut/v041.otio"\n[backend]\nregistry = "reg.json"').rules
    assert rules.edit == str(tmp_path / "cut" / "v041.otio")
    assert rules.registry == str(tmp_path / "reg.json")


def test_a_database_address_stays_as_it_is(rules_of):
    rules = rules_of(show='[backend]\nregistry = "postgresql://db.example/clearcut"').rules
    assert rules.registry == "postgresql://db.example/clearcut"


def test_a_section_is_above_nobody_and_below_its_own_file(rules_of):
    show = (
        '[severity]\nlicence-expires-soon = "block"\n[sequence."SQ*".severity]\nlicence-expires-soon = "warn"'
    )
    assert "looser than 'block'" in faults(rules_of, show=show)[0]
    resolved = rules_of(show=f'allow = ["severity.licence-expires-soon"]\n{show}')
    assert severity(resolved, "licence-expires-soon", "SQ010") is Severity.WARN
    assert severity(resolved, "licence-expires-soon", "AB010") is Severity.BLOCK


def test_where_two_sections_of_a_file_match_the_strictest_holds_whatever_their_order(rules_of):
    sections = (
        '[sequence."SQ*".severity]\nlicence-expires-soon = "block"\n',
        '[sequence."SQ010".severity]\nlicence-expires-soon = "info"\n',
        '[department."comp".severity]\nlicence-expires-soon = "unknown"\n',
    )
    for several in (sections, sections[::-1]):
        resolved = rules_of(show="".join(several))
        assert severity(resolved, "licence-expires-soon", "SQ010", "comp") is Severity.BLOCK
        assert severity(resolved, "licence-expires-soon", "AB010", "comp") is Severity.UNKNOWN


@pytest.mark.parametrize("glob", ["SQ010", "SQ*"])
def test_a_show_may_not_undo_a_studios_section_by_speaking_of_everything(rules_of, glob):
    studio = f'[sequence."{glob}".severity]\nlicence-expires-soon = "block"'
    (fault,) = faults(rules_of, studio=studio, show='[severity]\nlicence-expires-soon = "warn"')
    assert "looser than 'block'" in fault
    assert "studio.toml:2" in fault


@pytest.mark.parametrize(
    ("section", "meets"), [("SQ010", True), ("*10", True), ("AB*", True), ("AB010", False)]
)
def test_a_shows_section_is_held_against_the_studios_that_it_may_meet(rules_of, section, meets):
    # Two globs are always taken to meet: whether they do cannot be told without the shots.
    studio = '[sequence."SQ*".severity]\nlicence-expires-soon = "block"'
    show = f'[sequence."{section}".severity]\nlicence-expires-soon = "warn"'
    if meets:
        assert "looser than 'block'" in faults(rules_of, studio=studio, show=show)[0]
    else:
        assert severity(rules_of(studio=studio, show=show), "licence-expires-soon", section) is Severity.WARN


def test_a_departments_section_holds_for_it_alone_and_for_who_does_not_say(rules_of):
    show = '[department."comp".severity]\ndelivery-profile-missing = "block"'
    assert severity(rules_of(show=show, department="comp"), "delivery-profile-missing") is Severity.BLOCK
    assert severity(rules_of(show=show, department="light"), "delivery-profile-missing") is Severity.WARN
    assert severity(rules_of(show=show), "delivery-profile-missing") is Severity.BLOCK


def test_every_value_knows_the_file_and_line_that_set_it(rules_of, tmp_path):
    resolved = rules_of(studio="[expiry]\nsoon_days = 60", show="# x\n[expiry]\nsoon_days = 90")
    chain = [(o.layer, o.setting.where, o.setting.value) for o in resolved.origins["expiry.soon_days"]]
    assert chain == [
        ("built-in", "built-in", 30),
        ("studio", f"{tmp_path}/studio.toml:2", 60),
        ("show", f"{tmp_path}/show.toml:3", 90),
    ]


def test_every_fault_of_every_file_is_told_at_once(rules_of):
    told = faults(
        rules_of,
        studio='[severity]\nno-licence = "warn"\nx = "warn"',
        show='occlusion = "see-through"\n[expiry]\nsoon_days = -1\nsoon = 3',
        below="not toml",
    )
    assert len(told) == 6


# --- the law -------------------------------------------------------------------------------------------------

CODES = (
    "compensation-outstanding",
    "approval-required",
    "licence-expires-soon",
    "no-licence",
    "term-too-long",
)
SCALARS = {
    "occlusion": st.sampled_from(["counted", "opaque"]),
    "authority.must_hold_now": st.booleans(),
    "expiry.soon_days": st.sampled_from([7, 30, 60]),
    "expiry.near_cap_percent": st.sampled_from([50, 90, 99]),
    "families.silent": st.lists(st.sampled_from(["workfile", "camera"]), unique=True),
    "backend.server": st.sampled_from(["http://a.example", "http://b.example"]),
    "shots.patterns": st.sampled_from([["(?P<shot>a)"], ["(?P<shot>b)"]]),
}
GLOBS = st.sampled_from(["*", "SQ*", "SQ010", "AB010"])
NAMES = (*SCALARS, *(f"severity.{code}" for code in CODES))


@st.composite
def setting_of(draw, name):
    if name in SCALARS:
        return Setting(name, draw(SCALARS[name]), "f:1")
    floor = floor_of(name.removeprefix("severity."))
    word = draw(st.sampled_from([severity for severity in Severity if severity.rank >= floor.rank]))
    return Setting(name, word, "f:1", draw(GLOBS), draw(st.sampled_from(["*", "*", "comp"])))


@st.composite
def layer_of(draw, kind, names):
    several = draw(st.lists(st.sampled_from(names).flatmap(setting_of), max_size=3))
    # A file cannot say the same key of the same section twice.
    once = {(s.name, s.sequence, s.department): s for s in several}
    allow = draw(st.lists(st.sampled_from(names), max_size=2))
    return Layer(kind, f"{kind}.toml", tuple(once.values()), dict.fromkeys(allow, "f:1"))


@st.composite
def layers_about_one_thing(draw):
    """A few layers that all speak of the same one or two keys, so that they meet."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    kinds = draw(
        st.sampled_from([("show",), ("show", "show"), ("studio", "show"), ("studio", "show", "show")])
    )
    return tuple(draw(layer_of(kind, names)) for kind in kinds)


LAYERS = layers_about_one_thing()


def looser(upper, lower):
    """Names of keys that are looser in `lower` than in `upper`."""
    found = {
        name
        for name, old, new in (
            ("occlusion", upper.occlusion.value, lower.occlusion.value),
            (
                "authority.must_hold_now",
                upper.policy.authority_must_hold_now,
                lower.policy.authority_must_hold_now,
            ),
            ("expiry.soon_days", upper.policy.expires_soon_days, lower.policy.expires_soon_days),
            ("expiry.near_cap_percent", upper.policy.near_cap_percent, lower.policy.near_cap_percent),
            ("families.silent", upper.silent_families, lower.silent_families),
            ("backend.server", upper.server, lower.server),
            ("shots.patterns", upper.shot_naming.patterns or None, lower.shot_naming.patterns),
        )
        if KEYS[name].loosens(new, old) and not (KEYS[name].pinned and old is None)
    }
    for code in CODES:
        for sequence in ("SQ010", "SQ020", "AB010", "ZZ", None):
            for department in ("comp", "light", None):
                was, now = (
                    severity_of(replace(rules.policy, department=department), code, sequence)[0]
                    for rules in (upper, lower)
                )
                if now.rank < was.rank:
                    found.add(f"severity.{code}")
    return found


@settings(max_examples=400)
@given(LAYERS)
def test_a_lower_layer_never_ends_looser_than_what_all_above_allow(layers):
    allowed = BUILT_IN_ALLOWS if layers[0].kind == "show" else STUDIO_MAY_LOOSEN
    above, _ = resolve(())
    for depth, layer in enumerate(layers, start=1):
        resolved, told = resolve(layers[:depth])
        if told:
            return
        # What has no strict end needs the leave of those who set it.
        leave = {
            name
            for name in ("backend.server", "shots.patterns")
            if all(
                name in upper.allow
                for upper in layers[: depth - 1]
                if any(s.name == name for s in upper.settings)
            )
        }
        assert looser(above.rules, resolved.rules) <= allowed | leave
        above = resolved
        allowed &= frozenset(layer.allow)


def test_the_law_would_be_seen_to_break_if_leave_were_not_asked_for():
    """The twin: the same layers where everything is allowed do end looser, so the law above can fail."""
    studio = Layer("studio", "s", (), dict.fromkeys(STUDIO_MAY_LOOSEN, "s:1"))
    show = Layer("show", "w", (Setting("severity.approval-required", Severity.WARN, "w:1"),))
    strict, _ = resolve((studio,))
    loose, told = resolve((studio, show))
    assert not told
    assert looser(strict.rules, loose.rules) == {"severity.approval-required"}
    _, told = resolve((studio._replace(allow={}), show))
    assert told


@settings(max_examples=200)
@given(LAYERS)
def test_no_layers_whatever_they_say_bring_a_code_below_its_floor(layers):
    resolved, _ = resolve(layers)
    for code in CODES:
        for sequence in ("SQ010", None):
            assert severity_of(resolved.rules.policy, code, sequence)[0].rank >= floor_of(code).rank
