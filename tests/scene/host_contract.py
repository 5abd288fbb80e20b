"""What every host must hold. Subclass `HostContract`, give `host()`, and pytest runs all of it on yours.

The scene that `host()` shows is the same everywhere: Write1 uses Read1 and may use Read2; Read3 is used by nothing.
"""

import pytest

from clearcut.core.scene import ReferenceState
from clearcut.errors import SceneError
from clearcut.scene.host import scene_of, shots_of


class HostContract:
    """The laws of a host."""

    @pytest.fixture
    def host(self):
        raise NotImplementedError

    def test_it_says_where_it_is(self, host):
        place = host.place()
        assert place.kind in ("nk", "blend", "usd", "exr")
        assert isinstance(place.path, str)

    def test_each_target_is_named_once_and_answers_everything(self, host):
        names = list(host.targets())
        assert names == ["Write1"]
        assert host.output("Write1")
        frames = host.frames("Write1")
        assert frames is None or frames.end > frames.first
        assert host.shot("Write1") is None or host.shot("Write1")
        assert set(shots_of(host)) == {"Write1"}

    def test_upstream_tells_used_from_unknown_with_a_reason(self, host):
        states = {r.node: r.state for r in host.upstream("Write1")}
        assert states == {"Read1": ReferenceState.USED, "Read2": ReferenceState.UNKNOWN}
        assert all(bool(r.why) == (r.state is ReferenceState.UNKNOWN) for r in host.upstream("Write1"))

    def test_everything_holds_what_is_upstream_and_what_is_not(self, host):
        everything = {r.node for r in host.everything()}
        assert everything == {"Read1", "Read2", "Read3"}

    def test_the_scene_parts_used_from_unused(self, host):
        scene = scene_of(host)
        assert [r.node for r in scene.unused] == ["Read3"]
        assert {r.node for r in scene.targets[0].references} == {"Read1", "Read2"}
        assert scene.problems == ()

    def test_asking_twice_gives_the_same_and_changes_nothing(self, host):
        assert scene_of(host) == scene_of(host)

    def test_a_target_that_is_not_there_is_an_error_and_not_empty(self, host):
        for question in (host.output, host.frames, host.shot, host.upstream):
            with pytest.raises(SceneError):
                question("NoSuchWrite")
