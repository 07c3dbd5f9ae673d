"""An HTTP client with little overhead: one persistent connection, one request at a time."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

TIMEOUT_S = 180.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    ms: float
    """From the first byte sent to the last byte received."""


class Client:
    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self.port = port
        self.fixed = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str) -> Answer:
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.fixed}\r\n".encode())

    def post(self, path: str, body: bytes, content_type: str) -> Answer:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.fixed}"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self.ask(head.encode() + body)

    def ask(self, request: bytes) -> Answer:
        start = time.perf_counter()
        self.socket.sendall(request)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            self.receive(received)
        lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split(" ")[1])
        del received[: end + 4]
        if headers.get("transfer-encoding") == "chunked":
            body = self.chunks(received)
        elif status in (204, 304):
            body = received
        else:
            # Receive large bodies into one preallocated buffer.
            length = int(headers.get("content-length", "0"))
            have = len(received)
            received.extend(bytes(length - have))
            view = memoryview(received)
            while have < length:
                if (n := self.socket.recv_into(view[have:])) == 0:
                    raise ConnectionError("the server closed the connection")
                have += n
            view.release()
            body = received
        ms = (time.perf_counter() - start) * 1e3
        return Answer(status, headers, bytes(body), ms)

    def receive(self, into: bytearray) -> None:
        if not (piece := self.socket.recv(1 << 16)):
            raise ConnectionError("the server closed the connection")
        into += piece

    def chunks(self, received: bytearray) -> bytearray:
        body = bytearray()
        while True:
            while (end := received.find(b"\r\n")) < 0:
                self.receive(received)
            length = int(received[:end].split(b";")[0], 16)
            while len(received) < end + 2 + length + 2:
                self.receive(received)
            body += received[end + 2 : end + 2 + length]
            del received[: end + 2 + length + 2]
            if length == 0:
                return body
