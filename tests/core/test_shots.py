"""Whose shot a clip is: the order of interface.md, every vendor's manner, and what happens when they disagree."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core import shots
from clearcut.core.cut import Marker, MediaReference
from clearcut.core.rules import EXTRACTORS, ShotNaming
from clearcut.core.shots import name_shots, shot_in_name
from clearcut.errors import RulesError
from fakes.cuts import TRACK, clip, cut, stack

SG = {"sg": {"shot": {"code": "SG_010"}}}
CODE = r"(?P<shot>(?P<sequence>[A-Z]{2,3}_\d{3})_\d{4})(?:_v(?P<version>\d+))?"


def named(one, **naming):
    return name_shots(cut(one), ShotNaming(**naming))[0]


def test_clearcut_shot_settles_it_whatever_the_others_say():
    one = clip("CLIP_010", metadata={"clearcut": {"shot": "MINE"}, **SG})
    found = named(one, metadata_paths=("sg.shot.code",), patterns=(r"(?P<shot>CLIP_\d+)",))
    assert (found.shot, found.ambiguous, found.settled) == ("MINE", False, True)
    assert [c.kind for c in found.candidates] == ["clearcut"]


def test_then_the_metadata_paths_then_the_pattern_then_the_name():
    one = clip("HEL_020_0100_v003", metadata={"a": {"b": "HEL_020_0100"}})
    assert named(one, metadata_paths=("a.b",), extractors=("metadata_paths",)).shot == "HEL_020_0100"
    assert named(one, patterns=(CODE,)).shot == "HEL_020_0100"
    assert named(one).shot == "HEL_020_0100_v003"


def test_all_candidates_are_kept_with_their_places():
    one = clip("HEL_020_0100_v003", metadata={"a": {"b": "HEL_020_0100"}}, where="clip[7]")
    found = named(one, metadata_paths=("a.b",), patterns=(CODE,))
    assert [(c.kind, c.where, c.name) for c in found.candidates] == [
        ("metadata_paths", "clip[7].metadata.a.b", "HEL_020_0100"),
        ("patterns", "clip[7].name", "HEL_020_0100"),
    ]
    assert not found.ambiguous


@pytest.mark.parametrize(
    ("metadata", "name", "naming"),
    [
        ({"a": "S1", "b": "S2"}, "S1", {"metadata_paths": ("a", "b")}),
        ({"a": "HEL_020_0110"}, "HEL_020_0100", {"metadata_paths": ("a",), "patterns": (CODE,)}),
        ({"a": "S1"}, "S2", {"metadata_paths": ("a",)}),
        ({"a": ["S1", "S2"]}, "S1", {"metadata_paths": ("a",)}),
    ],
)
def test_candidates_that_disagree_make_it_ambiguous_under_the_first(metadata, name, naming):
    found = named(clip(name, metadata=metadata), **naming)
    assert found.ambiguous
    assert found.shot == found.candidates[0].name


def test_names_that_differ_in_case_alone_agree():
    found = named(clip("hel_020_0100", metadata={"a": "HEL_020_0100"}), metadata_paths=("a",))
    assert (found.shot, found.ambiguous) == ("HEL_020_0100", False)


def test_a_clip_name_that_no_pattern_fits_is_a_name_only_when_nothing_else_gives_one():
    # Camera rolls as clip names would make every clip of an EDL ambiguous; the pattern says that they are no shots.
    roll = clip("A098_C015_08271Q", metadata={"a": "HEL_020_0100"})
    assert not named(roll, metadata_paths=("a",), patterns=(CODE,)).ambiguous
    assert named(roll, metadata_paths=("a",)).ambiguous
    assert named(roll, patterns=(CODE,)).shot == "A098_C015_08271Q"
    without = named(roll, patterns=(CODE,), extractors=("patterns",))
    assert without.shot is None


@pytest.mark.parametrize("name", ["", "   ", "\u200b"])
def test_a_blank_name_is_no_name(name):
    found = named(clip(name))
    assert (found.shot, found.candidates) == (None, ())
    assert named(clip(name, metadata={"clearcut": {"shot": " "}})).shot is None


def test_a_blank_clearcut_shot_lets_the_others_speak():
    assert named(clip("SH010", metadata={"clearcut": {"shot": ""}})).shot == "SH010"


def test_a_clip_in_a_stack_takes_the_nearest_enclosing_stacks_shot():
    outer = stack("outer", "t.c[0]", clearcut={"shot": "OUTER", "version": "v009"})
    inner = stack("inner", "t.c[0].c[0]", outer, clearcut={"shot": "INNER", "version": "v002"})
    plain = stack("plain", "t.c[0].c[0].c[0]", inner)
    found = named(clip("CLIP", around=plain))
    assert (found.shot, found.version, found.settled) == ("INNER", "v002", True)
    own = named(clip("CLIP", around=plain, metadata={"clearcut": {"shot": "OWN"}}))
    assert (own.shot, own.version) == ("OWN", None)


def test_neither_a_track_nor_the_timeline_names_a_shot_and_their_version_is_not_the_shots():
    track = TRACK._replace(metadata={"clearcut": {"shot": "TRACK", "version": "v1", "production": "P"}})
    found = named(clip("CLIP", around=track))
    assert (found.shot, found.version) == ("CLIP", None)


def test_a_media_reference_settles_it_and_two_that_disagree_do_not():
    def media(key, shot):
        return MediaReference(key, (), "", {"clearcut": {"shot": shot, "version": "v7"}})

    found = named(clip("CLIP", references=[media("a", "S1"), media("b", "S1")]))
    assert (found.shot, found.ambiguous, found.version) == ("S1", False, "v7")
    assert named(clip("CLIP", references=[media("a", "S1"), media("b", "S2")])).ambiguous
    both = clip("CLIP", references=[media("a", "S1")], metadata={"clearcut": {"shot": "MINE"}})
    assert (named(both).shot, named(both).ambiguous) == ("MINE", False)


def test_metadata_paths_are_found_in_references_and_in_the_nearest_stack():
    keys = {"metadata_paths": ("sg.shot.code",), "extractors": ("metadata_paths",)}
    in_reference = clip("X", references=[MediaReference("m", (), "", SG)])
    assert (
        named(in_reference, **keys).candidates[0].where.endswith("media_references[m].metadata.sg.shot.code")
    )
    inner = stack("i", "i", stack("o", "o", sg={"shot": {"code": "OUTER"}}), **SG)
    assert [c.name for c in named(clip("X", around=inner), **keys).candidates] == ["SG_010"]
    flat = clip("X", metadata={"foundry.source.shot": "FLAT"})
    assert named(flat, metadata_paths=("foundry.source.shot",), extractors=("metadata_paths",)).shot == "FLAT"


def test_the_first_pattern_that_fits_wins_and_its_groups_are_kept():
    found = named(clip("HEL_020_0100_v003"), patterns=(CODE, r"(?P<shot>\w+)"))
    assert (found.shot, found.sequence, found.version) == ("HEL_020_0100", "HEL_020", "003")
    assert shot_in_name("xx_HEL_020_0100_v003", ShotNaming(patterns=(CODE,))).name == "HEL_020_0100"
    assert shot_in_name("nothing", ShotNaming(patterns=(CODE,))) is None


def test_a_pattern_adds_the_version_to_a_shot_that_is_settled_by_the_same_name_only():
    same = clip("HEL_020_0100_v003", metadata={"clearcut": {"shot": "HEL_020_0100"}})
    other = clip("HEL_020_0110_v003", metadata={"clearcut": {"shot": "HEL_020_0100"}})
    assert named(same, patterns=(CODE,)).version == "003"
    assert named(other, patterns=(CODE,)).version is None


@pytest.mark.parametrize(
    ("clearcut", "naming", "expected"),
    [
        ({"sequence": "SQ1", "episode": "E1", "version": "v1"}, {"patterns": (CODE,)}, ("SQ1", "E1", "v1")),
        ({}, {"patterns": (CODE,)}, ("HEL_020", None, "003")),
        ({}, {}, ("HEL_020_0100", None, None)),
        ({}, {"sequence_pattern": r"^(?P<episode>[^_]+)_(?P<sequence>\d+)"}, ("020", "HEL", None)),
        ({}, {"sequence_pattern": ""}, (None, None, None)),
        ({}, {"sequence_pattern": r"(?P<sequence>nothing)"}, (None, None, None)),
    ],
)
def test_sequence_episode_and_version_are_stated_or_found_in_the_name(clearcut, naming, expected):
    found = named(clip("HEL_020_0100_v003", metadata={"clearcut": clearcut}), **naming)
    assert (found.sequence, found.episode, found.version) == expected


def _marker(name="", comment="", **metadata):
    return Marker(name, comment, metadata)


_AYON = {
    "folderPath": "/shots/sq01/sh010",
    "shot": "sh###",
    "hierarchyData": {"sequence": "sq01", "episode": "e1"},
}
MANNERS = [
    ("marker_json", {"markers": [_marker(json_metadata=json.dumps(_AYON))]}, ["sh010"]),
    (
        "marker_json",
        {"markers": [_marker(json_metadata=json.dumps({"hiero_sub_products": {"a": _AYON, "b": _AYON}}))]},
        ["sh010"],
    ),
    ("marker_json", {"markers": [_marker(json_metadata=json.dumps({"asset": "sh020"}))]}, ["sh020"]),
    ("marker_json", {"markers": [_marker(json_metadata="{broken")]}, []),
    ("marker_json", {"markers": [_marker(json_metadata="[" * 100_000)]}, []),
    ("marker_json", {"markers": [_marker(json_metadata='{"a":' * 100_000)]}, []),
    ("marker_json", {"markers": [_marker(json_metadata=7), _marker(json_metadata="[1]")]}, []),
    ("marker_json", {"markers": [_marker(json_metadata='{"folderPath": "/", "asset": 7}')]}, []),
    ("resolve_note", {"markers": [_marker(Resolve_OTIO={"Note": json.dumps({"resolve_sub_products": {"s": _AYON}})})]}, ["sh010"]),
    ("resolve_note", {"markers": [_marker(Resolve_OTIO={"Note": "SH_0100"})]}, ["SH_0100"]),
    ("resolve_note", {"markers": [_marker(Resolve_OTIO={"Note": "fix the sky here"})]}, []),
    ("resolve_note", {"markers": [_marker(Resolve_OTIO="x")]}, []),
    ("sg", {"metadata": SG}, ["SG_010"]),
    ("edl_comments", {"metadata": {"cmx_3600": {"comments": ["079_HA_0010", "SOURCE FILE: A099"]}}}, ["079_HA_0010"]),
    ("edl_comments", {"metadata": {"cmx_3600": {"comments": ["COMMENT : 079_HA_0010"]}}}, ["079_HA_0010"]),
    ("edl_comments", {"metadata": {"cmx_3600": {"comments": ["a pure comment", "pure_comment", 7]}}}, []),
    ("edl_comments", {"metadata": {"cmx_3600": {"comments": "079_HA_0010"}}}, []),
    ("loc_markers", {"markers": [_marker("YA0010", cmx_3600={"color": "YELLOW"})]}, ["YA0010"]),
    ("loc_markers", {"markers": [_marker("YA0010", other={})]}, []),
    ("loc_markers", {"markers": [_marker("note to self", cmx_3600={})]}, []),
    ("stack_name", {"around": stack("NESTED_010")}, ["NESTED_010"]),
    ("stack_name", {"around": stack("", "i", stack("OUTER_010", "o"))}, ["OUTER_010"]),
    ("stack_name", {"around": TRACK}, []),
    ("clip_name", {}, ["ROLL"]),
]  # fmt: skip


@pytest.mark.parametrize(("manner", "given", "names"), MANNERS)
def test_each_vendors_manner_of_naming_is_understood(manner, given, names):
    found = named(clip("ROLL", **given), extractors=(manner,))
    assert list(dict.fromkeys(c.name for c in found.candidates)) == names
    assert all(c.kind == manner for c in found.candidates)


def test_pipeline_markers_give_sequence_and_episode_too():
    found = named(
        clip("ROLL", markers=[_marker(json_metadata=json.dumps(_AYON))]), extractors=("marker_json",)
    )
    assert (found.sequence, found.episode) == ("sq01", "e1")


def test_with_patterns_free_text_is_searched_for_them():
    comments = {"cmx_3600": {"comments": ["shot HEL_020_0100, retimed", "A099_C001"]}}
    found = named(clip("ROLL", metadata=comments), extractors=("edl_comments",), patterns=(CODE,))
    assert [c.name for c in found.candidates] == ["HEL_020_0100"]


def test_every_manner_is_off_until_the_rule_file_asks_for_it_in_its_own_order():
    given = {"metadata": SG, "markers": [_marker(json_metadata=json.dumps(_AYON))]}
    assert [c.kind for c in named(clip("ROLL", **given)).candidates] == ["clip_name"]
    found = named(clip("ROLL", **given), extractors=("marker_json", "sg"))
    assert [c.kind for c in found.candidates] == ["marker_json", "sg"]
    assert found.ambiguous
    assert {manner for manner, _, _ in MANNERS} | {"metadata_paths", "patterns"} == set(EXTRACTORS)


@pytest.mark.parametrize(
    ("naming", "message"),
    [
        ({"patterns": ("(",)}, "no regular expression"),
        ({"patterns": (r"\w+",)}, "has no group 'shot'"),
        ({"sequence_pattern": "("}, "no regular expression"),
        ({"extractors": ("edl_comment",)}, "did you mean 'edl_comments'?"),
    ],
)
def test_naming_rules_that_make_no_sense_are_faults(naming, message):
    with pytest.raises(RulesError) as caught:
        named(clip("X"), **naming)
    assert message in str(caught.value)


def test_shots_that_differ_in_case_alone_are_one_shot():
    clips = name_shots(
        cut(clip("hel_010", 0), clip("HEL_010", 50), clip("HEL_020", 99), clip("", 150)), ShotNaming()
    )
    assert [one.shot for one in clips] == ["hel_010", "hel_010", "HEL_020", None]
    settled = clip("x", 60, metadata={"clearcut": {"shot": "Hel_010"}})
    assert {one.shot for one in name_shots(cut(clip("hel_010", 0), settled), ShotNaming())} == {"Hel_010"}


def test_a_marker_declares_replicas_and_names_no_shot():
    found = named(clip("SH010", markers=[_marker(clearcut={"shot": "X", "replicas": [{"replica": "r"}]})]))
    assert (found.shot, [use.replica for said in found.declared for use in said.uses]) == ("SH010", ["r"])
    note = named(clip("SH010", markers=[_marker(clearcut={"outcome": "blocked", "replica": "r"})]))
    assert note.declared == ()


texts = st.sampled_from(["", " ", "HEL_020_0100", "hel_020_0100", "A_010", "x", "\u200b", "é 1"])
said = st.fixed_dictionaries(
    {},
    optional={
        "clearcut": st.sampled_from([None, {}, {"shot": "MINE"}, {"replicas": [{"replica": "r"}]}, "wrong"]),
        "Clearcut": st.just({"shot": "X"}),
        "sg": st.sampled_from([{}, {"shot": {"code": "A_010"}}]),
        "studio": st.just({"task": "comp"}),
        "cmx_3600": st.sampled_from([{"reel": "A1"}, {"comments": ["B_010"]}]),
    },
)
clips = st.builds(
    lambda name, metadata, about, marked, around: clip(
        name,
        metadata=metadata,
        references=tuple(MediaReference(f"m{n}", (), "", one) for n, one in enumerate(about)),
        markers=(Marker("LOC 1", "", {"cmx_3600": {}}),) if marked else (),
        around=around,
    ),
    texts,
    said,
    st.lists(said, max_size=2),
    st.booleans(),
    st.none() | st.builds(lambda about: stack(**about), said),
)
namings = st.builds(
    ShotNaming,
    metadata_paths=st.sampled_from([(), ("studio.task",)]),
    patterns=st.sampled_from([(), (CODE,)]),
    extractors=st.sampled_from(
        [("metadata_paths", "patterns", "clip_name"), EXTRACTORS, ("sg", "clip_name"), ()]
    ),
    sequence_pattern=st.sampled_from(
        [ShotNaming().sequence_pattern, "", r"(?P<episode>[A-Z]+)_(?P<sequence>\d*)"]
    ),
)


@given(st.lists(clips, min_size=1, max_size=4), namings)
def test_the_short_way_names_a_clip_as_the_whole_way_does(several, naming):
    namer = shots._Namer(naming)
    for one in several:
        short = namer.shortly(one)
        assert short is None or worked_out(short) == worked_out(shots._Namer(naming).name(one))


def worked_out(one):
    """With all that is otherwise worked out only when somebody asks."""
    return one._replace(told=one.candidates, stated=one.labels)


def test_names_that_differ_in_case_alone_are_one_whatever_stands_in_them():
    for first, other in (
        ("a_010", "A_010"),
        ("x\nb", "X\nB"),
        ("stra\u00dfe", "STRASSE"),
        ("\u03c3", "\u03c2"),
    ):
        clips = name_shots(cut(clip(first, 0), clip("C_020", 50), clip(other, 99)), ShotNaming())
        assert [one.shot for one in clips] == [first, "C_020", first]
    apart = name_shots(cut(clip("a\nb", 0), clip("a", 50), clip("b", 99)), ShotNaming())
    assert [one.shot for one in apart] == ["a\nb", "a", "b"]


@given(
    st.lists(
        st.sampled_from(["A_1", "a_1", "A_2", "B", "Ab", "1", "\u00df", "SS", "x\nb", "X\nB", "x", ""]),
        max_size=5,
    )
)
def test_names_told_apart_at_once_are_spelled_as_when_each_is_looked_at(names):
    several = cut(*[clip(name, 50 * n) for n, name in enumerate(names)])

    def spelled():
        return [(one.shot, one.labels) for one in name_shots(several, ShotNaming())]

    with pytest.MonkeyPatch.context() as patch:
        at_once = spelled()
        patch.setattr(shots, "_differ_not_in_case_alone", lambda _: False)
        assert spelled() == at_once


def test_were_names_in_two_cases_taken_for_two_shots_the_one_published_might_lack_the_replica(monkeypatch):
    """The twin of telling names apart at once."""
    several = cut(clip("A_010", 0), clip("a_010", 50))
    assert {one.shot for one in name_shots(several, ShotNaming())} == {"A_010"}
    monkeypatch.setattr(shots, "_differ_not_in_case_alone", lambda _: True)
    assert {one.shot for one in name_shots(several, ShotNaming())} == {"A_010", "a_010"}


@pytest.mark.parametrize("names", [("HEL_010", "hel_010"), ("hel_010", "HEL_010")])
def test_a_shot_spelled_in_two_ways_is_asked_about_in_both_sequences_whichever_comes_first(names):
    clips = name_shots(cut(clip(names[0], 0), clip(names[1], 50)), ShotNaming())
    assert [(one.shot, one.sequence) for one in clips] == [(names[0], name[:3]) for name in names]


def test_most_clips_go_the_short_way():
    namer = shots._Namer(ShotNaming())
    assert namer.shortly(clip("A_010", metadata={"studio": {}})) is not None
    assert namer.shortly(clip("A_010", metadata={"clearcut": {"shot": "B"}})) is None
