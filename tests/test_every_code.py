"""Every reason code of the catalogue, met by the real program: a registry file, an edit file, `clearcut check`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearcut.cli import cli
from clearcut.core.reasons import CATALOGUE
from fakes.crooked_server import crooked
from fakes.otio_json import clip, external, timeline, track
from fakes.worlds import (
    approval,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    world,
)

Doc = dict[str, Any]
NOW = "2026-11-20T12:00:00Z"
DIGITAL = "/jobs/helios/char/p1_digidouble/beauty.exr"
FACE = "/jobs/helios/models/p1_face.cat"
BY_PATH = {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1_digidouble/*"}}

# What this version cannot say, for nothing in it makes a signed bundle or names a production's governing cut.
NOT_YET = {"bundle-stale", "bundle-rollback", "signature-invalid", "clock-untrusted", "cut-stale"}


@dataclass(frozen=True)
class Scene:
    """One scenario: a registry, what the only clip (or clips) says, and how the check is called."""

    registry: Doc = field(default_factory=world)
    says: Doc = field(default_factory=dict)
    clips: tuple[Doc, ...] | None = None
    arguments: tuple[str, ...] = ()
    rules: str = ""
    comp: str = ""
    edit: str | None = None
    shot: str = "HEL_020_0100"
    rate: float = 24


def declared(**says: Any) -> Doc:
    return {"shot": "HEL_020_0100", "version": "v004", "replicas": [{"replica": "rpl-p1", **says}]}


def the_clip(
    says: Doc, name: str = "HEL_020_0100", length: int = 24, url: str = "/jobs/plate.exr", **metadata: Any
) -> Doc:
    said = {"clearcut": says} if says else {}
    return clip(
        name,
        start=1001,
        length=length,
        media_references={"DEFAULT_MEDIA": external(url)},
        metadata={**said, **metadata},
    )


def licensed(**changes: Any) -> Doc:
    return world(licences=[licence(**changes)])


def scoped(**dimensions: Any) -> Doc:
    return licensed(scope=dimensions)


def checked(scene: Scene, folder: Path) -> Result:
    """`clearcut check` on the scenario, as a user would call it."""
    registry, edit = folder / "registry.json", folder / "cut.otio"
    registry.write_text(json.dumps(scene.registry))
    clips = scene.clips if scene.clips is not None else (the_clip(scene.says or declared()),)
    tree = timeline(track(*clips), metadata={"clearcut": {"production": "HELIOS", "version": "v041"}})
    edit.write_text(scene.edit if scene.edit is not None else json.dumps(tree))
    arguments = ["check", str(edit), "--format", "json", "--now", NOW]
    if not any(each in scene.arguments for each in ("--server", "--registry")):
        arguments += ["--registry", str(registry)]
    if scene.rules:
        (folder / "clearcut.toml").write_text(scene.rules)
    if scene.comp:
        (folder / "comp.nk").write_text(scene.comp)
        arguments += ["--scene", str(folder / "comp.nk"), "--shot", scene.shot]
    clean = {name: None for name in os.environ if name.startswith(("CLEARCUT_", "XDG_"))}
    environ = {**clean, "HOME": str(folder), "CLEARCUT_TOKEN": "cc_test"}
    return CliRunner().invoke(cli, [*arguments, *scene.arguments], env=environ, standalone_mode=False)


def told(report: Doc) -> set[str]:
    """All codes of a report."""
    uses = [use for shot in report["shots"] for use in shot["uses"]]
    reasons = [reason for part in (report, *report["shots"], *uses) for reason in part["reasons"]]
    return {reason["code"] for reason in reasons}


def comp(node: str) -> str:
    """A comp of one node and the write node behind it, on frames 1001 to 1024."""
    root = "Root {\n first_frame 1001\n last_frame 1024\n}\n"
    write = "Write {\n inputs 1\n file /out/sh.%04d.exr\n name Write1\n}\n"
    return root + node + write


PLATE_NODE = "Read {\n inputs 0\n file /jobs/plate.exr\n name Read1\n}\n"
PRECOMP = "Precomp {\n inputs 0\n file /jobs/gone.nk\n name Precomp1\n}\n"


NO_DISCLOSURE = production(delivery={"disclosure": []})
MODEL_OF_P1 = {"replica": "rpl-p1", "kind": "model", "match": {"path": "*/p1_face.cat"}}
CAPPED = licensed(max_screen_time_s="1")
SCENES: dict[str, Scene] = {
    "unidentified-replica": Scene(clips=(the_clip({}, url=FACE),)),
    "unknown-replica": Scene(says={"replicas": [{"replica": "rpl-nobody"}]}),
    "unknown-performer": Scene(world(replicas=[replica(performer=None)], licences=[])),
    "no-licence": Scene(world(licences=[])),
    "licence-draft": Scene(licensed(status="draft")),
    "licence-not-yet-valid": Scene(licensed(valid_from="2026-11-20T12:00:01Z")),
    "licence-expired": Scene(licensed(valid_until=NOW)),
    "licence-superseded": Scene(licensed(status="superseded")),
    "licence-expires-soon": Scene(licensed(valid_until="2026-12-01T00:00:00Z")),
    "licence-expires-before-release": Scene(licensed(valid_until="2028-01-01T00:00:00Z")),
    "licence-revoked": Scene(licensed(status="revoked")),
    "licence-suspended": Scene(licensed(status="suspended")),
    "strike-suspended": Scene(world(suspensions=[suspension("agreement", "sag-aftra")])),
    "licence-conflict": Scene(
        world(licences=[licence(), licence(id="L-2", forbidden_depictions=["violence"])]),
        says=declared(depictions=["violence"]),
    ),
    "authority-not-verified": Scene(world(authorities=[authority(verified=False)])),
    "authority-expired": Scene(world(authorities=[authority(valid_until="2026-11-19")])),
    "consent-not-specific": Scene(licensed(consent={"description": " "})),
    "consent-notice-short": Scene(licensed(consent={"notice_at": "2026-01-10T00:00:01Z"})),
    "term-too-long": Scene(licensed(valid_until="2036-01-15T00:00:01Z")),
    "minor-prohibited": Scene(
        world(performers=[performer(born="2010-03-04")]), says=declared(depictions=["nudity"])
    ),
    "minor-approval-missing": Scene(world(performers=[performer(born="2010-03-04")])),
    "production-out-of-scope": Scene(scoped(productions=["OTHER"]) | {
        "productions": [production(), production("OTHER")]}),
    "episode-out-of-scope": Scene(scoped(episodes=["E1"])),
    "sequence-out-of-scope": Scene(scoped(sequences=["HEL_03*"])),
    "shot-out-of-scope": Scene(scoped(shots=["HEL_030_*"])),
    "character-out-of-scope": Scene(scoped(characters=["Ada"])),
    "use-not-permitted": Scene(scoped(uses=["previs"])),
    "alteration-not-permitted": Scene(says=declared(alterations=["de_age"])),
    "modality-not-permitted": Scene(scoped(modalities=["body"])),
    "depiction-forbidden": Scene(
        licensed(forbidden_depictions=["violence"]), says=declared(depictions=["violence"])
    ),
    "background-as-principal": Scene(
        world(replicas=[replica(category="background")]), says=declared(uses=["principal"])
    ),
    "media-out-of-scope": Scene(scoped(media=["svod"])),
    "territory-out-of-scope": Scene(scoped(territories=["EU"])),
    "language-out-of-scope": Scene(scoped(languages=["fr"])),
    "facility-not-authorised": Scene(licensed(licensees=["A"]), arguments=("--facility", "B")),
    "delivery-profile-missing": Scene(world(productions=[production() | {"delivery": None}])),
    "approval-required": Scene(licensed(approval="per_shot")),
    "approval-version-outdated": Scene(
        licensed(approval="per_version") | {"approvals": [approval(version="v003")]}
    ),
    "approval-range-exceeded": Scene(
        licensed(approval="per_shot") | {"approvals": [approval(source_range=[1001, 1024])]}
    ),
    "approval-rejected": Scene(world(approvals=[approval(decision="rejected", note="hair")])),
    "screen-time-exceeded": Scene(CAPPED, clips=(the_clip(declared(), length=25),)),
    "screen-time-near-cap": Scene(CAPPED, clips=(the_clip(declared(), length=24),)),
    "shot-count-exceeded": Scene(licensed(max_shots=0)),
    "compensation-outstanding": Scene(licensed(compensation={"status": "due", "due": "2026-11-01"})),
    "training-not-permitted": Scene(world(assets=[MODEL_OF_P1]), clips=(the_clip({}, url=FACE),)),
    "model-out-of-scope": Scene(
        licensed(training="this_production") | {
            "assets": [MODEL_OF_P1], "productions": [production(), production("OTHER")],
            "replicas": [replica(trained_for="OTHER")]},
        clips=(the_clip({}, url=FACE),),
    ),
    "biometric-in-publish": Scene(
        world(assets=[{**BY_PATH, "kind": "biometric_raw"}]), clips=(the_clip({}, url=DIGITAL),)
    ),
    "synthetic-notice-missing": Scene(
        licensed(consent={"notice_at": None}) | {"replicas": [replica(category="synthetic")]}
    ),
    "disclosure-missing": Scene(
        scoped(alterations=["face_replacement"]) | {"productions": [NO_DISCLOSURE]},
        says=declared(alterations=["face_replacement"]),
    ),
    "exemption-unsupported": Scene(
        world(licences=[], exemptions=[exemption() | {"evidence": []}]), says=declared(exemption="X-1")
    ),
    "shot-not-in-cut": Scene(comp=comp(PLATE_NODE), shot="HEL_099_0100"),
    "shot-ambiguous": Scene(
        clips=(the_clip({"replicas": [{"replica": "rpl-p1"}]}, sg={"code": "HEL_020_0200"}),),
        rules="[shots]\nmetadata_paths = ['sg.code']\npatterns = ['(?P<shot>HEL_\\d+_\\d+)']\n",
    ),
    "shot-unnamed": Scene(clips=(the_clip({"replicas": [{"replica": "rpl-p1"}]}, name=""),)),
    "cut-unreadable": Scene(edit="{"),
    "scene-unreadable": Scene(comp="Read {"),
    "scene-incomplete": Scene(comp=comp(PRECOMP)),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SCENES))
def test_the_program_says(code: str, tmp_path: Path) -> None:
    done = checked(SCENES[code], tmp_path)
    assert done.stdout, done
    report = json.loads(done.stdout)
    assert code in told(report), (told(report), done.exception)


def codes_of(folder: Path, *arguments: str, **scene: Any) -> set[str]:
    done = checked(Scene(arguments=arguments, **scene), folder)
    return told(json.loads(done.stdout))


def test_the_program_says_asset_hash_mismatch(tmp_path: Path) -> None:
    model = tmp_path / "p1_face.cat"
    model.write_bytes(b"retrained")
    by_path = {"replica": "rpl-p1", "kind": "model", "match": {"path": str(model)}}
    by_content = {"replica": "rpl-p1", "kind": "model", "match": {"sha256": "0" * 64}}
    assert "asset-hash-mismatch" in codes_of(
        tmp_path, registry=world(assets=[by_path, by_content]), clips=(the_clip({}, url=str(model)),)
    )


def test_the_program_says_cut_missing_and_rate_unknown(tmp_path: Path) -> None:
    for name, text, code in (("gone.otio", None, "cut-missing"), ("cut.edl", EDL, "rate-unknown")):
        if text is not None:
            (tmp_path / name).write_text(text)
        done = CliRunner().invoke(
            cli, ["check", str(tmp_path / name), "--format", "json", "--registry", _registry(tmp_path)],
            env={"HOME": str(tmp_path)}, standalone_mode=False,
        )  # fmt: skip
        assert told(json.loads(done.stdout)) == {code}


def _registry(folder: Path) -> str:
    (folder / "registry.json").write_text(json.dumps(world()))
    return str(folder / "registry.json")


EDL = """TITLE: HEL
001  A001 V C 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: HEL_020_0100
"""


@pytest.mark.parametrize(
    ("status", "code"),
    [(503, "backend-unavailable"), (401, "backend-unauthorised"), (200, "backend-invalid-answer")],
)
def test_the_program_says_what_is_wrong_with_a_server(status: int, code: str, tmp_path: Path) -> None:
    with crooked(lambda handler: handler.say_json({"nonsense": True}, status)) as server:
        assert code in codes_of(tmp_path, "--server", server.url)


def test_the_program_says_evaluation_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("clearcut.core.evaluate.prohibitions", broken)
    assert codes_of(tmp_path) == {"evaluation-error"}


ELSEWHERE = {
    "asset-hash-mismatch", "cut-missing", "rate-unknown", "backend-unavailable", "backend-unauthorised",
    "backend-invalid-answer", "evaluation-error",
}  # fmt: skip


def test_every_code_is_met_or_said_not_to_be_of_this_version() -> None:
    assert {*SCENES, *ELSEWHERE, *NOT_YET} == set(CATALOGUE)
    assert not NOT_YET & {*SCENES, *ELSEWHERE}
