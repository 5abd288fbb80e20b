"""Every source of evidence finds the replica alone, none hides what another shows, and doubts hinder their shot."""

import copy
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.cut import Enclosure, Marker, MediaReference
from clearcut.core.identify import _ClipWalk, identify
from clearcut.core.replica import AssetKind, Match, MatchKind, NotReplica
from clearcut.core.rules import Occlusion, Rules, ShotNaming
from clearcut.core.timing import FrameRange, union
from clearcut.core.use import EvidenceKind
from fakes.cuts import (
    clip,
    cut,
    declares,
    entity_asset,
    key_asset,
    knows,
    no_replica,
    path_asset,
    sha_asset,
    stack,
)
from fakes.worlds import NOW

NOTHING = knows()
P1 = path_asset("rpl-p1", "*/char/p1/*")
IN_P1 = "/jobs/char/p1/a.%04d.exr"


def uses_of(*clips, recognition=NOTHING, rules=Rules(), **more):  # noqa: B008 - a value
    return identify(cut(*clips), recognition, rules, **more).uses


def codes(identified, shot):
    return sorted({why.code for one in identified.shots if one.name == shot for why in one.reasons})


def _media(key="m", urls=(), **metadata):
    return MediaReference(key, urls, "", metadata)


SHA = "ab" * 32
LONE_EVIDENCE = [
    ("the clip's metadata", {"metadata": declares("rpl-p1")}, NOTHING, EvidenceKind.METADATA),
    ("a reference's metadata", {"references": [_media(**declares("rpl-p1"))]}, NOTHING, EvidenceKind.METADATA),
    ("a stack around it", {"around": stack(**declares("rpl-p1"))}, NOTHING, EvidenceKind.METADATA),
    ("a path", {"urls": [IN_P1]}, knows(P1), EvidenceKind.PATH),
    ("a path of a reference that is not active", {"references": [_media("a"), _media("b", (IN_P1,))]}, knows(P1), EvidenceKind.PATH),
    ("the second path of a reference", {"urls": ["/x.mov", IN_P1]}, knows(P1), EvidenceKind.PATH),
    ("a registered key in the clip", {"metadata": {"ayon": {"representation": "77"}}}, knows(key_asset("rpl-p1", "ayon.representation", "77")), EvidenceKind.METADATA),
    ("a registered key in a reference", {"references": [_media(ayon={"representation": 77})]}, knows(key_asset("rpl-p1", "ayon.representation", "77")), EvidenceKind.METADATA),
    ("a registered key around it", {"around": stack(ayon={"representation": "77"})}, knows(key_asset("rpl-p1", "ayon.representation", "77")), EvidenceKind.METADATA),
    ("a registered key in a list", {"metadata": {"ayon": [{"id": ["1", "77"]}]}}, knows(key_asset("rpl-p1", "ayon.id", "77")), EvidenceKind.METADATA),
    ("a flat key with dots", {"metadata": {"ayon.id": "77"}}, knows(key_asset("rpl-p1", "ayon.id", "77")), EvidenceKind.METADATA),
    ("a path in the clip's metadata", {"metadata": {"comp": {"inputs": [IN_P1]}}}, knows(P1), EvidenceKind.PATH),
    ("a path in a reference's metadata", {"references": [_media(media={"input": [IN_P1]})]}, knows(P1), EvidenceKind.PATH),
    ("a declaring marker on a stack around it", {"around": stack()._replace(markers=(Marker("m", "", declares("rpl-p1")),))}, NOTHING, EvidenceKind.METADATA),
    ("a declaring marker", {"markers": [Marker("m", "", declares("rpl-p1"))]}, NOTHING, EvidenceKind.METADATA),
    ("an entity as a url", {"urls": ["bal:///assets/p1"]}, knows(entity_asset("rpl-p1", "bal:///assets/p1")), EvidenceKind.ENTITY),
    ("an entity with a version", {"urls": ["bal:///assets/p1?v=3"]}, knows(entity_asset("rpl-p1", "bal:///assets/p1")), EvidenceKind.ENTITY),
    ("an entity in other spelling", {"urls": [" BAL:///assets/p1/"]}, knows(entity_asset("rpl-p1", "bal:///assets/p1")), EvidenceKind.ENTITY),
    ("an entity registered with a slash", {"urls": ["bal:///assets/p1"]}, knows(entity_asset("rpl-p1", "Bal:///assets/p1/")), EvidenceKind.ENTITY),
    ("an entity in metadata", {"metadata": {"a": [{"ref": "bal:///assets/p1"}]}}, knows(entity_asset("rpl-p1", "bal:///assets/p1")), EvidenceKind.ENTITY),
    ("a hash in metadata", {"metadata": {"sha256": SHA.upper()}}, knows(sha_asset("rpl-p1", SHA)), EvidenceKind.SHA256),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "given_", "recognition", "kind"), LONE_EVIDENCE, ids=[x[0] for x in LONE_EVIDENCE]
)
def test_any_one_source_alone_yields_the_use(source, given_, recognition, kind):
    (use,) = uses_of(clip("SH010", 0, 48, **given_), recognition=recognition)
    assert (use.id, use.shot, use.replica) == ("u0", "SH010", "rpl-p1")
    assert use.screen == use.record == (FrameRange(0, 48),)
    assert {seen.kind for seen in use.evidence} == {kind}


