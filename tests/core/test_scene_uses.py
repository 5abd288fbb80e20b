"""What a comp adds: evidence, uses of its own, doubts; and a shot that the cut does not have."""

import pytest

from clearcut.core.identify import identify
from clearcut.core.replica import AssetKind
from clearcut.core.rules import Rules
from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.core.use import EvidenceKind
from fakes.cuts import clip, cut, declares, entity_asset, key_asset, knows, path_asset, sha_asset

P1 = path_asset("rpl-p1", "*/char/p1/*")
FRAMES = FrameRange(1001, 1049)


def reads(value, node="Read1", state=ReferenceState.USED, why="", **more):
    return SceneReference(node, "Read", "file", value, state, why, **more)


def scene(*references, frames=FRAMES, problems=(), targets=None):
    made = (Target("Write1", "/out/a.exr", references, frames),) if targets is None else targets
    return Scene("comp.nk", "nk", "", made, problems=problems)


def found(one, *clips, recognition=knows(P1), shot="SH010", rules=Rules()):  # noqa: B008 - values
    clips = clips or (clip("SH010", 0, 48), clip("SH020", 48, 48))
    return identify(cut(*clips), recognition, rules, scenes={shot: one})


def codes(identified, shot="SH010"):
    (mine,) = [one for one in identified.shots if one.name == shot]
    return [(why.code, why.severity.value) for why in mine.reasons]


LONE = [
    (reads("/jobs/char/p1/a.%04d.exr"), knows(P1)),
    (reads("C:\\jobs\\char\\p1\\a.exr"), knows(P1)),
    (reads(None, replicas=("rpl-p1",)), knows()),
    (
        reads("x", metadata=(("ayon.representation", "77"),)),
        knows(key_asset("rpl-p1", "ayon.representation", "77")),
    ),
    (reads("bal:///assets/p1"), knows(entity_asset("rpl-p1", "bal:///assets/p1"))),
    (reads("x", metadata=(("ref", "bal:///assets/p1"),)), knows(entity_asset("rpl-p1", "bal:///assets/p1"))),
]


@pytest.mark.parametrize(("reference", "recognition"), LONE)
def test_what_only_the_scene_shows_is_a_use_over_all_of_the_shot(reference, recognition):
    (use,) = found(scene(reference), recognition=recognition).uses
    # On the cut's own record time: with another replica of the performer it counts once.
    assert (use.shot, use.replica, use.scene_only) == ("SH010", "rpl-p1", False)
    assert use.screen == use.record == (FrameRange(0, 48),)
    assert {seen.kind for seen in use.evidence} == {EvidenceKind.SCENE}
    assert all(seen.where.startswith("Read1") for seen in use.evidence)


def test_a_scene_that_shows_nothing_adds_nothing():
    identified = found(scene(reads("/jobs/plates/a.exr")))
    assert (identified.uses, codes(identified)) == ((), [])


def test_what_the_cut_shows_too_is_one_use_with_both_evidences():
    declared = clip("SH010", 0, 48, metadata=declares("rpl-p1", entry={"uses": ["stunt"]}))
    (use,) = found(scene(reads("/jobs/char/p1/a.exr")), declared).uses
    assert (use.scene_only, use.declared.uses) == (False, ("stunt",))
    assert {seen.kind for seen in use.evidence} == {EvidenceKind.METADATA, EvidenceKind.SCENE}


def test_a_model_that_only_the_comp_reads_is_named_on_the_use():
    recognition = knows(path_asset("rpl-p1", "*/p1.cat", AssetKind.MODEL))
    declared = clip("SH010", 0, 48, metadata=declares("rpl-p1"))
    (use,) = found(scene(reads("/x/p1.cat", "Inference1")), declared, recognition=recognition).uses
    assert use.models == ("/x/p1.cat",)


