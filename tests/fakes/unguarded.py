"""A server of several workers without two of its guards, for the twins: what happens then is what they prevent.

Its workers remember the registry as they first read it, and do not notice that their parent is gone.
python unguarded.py DATABASE prints the address and serves until it is killed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from clearcut.server import worker
from clearcut.server.logs import LogSettings
from clearcut.server.running import Listening, address, bind, serve


@dataclass(slots=True)
class Unguarded(worker.Worker):
    def __call__(self):
        from clearcut.server.desk import Desk

        worker._end_with = lambda *_: None
        look = Desk.current
        Desk.current = lambda desk: desk._snapshot or look(desk)
        return worker.Worker.__call__(self)


if __name__ == "__main__":
    from fakes.unguarded import Unguarded as Importable

    listening = Listening(port=0)
    with bind(listening) as bound:
        folder = Path(sys.argv[1]).with_name("metrics")
        folder.mkdir()
        made = Importable(sys.argv[1], LogSettings("json"), str(folder))
        url = address(bound, listening)
        serve(made, bound, listening, 2, lambda: print(url, flush=True))
