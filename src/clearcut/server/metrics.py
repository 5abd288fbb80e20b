"""What Prometheus reads: counts and times, no names. With several workers, the sum over all of them.

Labels take their values from closed sets: routes are the templates of our own routes, methods are HTTP's, statuses
and outcomes are few. prometheus_client keeps the numbers of several workers in files of one folder, and decides when
it is first imported whether it does: `worker` says so before it imports this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from clearcut.core.verdict import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_HERE = CollectorRegistry()
# When each series began is of no use to anybody here, and doubles the page.
disable_created_metrics()  # type: ignore[no-untyped-call]

_REQUESTS = Counter(
    "clearcut_requests", "Requests that were answered.", ["route", "method", "status"], registry=_HERE
)
_SECONDS = Histogram(
    "clearcut_request_seconds",
    "Seconds from a request to the end of its answer.",
    ["route", "method"],
    buckets=_BUCKETS_S,
    registry=_HERE,
)
_DECISIONS = Counter(
    "clearcut_decisions", "Uses that were decided, by their outcome.", ["outcome"], registry=_HERE
)
_DATABASE_ERRORS = Counter(
    "clearcut_database_errors", "Requests that failed because of the database.", registry=_HERE
)
_WORKERS = Gauge("clearcut_workers", "Workers that are running.", multiprocess_mode="livesum", registry=_HERE)


def started() -> None:
    """This worker runs: every series that can be named beforehand is there from now on, at 0."""
    _WORKERS.set(1)
    for outcome in Outcome:
        _DECISIONS.labels(outcome.value)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """A request was answered; `route` is the template of one of our routes, "" where there was none."""
    method = method if method in _METHODS else "other"
    _REQUESTS.labels(route, method, str(status)).inc()
    _SECONDS.labels(route, method).observe(seconds)


def decided(outcomes: Mapping[str, int]) -> None:
    """So many uses came to each outcome."""
    for outcome, count in outcomes.items():
        _DECISIONS.labels(outcome).inc(count)


def database_failed() -> None:
    """A request could not be answered because of the database."""
    _DATABASE_ERRORS.inc()


def exposition(revision: int, folder: str | None) -> bytes:
    """The text that Prometheus reads: of all workers that share the folder, of this process alone without one."""
    registry = CollectorRegistry()
    registry.register(_Revision(revision))
    if folder is None:
        # A registry collects, which is all that is asked of what is registered.
        registry.register(_HERE)
    else:
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def died(folder: str, process: int) -> None:
    """The worker of that process id is gone: what it counted stays, and it is no running worker any more."""
    mark_process_dead(process, path=folder)  # type: ignore[no-untyped-call]


class _Revision(Collector):
    """Read from the database when Prometheus asks: the same whichever worker answers."""

    def __init__(self, revision: int) -> None:
        self._revision = revision

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "clearcut_registry_revision", "The newest revision of the registry.", value=self._revision
        )
