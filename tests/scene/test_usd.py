"""What a USD stage brings in, arc by arc, on stages that usd-core itself opens."""

import pytest

from clearcut.core.scene import ReferenceState
from clearcut.errors import SceneError
from clearcut.scene.usd_stage import read_stage

ASSET = """#usda 1.0
( defaultPrim = "P1" )
def Xform "P1" (
  assetInfo = { string name = "p1" }
  customData = { string "clearcut:replica" = "rpl-p1-body" }
)
{
  def Mesh "Body"
  {
    asset inputs:file = @./tex/p1.<UDIM>.exr@
  }
}
"""


@pytest.fixture
def stage(tmp_path):
    (tmp_path / "char").mkdir()
    for name in ("p1", "p2", "p3", "p4"):
        (tmp_path / "char" / f"{name}.usda").write_text(ASSET)

    def build(body, head=""):
        (tmp_path / "shot.usda").write_text(f"#usda 1.0\n({head})\n{body}\n")
        return read_stage(tmp_path / "shot.usda", "")

    build.folder = tmp_path
    return build


def used(scene, state="used"):
    return {
        (r.node, r.value.rsplit("/", 1)[-1])
        for r in scene.targets[0].references
        if r.state.value == state and r.value
    }


def unused(scene):
    return {(r.node, r.value.rsplit("/", 1)[-1]) for r in scene.unused}


REFERENCE = "prepend references = @./char/p1.usda@"


@pytest.mark.parametrize("arc", [REFERENCE, "payload = @./char/p1.usda@"])
def test_references_and_payloads_are_used(stage, arc):
    scene = stage(f'def Xform "A" ( {arc} ) {{}}')
    assert used(scene) == {("/A", "p1.usda"), ("/A/Body", "p1.<UDIM>.exr")}
    (brought, *_) = scene.targets[0].references
    assert brought.replicas == ("rpl-p1-body",)
    assert ("assetInfo.name", "p1") in brought.metadata
    assert scene.problems == ()


def test_a_texture_s_path_is_that_of_the_layer_that_names_it(stage):
    scene = stage(f'def Xform "A" ( {REFERENCE} ) {{}}')
    texture = next(r for r in scene.targets[0].references if r.node == "/A/Body")
    assert texture.value == str(stage.folder / "char" / "tex" / "p1.<UDIM>.exr")


def test_instances_are_entered_once_and_each_is_named(stage):
    body = "".join(f'def Xform "I{i}" ( instanceable = true\n {REFERENCE} ) {{}}\n' for i in (1, 2))
    assert used(stage(body)) == {
        ("/I1", "p1.usda"),
        ("/I2", "p1.usda"),
        ("/I1/Body", "p1.<UDIM>.exr"),
    }


def test_a_point_instancer_s_prototypes_count_even_below_an_over(stage):
    body = f"""def PointInstancer "P"
{{
  rel prototypes = [</Protos/X>]
}}
over "Protos"
{{
  def Xform "X" ( {REFERENCE} ) {{}}
}}"""
    assert ("/Protos/X", "p1.usda") in used(stage(body))


def test_without_an_instancer_an_over_renders_nothing(stage):
    body = f'over "Protos"\n{{\n  def Xform "X" ( {REFERENCE} ) {{}}\n}}'
    assert used(stage(body)) == set()


INSIDE_AN_INNER_INSTANCER = f"""def PointInstancer "P"
{{
  rel prototypes = [</Protos/Inner>]
}}
over "Protos"
{{
  def PointInstancer "Inner"
  {{
    rel prototypes = [</Others/X>]
  }}
}}
over "Others"
{{
  def Xform "X" ( {REFERENCE} ) {{}}
}}"""

