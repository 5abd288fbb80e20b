"""How fast reports are written, each beside its peer or its limit, in one run.

JSON for 100,000 uses beside `json.dumps` of the same values (at most 3 times); HTML for 2,000 shots (0.5 s, 1 MB).
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from clearcut.report import FORMATS
from fakes.verdicts import large


def _best(function, times=3):
    took = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        took.append(time.perf_counter() - start)
    return min(took)


def main():
    """Prints the numbers; leaves with 1 when a goal is missed."""
    many, film = large(100_000), large(2_000)
    values = json.loads(FORMATS["json"](many))
    ours, peer = _best(lambda: FORMATS["json"](many)), _best(lambda: json.dumps(values))
    page = _best(lambda: FORMATS["html"](film))
    size = len(FORMATS["html"](film).encode())
    print(
        f"JSON, 100,000 uses: {ours:.2f} s; json.dumps of the same: {peer:.2f} s; ratio {ours / peer:.2f} (goal 3)"
    )
    print(f"HTML, 2,000 shots: {page:.3f} s (goal 0.5), {size / 1e6:.2f} MB (goal 1)")
    sys.exit(ours > 3 * peer or page > 0.5 or size > 1e6)


if __name__ == "__main__":
    main()
