"""What a render of the open .blend uses, asked of Blender itself; run where bpy is (see `fakes.blender`)."""

import json
import textwrap

import pytest

from fakes.blender import ADDONS, CONTRACT, needs_blender, run, run_pytest

pytestmark = needs_blender

STAGE = f"""
import bpy, json, os, sys
sys.path.insert(0, {str(ADDONS)!r})
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
triangle = bpy.data.meshes.new("triangle")
triangle.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])

def double(name, where=None, data="own", **switches):
    "An object that claims to be a replica of its own name."
    mesh = triangle.copy() if data == "own" else data
    one = bpy.data.objects.new(name, mesh)
    one["clearcut_replica"] = name
    (where or scene.collection).objects.link(one)
    for key, value in switches.items():
        setattr(one, key, value)
    return one

def group(name, parent=None):
    made = bpy.data.collections.new(name)
    if parent is not False:
        (parent or scene.collection).children.link(made)
    return made

def picture(name):
    image = bpy.data.images.new(name, 4, 4)
    image.source, image.filepath = "FILE", f"/in/{{name}}.png"
    image["clearcut_replica"] = name
    return image

def layer(name, root=None):
    "The layer collection of that name."
    root = root or bpy.context.view_layer.layer_collection
    if root.name == name:
        return root
    return next((found for child in root.children if (found := layer(name, child))), None)

def keys(one, path, **at):
    for frame, value in at.items():
        setattr(one, path, value)
        one.keyframe_insert(path, frame=int(frame[1:]))

def tree(name, kind):
    made = bpy.data.node_groups.new(name, kind)
    made.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    return made

def comp():
    "The compositor's tree and the node it ends in."
    if hasattr(scene, "compositing_node_group"):
        made = bpy.data.node_groups.new("comp", "CompositorNodeTree")
        made.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        scene.compositing_node_group = made
        return made, made.nodes.new("NodeGroupOutput")
    scene.use_nodes = True
    made = scene.node_tree
    made.nodes.clear()
    return made, made.nodes.new("CompositorNodeComposite")
"""
ASK = """
from clearcut_gate.reading import OpenBlend
read = OpenBlend(scene).read()
found = {"problems": list(read.problems), "used": [], "unknown": [], "unused": []}
for reference in read.targets[0].references:
    found[reference.state.value] += reference.replicas
for reference in read.unused:
    found["unused"] += reference.replicas
print(json.dumps({k: sorted(set(v)) for k, v in found.items()}))
sys.stdout.flush()
os._exit(0)  # a driver that failed can hang Blender's end
"""


def asked(script):
    code, out, err = run("-c", STAGE + textwrap.dedent(script) + ASK)
    assert code == 0, out + err
    return json.loads(out.splitlines()[-1])