@pytest.mark.parametrize(
    ("source", "given_", "recognition", "kind"), LONE_EVIDENCE, ids=[x[0] for x in LONE_EVIDENCE]
)
def test_without_that_source_there_is_no_use(source, given_, recognition, kind):
    if recognition is NOTHING:
        assert uses_of(clip("SH010"), recognition=knows(P1)) == ()
    else:
        assert uses_of(clip("SH010", **given_), recognition=NOTHING) == ()


def test_a_note_that_only_mentions_a_path_is_no_evidence():
    mentioned = clip(
        references=[_media(note=f"took {IN_P1} out", two=f"a\n{IN_P1}", three=f"{IN_P1}\nis gone")]
    )
    assert uses_of(mentioned, recognition=knows(P1)) == ()
    assert uses_of(clip(metadata={"note": f"took {IN_P1} out"}), recognition=knows(P1)) == ()


def test_a_hash_that_somebody_computed_is_evidence_alone():
    recognition = knows(sha_asset("rpl-p1", SHA))
    one = clip(urls=["file:///x/a.exr"])
    (use,) = uses_of(one, recognition=recognition, hashes={"/x/A.exr": SHA.upper()})
    assert [seen.kind for seen in use.evidence] == [EvidenceKind.SHA256]
    assert uses_of(one, recognition=recognition, hashes={"/x/b.exr": SHA}) == ()


@pytest.mark.parametrize("clearcut", [{"replicas": []}, {}, {"shot": "SH010", "replicas": []}, None])
def test_declaring_nothing_switches_no_other_source_off(clearcut):
    (use,) = uses_of(clip(urls=[IN_P1], metadata={"clearcut": clearcut}), recognition=knows(P1))
    assert use.replica == "rpl-p1"


def test_declaring_one_replica_does_not_hide_another():
    found = uses_of(clip(urls=[IN_P1], metadata=declares("rpl-p2")), recognition=knows(P1))
    assert [use.replica for use in found] == ["rpl-p1", "rpl-p2"]


def test_a_replica_that_nobody_registered_is_still_a_use():
    (use,) = uses_of(clip(metadata=declares("rpl-nobody-knows")))
    assert use.replica == "rpl-nobody-knows"


def test_a_path_joins_what_the_clip_declares_of_the_same_replica():
    (use,) = uses_of(
        clip(urls=[IN_P1], metadata=declares("rpl-p1", entry={"uses": ["stunt"]})), recognition=knows(P1)
    )
    assert use.declared.uses == ("stunt",)
    assert {seen.kind for seen in use.evidence} == {EvidenceKind.METADATA, EvidenceKind.PATH}


def test_a_path_beside_two_declarations_of_its_replica_is_evidence_for_both():
    twice = {"clearcut": {"replicas": [{"replica": "rpl-p1", "uses": [word]} for word in ("stunt", "promo")]}}
    found = uses_of(clip(urls=[IN_P1], metadata=twice), recognition=knows(P1))
    assert sorted(use.declared.uses for use in found) == [("promo",), ("stunt",)]
    assert all(len(use.evidence) == 2 for use in found)


