"""What several clips of one shot say about one replica is gathered in one use."""

from __future__ import annotations

import pytest

from clearcut.core.identify import identify
from clearcut.core.rules import Rules
from fakes.ports import a_clip, a_cut, recognising

PATH = "/jobs/char/p1/a.exr"


@pytest.mark.parametrize("lost", [(True, False), (False, True), (True, True), (False, False)])
def test_the_source_of_a_use_is_known_only_where_that_of_all_its_clips_is(lost):
    clips = [a_clip("SH_001", 24 * at, 24 * at + 24, PATH) for at in range(len(lost))]
    clips = [
        clip._replace(source=None) if without else clip for clip, without in zip(clips, lost, strict=True)
    ]
    (use,) = identify(a_cut(*clips), recognising(("rpl-p1", "*/char/p1/*")), Rules()).uses
    assert use.source_known is not any(lost)
