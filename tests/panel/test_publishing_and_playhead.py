"""What the panel hands to its host, when it does not, and where the host stands in the cut. No Qt."""

from dataclasses import replace

import pytest

from clearcut.core.reasons import reason
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import Outcome
from clearcut.panel import texts
from clearcut.panel.playhead import record_frame
from clearcut.panel.presenter import Presenter
from clearcut.report.strip import strip_of
from fakes.verdicts import NOON, a_shot, a_use, a_verdict, helios, large


def shown(verdict, *, host=True):
    presenter = Presenter(lambda: NOON, host_publishes=host)
    presenter.arrived(presenter.begin("cut.otio"), verdict)
    return presenter


def test_what_may_be_published_is_handed_over_and_nothing_else():
    presenter = shown(helios())
    assert presenter.state.publish_why_not == ""
    assert presenter.publishable() == ("HEL_020_0100", "HEL_020_0110", "HEL_030_0010", "HEL_030_0020")


@pytest.mark.parametrize(
    "verdict, why",
    [
        (replace(helios(), what_if=True), texts.PUBLISH_WHAT_IF),
        (
            a_verdict(
                a_shot("S", 0, 9, a_use()), reasons=(reason("cut-stale", "older than the governing cut"),)
            ),
            texts.PUBLISH_CUT,
        ),
        (a_verdict(a_shot("S", 0, 9, a_use()), outcome=Outcome.UNKNOWN), texts.PUBLISH_CUT),
        (large(3), texts.PUBLISH_NOTHING),
        (large(3, outcome=Outcome.UNKNOWN), texts.PUBLISH_NOTHING),
        (a_verdict(a_shot("", 0, 9, a_use())), texts.PUBLISH_NOTHING),
    ],
)
def test_nothing_is_handed_over_while_anything_speaks_against_it(verdict, why):
    presenter = shown(verdict)
    assert (presenter.state.publish_why_not, presenter.publishable()) == (why, ())


def test_where_no_host_offers_it_the_button_says_so():
    presenter = shown(helios(), host=False)
    assert (presenter.state.publish_why_not, presenter.publishable()) == (texts.PUBLISH_NO_HOST, ())


def test_while_a_check_runs_and_after_it_failed_nothing_is_handed_over():
    presenter = shown(helios())
    ticket = presenter.begin("cut.otio")
    assert (presenter.state.publish_why_not, presenter.publishable()) == (texts.PUBLISH_CHECKING, ())
    presenter.failed(ticket, OSError("gone"))
    assert (presenter.state.publish_why_not, presenter.publishable()) == (texts.PUBLISH_NO_ANSWER, ())


def test_the_playhead_follows_the_frame_of_the_shot_that_the_host_shows():
    verdict = helios()
    presenter = shown(verdict)
    assert record_frame(verdict, "HEL_020_0100", 1001) == 0
    assert record_frame(verdict, "HEL_020_0100", 1101) == 100
    presenter.follow("HEL_020_0100", 1101)
    assert presenter.state.playhead == pytest.approx(100 * 100 / 1800)
    presenter.follow("HEL_020_0100", 5000)
    assert presenter.state.playhead is None


def test_where_it_cannot_be_told_there_is_no_playhead():
    assert record_frame(helios(), "HEL_020_0120", 1001) is None  # 408 frames of 288: a retime
    assert record_frame(helios(), "HEL_020_0110", 1001) is None  # nothing known of its media
    assert record_frame(helios(), "nobody", 1001) is None
    presenter = shown(helios())
    presenter.set_playhead(1800)
    assert presenter.state.playhead is None


def test_a_playhead_without_an_answer_is_none():
    presenter = Presenter(lambda: NOON)
    presenter.set_playhead(3)
    assert presenter.state.playhead is None


def covered(*ranges):
    one = a_use(screen=((0, 100),))
    use = replace(one.use, occluded=tuple(FrameRange(*r) for r in ranges))
    return strip_of(a_verdict(a_shot("S", 0, 100, one._replace(use=use)))).lanes[1].layers


def test_what_another_clip_covers_is_hollow():
    assert [(layer.hollow, [(b.left, b.width) for b in layer.blocks]) for layer in covered((20, 50))] == [
        (False, [(0, 20), (50, 50)]),
        (True, [(20, 30)]),
    ]
    assert [layer.hollow for layer in covered()] == [False]
    assert [layer.hollow for layer in covered((0, 100))] == [True]


def test_a_what_if_stands_in_the_request_too():
    assert "What-if" in shown(replace(helios(), what_if=True)).request()
    assert "What-if" not in shown(helios()).request()
