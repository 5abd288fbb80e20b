"""The clearance server over loopback HTTP, beside a bare Litestar endpoint that decodes and encodes the same bytes.

python benchmarks/bench_server.py [USES] [LICENCES] [CLIENTS]

The bare endpoint reads the question's bytes into the same msgspec shapes and writes an answer of the same bytes; it
runs as a process of its own in the same run, the two asked in turn: on SQLite, and on PostgreSQL where its binaries
are (as in the tests, with fsync off). Also: 1,000 shots in one request beside 1,000 requests of one shot; 50 clients
at once who each check one shot again and again, with one worker and with one for each core; and the impact of one
licence over the uses of 100 registered cuts, over HTTP.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import requests

from bench_impact import fill
from clearcut.backend.opening import open_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, parse_rate, timebase_for
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.wire import request_to_json
from clearcut.store import open_store
from clearcut.store.tokens import Role
from worlds import write_registry

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fakes.postgres import binaries, running_postgres

_BARE = """
import json, sys, socket
from typing import Any
import msgspec, uvicorn
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from clearcut.server.questions import _QUESTION
answer = msgspec.json.decode(open(sys.argv[1], "rb").read(), type=msgspec.Raw)
shaped = None
from clearcut.server.shapes import strict_shape
from clearcut.core.request import CheckAnswer
@post("/", status_code=200)
async def bare(request: Request[Any, Any, State]) -> Response[bytes]:
    _QUESTION.decode(await request.body())
    return Response(msgspec.json.encode(shaped), media_type="application/json")