def test_the_scene_of_one_shot_says_nothing_of_another():
    identified = found(scene(reads("/jobs/char/p1/a.exr", state=ReferenceState.UNKNOWN)))
    assert codes(identified, "SH020") == []
    assert {use.shot for use in identified.uses} == {"SH010"}


def test_a_node_that_cannot_be_told_hinders_and_counts_as_used():
    identified = found(scene(reads("/jobs/char/p1/a.exr", state=ReferenceState.UNKNOWN, why="an expression")))
    assert codes(identified) == [("scene-incomplete", "unknown")]
    assert "Read1" in identified.shots[0].reasons[0].message
    assert "an expression" in identified.shots[0].reasons[0].message
    # Waiving the doubt must not waive the licence.
    assert [use.replica for use in identified.uses] == ["rpl-p1"]


def test_each_path_that_a_value_means_is_recognised_and_said_once():
    relative = reads("beauty.exr", also=("/jobs/char/p1/beauty.exr", "/jobs/char/p1/./beauty.exr"))
    (use,) = found(scene(relative), clip("SH010", 0, 48)).uses
    assert (use.replica, [e.value for e in use.evidence]) == ("rpl-p1", ["/jobs/char/p1/beauty.exr"])
    model = found(scene(reads("face", "Inference1", also=("/m/face.onnx",))))
    assert codes(model) == [("unidentified-replica", "unknown")]


def test_a_gizmo_without_a_source_hinders():
    gizmo = SceneReference(
        "MyGizmo1", "MyGizmo", None, None, ReferenceState.UNKNOWN, "its source is not there"
    )
    assert codes(found(scene(gizmo))) == [("scene-incomplete", "unknown")]


def test_a_scene_with_problems_or_without_targets_is_incomplete():
    assert codes(found(scene(problems=("group not closed",)))) == [("scene-incomplete", "unknown")]
    assert codes(found(scene(targets=()))) == [("scene-incomplete", "unknown")]
    assert codes(found(scene())) == []


def test_a_model_that_nobody_registered_is_unidentified():
    identified = found(scene(reads("/x/p5_face.cat", "Inference1")))
    assert codes(identified) == [("unidentified-replica", "unknown")]
    assert codes(found(scene(reads("/x/a.exr")), rules=Rules(suspects=("*/x/*",)))) == [
        ("unidentified-replica", "unknown")
    ]


def test_a_node_that_claims_a_replica_does_not_register_its_model():
    assert codes(found(scene(reads("/x/p5_face.cat", replicas=("rpl-p1",))))) == [
        ("unidentified-replica", "unknown")
    ]


def test_a_scene_alone_can_be_given_with_its_shot():
    one = scene(reads("/jobs/char/p1/a.exr"))
    identified = identify(cut(clip("SH010")), knows(P1), Rules(), scene=one, scene_shot="SH010")
    assert [use.shot for use in identified.uses] == ["SH010"]
    with pytest.raises(ValueError, match="needs the shot"):
        identify(cut(clip("SH010")), knows(P1), Rules(), scene=one)


def test_what_the_scene_shows_has_the_shots_version_where_the_clips_agree():
    one, two = (
        clip("SH010", n * 50, metadata={"clearcut": {"version": f"v{n}", "sequence": "SQ"}}) for n in (1, 2)
    )
    (use,) = found(scene(reads("/jobs/char/p1/a.exr")), one).uses
    assert (use.version, use.sequence) == ("v1", "SQ")
    (use,) = found(scene(reads("/jobs/char/p1/a.exr")), one, two).uses
    assert (use.version, use.sequence) == (None, "SQ")


def test_the_scene_of_a_shot_in_another_case_is_the_scene_of_the_cuts_shot():
    # As a shot of its own it would be judged on the scene alone, and what the cut declares would not count.
    declared = clip("SH010", 0, 48, metadata=declares("rpl-p2"))
    identified = found(scene(reads("/jobs/char/p1/a.exr")), declared, shot="sh010")
    assert [shot.name for shot in identified.shots] == ["SH010"]
    assert {use.replica for use in identified.uses} == {"rpl-p1", "rpl-p2"}


