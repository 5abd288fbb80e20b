"""What a revoked licence touches, over a million recorded uses: the goal is under 0.5 s, as the store answers it.

python benchmarks/bench_impact.py [USES_PER_CUT] [CUTS]

Beside it the same question without the index that begins with the licence.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import text

from clearcut.store import cuts, open_store
from clearcut.store.connecting import writing
from clearcut.store.cuts import Cause, NewCut, UseRow
from clearcut.store.store import Store

LICENCES = 1000


def fill(store: Store, uses: int, versions: int) -> None:
    now = datetime.now(timezone.utc)
    for version in range(versions):
        rows = [
            UseRow(
                f"S{n // 3}",
                f"r{n % LICENCES}",
                f"p{n % LICENCES}",
                "cleared",
                48,
                ((n, n + 48),),
                (f"L-{n % LICENCES}",),
            )
            for n in range(uses)
        ]
        new = NewCut("HELIOS", f"v{version:03d}", "q", {}, [])
        with_rows = (new, rows)
        store.change(lambda connection, _now, w=with_rows: cuts.register(connection, *w, "bench", now))


def timed(store: Store, licence: str) -> tuple[float, int]:
    started = time.perf_counter()
    found = store.read(lambda connection: cuts.impact(connection, Cause(licence=licence), 10_000))
    return time.perf_counter() - started, len(found)


def main(uses: int, versions: int) -> None:
    with tempfile.TemporaryDirectory() as name, open_store(str(Path(name) / "r.sqlite")) as store:
        fill(store, uses, versions)
        times = [timed(store, f"L-{n}") for n in range(5)]
        took = statistics.median(one for one, _ in times)
        print(f"impact: one licence of {LICENCES:,} over {uses * versions:,} recorded uses, SQLite")
        print(f"  {took * 1000:.0f} ms for {times[0][1]:,} shots of {versions} cuts (goal: under 500 ms)")
        with writing(store._engine) as connection:  # noqa: SLF001 - to take the index away
            connection.execute(text("CREATE TABLE plain AS SELECT * FROM cut_licences"))
            connection.execute(text("DROP TABLE cut_licences"))
            connection.execute(text("ALTER TABLE plain RENAME TO cut_licences"))
        print(f"  {timed(store, 'L-7')[0] * 1000:.0f} ms without the index")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 100))
