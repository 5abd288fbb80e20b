"""What every host must hold. Subclass `HostContract`, give `host()`, and pytest runs all of it on yours.

The scene that `host()` shows is the same everywhere: Write1 uses Read1 and may use Read2; Read3 is used by nothing.
A host that calls its nodes otherwise says so in `names`.
"""

from typing import NamedTuple

import pytest

from clearcut.core.scene import ReferenceState
from clearcut.errors import SceneError
from clearcut.scene.host import scene_of, shots_of


class Names(NamedTuple):
    """What the host calls the target, and the nodes that are used, that may be, and that are not."""

    target: str = "Write1"
    used: str = "Read1"
    unknown: str = "Read2"
    unused: str = "Read3"


class HostContract:
    """The laws of a host."""

    names = Names()

    @pytest.fixture
    def host(self):
        raise NotImplementedError

    def test_it_says_where_it_is(self, host):
        place = host.place()
        assert place.kind in ("nk", "blend", "usd", "exr")
        assert isinstance(place.path, str)

    def test_each_target_is_named_once_and_answers_everything(self, host):
        names = list(host.targets())
        assert names == [self.names.target]
        assert host.output(self.names.target)
        frames = host.frames(self.names.target)
        assert frames is None or frames.end > frames.first
        assert host.shot(self.names.target) is None or host.shot(self.names.target)
        assert set(shots_of(host)) == {self.names.target}

    def test_upstream_tells_used_from_unknown_with_a_reason(self, host):
        states = {r.node: r.state for r in host.upstream(self.names.target)}
        assert states == {
            self.names.used: ReferenceState.USED,
            self.names.unknown: ReferenceState.UNKNOWN,
        }
        assert all(
            bool(r.why) == (r.state is ReferenceState.UNKNOWN) for r in host.upstream(self.names.target)
        )

    def test_everything_holds_what_is_upstream_and_what_is_not(self, host):
        everything = {r.node for r in host.everything()}
        assert everything == {self.names.used, self.names.unknown, self.names.unused}

    def test_the_scene_parts_used_from_unused(self, host):
        scene = scene_of(host)
        assert [r.node for r in scene.unused] == [self.names.unused]
        assert {r.node for r in scene.targets[0].references} == {self.names.used, self.names.unknown}
        assert scene.problems == ()

    def test_asking_twice_gives_the_same_and_changes_nothing(self, host):
        assert scene_of(host) == scene_of(host)

    def test_a_target_that_is_not_there_is_an_error_and_not_empty(self, host):
        for question in (host.output, host.frames, host.shot, host.upstream):
            with pytest.raises(SceneError):
                question("NoSuchWrite")
