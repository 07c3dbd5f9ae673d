#!/usr/bin/env python3
"""Measures how long clients wait during slow-client attacks: python3 scripts/bench-slow-clients.py PROGRAM

During each attack, one request of each kind is timed ten times. The target is at most two seconds.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

ROUNDS = 10
GEOJSON = "application/geo+json"
AREA = {"type": "Polygon", "coordinates": [[[46, 40], [46.1, 40], [46.1, 40.1], [46, 40]]]}


def record() -> str:
    properties = {"kind": "uxo", "detected_on": "2024-05-03"}
    point = {"type": "Point", "coordinates": [46.04, 40.1]}
    return json.dumps({"type": "Feature", "id": str(uuid.uuid4()), "geometry": point, "properties": properties})


class Server:
    """The program with its own store, and the tokens of a manager and a field team."""

    def __init__(self, program: str, folder: Path) -> None:
        store = str(folder / "bench.gpkg")
        arguments = [program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--demo"]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        lines = self.process.stdout
        assert lines is not None
        self.port = urlsplit(next(lines).split()[-1]).port
        threading.Thread(target=lines.read, daemon=True).start()
        create = [program, "token", "create", "--store", store]
        self.manager = told([*create, "--role", "manager", "--name", "bench", "--everywhere"])
        team = ["--role", "field", "--name", "Team 7", "--operator", "ANAMA", "--region", "AZ-KAL"]
        self.team = told([*create, *team])

    def ask(self, method: str, path: str, body: str | None = None, kind: str = GEOJSON, token: str = "") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request(method, path, body, headers | ({"Content-Type": kind} if body else {}))
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def hold(self, n: int, head: str, drip: bytes) -> Callable[[], None]:
        """Opens connections that send a head and then a little every second; returns a function that ends them."""
        streams = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(n)]
        for stream in streams:
            stream.sendall(head.encode())
        stop = threading.Event()

        def send() -> None:
            while drip and not stop.wait(1):
                for stream in streams:
                    try:
                        stream.send(drip)
                    except OSError:
                        pass

        thread = threading.Thread(target=send)
        thread.start()

        def end() -> None:
            stop.set()
            thread.join()
            for stream in streams:
                stream.close()

        return end


def told(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def head(path: str, token: str = "", length: int | None = None, method: str = "POST") -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Type: {GEOJSON}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    if method == "POST":
        lines.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
    return "\r\n".join(lines) + "\r\n\r\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(sys.argv[1], Path(folder))
        ask = server.ask
        requests: dict[str, Callable[[], int]] = {
            "upload": lambda: ask("POST", "/uploads", record(), token=server.team),
            "record": lambda: ask("POST", "/collections/detections/items", record(), token=server.manager),
            "sign-in": lambda: ask("POST", "/session", json.dumps({"token": server.team}), "application/json"),
            "tile": lambda: ask("GET", "/tiles/detections/9/321/193.mvt"),
            "export": lambda: ask("GET", "/export/detections?f=csv", token=server.manager),
            "area": lambda: ask("POST", "/summary/area", json.dumps(AREA)),
        }
        form = f"/openrosa/{server.team}/submission"
        attacks: dict[str, Callable[[], Callable[[], None]]] = {
            "no attack": lambda: lambda: None,
            "uploads that announce 64 MiB": lambda: server.hold(8, head("/uploads", server.team, 64 << 20), b" "),
            "uploads in small chunks": lambda: server.hold(8, head("/uploads", server.team), b"1\r\n \r\n"),
            "forms that announce 40 MiB": lambda: server.hold(30, head(form, "", 40 << 20), b"-"),
            "areas that announce 4 MiB": lambda: server.hold(12, head("/summary/area", "", 4 << 20), b" "),
            "heads that never end": lambda: server.hold(400, "GET / HTTP/1.1\r\nHost: bench\r\nX: ", b"a"),
            "downloads nobody reads": lambda: server.hold(24, head("/export/detections", method="GET"), b""),
        }
        print(f"{'slowest of ' + str(ROUNDS) + ', in ms':32}" + "".join(f"{name:>10}" for name in requests))
        for name, begin in attacks.items():
            end = begin()
            time.sleep(1)
            slowest = {}
            for what, request in requests.items():
                took = []
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    status = request()
                    took.append(time.perf_counter() - began)
                    assert 200 <= status < 300, f"{what} while {name}: {status}"
                slowest[what] = max(took)
            end()
            print(f"{name:32}" + "".join(f"{slowest[what] * 1000:10.0f}" for what in requests), flush=True)
        server.process.terminate()
        server.process.wait(30)


if __name__ == "__main__":
    main()
