"""A bad line between a client and the collector: busy, cut off after the request, or in order."""

from __future__ import annotations

import http.client
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import urlsplit

Trouble = Literal["busy", "cut"]
_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}


class Relay:
    """Stands at one address and passes requests on to a collector that may move or be gone."""

    def __init__(self, collector: str) -> None:
        self.collector = collector
        self.troubles: deque[Trouble] = deque()  # of the next posts
        self.posts = 0
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                relay._pass(self)

            def do_POST(self) -> None:
                relay._pass(self)

            def do_OPTIONS(self) -> None:
                relay._pass(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing: tests speak by their assertions."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _pass(self, client: BaseHTTPRequestHandler) -> None:
        body = _body(client)
        trouble = None
        if client.command == "POST":
            self.posts += 1
            trouble = self.troubles.popleft() if self.troubles else None
        if trouble == "busy":
            headers = [("Retry-After", "1"), *_allowing(client)]
            _answer(client, 429, headers, b'{"code":"overloaded","message":"Please wait."}')
            return
        try:
            status, headers, content = self._asked(client, body)
        except OSError:  # nobody is there
            client.close_connection = True
            return
        if trouble == "cut":  # it was taken, and the client will never know
            client.close_connection = True
            return
        _answer(client, status, headers, content)

    def _asked(
        self, client: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        there = urlsplit(self.collector)
        line = http.client.HTTPConnection(there.hostname or "", there.port, timeout=20)
        try:
            headers = {
                name: value
                for name, value in client.headers.items()
                if name.lower() not in _HOP and name.lower() != "accept-encoding"
            }
            line.request(client.command, client.path, body or None, headers)
            answer = line.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            line.close()


def _body(client: BaseHTTPRequestHandler) -> bytes:
    if client.headers.get("transfer-encoding", "").lower() != "chunked":
        return client.rfile.read(int(client.headers.get("content-length", 0)))
    parts = []
    while size := int(client.rfile.readline().split(b";")[0], 16):
        parts.append(client.rfile.read(size))
        client.rfile.readline()
    client.rfile.readline()
    return b"".join(parts)


def _allowing(client: BaseHTTPRequestHandler) -> list[tuple[str, str]]:
    origin = client.headers.get("origin")
    if not origin:
        return []
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "Retry-After"),
    ]


def _answer(
    client: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    client.send_response(status)
    for name, value in headers:
        if name.lower() not in _HOP:
            client.send_header(name, value)
    client.send_header("Content-Length", str(len(body)))
    client.end_headers()
    client.wfile.write(body)