def test_the_same_shot_several_times_is_one_use_with_united_ranges():
    flash = [clip("SH010", first, 48, metadata=declares("rpl-p1")) for first in (0, 24, 480)]
    (use,) = uses_of(*flash, clip("SH020", 200))
    assert use.record == use.screen == (FrameRange(0, 72), FrameRange(480, 528))
    assert use.source == (FrameRange(1001, 1049),)
    assert len(use.evidence) == 3


def test_another_declaration_or_version_is_another_use():
    a = clip("SH010", 0, metadata=declares("rpl-p1", version="v1", shot="SH010"))
    b = clip("SH010", 50, metadata=declares("rpl-p1", version="v2", shot="SH010"))
    c = clip("SH010", 99, metadata=declares("rpl-p1", version="v2", shot="SH010", entry={"uses": ["promo"]}))
    assert [(use.version, use.declared.uses) for use in uses_of(a, b, c)] == [
        ("v1", ()),
        ("v2", ()),
        ("v2", ("promo",)),
    ]


def test_a_voice_on_a_sound_clip_is_heard_and_not_seen():
    (use,) = uses_of(clip("SH010", 0, 48, sound=True, metadata=declares("rpl-p3")), clip("SH010", 0, 48))
    assert (use.screen, use.record) == ((), (FrameRange(0, 48),))


def test_music_is_no_shot_but_a_voice_is_and_a_shot_is_as_long_as_it_is_seen():
    found = identify(
        cut(
            clip("SH010", 0, 48),
            clip("SH010", 0, 96, sound=True),
            clip("MUSIC", 0, 96, sound=True),
            clip("VOICE", 0, 96, sound=True, metadata=declares("rpl-p3")),
        ),
        NOTHING,
        Rules(),
    )
    assert [(shot.name, shot.record) for shot in found.shots] == [
        ("SH010", (FrameRange(0, 48),)),
        ("VOICE", (FrameRange(0, 96),)),
    ]


def test_what_is_covered_counts_unless_the_rules_say_opaque_and_the_use_remains():
    one = clip("SH010", 0, 48, metadata=declares("rpl-p1"), occluded=[(10, 20)])
    all_over = clip("SH020", 48, 48, metadata=declares("rpl-p1"), occluded=[(48, 96)])
    counted = uses_of(one, all_over)
    assert [use.screen for use in counted] == [(FrameRange(0, 48),), (FrameRange(48, 96),)]
    opaque = uses_of(one, all_over, rules=Rules(occlusion=Occlusion.OPAQUE))
    assert [use.screen for use in opaque] == [(FrameRange(0, 10), FrameRange(20, 48)), ()]
    assert [use.record for use in opaque] == [(FrameRange(0, 48),), (FrameRange(48, 96),)]


def test_a_source_that_cannot_be_told_is_said_so():
    known, unknown = (
        clip("SH010", first, metadata=declares("rpl-p1"), **more)
        for first, more in ((0, {}), (60, {"source": None}))
    )
    assert [use.source_known for use in uses_of(known)] == [True]
    (use,) = uses_of(known, unknown)
    assert (use.source_known, use.source) == (False, (FrameRange(1001, 1049),))


def test_models_and_raw_scans_are_named_on_the_use():
    recognition = knows(
        path_asset("rpl-p1", "*/p1.cat"),
        path_asset("rpl-p1", "*/p1_net/*", AssetKind.MODEL),
        path_asset("rpl-p1", "*/p1_raw/*", AssetKind.BIOMETRIC_RAW),
        P1,
    )
    (use,) = uses_of(
        clip(urls=["/x/p1.cat", "/x/p1_net/a.bin", "/x/p1_raw/a.ply", IN_P1]), recognition=recognition
    )
    assert use.models == ("/x/p1.cat", "/x/p1_net/a.bin")
    assert use.biometric == ("/x/p1_raw/a.ply",)