USES = {
    "hidden, excluded, without users, of another scene": """
        double("u-plain")
        double("n-hidden", hide_render=True)
        double("u-hidden-in-the-window-only", hide_viewport=True)
        double("n-in-excluded", group("excluded"))
        layer("excluded").exclude = True
        hidden = group("n-group")
        hidden["clearcut_replica"] = "n-group"
        hidden.hide_render = True
        double("n-in-hidden", hidden)
        other = bpy.data.scenes.new("other")
        double("n-of-another-scene", other.collection)
        nobody = bpy.data.meshes.new("nobody")
        nobody["clearcut_replica"] = "n-nobody"
        """,
    "holdout, indirect only, seen by reflections only": """
        for name in ("u-holdout", "u-indirect"):
            double(name, group(name))
        layer("u-holdout").holdout = True
        layer("u-indirect").indirect_only = True
        double("u-reflected").visible_camera = False
        """,
    "instanced collections, one nested, one whose Empty is hidden": """
        for name, hide in (("u-crowd", False), ("n-crowd", True)):
            crowd = group(name, False)
            crowd["clearcut_replica"] = name
            double(name + "-member", crowd)
            double("n-hidden-member" + name, crowd, hide_render=True)
            inner = group(name + "-inner", False)
            double(name + "-nested", inner)
            nested = bpy.data.objects.new("nested", None)
            nested.instance_type, nested.instance_collection = "COLLECTION", inner
            crowd.objects.link(nested)
            empty = bpy.data.objects.new("empty", None)
            empty.instance_type, empty.instance_collection = "COLLECTION", crowd
            empty.hide_render = hide
            scene.collection.objects.link(empty)
        """,
    "geometry nodes": """
        source = double("u-taken-by-nodes", hide_render=True)
        gathered = group("u-gathered", False)
        gathered["clearcut_replica"] = "u-gathered"
        double("u-gathered-member", gathered)
        handed = double("u-handed-in", hide_render=True)
        nodes = tree("nodes", "GeometryNodeTree")
        handle = nodes.interface.new_socket("What", in_out="INPUT", socket_type="NodeSocketObject")
        nodes.nodes.new("GeometryNodeObjectInfo").inputs["Object"].default_value = source
        nodes.nodes.new("GeometryNodeCollectionInfo").inputs["Collection"].default_value = gathered
        ground = bpy.data.objects.new("ground", triangle)
        scene.collection.objects.link(ground)
        modifier = ground.modifiers.new("nodes", "NODES")
        modifier.node_group = nodes
        modifier[handle.identifier] = handed
        double("n-not-taken", hide_render=True)
        """,
    "modifiers, materials, the rig and what groups it": """
        rig = double("u-rig", data=bpy.data.armatures.new("u-bones"))
        rig.data["clearcut_replica"] = "u-bones"
        root = double("u-root", data=None)
        rig.parent = root
        body = bpy.data.objects.new("body", triangle)
        scene.collection.objects.link(body)
        body.parent = rig
        body.modifiers.new("cut", "BOOLEAN").object = double("u-cutter", hide_render=True)
        skin = bpy.data.materials.new("skin")
        skin.use_nodes = True
        skin.node_tree.nodes.new("ShaderNodeTexImage").image = picture("u-skin")
        triangle.materials.append(skin)
        motion = bpy.data.actions.new("u-motion")
        motion["clearcut_replica"] = "u-motion"
        rig.animation_data_create().action = motion
        glasses = bpy.data.objects.new("glasses", triangle)
        scene.collection.objects.link(glasses)
        glasses.parent = double("n-hidden-head", hide_render=True)
        """,
    "the compositor: what flows into its end": """
        nodes, end = comp()
        def node(name, *, linked):
            made = nodes.nodes.new("CompositorNodeImage")
            made.image = picture(name)
            if linked:
                nodes.links.new(made.outputs[0], linked.inputs[0])
            return made
        node("n-loose", linked=None)
        blur = nodes.nodes.new("CompositorNodeBlur")
        nodes.links.new(blur.outputs[0], end.inputs[0])
        node("u-blurred", linked=blur)
        node("n-viewed", linked=nodes.nodes.new("CompositorNodeViewer"))
        other = bpy.data.scenes.new("other")
        double("u-of-a-layer", other.collection)
        double("n-hidden-of-a-layer", other.collection, hide_render=True)
        layers = nodes.nodes.new("CompositorNodeRLayers")
        layers.scene = other
        mix = nodes.nodes.new("CompositorNodeAlphaOver")
        pictures = [i for i in mix.inputs if i.type == "RGBA"]
        nodes.links.new(nodes.nodes["Blur"].outputs[0], pictures[0])
        nodes.links.new(layers.outputs[0], pictures[1])
        nodes.links.new(mix.outputs[0], end.inputs[0])
        """,
    "the compositor when it is switched off": """
        nodes, end = comp()
        made = nodes.nodes.new("CompositorNodeImage")
        made.image = picture("n-composited")
        nodes.links.new(made.outputs[0], end.inputs[0])
        scene.render.use_compositing = False
        """,
    "the sequencer, sound, clips, fonts, background scenes, the world": """
        editor = scene.sequence_editor_create()
        strips = editor.strips if hasattr(editor, "strips") else editor.sequences
        other = bpy.data.scenes.new("other")
        double("u-of-a-strip", other.collection)
        strips.new_scene("strip", other, 1, 1)
        back = bpy.data.scenes.new("back")
        double("u-of-the-background", back.collection)
        scene.background_set = back
        text = double("u-text", data=bpy.data.curves.new("text", "FONT"))
        world = bpy.data.worlds.new("u-world")
        world["clearcut_replica"] = "u-world"
        scene.world = world
        unused = bpy.data.worlds.new("n-world")
        unused["clearcut_replica"] = "n-world"
        unused.use_fake_user = True
        """,
    "a group of the compositor that renders another scene": """
        nodes, end = comp()
        other = bpy.data.scenes.new("other")
        double("u-of-a-layer", other.collection)
        inner = bpy.data.node_groups.new("inner", "CompositorNodeTree")
        inner.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        image = inner.nodes.new("CompositorNodeImage")
        image.image = picture("u-inside")
        try:
            inner.nodes.new("CompositorNodeRLayers").scene = other
        except RuntimeError:  # Blender 4 has them outside of groups alone
            nodes.nodes.new("CompositorNodeRLayers").scene = other
            layers = nodes.nodes[-1]
            nodes.links.new(layers.outputs[0], end.inputs[0])
        made = nodes.nodes.new("CompositorNodeGroup")
        made.node_tree = inner
        mix = nodes.nodes.new("CompositorNodeAlphaOver")
        pictures = [i for i in mix.inputs if i.type == "RGBA"]
        nodes.links.new(made.outputs[0], pictures[0])
        for link in list(end.inputs[0].links):
            nodes.links.new(link.from_socket, pictures[1])
        nodes.links.new(mix.outputs[0], end.inputs[0])
        """,
    "a hidden double's body under another name": """
        hidden = double("u-body", hide_render=True)
        other = bpy.data.objects.new("innocent", hidden.data)
        scene.collection.objects.link(other)
        double("n-own-body", hide_render=True)
        """,
    "particles": """
        ground = bpy.data.objects.new("ground", triangle)
        scene.collection.objects.link(ground)
        ground.modifiers.new("crowd", "PARTICLE_SYSTEM")
        settings = ground.particle_systems[0].settings
        settings.render_type = "OBJECT"
        settings.instance_object = double("u-strewn", hide_render=True)
        """,
    "visibility by keys: only on frame 7, never in the range, off in between": """
        scene.frame_start, scene.frame_end = 1, 20
        keys(double("u-once"), "hide_render", f1=True, f7=False, f8=True)
        keys(double("n-after-the-range"), "hide_render", f1=True, f21=False)
        keys(double("u-until-9"), "hide_render", f1=False, f9=True)
        crowd = group("crowd", False)
        double("u-member", crowd)
        empty = bpy.data.objects.new("empty", None)
        empty.instance_type, empty.instance_collection = "COLLECTION", crowd
        scene.collection.objects.link(empty)
        keys(empty, "hide_render", f1=True, f12=False, f13=True)
        """,
    "a range too long to look at each frame: keys are computed, strips count as used": """
        scene.frame_start, scene.frame_end = 1, 1000
        keys(double("u-once"), "hide_render", f1=True, f8=False, f9=True)
        keys(double("u-strip"), "hide_render", f1=True, f8=False, f9=True)
        animation = bpy.data.objects["u-strip"].animation_data
        track = animation.nla_tracks.new()
        track.strips.new("strip", 1, animation.action)
        animation.action = None
        double("n-hidden", hide_render=True)
        """,
    "a simple driver is computed, Python is not": """
        for name, expression in (("n-simple", "frame > 0"), ("u-simple", "frame > 5"), ("x-python", "hide(frame)")):
            driver = double(name).driver_add("hide_render").driver
            driver.type, driver.expression = "SCRIPTED", expression
        crowd = group("crowd", False)
        double("u-member", crowd)
        empty = bpy.data.objects.new("empty", None)
        empty.instance_type, empty.instance_collection = "COLLECTION", crowd
        empty.hide_render = True
        scene.collection.objects.link(empty)
        driver = empty.driver_add("hide_render").driver
        driver.type, driver.expression = "SCRIPTED", "hide(frame)"
        """,
    "caches: meshes, motion on objects and on bones": """
        def cache(name):
            file = os.path.join(bpy.app.tempdir, name + ".abc")
            open(file, "wb").close()
            bpy.ops.cachefile.open(filepath=file)
            made = next(c for c in bpy.data.cache_files if c.name.startswith(name))
            made["clearcut_replica"] = name
            return made
        body = bpy.data.objects.new("body", triangle)
        scene.collection.objects.link(body)
        body.modifiers.new("cache", "MESH_SEQUENCE_CACHE").cache_file = cache("u-mesh")
        body.constraints.new("TRANSFORM_CACHE").cache_file = cache("u-motion")
        cache("n-loose").use_fake_user = True
        bpy.ops.object.armature_add()
        rig = bpy.context.object
        bone = rig.pose.bones[0]
        bone.constraints.new("TRANSFORM_CACHE").cache_file = cache("u-bone")
        acted = bpy.data.actions.new("u-action")
        acted["clearcut_replica"] = "u-action"
        bone.constraints.new("ACTION").action = acted
        leading = double("u-leading-rig", data=bpy.data.armatures.new("bones"), hide_render=True)
        bone.constraints.new("COPY_TRANSFORMS").target = leading
        body.parent = rig
        """,
    "volumes, fonts, speakers, lights, drawings": """
        def claiming(block):
            block["clearcut_replica"] = block.name
            return block
        double("u-cloud", data=claiming(bpy.data.volumes.new("u-volume")))
        double("n-hidden-cloud", data=claiming(bpy.data.volumes.new("n-volume")), hide_render=True)
        speaker = bpy.data.objects.new("speaker", claiming(bpy.data.speakers.new("u-speaker")))
        speaker.hide_render = True
        scene.collection.objects.link(speaker)
        lamp = bpy.data.lights.new("u-light", "SPOT")
        lamp.use_nodes = True
        lamp.node_tree.nodes.new("ShaderNodeTexImage").image = picture("u-gobo")
        lamp["clearcut_replica"] = "u-light"
        light = bpy.data.objects.new("light", lamp)
        scene.collection.objects.link(light)
        shone_on = group("n-receivers", False)
        shone_on["clearcut_replica"] = "n-receivers"
        double("n-shone-on", shone_on)
        if hasattr(light, "light_linking"):
            light.light_linking.receiver_collection = shone_on
        world = bpy.data.worlds.new("world")
        world.use_nodes = True
        world.node_tree.nodes.new("ShaderNodeTexEnvironment").image = picture("u-sky")
        scene.world = world
        ink = claiming(bpy.data.materials.new("u-ink"))
        curve = bpy.data.curves.new("line", "CURVE")
        curve.materials.append(ink)
        curve.bevel_object = double("u-bevel", data=bpy.data.curves.new("bevel", "CURVE"), hide_render=True)
        line = bpy.data.objects.new("line", curve)
        scene.collection.objects.link(line)
        """,
    "strips: in a meta strip, muted, with a sound, a clip and a mask's clip": """
        editor = scene.sequence_editor_create()
        strips = editor.strips if hasattr(editor, "strips") else editor.sequences
        other, muted = bpy.data.scenes.new("other"), bpy.data.scenes.new("muted")
        double("u-in-a-meta-strip", other.collection)
        double("u-muted", muted.collection)
        meta = strips.new_meta("meta", 1, 1)
        inner = meta.strips if hasattr(meta, "strips") else meta.sequences
        inner.new_scene("inner", other, 1, 1)
        strips.new_scene("muted", muted, 2, 1).mute = True
        film = os.path.join(bpy.app.tempdir, "film.png")
        pixels = bpy.data.images.new("pixels", 4, 4)
        pixels.filepath_raw, pixels.file_format = film, "PNG"
        pixels.save()
        clip = bpy.data.movieclips.load(film)
        clip["clearcut_replica"] = "u-clip"
        strips.new_clip("clip", clip, 3, 1)
        loose = bpy.data.movieclips.load(film)
        loose["clearcut_replica"] = "n-loose-clip"
        loose.use_fake_user = True
        """,
    "several scenes and layers, one switched off, one with a material of its own": """
        off = scene.view_layers.new("off")
        off.use = False
        on = scene.view_layers.new("on")
        double("n-in-the-layer-that-is-off", group("n-only-off"))
        for one in scene.view_layers:
            layer("n-only-off", one.layer_collection).exclude = one != off
        double("u-in-one-layer", group("u-only-on"))
        for one in scene.view_layers:
            layer("u-only-on", one.layer_collection).exclude = one != on
        paint = bpy.data.materials.new("u-override")
        paint["clearcut_replica"] = "u-override"
        on.material_override = paint
        """,
    "geometry nodes that instance by the frame, and nodes in nodes": """
        inner = tree("inner", "GeometryNodeTree")
        inner.nodes.new("GeometryNodeObjectInfo").inputs["Object"].default_value = double(
            "u-deep", hide_render=True
        )
        nodes = tree("nodes", "GeometryNodeTree")
        nodes.nodes.new("GeometryNodeGroup").node_tree = inner
        nodes.nodes.new("GeometryNodeInputSceneTime")
        nodes.nodes.new("GeometryNodeSetMaterial").inputs["Material"].default_value = bpy.data.materials.new("u-paint")
        bpy.data.materials["u-paint"]["clearcut_replica"] = "u-paint"
        ground = bpy.data.objects.new("ground", triangle)
        scene.collection.objects.link(ground)
        ground.modifiers.new("nodes", "NODES").node_group = nodes
        """,
    "a script of the file's own may show anything": """
        text = bpy.data.texts.new("rig_ui.py")
        text.use_module = True
        double("u-hidden", hide_render=True)
        """,
}


