"""A real TCP proxy before a real server that cuts, delays, doubles or reorders what comes back, at random bytes.

It reads a whole request and the server's whole answer, and then does what `spoil` makes of the answer; what it draws
comes from a seed. Answers of earlier requests are kept, to be given in place of later ones.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

# What is sent, each piece after so many seconds; then the connection is closed, broken off or left hanging.
Pieces = list[tuple[float, bytes]]
Spoil = Callable[[bytes, "Crooked"], Pieces]


class Crooked:
    """The proxy: its address, its dice, the whole answers that went through it, and how many requests it took."""

    def __init__(self, server: str, spoil: Spoil, seed: int) -> None:
        self.upstream = (urlsplit(server).hostname, urlsplit(server).port)
        self.dice, self.spoil = random.Random(seed), spoil
        self.answers: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.handle, args=(client,), daemon=True).start()

    def handle(self, client: socket.socket) -> None:
        with client:
            try:
                request = whole_message(client)
                with socket.create_connection(self.upstream, timeout=20) as server:
                    server.sendall(request)
                    answer = whole_message(server)
                for pause_s, piece in self.spoil(answer, self):
                    time.sleep(pause_s)
                    client.sendall(piece)
                self.answers.append(answer)
                if self.dice.random() < 0.5:
                    # Closed by a reset, not by an end.
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass


def whole_message(connection: socket.socket) -> bytes:
    """A request or an answer with its body, whose length its headers tell."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    head, _, _ = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(data) < len(head) + 4 + length:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data


def cut(answer: bytes, proxy: Crooked) -> Pieces:
    """It breaks off somewhere."""
    return [(0, answer[: proxy.dice.randrange(len(answer))])]


def late(answer: bytes, proxy: Crooked) -> Pieces:
    """It stops somewhere for longer than the client waits."""
    at = proxy.dice.randrange(len(answer))
    return [(0, answer[:at]), (1.5, answer[at:])]


def halting(answer: bytes, proxy: Crooked) -> Pieces:
    """It comes in a few pieces, which is no fault."""
    at = sorted(proxy.dice.randrange(len(answer)) for _ in range(3))
    return [(0, answer[: at[0]]), (0.01, answer[at[0] : at[1]]), (0.01, answer[at[1] :])]


def doubled(answer: bytes, proxy: Crooked) -> Pieces:
    """All of it, or a piece out of it, comes twice."""
    first, end = sorted(proxy.dice.randrange(len(answer)) for _ in range(2))
    return [(0, answer + answer if proxy.dice.random() < 0.5 else answer[:end] + answer[first:])]


def swapped(answer: bytes, proxy: Crooked) -> Pieces:
    """Two pieces change places."""
    a, b, c = sorted(proxy.dice.randrange(len(answer)) for _ in range(3))
    return [(0, answer[:a] + answer[b:c] + answer[a:b] + answer[c:])]


def earlier(answer: bytes, proxy: Crooked) -> Pieces:
    """An answer that belongs to an earlier request comes in its place."""
    return [(0, proxy.dice.choice(proxy.answers) if proxy.answers else answer)]


SPOILS: dict[str, Spoil] = {
    "cut": cut,
    "late": late,
    "halting": halting,
    "doubled": doubled,
    "swapped": swapped,
    "earlier": earlier,
}


@contextmanager
def crooked_proxy(server: str, spoil: Spoil, seed: int) -> Iterator[Crooked]:
    """The proxy, for the time of the block."""
    proxy = Crooked(server, spoil, seed)
    thread = threading.Thread(target=proxy.accept, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        # Closing alone does not wake who accepts.
        proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()
        thread.join()
