"""The usage report as one self-contained page without any script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from clearcut.report.html import LETTERS
from clearcut.report.usage import UsageRow
from clearcut.report.visible import clip
from clearcut.report.wording import LOOKS, WHAT_IF, head_look, show_seconds

_MAX_NAMES = 40


def usage_html(rows: Iterable[UsageRow]) -> str:
    """The page, ending in a line break."""
    style = _asset("usage.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
        style=Markup(style),  # noqa: S704 - our own file, not a value
        rows=list(rows),
        looks=LOOKS,
        head_look=head_look,
        what_if=WHAT_IF,
        letters=LETTERS,
        max_names=_MAX_NAMES,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["clip"] = clip
    environment.filters["seconds"] = show_seconds
    return environment.from_string(_asset("usage.html"))


def _asset(name: str) -> str:
    return (resources.files("clearcut.report") / "page" / name).read_text(encoding="utf-8")
