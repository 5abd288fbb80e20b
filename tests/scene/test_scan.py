"""`clearcut scan` and `clearcut.scan/1`: the words of the interface, the exit codes, nothing hidden."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from clearcut.cli.scan import command
from clearcut.core.registry import KnownReplica, Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind
from clearcut.scene import scan_to_json
from clearcut.scene.scan import is_certain
from fakes.blends import Blend
from fakes.comps import HEAD, node, read, scene_of, write


@pytest.fixture
def comp(tmp_path):
    def build(*parts, name="comp.nk"):
        path = tmp_path / name
        path.write_text(HEAD + "".join(parts))
        return path

    return build


def run(*arguments):
    # stderr is told apart from stdout: data must not be mixed with remarks.
    return CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)


def test_the_scan_is_what_the_interface_says(tmp_path):
    scene = scene_of(tmp_path, read("Read1", "/jobs/char/p1/b.####.exr"), write(), read("Read2", "/x.exr"))
    assert scan_to_json([scene]) == {
        "schema": "clearcut.scan/1",
        "files": [
            {
                "path": str(tmp_path / "comp.nk"),
                "kind": "nk",
                "sha256": scene.sha256,
                "targets": [
                    {
                        "name": "Write1",
                        "output": "/out/Write1.%04d.exr",
                        "references": [
                            {
                                "node": "Read1",
                                "class": "Read",
                                "knob": "file",
                                "value": "/jobs/char/p1/b.####.exr",
                                "state": "used",
                                "why": "",
                                "replicas": [],
                            }
                        ],
                    }
                ],
                "unused": [{"node": "Read2", "class": "Read", "knob": "file", "value": "/x.exr"}],
                "problems": [],
            }
        ],
    }


def _closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_TEXT, _MAYBE = {"type": "string"}, {"type": ["string", "null"]}
_NAMED = {"node": {"type": "string", "minLength": 1}, "class": _TEXT, "knob": _MAYBE, "value": _MAYBE}
SCHEMA = _closed(
    schema={"const": "clearcut.scan/1"},
    files={
        "type": "array",
        "items": _closed(
            path=_TEXT,
            kind={"enum": ["nk", "blend", "usd", "exr"]},
            sha256={"type": "string", "pattern": "^([0-9a-f]{64}|)$"},
            targets={
                "type": "array",
                "items": _closed(
                    name=_TEXT,
                    output=_MAYBE,
                    references={
                        "type": "array",
                        "items": {
                            **_closed(
                                **_NAMED,
                                state={"enum": ["used", "unknown"]},
                                why=_TEXT,
                                replicas={"type": "array", "items": _TEXT, "uniqueItems": True},
                            ),
                            # What is unknown says why, and only that does.
                            "if": {"properties": {"state": {"const": "used"}}},
                            "then": {"properties": {"why": {"const": ""}}},
                            "else": {"properties": {"why": {"minLength": 1}}},
                        },
                    },
                ),
            },
            unused={"type": "array", "items": _closed(**_NAMED)},
            problems={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
    },
)


def test_every_kind_of_file_is_told_by_the_same_schema(tmp_path):
    parts = [
        read("A") + read("B", '"[value x]"') + node("Merge2", "M", inputs="2"),
        node("Foreign", "F") + write() + write("Off", disable="true") + read("C"),
    ]
    scene_of(tmp_path, *parts)
    (tmp_path / "shot.usda").write_text(
        '#usda 1.0\ndef Xform "A" ( references = @./gone.usda@ ) {}\n'
        'def Xform "B" ( active = false\n references = @./also.usda@ ) {}\n'
    )
    blend = Blend()
    blend.scene("Scene")
    blend.library("//char/p1.blend", "GRP1_double")
    (tmp_path / "shot.blend").write_bytes(blend.content())
    (tmp_path / "a.exr").write_bytes(b"\x76\x2f\x31\x01\x02\0\0\0clearcut/replica\0string\0\x05\0\0\0rpl-1\0")
    (tmp_path / "torn.nk").write_text("Read {")
    names = ("comp.nk", "shot.usda", "shot.blend", "a.exr", "torn.nk", "gone.nk")
    done = run("--format", "json", *(tmp_path / name for name in names))
    scan = json.loads(done.stdout)
    jsonschema.validate(scan, SCHEMA)
    assert [Path(file["path"]).name for file in scan["files"]] == list(names)
    assert [bool(file["targets"]) for file in scan["files"]] == [True] * 4 + [False] * 2


def test_replicas_are_named_by_claim_by_path_and_by_identity(tmp_path):
    matches = [
        Match(MatchKind.PATH, "*/char/p1/*"),
        Match(MatchKind.METADATA, "5f00", key="ayon.representation"),
    ]
    assets = tuple(Asset(f"rpl-{i}", AssetKind.ASSET, match) for i, match in enumerate(matches))
    known = tuple(KnownReplica(f"rpl-{i}", "P1") for i in range(2))
    recognition = Recognition(replicas=known, assets=assets, not_replicas=())
    scene = scene_of(
        tmp_path,
        read("A", "/jobs/char/p1/b.exr", clearcut_replica="rpl-9", avalon__representation="5f00"),
        write(),
    )
    (reference,) = scan_to_json([scene], recognition)["files"][0]["targets"][0]["references"]
    assert reference["replicas"] == ["rpl-9", "rpl-0", "rpl-1"]
    (reference,) = scan_to_json([scene])["files"][0]["targets"][0]["references"]
    assert reference["replicas"] == ["rpl-9"]


@pytest.mark.parametrize(
    ("parts", "certain"),
    [
        ((read("A"), write()), True),
        ((write(),), True),
        ((read("A"),), False),
        ((read("A", '"\\[getenv X]/a.exr"'), write()), False),
        ((read("A"), node("SomeGizmo", "G"), write()), False),
        ((read("A"), "push $gone\n", write()), False),
    ],
)
def test_the_exit_code_is_3_when_anything_stays_open(tmp_path, comp, parts, certain):
    result = run(comp(*parts))
    assert result.return_value == (0 if certain else 3)
    assert is_certain(scene_of(tmp_path, *parts)) == certain
    assert bool(result.stderr) != certain


def test_one_bad_file_does_not_hide_the_others(comp, tmp_path):
    good, bad = comp(read("A"), write()), tmp_path / "bad.nk"
    bad.write_bytes(b"\x00\x01")
    result = run(bad, good, tmp_path / "gone.nk", "--format", "json")
    assert result.return_value == 3
    files = json.loads(result.stdout)["files"]
    assert [len(f["targets"]) for f in files] == [0, 1, 0]
    assert files[0]["problems"][0].startswith("scene-unreadable")
    assert "Traceback" not in result.output


def test_a_file_that_publishes_nothing_is_said_so_and_what_to_name_instead(comp):
    alone = run(comp(read("A"))).stderr
    assert "is published by a write node" in alone
    assert "name the file that renders the shot" in alone
    assert "see what is unknown above" in run(comp(node("SomeGizmo", "G"), write())).stderr


def test_the_text_tells_used_unknown_and_unused(comp):
    result = run(
        comp(read("A"), write(), read("B"), node("Precomp", "P", inputs="0", file="/p.nk"), write("W2"))
    )
    assert "used      A (Read)  /in/A.exr" in result.stdout
    assert "unknown   P (Precomp)  /p.nk  - what Precomp uses stands in another script" in result.stdout
    assert "not used  B (Read)  /in/B.exr" in result.stdout


def test_a_file_s_own_words_reach_no_terminal_as_control_characters(comp):
    result = run(comp(read("A", '"/in/\x1b]0;x\x07\u202etxt.exr"'), write()))
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


def test_gizmos_are_looked_for_where_one_says(comp, tmp_path):
    (tmp_path / "P1.gizmo").write_text("Gizmo {\n}\n" + read("In") + node("Output", "O") + "end_group\n")
    path = comp(read("A"), node("P1", "G"), write())
    assert run(path).return_value == 3
    result = run(path, "--gizmos", tmp_path)
    assert result.return_value == 0
    assert "G.In" in result.stdout
