"""`clearcut` metadata is read strictly: what cannot be understood names its place, and the rest is kept."""

import pytest

from clearcut.core.declared import clean_name, read_declared
from clearcut.core.use import Declaration


def said(**clearcut):
    return read_declared({"clearcut": clearcut}, "clip")


def faults(declared):
    return [str(fault) for fault in declared.faults]


def test_everything_that_may_be_said_is_read():
    declared = said(
        shot="HEL_020_0100", version="v004", sequence="020", episode="E1",
        replicas=[{"replica": "rpl-p1", "uses": ["stunt"], "alterations": [], "depictions": ["violence"],
                   "modalities": ["body", "face"], "language": "fr-CA", "character": "Ada", "exemption": "X-1"}],
    )  # fmt: skip
    assert (declared.shot, declared.version, declared.sequence, declared.episode) == (
        "HEL_020_0100", "v004", "020", "E1",
    )  # fmt: skip
    assert declared.faults == ()
    (use,) = declared.uses
    assert use.where == "clip.metadata.clearcut.replicas[0]"
    assert use.declaration == Declaration(
        ("stunt",), (), ("violence",), ("face", "body"), "fr-CA", "Ada", "X-1"
    )


def test_order_and_repetition_of_words_make_no_difference():
    one = said(replicas=[{"replica": "r", "uses": ["stunt", "promo", "stunt"]}])
    other = said(replicas=[{"replica": "r", "uses": ["promo", "stunt"]}])
    assert one.uses == other.uses


@pytest.mark.parametrize("metadata", [{}, {"other": 1}, {"clearcut": None}])
def test_metadata_without_clearcut_says_nothing(metadata):
    assert read_declared(metadata, "clip") is None


@pytest.mark.parametrize("clearcut", [{}, {"replicas": []}, {"note": "for the editor", "replicas": []}])
def test_saying_nothing_is_no_fault(clearcut):
    declared = read_declared({"clearcut": clearcut}, "clip")
    assert (declared.uses, declared.faults) == ((), ())


FAULTY = [
    ([], "is a list, not an object"),
    ("rpl-p1", "is the text 'rpl-p1', not an object"),
    ({"shot": 100}, "clip.metadata.clearcut.shot: is the number 100, not a text"),
    ({"shot": True}, "is true, not a text"),
    ({"replicas": None}, "replicas: is null, not a list"),
    ({"replicas": {"replica": "r"}}, "replicas: is an object, not a list"),
    ({"replicas": "rpl-p1"}, "replicas: is the text 'rpl-p1', not a list"),
    ({"replicas": ["rpl-p1"]}, "replicas[0]: is the text 'rpl-p1', not an object"),
    ({"replicas": [None]}, "replicas[0]: is null, not an object"),
    ({"replicas": [{}]}, "replicas[0]: names no replica"),
    ({"replicas": [{"replica": ""}]}, "replicas[0].replica: is the text '', not a replica's id"),
    ({"replicas": [{"replica": 7}]}, "replicas[0].replica: is the number 7"),
    ({"replicas": [{"replica": ["r"]}]}, "replicas[0].replica: is a list"),
    ({"replicas": [{"replica": "r", "uses": "stunt"}]}, "replicas[0].uses: is the text 'stunt', not a list"),
    ({"replicas": [{"replica": "r", "uses": ["stnt"]}]}, "uses[0]: unknown use 'stnt' (did you mean 'stunt'?)"),
    ({"replicas": [{"replica": "r", "uses": [None]}]}, "uses[0]: unknown use None"),
    ({"replicas": [{"replica": "r", "uses": [{}]}]}, "uses[0]: unknown use {}"),
    ({"replicas": [{"replica": "r", "depictions": ["nude"]}]}, "did you mean 'nudity'?"),
    ({"replicas": [{"replica": "r", "alterations": ["deage"]}]}, "did you mean 'de_age'?"),
    ({"replicas": [{"replica": "r", "modalities": ["Body"]}]}, "did you mean 'body'?"),
    ({"replicas": [{"replica": "r", "use": ["stunt"]}]}, "unknown key 'use' (did you mean 'uses'?)"),
    ({"replicas": [{"replica": "r", "language": "french please"}]}, "not a BCP 47 language"),
    ({"replicas": [{"replica": "r", "language": 7}]}, "language: is the number 7"),
    ({"replicas": [{"replica": "r", "character": []}]}, "character: is a list"),
    ({"replica": [{"replica": "r"}]}, "unknown key 'replica' (did you mean 'replicas'?)"),
    ({"Replicas": []}, "did you mean 'replicas'?"),
    ({"used_replicas": []}, "did you mean 'replicas'?"),
    ({"Shot": "S1"}, "did you mean 'shot'?"),
]  # fmt: skip