class TestNestedStacks:
    """What a stack declares holds for its visible range, in the shots that play there."""

    where = "tracks[0].children[0]"

    def nested(self, metadata, first=0, length=40):
        return clip("NEST", first, length, metadata=metadata, nested=True, where=self.where)

    def inside(self, name, metadata, stack_metadata, first=0, length=40):
        around = stack("NEST", self.where, **stack_metadata)
        return clip(name, first, length, metadata=metadata, around=around, where=f"{self.where}.children[0]")

    def test_a_stack_with_a_shot_is_that_shot_with_its_clips(self):
        said = declares("rpl-p1", shot="SH010")
        found = identify(cut(self.nested(said), self.inside("INNER", {}, said)), NOTHING, Rules())
        (use,) = found.uses
        assert (use.shot, use.screen) == ("SH010", (FrameRange(0, 40),))
        assert (use.source_known, use.source) == (True, (FrameRange(1001, 1049),))
        assert [shot.name for shot in found.shots] == ["SH010"]

    def test_what_a_stack_without_a_shot_declares_is_told_of_the_clips_that_play_in_it(self):
        said = declares("rpl-p1")
        found = identify(cut(self.nested(said), self.inside("SH020", {}, said)), NOTHING, Rules())
        assert [(use.shot, use.replica) for use in found.uses] == [("SH020", "rpl-p1")]
        assert [shot.name for shot in found.shots] == ["SH020"]

    def test_what_a_stack_declares_holds_where_nothing_plays_in_it_too(self):
        """It holds for the stack's visible range; the gap counts for the shot that played before it."""
        said = declares("rpl-p1")
        inside = [self.inside("SH020", {}, said, 5, 10), self.inside("SH030", {}, said, 20, 5)]
        found = identify(cut(self.nested(said), *inside), NOTHING, Rules())
        assert [(use.shot, use.screen) for use in found.uses] == [
            ("SH020", (FrameRange(0, 20),)),
            ("SH030", (FrameRange(20, 40),)),
        ]
        assert {use.source for use in found.uses} == {(FrameRange(1001, 1049),)}
        assert all(use.source_known for use in found.uses)

    def test_what_a_track_declares_is_not_meant_of_its_gaps(self):
        said = declares("rpl-p1")
        around = Enclosure("track", "V1", "tracks[0]", said, (), None)
        whole = clip("V1", 0, 40, metadata=said, nested=True, where="tracks[0]")
        inner = clip("SH020", 0, 10, around=around)
        assert [use.screen for use in uses_of(whole, inner)] == [(FrameRange(0, 10),)]

    def test_a_clip_of_another_shot_in_it_shows_the_replica_too(self):
        said = declares("rpl-p1", shot="SH010")
        own = self.inside("INNER", {"clearcut": {"shot": "SH020"}}, said, 10, 5)
        found = uses_of(self.nested(said), own)
        assert {(use.shot, use.screen) for use in found} == {
            ("SH010", (FrameRange(0, 40),)),
            ("SH020", (FrameRange(10, 15),)),
        }
        assert [use.source_known for use in found if use.shot == "SH010"] == [False]

    def test_a_stack_in_which_sound_alone_plays_may_still_be_seen(self):
        said = declares("rpl-p1")
        around = stack("NEST", self.where, **said)
        voice = clip("VOICE", 0, 40, sound=True, around=around, where=f"{self.where}.children[0]")
        found = {use.shot: use.screen for use in uses_of(self.nested(said), voice)}
        assert found == {"NEST": (FrameRange(0, 40),), "VOICE": ()}

    def test_a_stack_in_which_nothing_plays_is_a_shot_by_its_own_name(self):
        (use,) = uses_of(self.nested(declares("rpl-p1")))
        assert (use.shot, use.source_known) == ("NEST", False)


