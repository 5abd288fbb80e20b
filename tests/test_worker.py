"""Work on a thread of its own: what it gave or raised arrives, and nothing else counts as an answer."""

import threading

import pytest

from clearcut.errors import CannotTellError
from clearcut.worker import Worker


def ended(work, **options):
    worker = Worker(work, name="test", **options)
    assert worker.wait(10)
    return worker


def test_what_the_work_gave_arrives_and_was_made_on_another_thread():
    assert ended(threading.current_thread).result().name == "test"
    assert ended(lambda: None).result() is None


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), SystemExit(0), KeyboardInterrupt(), MemoryError()],
    ids=lambda e: type(e).__name__,
)
def test_what_the_work_raised_is_raised_again(error):
    def work():
        raise error

    with pytest.raises(type(error)) as caught:
        ended(work).result()
    assert caught.value is error


def test_before_it_ends_there_is_no_answer():
    hold = threading.Event()
    worker = Worker(lambda: hold.wait(10), name="test")
    assert not worker.ended
    with pytest.raises(CannotTellError):
        worker.result()
    hold.set()
    assert worker.wait(10)
    assert worker.result() is True


def test_whoever_has_the_time_waits_for_as_long_as_it_takes():
    hold = threading.Event()
    worker = Worker(lambda: hold.wait(10), name="test")
    threading.Timer(0.05, hold.set).start()
    assert worker.awaited() is True


def test_a_thread_that_dies_without_a_word_gives_no_answer(monkeypatch):
    monkeypatch.setattr(Worker, "_run", lambda self: None)
    worker = Worker(lambda: "cleared", name="test")
    while not worker.wait(0.01):
        pass
    for taken in (worker.result, worker.awaited):
        with pytest.raises(CannotTellError, match="gave no answer"):
            taken()


def test_it_tells_its_end_however_it_ended():
    told = []
    for work in (lambda: 1, lambda: 1 / 0):
        done = threading.Event()
        Worker(work, name="test", then=lambda worker, done=done: (told.append(worker), done.set()))
        assert done.wait(10)
    assert told[0].result() == 1
    with pytest.raises(ZeroDivisionError):
        told[1].result()
