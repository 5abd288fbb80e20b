"""What a rule file may say, and what each fault says back."""

import pytest

from clearcut.settings.located import parse_located
from clearcut.settings.reading import read_layer


def told(text):
    _, faults = read_layer(parse_located(text, "f"), "show")
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # unknown keys, with what was meant
        ("occlusio = 'opaque'", "f:1: unknown key 'occlusio' (did you mean 'occlusion'?)"),
        ("[shots]\npatern = []", "f:2: unknown key 'shots.patern' (did you mean 'shots.patterns'?)"),
        ("[expiry]\n\nwarn_soon_days = 3", "(did you mean 'expiry.soon_days'?)"),
        ("[limits]\nsoon_days = 3", "f:1: unknown key 'limits'"),
        ("soon_days = 3", "(did you mean 'expiry.soon_days'?)"),
        ("[severty]\nno-licence = 'block'", "did you mean 'severity'?"),
        ("no-licence = 'block'", "did you mean 'severity.no-licence'?"),
        ("zzz = 1", "(known: allow, "),
        ("[sequence.SQ010]\noclusion = 'opaque'", "a sequence's section holds [severity] and nothing else"),
        # severities
        ("[severity]\nno-licens = 'block'", "unknown reason code 'no-licens' (did you mean 'no-licence'?)"),
        ("[severity]\nno-licence = 'blok'", "unknown severity 'blok' (did you mean 'block'?)"),
        ("[severity]\nno-licence = true", "unknown severity True"),
        ("[severity]\nno-licence = 'warn'", "cannot be milder than 'block'"),
        ("severity = 'warn'", "severity is a table"),
        ("[sequence.SQ010]\nseverity = 'warn'", "severity is a table"),
        ("sequence = 'SQ010'", "sequence is a table of sections"),
        ("[sequence]\nSQ010 = 'warn'", "sequence.'SQ010' is a table"),
        ('[sequence]\n"\\u001b[2J" = "warn"', "sequence.'\\x1b[2J' is a table"),
        ('[department."".severity]\nno-licence = "block"', "a department without a name"),
        # values
        ("[shots]\npatterns = '(?P<shot>x)'", "f:2: shots.patterns: not a list"),
        ("[shots]\npatterns = [\n'(?P<shot>x)',\n'(y)']", "f:4: shots.patterns: lacks the group"),
        ("[shots]\npatterns = ['(?P<shot>(a+)+)']", "could take hours"),
        ("[shots]\nextractors = ['clip_nam']", "unknown word 'clip_nam' (did you mean 'clip_name'?)"),
        ("[shots]\nextractors = ['sg', 'sg']", "says the same twice"),
        ("[shots]\nsequence_pattern = '.+'", "lacks the group (?P<sequence>"),
        ("shots = 3", "shots is a table: write [shots]"),
        ("[replicas]\nsuspects = ['*/x/*']", "replicas.suspects is a table"),
        ("[replicas.suspects]\npaths = [3]", "not a text"),
        ("[replicas.suspects]\npaths = ['']", "not a text"),
        ("[expiry]\nsoon_days = true", "not a whole number from 0 to 3650"),
        ("[expiry]\nsoon_days = 3.0", "not a whole number"),
        ("[expiry]\nsoon_days = -1", "not a whole number"),
        ("[expiry]\nnear_cap_percent = 0", "not a whole number from 1 to 100"),
        ("[authority]\nmust_hold_now = 'no'", "not true or false"),
        ("occlusion = 'hidden'", "unknown word 'hidden'"),
        ("[backend]\nserver = 'ftp://x'", "not an http or https address"),
        ("[backend]\nserver = 'https://'", "not an http or https address"),
        ("[backend]\nserver = 'https://me:secret@x.example'", "must not hold a password"),
        ("[production]\nid = ''", "not a text"),
        (
            "[families]\nsilent = ['workfile', 'render']",
            "f:2: families.silent: 'render' carries picture or sound",
        ),
        ("[families]\nsilent = ['Render.Farm']", "can never be silent"),
        ("[families]\nsilent = ['pointcache', 'plate_main']", "can never be silent"),
        # allow
        ("allow = 'occlusion'", "allow is a list of keys"),
        (
            "allow = ['occlusion',\n'severity.no-licens']",
            "f:2: allow: unknown key 'severity.no-licens' (did you mean",
        ),
    ],
)
def test_a_fault_names_its_line_and_what_was_meant(text, said):
    (fault,) = told(text)
    assert said in fault
    assert fault.startswith("f:")


def test_a_password_in_an_address_is_not_repeated_in_the_message():
    assert "secret" not in told("[backend]\nserver = 'https://me:secret@x.example'")[0]


def test_faults_come_in_the_order_of_the_file():
    text = "zzz = 1\n[shots]\npatterns = 1\n[severity]\nx = 'warn'\n[expiry]\nsoon_days = 'x'\n"
    assert [fault.split(":")[1] for fault in told(text)] == ["1", "3", "5", "7"]


def test_a_value_with_a_fault_sets_nothing():
    layer, _ = read_layer(parse_located("[expiry]\nsoon_days = 'x'\nnear_cap_percent = 50", "f"), "show")
    assert [setting.name for setting in layer.settings] == ["expiry.near_cap_percent"]


def test_sections_know_what_they_are_about():
    text = '[sequence."SQ*".severity]\nno-licence = "block"\n[department.comp.severity]\nno-licence = "block"'
    layer, _ = read_layer(parse_located(text, "f"), "show")
    assert [(s.sequence, s.department, s.where) for s in layer.settings] == [
        ("SQ*", "*", "f:2"),
        ("*", "comp", "f:4"),
    ]
