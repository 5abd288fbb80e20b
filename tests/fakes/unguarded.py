"""A server of several workers without two of its guards, for the twins: what happens then is what they prevent.

Its workers remember the registry as they first read it, and do not notice that their parent is gone.
python unguarded.py DATABASE prints the address and serves until it is killed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from clearcut.server import worker
from clearcut.server.logs import LogSettings
from clearcut.server.running import Listening, address, bind, metrics_folder, serve


@dataclass(slots=True)
class Unguarded(worker.Worker):
    def __call__(self):
        from clearcut.server.desk import Desk

        worker._end_with = lambda parent: None
        look = Desk.current
        Desk.current = lambda desk: desk._snapshot or look(desk)
        return worker.Worker.__call__(self)


if __name__ == "__main__":
    from fakes.unguarded import Unguarded as Importable

    listening = Listening(port=0)
    with bind(listening) as bound, metrics_folder() as folder:
        made = Importable(sys.argv[1], LogSettings("json"), folder)
        url = address(bound, listening)
        serve(made, bound, listening, 2, lambda: print(url, flush=True))
