"""What the server does, without HTTP: recognition, decisions, the registry in and out. Safe to share between threads.

The registry is kept parsed and indexed in memory, keyed by the store's revision, which is read anew for every
question: a revocation holds from the moment it was stored, in every worker.
"""

from __future__ import annotations

import dataclasses
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from clearcut.core.clearance_request import with_requests
from clearcut.core.codec import WireError
from clearcut.core.evaluate import RegistryIndex, evaluate
from clearcut.core.governing import with_governing
from clearcut.core.packs import RulePack
from clearcut.core.registry import Recognition, Registry
from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.wire import recognition_to_json
from clearcut.errors import NotAllowedError, RecognitionChanged, RegistryError
from clearcut.server import metrics
from clearcut.server.cut_entry import registering
from clearcut.server.decision_record import decision_record, sha256
from clearcut.server.questions import read_question, write_answer
from clearcut.server.writes import Revision, Why, Work, done
from clearcut.store import changes, cuts, records, requests
from clearcut.store.changes import Stamp
from clearcut.store.once import Done
from clearcut.store.sqlite_file import StoreError
from clearcut.store.store import Store, utc_now
from clearcut.store.tokens import Holder, Role


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The registry of one revision, ready to decide with."""

    stamp: Stamp
    index: RegistryIndex
    recognition: Recognition
    recognition_json: bytes


class Desk:
    """Answers for one store. `clock` gives an aware UTC moment and is read once per decision."""

    def __init__(
        self, store: Store, packs: tuple[RulePack, ...], clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.store = store
        self._packs = packs
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._loading = threading.Lock()

    def current(self) -> Snapshot:
        """The registry as the store has it now. Raises StoreError, also for a record that has become faulty."""
        known = self._snapshot
        if known is not None and known.stamp == self.store.stamp():
            return known
        with self._loading:
            known = self._snapshot
            if known is None or known.stamp != self.store.stamp():
                known = self._load(known)
                self._snapshot = known
            return known

    def check_ready(self) -> None:
        """Raises StoreError unless the database can be read, is up to date and holds a registry without faults.

        Also when the clock says less than what was recorded: no decision would be given.
        """
        self.store.check_up_to_date()
        self.store.check_clock(self._clock())
        self.current()

    def check(self, body: bytes, holder: Holder) -> bytes:
        """The answer to a question, once the record tells of it.

        Raises WireError, StoreError (also when the record cannot be written: a decision that nobody can prove is
        none, nor can one by a clock that was set back), and RecognitionChanged for an old recognition.
        """
        question, request = read_question(body)
        snapshot = self._of_recognition(request)
        clock = self._clock()
        answer = evaluate(
            request, snapshot.index, self._packs, request.now if request.now is not None else clock
        )
        answer = self._with_what_is_known(snapshot, request, answer)
        written = write_answer(question, answer)
        told = decision_record(holder, snapshot.stamp.number, self._packs, request, answer)
        digests = {"question": sha256(body), "answer": sha256(written)}
        self.store.note_decision(holder.name, {**told, **digests}, clock)
        metrics.decided(told["outcomes"])
        return written

    def recognition(self) -> bytes:
        """The recognition's JSON."""
        return self.current().recognition_json

    def export_registry(self, as_of: datetime | None = None) -> tuple[int, bytes]:
        """The revision and the whole registry's JSON, `clearcut.registry/1`, as it stands or stood at a moment."""
        if as_of is not None:
            return self.store.read(lambda connection: _as_it_stood(connection, as_of))
        snapshot = self.current()
        return snapshot.stamp.number, msgspec.json.encode(registry_to_json(snapshot.index.registry))

    def importing(self, body: bytes, holder: Holder) -> Work:
        """The work of making the registry the one in the body; raises WireError and RegistryError as it is read."""
        envelope = _read_import(body)
        registry = parse_registry(bytes(envelope.registry), where="registry")

        def work(connection: Connection, now: datetime) -> Done:
            if holder.role is not Role.ADMIN:
                _refuse_new_waivers(connection, registry)
            change = changes.import_registry(
                connection, registry, by=holder.name, why=envelope.why, base=envelope.base, now=now
            )
            return done(200, dataclasses.asdict(change))

        return work

    @property
    def known(self) -> tuple[Stamp, Registry] | None:
        """A registry of some revision, to save a writer reading all of it anew; None when none was read yet."""
        snapshot = self._snapshot
        return None if snapshot is None else (snapshot.stamp, snapshot.index.registry)

    def registering(self, body: bytes, holder: Holder) -> Work:
        """The work of registering the cut that a question is about."""
        _, request = read_question(body)
        snapshot = self._of_recognition(request)
        return registering(request, snapshot.index, snapshot.stamp.number, self._packs, holder)

    def _of_recognition(self, request: CheckRequest) -> Snapshot:
        """The registry as it stands. Raises RecognitionChanged when the uses were recognised with other assets."""
        snapshot = self.current()
        if request.recognition != snapshot.recognition.revision:
            raise RecognitionChanged(
                "the registry's assets changed: fetch the recognition and identify again"
            )
        return snapshot

    def _with_what_is_known(
        self, snapshot: Snapshot, request: CheckRequest, answer: CheckAnswer
    ) -> CheckAnswer:
        """The answer, with what stands of clearance requests and of the governing cut."""
        production = request.production
        if production is None:
            return answer
        asked, governs = self.store.read(
            lambda connection: (
                requests.of_production(connection, production),
                cuts.governing_version(connection, production),
            )
        )
        waivers = tuple(snapshot.index.registry.waivers.values())
        return with_requests(with_governing(answer, request, governs, waivers), request, asked)

    def _load(self, known: Snapshot | None) -> Snapshot:
        with _collector_off():
            held = None if known is None else (known.stamp, known.index.registry)
            try:
                stamp, registry = self.store.current(held)
            except RegistryError as error:
                # Not the asker's fault, and its words are not for every asker.
                raise StoreError(f"the registry in the database has faults: {error}") from None
            recognition = registry.recognition()
            return Snapshot(
                stamp,
                RegistryIndex(registry),
                recognition,
                msgspec.json.encode(recognition_to_json(recognition)),
            )


def _as_it_stood(connection: Connection, moment: datetime) -> tuple[int, bytes]:
    number = changes.revision_at(connection, moment)
    return number, changes.registry_text(connection, number).encode()


@contextmanager
def _collector_off() -> Iterator[None]:
    """Builds millions of values without the garbage collector, and then takes them out of its sight.

    They hold no cycles, so counting references frees them; walking over them took 0.8 s in the middle of a
    question's 0.1 s (100,000 licences).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _refuse_new_waivers(connection: Connection, registry: Registry) -> None:
    """A file is one person's: what it names as a second person nobody has asked."""
    if changes.latest_revision(connection) == 0:
        return
    for waiver in registry_to_json(Registry(waivers=registry.waivers))["waivers"]:
        known = records.standing(connection, "waivers", waiver["id"])
        if known is None or known.body != waiver:
            raise NotAllowedError(
                f"waiver {waiver['id']} is new or changed, and a waiver needs two persons",
                remedy="propose it, and let somebody else approve it (/v1/waiver-proposals)",
            )


class ImportBody(msgspec.Struct, forbid_unknown_fields=True):
    """The registry that is to be, why, and the revision that it was made from."""

    why: Why
    registry: msgspec.Raw
    base: Revision | None = None


class WholeRegistry(msgspec.Struct):
    """A `clearcut.registry/1` document, as core writes it."""


def _read_import(body: bytes) -> ImportBody:
    try:
        return msgspec.json.decode(body, type=ImportBody)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(str(error)) from None
