"""Runs mutants inside one pytest session: what is collected once serves all of them, each in a fork of its own.

mutmut makes the mutants and keeps the results; its own way of running them starts pytest anew for each, with the
names of all tests that reach the function, which takes longer than the tests.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import accumulate
from time import process_time
from typing import Any, NamedTuple

import pytest
from mutmut.mutation import trampoline
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline_templates import mangle_function_name

KILLED, LIVED, NO_TESTS, LATE = 1, 0, 33, 36  # mutmut's codes
_MEMORY = 6 << 30  # bytes; a mutant that fills more has failed

_variants: dict[str, dict[str, Callable[..., Any]]] = {}  # by function: what may stand for it
_reached: set[str] = set()  # functions called since it was emptied


def switch_by_table() -> None:
    """Has mutmut's mutants chosen by their table alone, and notes which functions are called.

    mutmut's own switch asks the environment at every call.
    """

    def wrap(variants: dict[str, Callable[..., Any]], is_classmethod: bool = False) -> Callable[..., Any]:
        def switch(function: Callable[..., Any]) -> Callable[..., Any]:
            owner = function.__qualname__.rpartition(".")[0] or None
            name = f"{function.__module__}.{mangle_function_name(name=function.__name__, class_name=owner)}"
            _variants[name] = variants

            @wraps(function)
            def switched(*args: object, **kwargs: object) -> object:
                _reached.add(name)
                now = variants["_mutmut_orig"]
                if is_classmethod:
                    return getattr(args[0], now.__name__)(*args[1:], **kwargs)
                return now(*args, **kwargs)

            return switched

        return switch

    trampoline.wrap_in_trampoline = wrap


class _Plain(NamedTuple):
    """What a test does without a mutant."""

    seconds: float  # of the processor
    reached: frozenset[str]
    failed: bool


class Mutants:
    """A pytest plugin that runs the tests of a session once per mutant that has no result yet."""

    def __init__(self, files: Iterable[SourceFileMutationData], seconds: float) -> None:
        """Each mutant is tried for some `seconds` of tests, those first that kill most in least time."""
        self._files = list(files)
        self._seconds = seconds
        self._out = os.fdopen(os.dup(1), "w")  # pytest captures the other
        self._failed = False
        self._kills: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._items: list[pytest.Item] = []
        self._plain: list[_Plain] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        self._items = session.items
        session.config.pluginmanager.unregister(name="terminalreporter")
        plain = _forked(self._survey)  # in a fork, so that nothing is remembered from it
        assert isinstance(plain, list), "the tests did not end"
        broken = [item.nodeid for item, one in zip(self._items, plain, strict=True) if one.failed]
        for name in broken:  # such as the twin of a guard, which may need more examples than are tried here
            self._tell(f"not asked, since it fails without a mutant: {name}")
        self._plain = plain
        self._tell(f"{len(plain)} tests take {sum(one.seconds for one in plain):.0f} s")
        gc.freeze()
        self._check_itself()
        for file in self._files:
            for mutant, code in file.exit_code_by_key.items():
                if code is None:
                    file.exit_code_by_key[mutant] = self._judge(mutant)
                    file.save()
            self._tell(f"{file.path}: {dict(Counter(file.exit_code_by_key.values()))}")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes a test that fails."""
        self._failed |= report.failed

    def _check_itself(self) -> None:
        """What is no mutant must live, in whatever order its tests run."""
        quick = [at for at, one in enumerate(self._plain) if one.seconds < 0.1 and not one.failed]
        assert _forked(lambda: self._killer(next(iter(_variants)), "_mutmut_orig", quick[::-1])) is None

    def _judge(self, mutant: str) -> int:
        function = mutant.partition("__mutmut_")[0]
        tests = [at for at, one in enumerate(self._plain) if function in one.reached and not one.failed]
        if not tests:
            return NO_TESTS
        here, everywhere = self._kills[function], self._kills[""]

        def price(at: int) -> float:
            """Low for what kills often, and for what is quick and reaches little else: that is about this function."""
            one = self._plain[at]
            return (one.seconds + 0.005) * len(one.reached) / (1 + 20 * here[at] + 2 * everywhere[at])

        tests.sort(key=price)
        sums = accumulate(self._plain[at].seconds for at in tests)
        tests = [at for at, seconds in zip(tests, sums, strict=True) if seconds <= self._seconds]
        killer = _forked(lambda: self._killer(function, mutant.rpartition(".")[2], tests))
        if killer is _ENDED:
            return LATE
        if killer is None:
            return LIVED
        assert isinstance(killer, int)
        here[killer] += 1
        everywhere[killer] += 1
        return KILLED

    def _killer(self, function: str, variant: str, tests: list[int]) -> int | None:
        """The first of the tests that fails on the mutant."""
        variants = _variants[function]
        variants["_mutmut_orig"] = variants[variant]
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        for at, after in zip(tests, [*tests[1:], None], strict=True):
            # The first ends the process when it never ends, the second when it waits for ever.
            signal.setitimer(signal.ITIMER_PROF, 3 + 20 * self._plain[at].seconds)
            signal.setitimer(signal.ITIMER_REAL, 300)
            if self._fails(at, after):
                return at
        return None

    def _survey(self) -> list[_Plain]:
        found = []
        for at in range(len(self._items)):
            _reached.clear()
            began = process_time()
            failed = self._fails(at, at + 1 if at + 1 < len(self._items) else None)
            found.append(_Plain(process_time() - began, frozenset(_reached), failed))
        return found

    def _fails(self, at: int, after: int | None) -> bool:
        self._failed = False
        item, nextitem = self._items[at], None if after is None else self._items[after]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        return self._failed

    def _tell(self, text: str) -> None:
        print(text, file=self._out, flush=True)


_ENDED = object()


def _forked(work: Callable[[], object]) -> object:
    """What `work` comes to in a fork; `_ENDED` if the fork was ended by a signal."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with os.fdopen(writer, "wb") as file:
                pickle.dump(work(), file)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return pickle.loads(answer) if answer else _ENDED
