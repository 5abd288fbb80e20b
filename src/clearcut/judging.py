"""One check of the command line: a kept verdict where one holds, else a fresh one, which is kept.

Gates, panels and comparisons call `bootstrap.run_check`, which judges anew each time.
"""

from __future__ import annotations

from contextlib import suppress

from clearcut.bootstrap import CheckOptions, Settled, Setup, check_setup, compose, settle, utc_now
from clearcut.core.verdict import Verdict
from clearcut.kept import Inputs, KeptVerdict, KeptVerdicts
from clearcut.report.json import report_parts, shot_rows, total_rows
from clearcut.settings import packs_folder, user_cache_folder


class FreshVerdict:
    """A verdict just reached; what can be asked of it is what can be asked of a `KeptVerdict`.

    It holds what it was made of: taking that apart costs `clearcut check`, which ends before, a 50th of its time.
    """

    def __init__(self, setup: Setup) -> None:
        self._held: list[object] = [setup]
        self._verdict = check_setup(setup, self._held)
        self._rows: bytes | None = None

    def rows(self) -> bytes:
        """Its shots as they stand in the report."""
        if self._rows is None:
            self._rows = shot_rows(self._verdict)
        return self._rows

    def whole(self) -> Verdict:
        """The verdict."""
        return self._verdict

    def deciding(self, asked: tuple[str, ...]) -> Verdict:  # noqa: ARG002 - one form with `KeptVerdict`
        """The verdict: it has the shots that decide the exit code."""
        return self._verdict

    def json(self) -> list[bytes]:
        """The report `clearcut.report/1`, to be written part by part."""
        return report_parts(self._verdict, self.rows(), total_rows(self._verdict))


Judged = FreshVerdict | KeptVerdict


def judge(options: CheckOptions) -> Judged:
    """The verdict on the cut that the options and settings name. Raises as `bootstrap.run_check` does."""
    said = settle(options)
    inputs, before = _inputs(options, said)
    if inputs is None:
        return FreshVerdict(compose(options, said))
    verdicts = KeptVerdicts(user_cache_folder(options.environ) / "verdicts")
    what_if = options.now is not None
    kept = verdicts.find(inputs, before, options.shots, options.now or utc_now(), what_if=what_if)
    if kept is not None:
        return kept
    setup = compose(options, said)
    fresh = FreshVerdict(setup)
    _keep(verdicts, inputs, before, setup, fresh)
    return fresh


_NONE = (None, "")


def _inputs(options: CheckOptions, said: Settled) -> tuple[Inputs | None, str]:
    """What the verdict rests on, and its digest; None where it rests on a scene, a server or a database too."""
    if options.timeline is not None or options.scenes or options.live_scenes:
        return _NONE
    if said.edit is None or said.registry is None or said.server is not None or "://" in said.registry:
        return _NONE
    inputs = Inputs(
        edit=said.edit,
        rate=options.rate,
        registry=said.registry,
        rules=said.rules,
        packs=packs_folder(options.environ),
        production=options.production,
        facility=options.facility,
    )
    # Also where the folder of packs is not there: then the check says so.
    with suppress(OSError):
        return (inputs, inputs.digest()) if inputs.worth_keeping() else _NONE
    return _NONE


def _keep(verdicts: KeptVerdicts, inputs: Inputs, before: str, setup: Setup, fresh: FreshVerdict) -> None:
    """Keeps the verdict, unless an adapter read the edit or the content of media counts."""
    from clearcut.backend import RegistryBackend
    from clearcut.core.replica import MatchKind
    from clearcut.edit import OWN_FORMATS

    backend = setup.backend
    if not isinstance(backend, RegistryBackend) or inputs.edit.suffix.lower() not in OWN_FORMATS:
        return
    known = backend.recognition()
    matches = (*(one.match for one in known.assets), *(one.match for one in known.not_replicas))
    by_content = any(match.kind is MatchKind.SHA256 for match in matches)
    lasts = backend.lasts()
    if backend.content is not None and lasts is not None and not by_content:
        verdicts.keep(inputs, before, backend.content, fresh.whole(), fresh.rows(), lasts)
