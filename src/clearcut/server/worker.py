"""What one worker is made of: its log, its store, its application. Made in the process in which it serves."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import ClassVar

from litestar.types import ASGIApp

from clearcut.errors import ClearcutError
from clearcut.server.logs import LogSettings, set_up_logging
from clearcut.store.sqlite_file import StoreError

_LOG = logging.getLogger("clearcut.server")
# What a worker whose parent was killed may still take to finish what is under way.
_ORPHAN_S = 25


@dataclass(slots=True)
class Worker:
    """Makes the application; `first` until the server has been announced.

    The first workers give up when the registry cannot be read: whoever starts a server sees it. One that takes the
    place of another does not: it answers 503 until the database is back.
    """

    # uvicorn's exit code for a start that would fail again and again.
    FAILED: ClassVar[int] = 3

    database: str
    logs: LogSettings
    # The folder of the numbers that several workers share; None with one.
    metrics: str | None = None
    first: bool = True

    def __call__(self) -> ASGIApp:
        """The application. Raises StoreError in the one worker, exits with `FAILED` as one of several."""
        set_up_logging(self.logs)
        # A question makes 150,000 values that hold no cycles: looking for some every 700 costs a third of its time.
        gc.set_threshold(200_000, 20, 20)
        parent = multiprocessing.parent_process()
        if parent is None:
            return self._application()
        threading.Thread(
            target=_end_with, args=[parent, self.metrics], name="clearcut-parent", daemon=True
        ).start()
        try:
            return self._application()
        except StoreError as error:
            _LOG.error("%s", error)
            sys.exit(self.FAILED)

    def forget(self, process: int | None) -> None:
        """In the parent: the worker of that process id is gone."""
        from clearcut.server import metrics

        if self.metrics is not None and process is not None:
            metrics.died(self.metrics, process)

    def _application(self) -> ASGIApp:
        if self.metrics is not None:
            # prometheus_client looks here, and only when it is imported.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = self.metrics
        from clearcut.server import create_app, metrics
        from clearcut.server.desk import Desk
        from clearcut.server.watching import Watched
        from clearcut.settings import load_packs
        from clearcut.store import store_at

        desk = Desk(store_at(self.database), load_packs())
        try:
            # Reading a large registry takes seconds, which the first artist should not have to wait.
            desk.current()
        except ClearcutError as error:
            if self.first:
                raise
            _LOG.error("%s", error)
        metrics.started()
        return Watched(create_app(desk, self.metrics))


def _end_with(parent: multiprocessing.process.BaseProcess, metrics: str | None) -> None:
    """Stops this worker when its parent is gone, however it went: nobody would stop it any more.

    What the parent would have removed goes with it; what is counted from then on nobody reads.
    """
    parent.join()
    if metrics is not None:
        shutil.rmtree(metrics, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_ORPHAN_S)
    os._exit(1)