class TestDoubts:
    """What hinders finding or naming is a reason of the shot that shows something, and of no other."""

    def test_an_unnamed_clip_that_shows_a_replica(self):
        found = identify(cut(clip("", 0, metadata=declares("rpl-p1")), clip("SH010", 50)), NOTHING, Rules())
        assert found.uses[0].shot == "unnamed"
        assert codes(found, "unnamed") == ["shot-unnamed"]
        assert codes(found, "SH010") == []

    def test_an_unnamed_clip_without_one_hinders_nobody(self):
        found = identify(cut(clip("", 0)), NOTHING, Rules())
        assert codes(found, "unnamed") == []

    def test_an_ambiguous_clip_hinders_every_shot_that_it_may_be(self):
        rules = Rules(shot_naming=ShotNaming(("code",)))
        doubtful = clip("SH020", 0, metadata={"code": "SH010", **declares("rpl-p1")})
        found = identify(cut(doubtful, clip("SH020", 50), clip("SH030", 99)), NOTHING, rules)
        assert [use.shot for use in found.uses] == ["SH010"]
        assert codes(found, "SH010") == codes(found, "SH020") == ["shot-ambiguous"]
        assert codes(found, "SH030") == []
        assert "SH010" in found.shots[0].reasons[0].message
        without = identify(cut(clip("SH020", 0, metadata={"code": "SH010"})), NOTHING, rules)
        assert codes(without, "SH010") == []

    def test_a_doubt_reaches_the_other_shot_in_whatever_case_it_is_written(self):
        rules = Rules(shot_naming=ShotNaming(("code",)))
        doubtful = clip("sh020", 0, metadata={"code": "SH010", **declares("rpl-p1")})
        found = identify(cut(doubtful, clip("SH020", 50)), NOTHING, rules)
        assert codes(found, "SH020") == ["shot-ambiguous"]

    def test_faulty_metadata_makes_its_shot_unknown_and_loses_no_replica(self):
        one = clip(
            "SH010", metadata=declares("rpl-p1", entry={"uses": ["stnt"]}), where="tracks[0].children[4]"
        )
        found = identify(cut(one), NOTHING, Rules())
        (why,) = found.shots[0].reasons
        assert (why.code, why.severity.value) == ("cut-unreadable", "unknown")
        assert "tracks[0].children[4].metadata.clearcut.replicas[0].uses[0]" in why.message
        assert "did you mean 'stunt'?" in why.message
        assert [use.replica for use in found.uses] == ["rpl-p1"]

    def test_a_fault_that_hides_a_replica_leaves_no_cap_to_be_judged(self):
        hidden = identify(
            cut(clip("SH010", metadata={"clearcut": {"replicas": [{"replica": 7}]}})), NOTHING, Rules()
        )
        seen = identify(
            cut(clip("SH010", metadata=declares("rpl-p1", entry={"uses": ["stnt"]}))), NOTHING, Rules()
        )
        assert (hidden.whole, seen.whole) == (False, True)

    def test_a_fault_around_a_clip_is_a_fault_of_its_shot(self):
        around = stack(clearcut={"replicas": "rpl-p1"})
        assert codes(identify(cut(clip("SH010", around=around)), NOTHING, Rules()), "SH010") == [
            "cut-unreadable"
        ]

    @pytest.mark.parametrize("suffix", ["cat", "onnx", "safetensors", "pt", "pth", "ckpt", "ONNX"])
    def test_an_ml_model_that_nobody_registered(self, suffix):
        found = identify(cut(clip("SH010", urls=[f"/x/face.{suffix}"]), clip("SH020", 50)), NOTHING, Rules())
        assert codes(found, "SH010") == ["unidentified-replica"]
        assert f"/x/face.{suffix}" in found.shots[0].reasons[0].remedy
        assert codes(found, "SH020") == []

    def test_a_suspect_of_the_rule_file(self):
        rules = Rules(suspects=("*digidouble*",))
        one = cut(clip("SH010", urls=["/x/p9_DigiDouble/a.exr"]))
        assert codes(identify(one, NOTHING, rules), "SH010") == ["unidentified-replica"]
        assert codes(identify(one, NOTHING, Rules()), "SH010") == []
        known = identify(one, knows(path_asset("rpl-p9", "*p9_digi*")), rules)
        assert (codes(known, "SH010"), len(known.uses)) == ([], 1)

    @pytest.mark.parametrize(
        "excuse",
        [
            no_replica("*/statue_*"),
            NotReplica(Match(MatchKind.SHA256, SHA), "a statue", "TD", NOW),
        ],
    )
    def test_what_is_declared_not_a_replica_is_no_suspect(self, excuse):
        one = cut(clip("SH010", urls=["/x/statue_digidouble/a.onnx"]))
        rules = Rules(suspects=("*digidouble*",))
        hashes = {"/x/statue_digidouble/a.onnx": SHA}
        assert codes(identify(one, knows(excuse), rules, hashes=hashes), "SH010") == []
        assert codes(identify(one, NOTHING, rules, hashes=hashes), "SH010") == ["unidentified-replica"]

    def test_an_excuse_by_metadata_holds_for_what_carries_it(self):
        excuse = NotReplica(Match(MatchKind.METADATA, "77", "ayon.id"), "a statue", "TD", NOW)
        excused = clip("SH010", 0, references=[_media("m", ("/x/a.onnx",), ayon={"id": 77})])
        other = clip("SH020", 50, references=[_media("m", ("/x/a.onnx",), ayon={"id": 78})])
        found = identify(cut(excused, other), knows(excuse), Rules())
        assert (codes(found, "SH010"), codes(found, "SH020")) == ([], ["unidentified-replica"])

    def test_no_excuse_hides_a_registered_asset(self):
        found = uses_of(clip(urls=[IN_P1]), recognition=knows(P1, no_replica("*")))
        assert [use.replica for use in found] == ["rpl-p1"]

    def test_a_file_that_changed_since_it_was_registered(self):
        recognition = knows(path_asset("rpl-p1", "/x/p1.exr"), sha_asset("rpl-p1", SHA))
        one = cut(clip("SH010", urls=["/x/p1.exr"]))
        assert codes(identify(one, recognition, Rules(), hashes={"/x/p1.exr": "cd" * 32}), "SH010") == [
            "asset-hash-mismatch"
        ]
        assert codes(identify(one, recognition, Rules(), hashes={"/x/p1.exr": SHA}), "SH010") == []
        assert codes(identify(one, recognition, Rules()), "SH010") == []

    def test_a_missing_reference_is_neither_evidence_nor_a_failure(self):
        found = identify(cut(clip("SH010", references=[_media()])), knows(P1), Rules(suspects=("*",)))
        assert (found.uses, codes(found, "SH010")) == ((), [])