class TestAShotThatTheCutLacks:
    def test_is_a_warning_when_its_scene_shows_everything(self):
        identified = found(scene(reads("/jobs/char/p1/a.exr")), shot="SQ9_010")
        assert codes(identified, "SQ9_010") == [("shot-not-in-cut", "warn")]
        (use,) = identified.uses
        assert (use.shot, use.sequence, use.scene_only) == ("SQ9_010", "SQ9", True)

    def test_its_frames_lie_behind_the_cut_so_that_they_come_on_top(self):
        (use,) = found(scene(reads("/jobs/char/p1/a.exr")), shot="NEW").uses
        assert use.screen == use.record == (FrameRange(96, 144),)
        assert (use.source, use.source_known) == ((FRAMES,), True)

    def test_its_targets_make_the_same_frames_and_other_shots_others(self):
        later = FrameRange(1040, 1060)
        both = (
            Target("W1", None, (reads("/jobs/char/p1/a.exr"),), FRAMES),
            Target("W2", None, (reads("/jobs/char/p1/b.exr"),), later),
        )
        scenes = {"NEW1": scene(targets=both), "NEW2": scene(reads("/jobs/char/p1/a.exr"))}
        one, two = identify(cut(clip("SH010", 0, 48)), knows(P1), Rules(), scenes=scenes).uses
        assert one.screen == (FrameRange(48, 107),)
        # Were both counted at the same place, a cap would see one of them only.
        assert two.screen == (FrameRange(107, 155),)

    @pytest.mark.parametrize(
        "incomplete",
        [
            scene(reads("/jobs/char/p1/a.exr", state=ReferenceState.UNKNOWN)),
            scene(problems=("x",)),
            scene(targets=()),
            scene(reads("/x/face.onnx")),
            scene(reads("/jobs/char/p1/a.exr"), frames=None),
        ],
    )
    def test_is_unknown_when_its_scene_does_not(self, incomplete):
        assert ("shot-not-in-cut", "unknown") in codes(found(incomplete, shot="NEW"), "NEW")

    def test_that_an_ambiguous_clip_may_be_is_hindered_by_it(self):
        from clearcut.core.rules import ShotNaming

        doubtful = clip("NEW", 0, metadata={"code": "SH010", **declares("rpl-p2")})
        identified = found(scene(), doubtful, shot="NEW", rules=Rules(shot_naming=ShotNaming(("code",))))
        assert ("shot-ambiguous", "unknown") in codes(identified, "NEW")
        assert ("shot-not-in-cut", "warn") in codes(identified, "NEW")


def test_a_target_that_shows_nothing_hides_none_that_does():
    nothing = Target("Write1", "/out/matte.exr", (reads("/jobs/plates/a.exr"),), FRAMES)
    double = Target("Write2", "/out/a.exr", (reads("/jobs/char/p1/a.exr"),), FRAMES)
    for targets in ((nothing, double), (double, nothing)):
        assert [use.replica for use in found(scene(targets=targets)).uses] == ["rpl-p1"]


@pytest.mark.parametrize(("sha256", "told"), [("cd" * 32, True), ("ab" * 32, False)])
def test_a_file_of_a_scene_that_changed_since_it_was_registered(sha256, told):
    recognition = knows(path_asset("rpl-p1", "/x/p1.exr"), sha_asset("rpl-p1", "ab" * 32))
    one, hashes = cut(clip("SH010", 0, 48)), {"/x/p1.exr": sha256}
    identified = identify(
        one, recognition, Rules(), scenes={"SH010": scene(reads("/x/p1.exr"))}, hashes=hashes
    )
    (shot,) = identified.shots
    assert [why.code for why in shot.reasons] == ["asset-hash-mismatch"] * told
    assert all("/x/p1.exr" in why.message and "rpl-p1" in why.message for why in shot.reasons)