@pytest.mark.parametrize("case", USES)
def test_what_a_render_shows_is_used_and_nothing_else(case):
    """Replicas are called u- when they are used, n- when not, x- when it cannot be told."""
    found = asked(USES[case])
    assert found.pop("problems") == []
    claimed = {
        state: sorted(n for n in {n for names in found.values() for n in names} if n.startswith(letter))
        for state, letter in (("used", "u-"), ("unused", "n-"), ("unknown", "x-"))
    }
    assert found == claimed
    assert any(found.values())


def test_twin_the_viewport_s_own_list_would_miss_one_and_take_another():
    """Why the render's depsgraph is asked: what the window shows is something else."""
    _, out, err = run(
        "-c",
        STAGE
        + """
double("shown-in-renders", hide_viewport=True)
double("shown-in-the-window", hide_render=True)
listed = {i.object.name for i in bpy.context.evaluated_depsgraph_get().object_instances}
print(json.dumps(sorted(listed)))
""",
    )
    assert json.loads(out.splitlines()[-1]) == ["shown-in-the-window"], err


def test_overrides_keep_the_identity_of_what_they_override(tmp_path):
    library = tmp_path / "library.blend"
    found = asked(f"""
        one = double("u-claimed")
        one.asset_mark()
        one.asset_data.tags.new("u-tag")
        one.asset_data["clearcut_replica"] = "u-asset"
        hidden = double("n-hidden-override")
        bpy.data.libraries.write({str(library)!r}, {{one, hidden}})
        bpy.data.objects.remove(one)
        bpy.data.objects.remove(hidden)
        with bpy.data.libraries.load({str(library)!r}, link=True) as (there, here):
            here.objects = ["u-claimed", "n-hidden-override"]
        for one in here.objects:
            local = one.override_create()
            scene.collection.objects.link(local)
            local.hide_render = one.name.startswith("n-")
            if not local.hide_render:
                del local["clearcut_replica"]
        """)
    assert found["used"] == ["u-asset", "u-claimed"]
    assert found["unused"] == ["n-hidden-override"]


