"""Makes other people's names safe to show: what would not be seen, or would move what is seen, is spelt out.

Names come from edits, scenes and registries. A terminal obeys escape sequences, a bidirectional override turns
"cleared" round on the page, XML forbids most control characters and UTF-8 lone surrogates. Each format escapes
its own syntax besides.
"""

from __future__ import annotations

import re

# Controls, invisible and direction-changing format characters, line and paragraph separators, surrogates,
# tags and noncharacters. Joiners and variation selectors stay: Persian and emoji need them, and they move nothing.
# Compiled when something is first shown that is not plain: that takes as long as importing a small module.
_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e00ff"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]"
)


def visible(text: str) -> str:
    r"""The text with every hidden character as its escape (`\x1b`, `\u202e`); the same text when it has none."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_HIDDEN, _escape, text)


def clip(text: str, limit: int = 200) -> str:
    """`visible(text)`, cut to at most `limit` characters before a note of how many were left out."""
    shown = visible(text[: limit + 1])
    left = len(text) - limit
    return shown if left <= 0 and len(shown) <= limit * 2 else f"{shown[:limit]}… ({max(left, 0)} more)"


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
