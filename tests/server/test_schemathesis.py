"""Schemathesis against a real server: whatever is sent, no defect and no answer that the OpenAPI page does not know.

It runs as a program of its own, so that nothing of it is in our tests' process (`-p no:schemathesis` in
pyproject.toml keeps its plug-in out too).
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from clearcut.store import open_store
from clearcut.store.tokens import Role

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
)


def sent(own, role, folder, *options) -> int:
    """How many requests the server answered; fails with what schemathesis says when it found anything."""
    before = own.server.said().count(" answered")
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{own.url}/v1/openapi/openapi.json",
         "-H", f"Authorization: Bearer {own.tokens[role]}", "--checks", ",".join(CHECKS),
         "--generation-deterministic", "--mode", "all", "--no-color", *options],
        capture_output=True, text=True, check=False, cwd=folder, timeout=3000,
        env={**os.environ, "HOME": str(folder), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return own.server.said().count(" answered") - before


def test_whatever_is_sent_is_answered_as_documented(tmp_path, new_show):
    with new_show(tmp_path) as own:
        number = sent(own, Role.ADMIN, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "3")
        number += sent(own, Role.ARTIST, tmp_path, "--phases", "fuzzing", "--max-examples", "1")
        assert number > 100
        assert "Traceback" not in own.server.said()
        with open_store(str(own.database)) as store:
            assert store.verify()[1] == ()


@pytest.mark.fuzz
@pytest.mark.timeout(3000)
@pytest.mark.skipif("CLEARCUT_FUZZ" not in os.environ, reason="long: run by make fuzz and .ci/run")
def test_ten_thousand_requests_of_every_role_are_answered_as_documented(tmp_path, new_show):
    number = 0
    for role in Role:
        folder = tmp_path / role.value
        folder.mkdir()
        # Coverage is the same requests for everybody: the admin's are those that get furthest.
        phases = "examples,coverage,fuzzing" if role is Role.ADMIN else "examples,fuzzing"
        with new_show(folder) as own:
            number += sent(own, role, folder, "--phases", phases, "--max-examples", "30")
            assert "Traceback" not in own.server.said()
            with open_store(str(own.database)) as store:
                assert store.verify()[1] == ()
    assert number >= 10_000
