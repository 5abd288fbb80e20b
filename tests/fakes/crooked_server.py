"""A real HTTP server on loopback that answers as a test tells it to: rightly, wrongly, late, or not at all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from clearcut.core.wire import answer_to_json, recognition_to_json, request_from_json
from fakes.questions import RECOGNITION, cleared_answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.server.seen.append(self)
        self.server.behave(self)

    def do_POST(self):
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(self)
        self.server.behave(self)

    def right_answer(self) -> dict:
        """What an honest server would say to this request."""
        if self.path.endswith("/recognition"):
            return recognition_to_json(RECOGNITION)
        plain = json.loads(self.body)
        return answer_to_json(cleared_answer(request_from_json(plain)), question=plain["question"])

    def say(self, status=200, body=b"", kind="application/json", headers=(), length=None):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def say_json(self, plain, status=200):
        self.say(status, json.dumps(plain).encode())

    def drip(self, seconds, pause):
        """Sends a byte of the body now and then, for so long."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self._drip(b" ", seconds, pause)

    def drip_headers(self, seconds, pause):
        """Never comes to the end of its headers, for so long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip(b"a", seconds, pause)

    def _drip(self, byte, seconds, pause):
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end and not self.server.closing.is_set():
                self.wfile.write(byte)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass
        self.close_connection = True

    def break_off(self):
        """Closes the connection at once."""
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that gave up is what these tests are about."""


@contextmanager
def crooked(behave: Callable[[Handler], None], ssl_context=None):
    """A server whose handlers do `behave`; gives it with `.url` and `.seen`, the requests it got."""
    server = Server(("127.0.0.1", 0), Handler)
    server.behave = behave
    server.seen = []
    server.closing = threading.Event()
    scheme = "http"
    if ssl_context is not None:
        server.socket = ssl_context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


def honest(handler: Handler) -> None:
    handler.say_json(handler.right_answer())
