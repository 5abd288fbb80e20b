"""The page about speed names benchmarks that are there, and all of them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_benchmark_stands_on_the_page_and_no_other():
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    named = set(re.findall(r"bench_\w+\.py", page))
    assert named == {path.name for path in (ROOT / "benchmarks").glob("bench_*.py")}
