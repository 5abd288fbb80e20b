"""While a plug-in runs, Pyblish sets the root logger to DEBUG: no token reaches a record, an error or the result."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyblish.api
import pyblish.util
import pytest

from fakes.pyblish_stage import PLUGINS, Stage, errors_of

HELIOS = Path(__file__).resolve().parents[2] / "src" / "clearcut" / "shipped" / "helios"
TOKEN = "cc_0123456789_secret_of_the_house"


class Answering(BaseHTTPRequestHandler):
    seen: list = []
    status = 401

    def do_GET(self):
        self.seen.append(self.headers.get("Authorization"))
        body = json.dumps({"detail": "no"}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    Answering.seen = []
    made = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_refused_token_is_named_nowhere(server, monkeypatch, caplog):
    monkeypatch.setenv("CLEARCUT_SERVER", server)
    monkeypatch.setenv("CLEARCUT_TOKEN", TOKEN)
    monkeypatch.setenv("CLEARCUT_EDIT", str(HELIOS / "helios_v041.otio"))
    pyblish.api.register_plugin_path(str(PLUGINS))
    stage = Stage(("HEL_010_0020",))
    stage.register()
    with caplog.at_level(logging.DEBUG):
        context = pyblish.util.publish()
    assert stage.stopped
    assert f"Bearer {TOKEN}" in Answering.seen, "the twin: the token is in use"
    records = [record.getMessage() for result in context.data["results"] for record in result["records"]]
    assert "urllib3" in caplog.text, "the twin: the root logger does hear the request"
    said = "\n".join([*records, *errors_of(context).values(), caplog.text, repr(context.data["clearcut"])])
    assert TOKEN not in said
    assert "backend-unauthorised" in errors_of(context)["ValidateClearcut"]
