"""EXR headers: texts that name files and replicas, read from bytes written here."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.errors import SceneError
from clearcut.scene import read_scene
from clearcut.scene.exr import NEVER_ALL, attributes


def attribute(name, kind, value):
    return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value


def header(*parts):
    flags = 2 | (0x1000 if len(parts) > 1 else 0)
    body = b"".join(b"".join(attribute(*a) for a in part) + b"\0" for part in parts)
    return b"\x76\x2f\x31\x01" + struct.pack("<I", flags) + body + (b"\0" if len(parts) > 1 else b"")


def vector(*texts):
    return b"".join(struct.pack("<i", len(t)) + t for t in texts)


def read(tmp_path, content):
    path = tmp_path / "beauty.1001.exr"
    path.write_bytes(content)
    return read_scene(path)


def test_what_a_header_names_is_listed(tmp_path):
    scene = read(
        tmp_path,
        header(
            [
                ("channels", "chlist", b"\0" * 17),
                ("nuke/input/filename", "string", b"/jobs/char/p1/beauty.1001.exr"),
                ("clearcut/replica", "string", b"rpl-p1-body rpl-p2"),
                ("capDate", "string", b"2026:11:20 12:00:00"),
            ]
        ),
    )
    found = [(r.knob, r.value, r.replicas) for r in scene.targets[0].references]
    assert found == [
        ("nuke/input/filename", "/jobs/char/p1/beauty.1001.exr", ()),
        ("clearcut/replica", "rpl-p1-body rpl-p2", ("rpl-p1-body", "rpl-p2")),
    ]


def test_a_header_never_proves_absence(tmp_path):
    scene = read(tmp_path, header([("channels", "chlist", b"\0")]))
    assert scene.targets[0].references == ()
    assert scene.problems == (NEVER_ALL,)


def test_every_part_and_every_text_of_a_vector_is_read(tmp_path):
    parts = [[("a", "stringvector", vector(b"/x/1.exr", b"/x/2.exr"))], [("b", "string", b"/x/3.exr")]]
    scene = read(tmp_path, header(*parts) + b"pixels")
    assert [(r.node, r.value) for r in scene.targets[0].references] == [
        ("part0", "/x/1.exr"),
        ("part0", "/x/2.exr"),
        ("part1", "/x/3.exr"),
    ]


WHOLE = header([("a", "string", b"/x/1.exr"), ("b", "stringvector", vector(b"/x/2.exr"))])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG",
        WHOLE[:20],
        WHOLE[:-2],
        b"\x76\x2f\x31\x01\x02\0\0\0" + b"a\0string\0" + struct.pack("<i", -1),
        b"\x76\x2f\x31\x01\x02\0\0\0" + b"a\0string\0" + struct.pack("<i", 2**31 - 1),
        b"\x76\x2f\x31\x01\x02\0\0\0" + b"a" * 1000,
    ],
)
def test_what_is_no_header_is_unreadable(tmp_path, content):
    with pytest.raises(SceneError) as caught:
        read(tmp_path, content)
    assert caught.value.code == "scene-unreadable"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        list(attributes(b"\x76\x2f\x31\x01" + content))
    except (ValueError, struct.error):
        return
