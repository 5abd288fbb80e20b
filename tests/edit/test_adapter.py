"""Formats that go through an OTIO adapter: read in a child that may die, hang or lie without harm to us."""

import sys
import textwrap
import time

import opentimelineio as otio
import pytest

from clearcut.core.cut import ClipKind
from clearcut.core.timing import FrameRange
from clearcut.edit import EditFile, adapter
from clearcut.edit.left_in_metadata import with_files, with_switches
from clearcut.errors import EditError
from fakes.otio_json import records

# As Premiere and Hiero write it.
FCP7 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="5"><sequence><name>HEL_R2</name><duration>72</duration>
<rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>
<media><video><track>
 <clipitem id="a"><name>HEL_010</name><duration>100</duration><rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>
  <start>0</start><end>48</end><in>10</in><out>58</out>
  <file id="f"><name>plate</name><pathurl>file://localhost/jobs/p1_digidouble/a.mov</pathurl>
   <rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate><duration>100</duration></file></clipitem>
 <clipitem id="b"><name>HEL_020</name><duration>100</duration><rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>
  <start>48</start><end>72</end><in>0</in><out>24</out><file id="f"/></clipitem>
</track></video></media></sequence></xmeml>
"""
FCPX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.8"><resources>
 <format id="r1" frameDuration="1/24s" width="1920" height="1080"/>
 <asset id="r2" name="HEL_010" src="file:///jobs/p1_digidouble/a.mov" start="0s" duration="10s" hasVideo="1" format="r1"/>
</resources><library><event name="e"><project name="HEL"><sequence format="r1" duration="4s" tcStart="0s"><spine>
 <asset-clip name="HEL_010" ref="r2" offset="0s" duration="4s" start="1s" format="r1"/>
</spine></sequence></project></event></library></fcpxml>
"""
ALE = (
    "Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nFPS\t24\n\nColumn\nName\tStart\tEnd\tDuration\tSource File\n\n"
    "Data\nHEL_010\t01:00:00:00\t01:00:02:00\t00:00:02:00\ta.mov\n"
)


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path, match):
    with pytest.raises(EditError, match=match) as caught:
        EditFile(path).read()
    assert caught.value.code == "cut-unreadable"
    return caught.value


def test_final_cut_7_xml_is_read(tmp_path):
    cut = EditFile(write(tmp_path, "cut.xml", FCP7)).read()
    assert records(cut) == [("HEL_010", 0, 48), ("HEL_020", 48, 72)]
    assert cut.clips[0].source == FrameRange(10, 58)
    assert "p1_digidouble" in cut.clips[0].references[0].urls[0]
    assert cut.name == "HEL_R2"


def test_clips_and_tracks_that_final_cut_7_switches_off_do_not_play(tmp_path):
    off = FCP7.replace('<clipitem id="a">', '<clipitem id="a"><enabled>FALSE</enabled>').replace(
        '<clipitem id="b">', '<clipitem id="b"><enabled>TRUE</enabled>'
    )
    assert records(EditFile(write(tmp_path, "clip.xml", off)).read()) == [("HEL_020", 48, 72)]
    cut = EditFile(
        write(tmp_path, "track.xml", FCP7.replace("<track>", "<track><enabled>FALSE</enabled>"))
    ).read()
    assert records(cut) == []
    assert any("none of its clips plays" in note for note in cut.notes)


def test_final_cut_x_xml_is_read(tmp_path):
    cut = EditFile(write(tmp_path, "cut.fcpxml", FCPX)).read()
    assert any("p1_digidouble" in url for clip in cut.clips for ref in clip.references for url in ref.urls)
    assert {tuple(c.record) for c in cut.clips} == {(0, 96)}


def test_an_avid_log_is_a_list_of_clips_one_after_another(tmp_path):
    cut = EditFile(write(tmp_path, "log.ale", ALE)).read()
    assert records(cut) == [("HEL_010", 0, 48)]


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("UNC", "Y:\\jobs\\char\\p1_digidouble\\a.exr"),
        ("Source File Path", "/jobs/char/p1_digidouble/a.R3D"),
        ("Filepath", "/jobs/char/p1_digidouble/a b.mxf"),
        ("UNC Path", "some/char/p1_digidouble/a.mov"),
    ],
)
def test_a_path_in_any_column_of_an_avid_log_is_media(tmp_path, column, path):
    text = ALE.replace("Source File", column).replace("a.mov", path)
    (clip,) = EditFile(write(tmp_path, "log.ale", text)).read().clips
    assert [url for reference in clip.references for url in reference.urls] == [path]