BOUND_MATERIAL_UNDER_A_CLASS = """def Mesh "M" ( prepend apiSchemas = ["MaterialBindingAPI"] )
{
  rel material:binding = </Looks/Skin>
}
class "Looks"
{
  def Material "Skin"
  {
    token outputs:surface.connect = </Nodes/Tex.outputs:rgb>
  }
}
over "Nodes"
{
  def Shader "Tex"
  {
    asset inputs:file = @./char/tex/p1.exr@
  }
}"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (INSIDE_AN_INNER_INSTANCER, ("/Others/X", "p1.usda")),
        (BOUND_MATERIAL_UNDER_A_CLASS, ("/Nodes/Tex", "p1.exr")),
    ],
)
def test_what_is_pointed_to_counts_wherever_it_stands_and_may_point_further(stage, body, found):
    assert found in used(stage(body))


def test_what_is_pointed_to_but_inactive_is_not_used(stage):
    body = BOUND_MATERIAL_UNDER_A_CLASS.replace('over "Nodes"', 'over "Nodes" ( active = false )')
    assert used(stage(body)) == set()


@pytest.mark.parametrize("arc", ["inherits", "specializes"])
def test_a_reference_that_a_class_brings_in_is_used(stage, arc):
    body = f'class "_c" ( {REFERENCE} ) {{}}\ndef Xform "A" ( {arc} = </_c> ) {{}}'
    assert ("/A", "p1.usda") in used(stage(body))


def test_what_a_referenced_layer_claims_of_itself_counts(stage):
    asset = stage.folder / "char" / "p2.usda"
    head = '( defaultPrim = "P2"\n customLayerData = { string "clearcut:replica" = "rpl-p2" } )'
    asset.write_text(f'#usda 1.0\n{head}\ndef Xform "P2" {{}}\n')
    scene = stage('def Xform "A" ( references = @./char/p2.usda@ ) {}')
    assert [r.replicas for r in scene.targets[0].references] == [("rpl-p2",)]


def test_a_path_by_expression_is_what_it_evaluates_to(stage):
    head = 'expressionVariables = { string WHO = "p1" }'
    texture = 'def Shader "S"\n{\n  asset inputs:file = @`"/jobs/char/${WHO}/skin.<UDIM>.exr"`@\n}\n'
    reference = 'def Xform "A" ( references = @`"./char/${WHO}.usda"`@ ) {}'
    scene = stage(texture + reference, head)
    values = {r.value for r in scene.targets[0].references}
    assert "/jobs/char/p1/skin.<UDIM>.exr" in values
    assert ("/A", "p1.usda") in used(scene)


def test_a_text_that_is_a_path_is_a_file(stage):
    body = """def Shader "S"
{
  string inputs:filename = "/jobs/char/p1/skin.tex"
  token outputs:note = "a token"
  string comment = "see p1/notes for more. Thanks"
}"""
    assert used(stage(body)) == {("/S", "skin.tex")}


def test_a_flattened_asset_is_what_it_says_it_is(stage):
    body = """def Xform "A" ( assetInfo = {
    asset identifier = @/jobs/char/p1_digidouble/p1.usd@
    string name = "p1"
  } )
{
  def Shader "S"
  {
    asset inputs:file = @/tex/a.exr@
  }
}"""
    assert used(stage(body)) == {("/A", "p1.usd"), ("/A/S", "a.exr")}


def test_the_selected_variant_is_used_and_the_others_are_not(stage):
    body = """def Xform "D" ( variants = { string look = "one" }
  prepend variantSets = "look" )
{
  variantSet "look" = {
    "one" ( prepend references = @./char/p1.usda@ ) {
    }
    "two" ( prepend references = @./char/p2.usda@ ) {
      def "Kid" ( payload = @./char/p3.usda@ ) {
      }
    }
  }
}"""
    scene = stage(body)
    assert ("/D", "p1.usda") in used(scene)
    assert unused(scene) == {("/D{look=two}", "p2.usda"), ("/D{look=two}", "p3.usda")}


def test_an_inactive_prim_is_unused(stage):
    scene = stage(f'def Xform "C" ( active = false\n {REFERENCE} ) {{}}')
    assert used(scene) == set()
    assert unused(scene) == {("/C", "p1.usda")}


def test_an_invisible_prim_still_counts(stage):
    scene = stage(f'def Xform "C" ( {REFERENCE} )\n{{\n  token visibility = "invisible"\n}}')
    assert ("/C", "p1.usda") in used(scene)


def test_a_reference_that_a_stronger_layer_deletes_is_not_used(stage):
    (stage.folder / "sub.usda").write_text(f'#usda 1.0\ndef Xform "F" ( {REFERENCE} ) {{}}\n')
    kept = stage('over "F" {}', "subLayers = [@./sub.usda@]")
    deleted = stage('over "F" ( delete references = @./char/p1.usda@ ) {}', "subLayers = [@./sub.usda@]")
    assert ("/F", "p1.usda") in used(kept)
    assert ("/F", "p1.usda") not in used(deleted)


def test_a_sublayer_of_what_is_referenced_is_used(stage):
    (stage.folder / "char" / "geo.usda").write_text('#usda 1.0\nover "P1" {}\n')
    asset = stage.folder / "char" / "p1.usda"
    asset.write_text(ASSET.replace('"P1" )', '"P1"\n subLayers = [@./geo.usda@] )', 1))
    assert ("/A", "geo.usda") in used(stage(f'def Xform "A" ( {REFERENCE} ) {{}}'))


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ('def Xform "B" ( prepend references = @./gone.usda@ ) {}', ""),
        ('def Xform "B" ( payload = @./gone.usda@ ) {}', ""),
        ('def Xform "B" {}', "subLayers = [@./gone.usda@]"),
    ],
)
def test_a_layer_that_is_not_there_makes_the_scene_incomplete(stage, body, head):
    scene = stage(body, head)
    (missing,) = scene.targets[0].references
    assert missing.value.endswith("gone.usda")
    assert missing.state is ReferenceState.UNKNOWN
    assert missing.why
    assert any("gone.usda" in problem for problem in scene.problems)


def test_a_missing_layer_below_an_inactive_prim_does_not_matter(stage):
    scene = stage('def Xform "C" ( active = false\n prepend references = @./gone.usda@ ) {}')
    assert scene.problems == ()
    assert unused(scene) == {("/C", "gone.usda")}


def test_alembic_is_taken_by_its_path(stage):
    scene = stage('def Xform "E" ( prepend references = @./cache/p5.abc@ ) {}')
    assert used(scene) == {("/E", "p5.abc")}
    assert scene.problems == ()


@pytest.mark.parametrize(
    "written",
    [
        'customData = { string "clearcut:replica" = "rpl-9" }',
        'customData = { dictionary clearcut = { string replica = "rpl-9" } }',
        'customData = { string clearcut_replica = "rpl-9" }',
    ],
)
def test_an_identity_without_a_file_is_listed(stage, written):
    scene = stage(f'def Xform "A" ( {written} ) {{}}')
    assert [(r.node, r.replicas) for r in scene.targets[0].references] == [("/A", ("rpl-9",))]


def test_an_identity_as_an_attribute(stage):
    scene = stage('def Xform "A"\n{\n  custom string clearcut:replica = "rpl-9, rpl-8"\n}')
    assert [(r.node, r.replicas) for r in scene.targets[0].references] == [("/A", ("rpl-9", "rpl-8"))]


def test_an_identity_that_each_frame_says_for_itself(stage):
    scene = stage(
        'def Xform "A"\n{\n custom string clearcut:replica.timeSamples = {1: "rpl-p1", 2: "rpl-p2"}\n}'
    )
    assert scene.targets[0].references[0].replicas == ("rpl-p1", "rpl-p2")


def test_an_identity_behind_any_number_of_others_counts(stage):
    crowd = "\n".join(f'string k{number} = "v"' for number in range(200))
    written = f'assetInfo = {{ {crowd} }}\ncustomData = {{ string "ayon:representation" = "x1" }}'
    scene = stage(f'def Xform "A" ( {written} ) {{}}')
    assert ("ayon.representation", "x1") in scene.targets[0].references[0].metadata


def test_what_the_stage_itself_says_it_is_counts(stage):
    scene = stage('def Xform "A" {}', head='customLayerData = { string "ayon:representation" = "x1" }')
    (itself,) = scene.targets[0].references
    assert ("ayon.representation", "x1") in itself.metadata
    assert stage('def Xform "A" {}').targets[0].references == ()


def test_frames_are_the_stage_s(stage):
    assert stage("", "startTimeCode = 1001\nendTimeCode = 1100").targets[0].frames == (1001, 1101)
    assert stage("").targets[0].frames is None


def test_a_package_is_opened(stage):
    from pxr import UsdUtils

    (stage.folder / "char" / "p1.usda").write_text(ASSET.replace("asset inputs:file", "custom asset note"))
    (stage.folder / "char" / "tex").mkdir()
    (stage.folder / "char" / "tex" / "p1.1001.exr").write_bytes(b"-")
    stage(f'def Xform "A" ( {REFERENCE} ) {{}}')
    package = stage.folder / "shot.usdz"
    assert UsdUtils.CreateNewUsdzPackage(str(stage.folder / "shot.usda"), str(package))
    scene = read_stage(package, "")
    assert any("p1" in value for _, value in used(scene))


@pytest.mark.parametrize("content", [b"", b"#usda 1.0\ndef Xform", b"PXR-USDC" + b"\xff" * 200, b"\x00" * 50])
@pytest.mark.parametrize("suffix", ["usda", "usdc", "usd", "usdz"])
def test_what_is_no_stage_is_unreadable(tmp_path, content, suffix):
    path = tmp_path / f"bad.{suffix}"
    path.write_bytes(content)
    with pytest.raises(SceneError) as caught:
        read_stage(path, "")
    assert caught.value.code == "scene-unreadable"