def test_a_relative_path_is_meant_from_the_edits_folder():
    recognition = knows(path_asset("rpl-p1", "/jobs/helios/char/p1/*"))
    one = clip(urls=["../char/p1/a.exr"])
    assert len(identify(cut(one, path="/jobs/helios/edit/cut.otio"), recognition, Rules()).uses) == 1
    assert len(identify(cut(one, path="/elsewhere/edit/cut.otio"), recognition, Rules()).uses) == 0


def test_uses_and_shots_come_in_record_order():
    found = identify(
        cut(
            *(
                clip(name, first, metadata=declares("rpl-p1"))
                for name, first in (("C", 0), ("A", 100), ("B", 50))
            )
        ),
        NOTHING,
        Rules(),
    )
    assert [(use.id, use.shot) for use in found.uses] == [("u0", "C"), ("u1", "B"), ("u2", "A")]
    assert [shot.name for shot in found.shots] == ["C", "B", "A"]


_clips = st.builds(
    lambda name, first, length, replicas, url, word, sound: clip(
        name, first, length, sound=sound, urls=[url],
        metadata=declares(*replicas, entry={"uses": [word]}), where=f"{name}{first}{length}{replicas}{url}{word}{sound}",
    ),
    st.sampled_from(["A", "B", "C", ""]), st.integers(0, 60), st.integers(1, 30),
    st.lists(st.sampled_from(["r1", "r2"]), max_size=2), st.sampled_from([IN_P1, "/x/a.exr", "/x/m.onnx"]),
    st.sampled_from(["stunt", "promo", "nonsense"]), st.booleans(),
)  # fmt: skip