def test_a_column_that_is_no_path_is_no_media(tmp_path):
    text = ALE.replace("Source File", "CDL").replace("a.mov", "469C-4/1 (0.9 1.0)")
    (clip,) = EditFile(write(tmp_path, "log.ale", text)).read().clips
    assert [url for reference in clip.references for url in reference.urls] == []


def test_a_log_without_a_rate_is_rate_unknown(tmp_path):
    with pytest.raises(EditError) as caught:
        EditFile(write(tmp_path, "log.ale", ALE.replace("FPS\t24\n", ""))).read()
    assert caught.value.code == "rate-unknown"


def avid(path, *, markers=()):
    """As Avid would: written by the adapter's own writer. A marker is what it says beside its comment."""
    aaf2 = pytest.importorskip("aaf2")
    with aaf2.open(str(path), "w") as f:
        source = f.create.SourceMob("tape")
        source.create_tape_slots("tape", 24, 24)
        f.content.mobs.append(source)
        master = f.create.MasterMob("HEL_010")
        slot = master.create_picture_slot(24)
        slot.segment = source.create_source_clip(1, start=0, length=100, media_kind="picture")
        f.content.mobs.append(master)
        comp = f.create.CompositionMob("HEL_R2")
        comp.usage = "Usage_TopLevel"
        f.content.mobs.append(comp)
        made = comp.create_timeline_slot(24)
        made.segment = f.create.Sequence(media_kind="picture")
        made.segment.components.append(
            master.create_source_clip(slot.slot_id, start=10, length=48, media_kind="picture")
        )
        if markers:
            events = f.create.EventMobSlot()
            events["EditRate"].value = 24
            events["SlotID"].value = 1000
            events["PhysicalTrackNumber"].value = 1
            events.segment = f.create.Sequence(media_kind="DescriptiveMetadata")
            comp.slots.append(events)
            for said in markers:
                marker = f.create.DescriptiveMarker()
                for key, value in said.items():
                    marker[key].value = value
                events.segment.components.append(marker)
    return path


def test_an_aaf_is_read(tmp_path):
    cut = EditFile(avid(tmp_path / "cut.aaf")).read()
    assert [(c.kind, *c.record) for c in cut.clips] == [(ClipKind.PICTURE, 0, 48)]


def test_a_marker_of_an_aaf_need_not_say_what_it_lies_on(tmp_path):
    """DaVinci Resolve leaves that out; the adapter refused every such file."""
    path = avid(
        tmp_path / "cut.aaf",
        markers=[{"Comment": "HEL_010 hero turn", "Position": 4}, {"Comment": "later", "Position": 9}],
    )
    clip = EditFile(path).read().clips[0]
    around = [marker.name for enclosure in clip.enclosures() for marker in enclosure.markers]
    assert [marker.name for marker in clip.markers] + around == ["HEL_010 hero turn", "later"]


@pytest.mark.parametrize("keep", [0, 10, 600])
def test_a_truncated_aaf_is_refused(tmp_path, keep):
    refused(
        write(tmp_path, "cut.aaf", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))[:keep]),
        "adapter failed|empty",
    )


BOMB = (
    '<?xml version="1.0"{}?><!DOCTYPE xmeml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><xmeml><sequence><name>&j;</name></sequence></xmeml>"
)