def test_when_blender_cannot_be_asked_all_is_used_and_the_scene_incomplete():
    found = asked("""
        double("u-hidden", hide_render=True)
        from clearcut_gate import asking
        asking.TIMEOUT_S = 0.01
        """)
    assert found["used"] == ["u-hidden"]
    assert found["problems"] == ["what a render uses cannot be told: Blender did not answer within 0.01 s"]


def test_a_child_that_crashes_is_a_problem_and_the_session_lives():
    found = asked(f"""
        double("u-hidden", hide_render=True)
        from clearcut_gate import asking
        from pathlib import Path
        asking.PROBE = Path({str(CONTRACT.with_name("crashing_probe.py"))!r})
        """)
    assert found["used"] == ["u-hidden"]
    assert "Blender ended with" in found["problems"][0]


def test_an_engine_that_reads_files_of_its_own_is_a_problem():
    _, out, err = run(
        "-c",
        STAGE
        + """
class Foreign(bpy.types.RenderEngine):
    bl_idname, bl_label = "FOREIGN", "Foreign"
from clearcut_gate import listing
assert listing.problems_of(scene) == []
bpy.utils.register_class(Foreign)
scene.render.engine = "FOREIGN"
print(listing.problems_of(scene))
bpy.utils.unregister_class(Foreign)
""",
    )
    assert "FOREIGN" in out.splitlines()[-1], out + err


