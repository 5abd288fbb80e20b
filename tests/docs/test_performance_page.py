"""The page about speed names benchmarks that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_benchmark_on_the_page_is_there():
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    named = set(re.findall(r"bench_\w+\.py", page))
    assert "bench_check.py" in named
    assert named <= {path.name for path in (ROOT / "benchmarks").glob("bench_*.py")}
