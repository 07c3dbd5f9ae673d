"""The program under test: starts on a free port with a new store, and stops after a module's tests."""

import json
import os
import re
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

PROGRAM = Path(os.environ["CLEARLINE_PROGRAM"])


@dataclass
class Server:
    """A running server, and a token with access to every record and to writing."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **params: str) -> bytes:
        address = f"{self.url}{path}" + (f"?{urlencode(params)}" if params else "")
        with urllib.request.urlopen(urllib.request.Request(address, headers=self.headers), timeout=60) as answer:
            return answer.read()

    def json(self, path: str, **params: str):
        return json.loads(self.get(path, **params))


def clearline(*arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Starts a server with these features, or with the demonstration."""
    running = []

    def start(features=None) -> Server:
        folder = tmp_path_factory.mktemp("store")
        store = str(folder / "clients.gpkg")
        if features is not None:
            lines = folder / "records.ndjson"
            lines.write_text("".join(json.dumps(feature) + "\n" for feature in features))
            clearline("import", str(lines), "--store", store)
        demo = ["--demo"] if features is None else []
        process = subprocess.Popen(
            [PROGRAM, "serve", "--store", store, "--listen", "127.0.0.1:0", *demo],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        url = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout))).group()
        token = clearline("token", "create", "--role", "manager", "--everywhere", "--name", "clients", "--store", store).strip()
        return Server(url, token)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=30)