@pytest.mark.parametrize(("clearcut", "message"), FAULTY)
def test_what_cannot_be_understood_is_a_fault_with_its_place(clearcut, message):
    declared = read_declared({"clearcut": clearcut}, "clip")
    assert len(declared.faults) == 1
    assert message in faults(declared)[0]
    assert faults(declared)[0].startswith("clip.metadata.clearcut")


def test_every_fault_is_told_and_what_is_sound_beside_them_is_kept():
    declared = said(
        shot=5, replicas=["rpl-bare", {"replica": "rpl-p1", "uses": ["stunt", "x"]}, {"replica": "rpl-p2"}]
    )
    assert [use.replica for use in declared.uses] == ["rpl-bare", "rpl-p1", "rpl-p2"]
    assert declared.uses[1].declaration.uses == ("stunt",)
    assert len(declared.faults) == 3


@pytest.mark.parametrize(
    "key",
    ["Clearcut", "CLEARCUT", "clearCut", " clearcut", "clearcut ", "clear_cut", "Clear-Cut", "clearcut\x00",
     "clearcut\u200b", "clearcut.replicas", "Clearcut.shot"],
)  # fmt: skip
def test_a_misspelled_namespace_is_a_fault_and_not_silence(key):
    declared = read_declared({key: {"replicas": [{"replica": "r"}]}}, "clip")
    assert "did you mean 'clearcut'?" in faults(declared)[0]


@pytest.mark.parametrize("key", ["clearcuts", "clearcutter", "nuke", "clear", "clear_cut_of_a_forest"])
def test_another_programs_key_is_let_be(key):
    assert read_declared({key: {"replicas": [{"replica": "r"}]}}, "clip") is None


def test_a_name_that_readers_cut_in_two_places_is_a_fault():
    """C programs, OpenTimelineIO among them, read up to the NUL."""
    declared = said(shot="HEL_020\x00_0100")
    assert declared.shot is None
    assert "NUL" in faults(declared)[0]


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u200b", "\ufeff \u2060", "\x00"])
def test_a_name_that_nobody_can_see_is_no_name(name):
    assert clean_name(name) is None
    assert said(shot=name).shot is None


def test_names_that_look_the_same_are_the_same():
    assert clean_name(" Mu\u0308ller ") == clean_name("Müller") == "Müller"


def test_a_misspelled_namespace_beside_the_right_one_is_a_fault_too():
    metadata = {"clearcut": {"shot": "S1"}, "ClearCut": {"replicas": [{"replica": "r"}]}}
    assert "did you mean 'clearcut'?" in faults(read_declared(metadata, "clip"))[0]


@pytest.mark.parametrize(
    ("metadata", "lost"),
    [
        ({"clearcut": {"replicas": [{"replica": "r"}]}}, False),
        ({"clearcut": {"replicas": [{"replica": "r", "uses": ["stnt"]}]}}, False),
        ({"clearcut": {"shot": 5, "replicas": ["r"]}}, False),
        ({"clearcut": {"replicas": [{"replica": "r"}, {"replica": 7}]}}, True),
        ({"clearcut": {"replicas": [{"replica": "r"}, {}]}}, True),
        ({"clearcut": {"replicas": "r"}}, True),
        ({"clearcut": {"replicas": None}}, True),
        ({"clearcut": "r"}, True),
        ({"clearcut": {"replica": "r"}}, True),
        ({"Clearcut": {}}, True),
        ({"clearcut": {}, "Clearcut": {}}, True),
    ],
)
def test_whether_a_fault_hides_a_replica_is_known(metadata, lost):
    assert read_declared(metadata, "clip").lost is lost