@given(st.lists(_clips, max_size=8), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_clips_makes_no_difference(clips, rng: random.Random):
    straight = cut(*clips)
    shuffled = list(straight.clips)
    rng.shuffle(shuffled)
    other = type(straight)(
        straight.name, straight.path, "", straight.timebase, straight.duration, tuple(shuffled)
    )
    one, two = (identify(c, knows(P1), Rules()) for c in (straight, other))
    assert (one.uses, one.shots) == (two.uses, two.shots)


@given(st.lists(_clips, max_size=8))
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_and_nothing_invented(clips):
    found = identify(cut(*clips), knows(P1), Rules())
    shown = {}
    for one in clips:
        replicas = {entry["replica"] for entry in one.metadata["clearcut"]["replicas"]}
        if one.references[0].urls[0] == IN_P1:
            replicas.add("rpl-p1")
        for replica in replicas:
            shown.setdefault((one.name or "unnamed", replica), []).append(one)
    assert {(use.shot, use.replica) for use in found.uses} == shown.keys()
    names = {shot.name for shot in found.shots}
    for (shot, replica), several in shown.items():
        mine = [use for use in found.uses if (use.shot, use.replica) == (shot, replica)]
        assert shot in names
        assert union(r for use in mine for r in use.record) == union(one.record for one in several)
        seen = [one.record for one in several if one.kind.value == "picture"]
        assert union(r for use in mine for r in use.screen) == union(seen)
        for use in mine:
            assert union(use.record) == use.record
            assert list(use.evidence) == sorted(set(use.evidence))
    assert len({use.id for use in found.uses}) == len(found.uses)


@given(
    st.lists(
        st.sampled_from(
            [{}, {"ayon": {"id": "77"}}, {"media": {"input": IN_P1}}, {"media": "/x/face.onnx"}, {"a": 1}]
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_clips_share_is_looked_at_once_and_counts_for_each(abouts):
    """Metadata that is one object for several clips gives what copies of it give."""
    recognition = knows(P1, key_asset("rpl-p1", "ayon.id", "77"))
    shared = [abouts[0]] * 2 + abouts + abouts

    def looked_at(several):
        made = [
            clip(
                f"S_{n}", where=f"clip[{n}]", metadata=about, references=[MediaReference("m", (), "", about)]
            )
            for n, about in enumerate(several)
        ]
        found = identify(cut(*made), recognition, Rules())
        return found.uses, found.shots

    assert looked_at(shared) == looked_at([copy.deepcopy(about) for about in shared])


_abouts = st.sampled_from(
    [{}, {"ayon": {"id": "77"}}, {"media": {"input": IN_P1}}, {"media": "/x/face.onnx"}, {"a": 1}, declares("r1")]
)  # fmt: skip
_any_clips = st.builds(
    lambda name, first, sound, urls, own, about, marked, around: clip(
        name, first, 10, sound=sound, metadata=own, around=around, where=f"clip[{first}]",
        markers=[Marker("m", "", marked)] if marked else [],
        references=[MediaReference("m", tuple(urls), "", about)],
    ),
    st.sampled_from(["A", "B", "a", ""]), st.integers(0, 60), st.booleans(),
    st.lists(st.sampled_from([IN_P1, "/x/a.1001.exr", "/x/a.1002.exr", "/x/m.onnx"]), max_size=2),
    _abouts, _abouts, _abouts, st.none() | st.builds(lambda about: stack(**about), _abouts),
)  # fmt: skip


@given(st.lists(_any_clips, max_size=6), st.booleans())
def test_a_clip_that_shows_nothing_comes_to_what_looking_at_it_closely_comes_to(clips, keyed):
    recognition = knows(P1, *([key_asset("rpl-p1", "ayon.id", "77")] if keyed else []))

    def found():
        return identify(cut(*clips), recognition, Rules())

    with pytest.MonkeyPatch.context() as patch:
        quickly = found()
        patch.setattr(_ClipWalk, "_shows_nothing", lambda *_: False)
        assert found() == quickly


def test_were_what_shows_something_taken_for_nothing_its_replica_would_be_lost(monkeypatch):
    """The twin of looking quickly: it may say that nothing is shown only where nothing is."""
    shown = clip("A", urls=[IN_P1])
    assert uses_of(shown, recognition=knows(P1))
    monkeypatch.setattr(_ClipWalk, "_shows_nothing", lambda *_: True)
    assert not uses_of(shown, recognition=knows(P1))


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("excused", [False, True])
def test_an_ml_model_that_only_the_metadata_of_a_clip_or_a_marker_name_is_a_suspect_until_somebody_answers(
    excused, marked
):
    said = {"tool": {"model": "/jobs/ml/faces.onnx"}, **({"studio": {"kind": "denoise"}} if excused else {})}
    answers = NotReplica(Match(MatchKind.METADATA, "denoise", "studio.kind"), "it removes grain", "TD", NOW)
    shown = clip("SH010", markers=[Marker("m", "", said)]) if marked else clip("SH010", metadata=said)
    found = identify(cut(shown), knows(answers), Rules())
    assert codes(found, "SH010") == ([] if excused else ["unidentified-replica"])
