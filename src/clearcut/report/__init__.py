"""One file per format: a verdict in, text out. Never opens a file.

Every format tells the same facts in the same order; the JSON report is the measure (interface.md).
`FORMATS` knows the names without importing any format: a farm node that prints JSON never pays for Jinja.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

from clearcut.core.verdict import Verdict

Format = Callable[[Verdict], str]

_MODULES: Final = {
    "text": ("text", "format_text"),
    "json": ("json", "format_json"),
    "jsonl": ("jsonl", "format_jsonl"),
    "junit": ("junit", "format_junit"),
    "sarif": ("sarif", "format_sarif"),
    "html": ("html", "format_html"),
    "csv": ("csv", "format_csv"),
    "github": ("github", "format_github"),
}


class _LazyFormats(Mapping[str, Format]):
    """Imports a format's module when it is asked for. Raises KeyError on a name that is no format."""

    def __getitem__(self, name: str) -> Format:
        module, function = _MODULES[name]
        return cast("Format", getattr(importlib.import_module(f"clearcut.report.{module}"), function))

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


def binary_format(name: str) -> Callable[[Verdict], bytes]:
    """A format of `BINARY_FORMATS`. Raises KeyError on another name, UsageError where its extra is not installed."""
    if name != "pdf":
        raise KeyError(name)
    from clearcut.report.pdf import format_pdf, require

    require()
    return format_pdf


BINARY_FORMATS: Final = ("pdf",)
"""What only `--output` takes: a terminal is no place for it."""
FORMATS: Mapping[str, Format] = _LazyFormats()
"""What `--format` takes, in the order of the help page: name to function of a verdict."""