@pytest.mark.parametrize("suffix", [".xml", ".fcpxml"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_an_xml_bomb_is_refused_before_anything_parses_it(tmp_path, suffix, code, monkeypatch):
    monkeypatch.setattr(adapter, "run", lambda *_: pytest.fail("the adapter saw the bomb"))
    text = BOMB.replace("{}", ' encoding="utf-16"' if code == "utf-16" else "")
    refused(write(tmp_path, f"cut{suffix}", text.encode(code)), "declares the entity 'a'")


@pytest.mark.parametrize(
    "text", ["", "<", "no xml", "<xmeml>", "<xmeml></xmeml>", "<xmeml><sequence/></xmeml>", "\x00"]
)
def test_damaged_xml_is_refused(tmp_path, text):
    refused(write(tmp_path, "cut.xml", text), "not XML|adapter|without any element|no clip|empty|OTIO")


@pytest.fixture
def child_reads(tmp_path, monkeypatch):
    """Puts an adapter of our own making where the child finds it."""

    def install(body, **limits):
        package = tmp_path / "crooked"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "adapter.py").write_text(
            "def read_from_file(path):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        which = adapter.Adapter("crooked.adapter", ".aaf", None)
        return lambda: adapter.run(b"content", which, adapter.Limits(**limits))

    return install


@pytest.mark.parametrize(
    ("body", "match"),
    [
        ("raise ValueError('bad mob')", "ValueError: bad mob"),
        ("raise SystemExit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import os; os._exit(0)", "gave no timeline"),
        ("import os; os._exit(9)", "exit code 9"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("return None", "AttributeError"),
        ("import no_such_package", "not installed"),
        ("return [0] * 10**12", "memory"),
        ("def f(): return f()\nreturn f()", "RecursionError"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="looks at signals and limits")
def test_however_the_child_ends_it_is_cut_unreadable_with_its_cause(child_reads, body, match):
    with pytest.raises(EditError, match=match) as caught:
        child_reads(body)()
    assert caught.value.code == "cut-unreadable"


def test_a_missing_package_says_what_to_install(child_reads):
    with pytest.raises(EditError) as caught:
        child_reads("import no_such_package")()
    assert caught.value.remedy == "pip install clearcut[edits]"


def test_a_child_that_hangs_is_stopped_with_all_it_started(child_reads, tmp_path):
    mark = tmp_path / "grandchild"
    body = f"""
    import subprocess, sys, time
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3); open({str(mark)!r}, 'w')"])
    time.sleep(60)
    """
    begun = time.perf_counter()
    with pytest.raises(EditError, match="did not finish within 1 s"):
        child_reads(body, max_seconds=1)()
    assert time.perf_counter() - begun < 40
    time.sleep(3.5)
    assert not mark.exists()


def test_the_child_sees_none_of_our_environment(child_reads, monkeypatch):
    monkeypatch.setenv("OTIO_PLUGIN_MANIFEST_PATH", "/evil.json")
    monkeypatch.setenv("OTIO_DEFAULT_MEDIA_LINKER", "evil")
    monkeypatch.setenv("CLEARCUT_TOKEN", "secret")
    with pytest.raises(EditError, match=r"seen:$") as caught:
        child_reads(
            "import os\nraise ValueError('seen:' + ','.join(k for k in os.environ if 'OTIO' in k or 'CLEAR' in k))"
        )()
    assert "secret" not in str(caught.value)


def test_no_manifest_hook_or_media_linker_runs(tmp_path, monkeypatch):
    """The twin shows that OpenTimelineIO's own door would have run it."""
    mark = tmp_path / "ran"
    hook = tmp_path / "hook.py"
    hook.write_text(
        f"def hook_function(in_timeline, argument_map=None):\n    open({str(mark)!r}, 'w').close()\n    return in_timeline\n"
    )
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        '{"OTIO_SCHEMA": "PluginManifest.1", "hook_scripts": [{"OTIO_SCHEMA": "HookScript.1", "name": "evil", '
        f'"execution_scope": "in process", "filepath": "{hook}"}}], "hooks": {{"post_adapter_read": ["evil"]}}}}'
    )
    monkeypatch.setenv("OTIO_PLUGIN_MANIFEST_PATH", str(manifest))
    path = write(tmp_path, "cut.xml", FCP7)
    EditFile(path).read()
    assert not mark.exists()
    otio.plugins.manifest.ActiveManifest(force_reload=True)
    try:
        otio.adapters.read_from_file(str(path))
        assert mark.exists()
    finally:
        monkeypatch.delenv("OTIO_PLUGIN_MANIFEST_PATH")
        otio.plugins.manifest.ActiveManifest(force_reload=True)


def test_what_is_mended_is_made_anew_because_equal_parts_are_one_object():
    shared = {
        "OTIO_SCHEMA": "Clip.2",
        "media_references": {},
        "metadata": {"fcp_xml": {"enabled": "FALSE"}, "ALE": {"UNC": "/a/b.c"}},
    }
    tree = {"OTIO_SCHEMA": "Track.1", "children": [shared, shared]}
    assert [one["enabled"] for one in with_switches(tree)["children"]] == [False, False]
    assert [list(one["media_references"]) for one in with_files(tree)["children"]] == [
        ["ALE UNC"],
        ["ALE UNC"],
    ]
    assert "enabled" not in shared
    assert shared["media_references"] == {}
