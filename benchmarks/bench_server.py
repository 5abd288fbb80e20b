"""The clearance server over loopback HTTP, beside a bare Litestar endpoint that decodes and encodes the same bytes.

python benchmarks/bench_server.py [USES] [LICENCES]

The bare endpoint reads the question's bytes into the same msgspec shapes and writes an answer of the same bytes; it
runs as a process of its own in the same run, the two asked in turn. Also: 1,000 shots in one request beside 1,000
requests of one shot.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import requests

from clearcut.backend.opening import open_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, parse_rate, timebase_for
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.wire import request_to_json
from clearcut.store import open_store
from clearcut.store.tokens import Role
from worlds import write_registry

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
bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP); bound.bind(("127.0.0.1", 0))
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
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    )
    stack.callback(process.kill)
    return process.stdout.readline().strip()


def timed(session: requests.Session, url: str, body: bytes) -> float:
    started = time.perf_counter()
    answer = session.post(url, data=body)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}: {answer.text[:200]}")
    return took


def main(uses: int, licences: int) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        registry = open_registry(write_registry(folder / "registry.json", replicas=5000, licences=licences))
        database = str(folder / "registry.sqlite")
        with open_store(database) as store:
            store.import_registry(registry, by="bench", why="bench")
            token = store.create_token("bench", Role.FARM, by="bench")
        revision = registry.recognition().revision
        body = question(uses, list(registry.replicas)[:50], revision)
        ours = start(stack, sys.executable, "-m", "clearcut", "serve", "--database", database, "--port", "0")
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {token}"
            (folder / "answer.json").write_bytes(session.post(f"{ours}/v1/check", data=body).content)
            bare = start(stack, sys.executable, "-c", _BARE, str(folder / "answer.json"))
            times = {"clearcut": [], "bare": []}
            for _ in range(9):
                times["clearcut"].append(timed(session, f"{ours}/v1/check", body))
                times["bare"].append(timed(session, bare, body))
            mine, theirs = (statistics.median(times[who]) for who in ("clearcut", "bare"))
            print(f"server: {uses:,} uses on {licences:,} licences, SQLite, {len(body) / 1e6:.1f} MB asked")
            print(
                f"  clearcut {mine * 1000:.0f} ms, bare Litestar {theirs * 1000:.0f} ms, ratio {mine / theirs:.2f}"
            )
            many = question(uses, list(registry.replicas), revision)
            took = statistics.median(timed(session, f"{ours}/v1/check", many) for _ in range(5))
            print(f"  the same with {min(uses, 5000):,} replicas in place of 50: {took * 1000:.0f} ms")
            batch = question(1000, list(registry.replicas)[:50], revision)
            single = question(1, list(registry.replicas), revision)
            together = min(timed(session, f"{ours}/v1/check", batch) for _ in range(5))
            apart = sum(timed(session, f"{ours}/v1/check", single) for _ in range(1000))
            print(
                f"  1,000 shots: one request {together * 1000:.0f} ms, 1,000 requests {apart:.2f} s, 1/{apart / together:.0f}"
            )


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["100000"])[0]))