plain = json.loads(open(sys.argv[1]).read())
shaped = msgspec.convert({k: v for k, v in plain.items() if k not in ("schema", "question")}, strict_shape(CheckAnswer))
app = Litestar([bare], request_max_body_size=1 << 28, logging_config=None, openapi_config=None)
bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP); bound.bind(("127.0.0.1", 0)); bound.listen()
print(f"http://127.0.0.1:{bound.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[bound])
"""


def question(uses: int, replicas: list[str], recognition: str) -> bytes:
    made = tuple(
        ReplicaUse(
            id=f"u{n}",
            shot=f"HEL_{n // 200:04d}_{n % 200 * 10:04d}",
            replica=replicas[n % len(replicas)],
            declared=Declaration(uses=("stunt",)),
            screen=(FrameRange(n * 48, n * 48 + 48),),
            record=(FrameRange(n * 48, n * 48 + 48),),
            source=(FrameRange(1001, 1049),),
            source_known=True,
            evidence=(
                Evidence(EvidenceKind.METADATA, f"tracks[0].children[{n}]", replicas[n % len(replicas)]),
            ),
        )
        for n in range(uses)
    )
    request = CheckRequest(
        "HELIOS", "v041", timebase_for(parse_rate("24")), made, True, None, Policy(), recognition
    )
    return json.dumps(request_to_json(request, question="q"), separators=(",", ":")).encode()


def start(stack: ExitStack, *command: str) -> str:
    process = stack.enter_context(
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
        )
    )
    stack.callback(process.terminate)
    return process.stdout.readline().strip()


def serve(stack: ExitStack, database: str, workers: int = 1) -> str:
    command = (sys.executable, "-m", "clearcut", "serve", "--database", database, "--port", "0")
    return start(stack, *command, "--workers", str(workers))


def timed(session: requests.Session, url: str, body: bytes) -> float:
    started = time.perf_counter()
    answer = session.post(url, data=body)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}: {answer.text[:200]}")
    return took


class Bench:
    """One registry, its questions, and who asks them."""

    def __init__(self, folder: Path, uses: int, licences: int) -> None:
        self.folder, self.uses, self.licences = folder, uses, licences
        file = write_registry(folder / "registry.json", replicas=5000, licences=licences)
        self.registry = open_registry(file)
        self.replicas, self.revision = list(self.registry.replicas), self.registry.recognition().revision
        self.session = requests.Session()
        self.session.trust_env = False

    def question(self, uses: int, replicas: int) -> bytes:
        """So many uses of so many replicas."""
        return question(uses, self.replicas[:replicas], self.revision)

    def fill(self, database: str) -> None:
        """The registry and a token into a database."""
        with open_store(database) as store:
            store.import_registry(self.registry, by="bench", why="bench")
            token = store.create_token("bench", Role.AUDITOR, by="bench")
        self.session.headers["Authorization"] = f"Bearer {token}"

    def beside_bare(self, database: str, name: str) -> None:
        """One request with all uses, beside the bare endpoint."""
        body = self.question(self.uses, 50)
        with ExitStack() as stack:
            ours = serve(stack, database) + "/v1/check"
            shown = self.folder / "answer.json"
            shown.write_bytes(self.session.post(ours, data=body).content)
            bare = start(stack, sys.executable, "-c", _BARE, str(shown))
            times = [(timed(self.session, ours, body), timed(self.session, bare, body)) for _ in range(15)]
            mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
            print(
                f"  {name}: {mine * 1000:.0f} ms, bare Litestar {theirs * 1000:.0f} ms, ratio {mine / theirs:.2f}"
            )

    def shots(self, database: str) -> None:
        """Many replicas, and many shots in one request beside as many requests."""
        with ExitStack() as stack:
            ours = serve(stack, database) + "/v1/check"
            many = self.question(self.uses, len(self.replicas))
            took = statistics.median(timed(self.session, ours, many) for _ in range(5))
            print(f"  the same with {min(self.uses, 5000):,} replicas in place of 50: {took * 1000:.0f} ms")
            batch, single = self.question(1000, 50), self.question(1, 1)
            together = min(timed(self.session, ours, batch) for _ in range(5))
            apart = sum(timed(self.session, ours, single) for _ in range(1000))
            print(
                f"  1,000 shots: one request {together * 1000:.0f} ms, 1,000 requests {apart:.2f} s,"
                f" 1/{apart / together:.0f}"
            )

    def crowd(self, database: str, workers: int, clients: int) -> None:
        """Threads of one process ask; each waits for its answer before it asks again."""
        single, times, failed = self.question(1, 1), [], []

        def ask(url: str) -> None:
            with requests.Session() as session:
                session.trust_env, session.headers = False, self.session.headers
                for turn in range(12):
                    started = time.perf_counter()
                    status = session.post(url, data=single).status_code
                    if turn > 1:  # the first ones connect
                        times.append(time.perf_counter() - started)
                    if status != 200:
                        failed.append(status)

        with ExitStack() as stack:
            ours = serve(stack, database, workers) + "/v1/check"
            self.session.post(ours, data=single)
            threads = [threading.Thread(target=ask, args=(ours,)) for _ in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        median, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(
            f"  {clients} clients at once, {workers} workers: median {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
            f" {p99 / median:.1f} times; {len(failed)} of {clients * 12} dropped"
        )


def impact(folder: Path, uses: int, versions: int) -> None:
    database = str(folder / "cuts.sqlite")
    with open_store(database) as store, ExitStack() as stack:
        fill(store, uses, versions)
        token = store.create_token("bench", Role.AUDITOR, by="bench")
        url = serve(stack, database) + "/v1/impact"
        headers = {"Authorization": f"Bearer {token}"}
        times = []
        for number in range(7):
            started = time.perf_counter()
            answer = requests.get(
                url, {"licence": f"L-{number}", "limit": 10_000}, headers=headers, timeout=60
            )
            times.append(time.perf_counter() - started)
        shots = len(answer.json()["touched"])
        print(
            f"  impact of one licence over {uses * versions:,} recorded uses, over HTTP:"
            f" {statistics.median(times) * 1000:.0f} ms for {shots:,} shots (goal: under 500 ms)"
        )


def main(uses: int, licences: int, clients: int) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        bench = Bench(Path(name), uses, licences)
        database = str(Path(name) / "registry.sqlite")
        bench.fill(database)
        print(f"server: {uses:,} uses on {licences:,} licences in one request")
        bench.beside_bare(database, "SQLite")
        bench.shots(database)
        for workers in (1, os.cpu_count() or 2):
            bench.crowd(database, workers, clients)
        impact(Path(name), 10_000, 100)
        if binaries() is None:
            print("  PostgreSQL: not on this machine")
            return
        url = stack.enter_context(running_postgres()).empty_database()
        bench.fill(url)
        bench.beside_bare(url, "PostgreSQL")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:4]]
    main(*given, *(10_000, 100_000, 50)[len(given) :])