def test_asking_changes_nothing_in_the_session():
    _, out, err = run(
        "-c",
        STAGE
        + """
double("one")
scene.frame_set(5)
calls = []
bpy.app.handlers.save_pre.append(lambda *a: calls.append(a))
bpy.app.handlers.render_pre.append(lambda *a: calls.append(a))
from clearcut_gate.reading import OpenBlend
def state():
    return (OpenBlend(scene).state(), scene.render.engine, scene.camera, scene.frame_current, bpy.data.filepath,
            len(bpy.data.objects), len(bpy.app.handlers.save_pre), bpy.data.is_dirty)
before = state()
OpenBlend(scene).read()
assert state() == before, (before, state())
assert calls == [], calls
bpy.data.objects["one"].hide_render = True
assert state() != before
print("ok")
sys.stdout.flush()
os._exit(0)  # as handlers that stay can
""",
    )
    assert out.splitlines()[-1] == "ok", out + err


def test_the_contract_of_hosts_holds_on_the_live_blender():
    code, out, err = run_pytest(CONTRACT)
    assert code == 0, out + err
    assert " passed" in out


def test_a_linked_scene_is_not_taken_for_the_one_of_its_name(tmp_path):
    library = tmp_path / "library.blend"
    found = asked(f"""
        scene.name = "Shot"
        double("u-of-the-linked-scene")
        bpy.ops.wm.save_as_mainfile(filepath={str(library)!r})
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        scene.name = "Shot"
        with bpy.data.libraries.load({str(library)!r}, link=True) as (there, here):
            here.scenes = ["Shot"]
        editor = scene.sequence_editor_create()
        strips = editor.strips if hasattr(editor, "strips") else editor.sequences
        strips.new_scene("strip", here.scenes[0], 1, 1)
        """)
    assert found["used"] == ["u-of-the-linked-scene"]
