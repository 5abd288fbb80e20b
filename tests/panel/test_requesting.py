"""A request from the panel to the real server, in a process of its own, and its state after the next check."""

import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from clearcut.bootstrap import CheckOptions
from clearcut.panel.asking import ask
from clearcut.panel.presenter import Presenter
from fakes.verdicts import NOON

pytest.importorskip("litestar")
SHOW = Path(str(resources.files("clearcut") / "shipped" / "helios"))


def clearcut(*words, home):
    return [sys.executable, "-m", "clearcut", *words], {**os.environ, "HOME": str(home)}


@pytest.fixture
def server(tmp_path):
    database = str(tmp_path / "registry.sqlite")

    def said(*words):
        command, environment = clearcut(*words, "--database", database, home=tmp_path)
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=60, env=environment
        ).stdout.strip()

    said("registry", "import", str(SHOW / "registry.json"))
    token = said("token", "create", "--role", "artist", "--name", "comp")
    command, environment = clearcut("serve", "--port", "0", "--database", database, home=tmp_path)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    try:
        yield process.stdout.readline().strip(), token
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_a_request_reaches_the_server_once_and_the_next_check_tells_its_state(server):
    url, token = server
    options = CheckOptions(
        edit=SHOW / "helios_v042.otio", server=url, environ={"CLEARCUT_TOKEN": token, "CLEARCUT_SERVER": url}
    )
    presenter = Presenter(lambda: NOON)
    answer = ask(options, lambda _step: None)
    presenter.arrived(presenter.begin("cut"), answer)
    assert presenter.state.rows[0].name == "HEL_010_0040"
    sent = presenter.requester()
    (wanted,) = presenter.wanted()
    first = sent(wanted)
    assert "(open)" in first
    assert sent(wanted) == first, "asking twice is one request"
    presenter.arrived(presenter.begin("cut"), ask(options, lambda _step: None))
    assert "asked by comp" in presenter.state.rows[0].why
    assert "not answered yet" in presenter.state.rows[0].why


def test_a_registry_in_this_process_takes_no_requests():
    options = CheckOptions(edit=SHOW / "helios_v042.otio", registry=str(SHOW / "registry.json"), environ={})
    presenter = Presenter(lambda: NOON)
    presenter.arrived(presenter.begin("cut"), ask(options, lambda _step: None))
    assert presenter.requester() is None
    assert presenter.request().startswith("Clearance request: HEL_010_0040")
