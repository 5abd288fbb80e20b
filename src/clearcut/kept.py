"""Verdicts kept from one check to the next, so that an unchanged cut is not judged anew for every shot of it.

A kept verdict is given again only where nothing that it rests on is another: `Inputs` and the entry's head name all of
that (docs/decisions/0016 says why the list has no gap). Of files only the content counts, taken anew each time. The
moment is always another: an entry holds for the span of moments at which every question that was put to the clock has
the same answer (`core/watched`). Only what a registry file decided in this process is kept; a server is always asked.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from clearcut.cache_folder import (
    WORTH_BYTES,
    CacheFolder,
    Head,
    digest_of_file,
    digest_of_files,
    name_for,
    program_digest,
)
from clearcut.core.verdict import ShotVerdict, Verdict
from clearcut.report.json import ROW_BREAK, encode, report_parts, total_rows, verdict_to_json
from clearcut.report.reading import shot_from_json, total_from_json, verdict_from_json
from clearcut.settings import pack_files
from clearcut.worker import Worker

if TYPE_CHECKING:
    from clearcut.core.rules import Rules
    from clearcut.core.watched import Span

_MOST_ENTRIES = 20
_MOST_BYTES = 1 << 29
# What an error in the program made of a use, or what nobody but this question asked about.
_OF_ONE_RUN = frozenset({"evaluation-error", "shot-not-in-cut"})


class Inputs(NamedTuple):
    """All that a verdict rests on beside the clock, the content of edit and registry, and the program.

    `packs` is the folder of a studio's own rule packs: those that lie in it when they are asked for.
    """

    edit: Path
    rate: Fraction | None
    registry: str
    rules: Rules
    packs: Path | None
    production: str | None
    facility: str | None

    def digest(self) -> str:
        """Different for different inputs, the program included. Raises OSError."""
        packs = () if self.packs is None else pack_files(self.packs)
        return name_for(program_digest(), self.name(), repr(self.rules), *packs, digest_of_files(packs))

    def name(self) -> str:
        """What is asked; the rules may change under the same name."""
        # As it is written, for reports show it so, and where that is, for it may be said from another folder.
        return name_for(
            self.edit,
            self.edit.absolute(),
            self.rate,
            self.registry,
            Path(self.registry).absolute(),
            self.production,
            self.facility,
        )

    def worth_keeping(self) -> bool:
        """Whether both are files, and one so large that judging takes longer than looking up. Raises OSError."""
        # A pipe would be waited for for ever, and a device has no end.
        return all(map(Path.is_file, self._files())) and max(self.sizes()) >= WORTH_BYTES

    def sizes(self) -> list[int]:
        """How large edit and registry are, in bytes: what is of another size need not be hashed. Raises OSError."""
        return [path.stat().st_size for path in self._files()]

    def _files(self) -> tuple[Path, Path]:
        return self.edit, Path(self.registry)


class KeptVerdict:
    """A verdict as it was kept: its head, and its shots and totals as the rows of the report."""

    def __init__(self, top: Verdict, rows: bytes, totals: bytes) -> None:
        self._top = top
        self._rows = rows
        self._totals = totals

    def json(self) -> list[bytes]:
        """The report `clearcut.report/1`, to be written part by part."""
        return report_parts(self._top, self._rows, self._totals)

    def whole(self) -> Verdict:
        """The verdict with all its shots."""
        shots: list[Any] = json.loads(b"[%s]" % self._rows)
        totals: list[Any] = json.loads(b"[%s]" % self._totals)
        return replace(
            self._top,
            shots=tuple([shot_from_json(row) for row in shots]),
            totals=tuple([total_from_json(row) for row in totals]),
        )

    def deciding(self, asked: tuple[str, ...]) -> Verdict:
        """The verdict with the shots that decide the exit code: those asked for, or all.

        Where all may be published none of them is needed to say so: a cut is as bad as the worst of its shots.
        """
        if not asked:
            return self._top if self._top.outcome.may_publish else self.whole()
        found = (self.shot(name) for name in dict.fromkeys(asked))
        return replace(self._top, shots=tuple(shot for shot in found if shot is not None))

    def shot(self, name: str) -> ShotVerdict | None:
        """The shot of that name, None when the cut lacks it."""
        begin = f'{{"name": {encode(name)}, "outcome": '.encode()
        # A row begins after a line break, and none stands inside one.
        start = 0 if self._rows.startswith(begin) else self._rows.find(ROW_BREAK + begin)
        if start < 0:
            return None
        start += len(ROW_BREAK) if start else 0
        end = self._rows.find(ROW_BREAK, start)
        return shot_from_json(json.loads(self._rows[start : end if end >= 0 else len(self._rows)]))


class KeptVerdicts:
    """The verdicts in one folder. Nothing here raises for what the folder holds or refuses."""

    def __init__(self, folder: Path) -> None:
        self._entries = CacheFolder(folder, ".verdict", most_entries=_MOST_ENTRIES, most_bytes=_MOST_BYTES)

    def find(
        self, inputs: Inputs, digest: str, asked: tuple[str, ...], now: datetime, *, what_if: bool
    ) -> KeptVerdict | None:
        """What a check at `now` would come to; None where that must be found out, as it must for shots it lacks.

        `digest` is that of the inputs.
        """
        hashing: list[Worker[str]] = []

        def fits(head: Head) -> bool:
            # What is dear is asked last.
            if not (
                datetime.fromisoformat(head["from"]) <= now < datetime.fromisoformat(head["until"])
                and head["inputs"] == digest
                and head["sizes"] == inputs.sizes()
            ):
                return False
            # A large edit takes longest of all, and lets go of the interpreter.
            try:
                hashing.append(Worker(lambda: digest_of_file(inputs.edit), name="clearcut-hash"))
            except RuntimeError:  # there is no thread to be had, and judging needs none
                return False
            return bool(head["registry"] == digest_of_file(Path(inputs.registry)))

        name = inputs.name()
        known = self._entries.read(name, fits)
        if known is None or not _gives(hashing, known[0]["edit"]):
            return None
        try:
            top, rows, totals = known[1]
            verdict = replace(
                verdict_from_json(json.loads(top)),
                as_of=now,
                what_if=what_if,
                asked=tuple(dict.fromkeys(asked)),
            )
            kept = KeptVerdict(verdict, rows, totals)
            return kept if all(kept.shot(name) is not None for name in asked) else None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self._entries.drop(name)
            return None

    def keep(
        self, inputs: Inputs, digest: str, registry: str, verdict: Verdict, rows: bytes, lasts: Span
    ) -> None:
        """Keeps a verdict that was reached from `inputs`, of which `digest` was taken before they were read.

        `registry` is the sha256 of the registry's file as it was read, `rows` are the verdict's `shot_rows`, and
        `lasts` is when the verdict is the same.
        """
        if not _holds_again(verdict, lasts) or not self._entries.takes_entries():
            return
        top = encode(verdict_to_json(replace(verdict, shots=(), totals=()))).encode()
        with suppress(OSError):  # what cannot be looked at once more may have changed
            head = {
                "inputs": digest,
                "registry": registry,
                "edit": verdict.edit.sha256,
                "sizes": inputs.sizes(),
                "from": lasts.from_.isoformat(),
                "until": lasts.until.isoformat(),
            }
            if inputs.digest() == digest:
                self._entries.write(inputs.name(), head, [top, rows, total_rows(verdict)])


def _gives(hashing: list[Worker[str]], digest: str) -> bool:
    """Whether the one at work comes to that digest."""
    with suppress(OSError):
        return hashing[0].awaited() == digest
    return False


def _holds_again(verdict: Verdict, lasts: Span) -> bool:
    """Whether the same question would be answered the same: nothing failed, and the moment was understood."""
    codes = {reason.code for shot in verdict.shots for reason in shot.reasons}
    codes.update(
        reason.code for shot in verdict.shots for use in shot.uses for reason in use.decision.reasons
    )
    failed = verdict.reasons or not verdict.edit.sha256
    return not failed and codes.isdisjoint(_OF_ONE_RUN) and lasts.from_ <= verdict.as_of < lasts.until
