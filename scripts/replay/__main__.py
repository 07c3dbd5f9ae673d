"""Compares two programs by their responses to the same requests over the same store.

    python3 scripts/replay record FOLDER PROGRAM     makes a store, sends the requests, stores all responses
    python3 scripts/replay compare FOLDER PROGRAM    sends them again over a copy of that store, and lists the differences

Responses must be equal byte for byte. For errors, the status and every member but the worded ones (`title`, `detail`,
`reason`, `message`) must be equal. Differences in texts for people (OpenAPI, pages, /collections) are written to
FOLDER/differs for review.
"""

import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from requests import ITEMS, Request, requests

RECORDS = "20000"
WORDED = ("title", "detail", "reason", "message")


@contextmanager
def serving(program: Path, store: Path):
    """Runs a server over a store and yields its address."""
    command = [program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--public-url", "http://replay.example"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline()).group()
    finally:
        server.terminate()
        server.wait()


def ask(base: str, token: str, request: Request) -> tuple[int, str, bytes]:
    """Returns status, content type and body."""
    headers = {"Accept": request.accept} | ({"Authorization": f"Bearer {token}"} if request.who == "admin" else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(base + request.path, headers=headers), timeout=60) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("Content-Type", ""), answer.read()


def record(folder: Path, program: Path) -> None:
    folder.mkdir(parents=True)
    store, demonstration = folder / "store.gpkg", folder / "records.csv"

    def run(*arguments: str | Path) -> str:
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout

    run("demo", "--records", RECORDS, "-o", demonstration)
    run("import", demonstration, "--store", store)
    token = run("token", "create", "--role", "admin", "--name", "replay", "--store", store).strip()
    with serving(program, store) as base:
        page = json.loads(ask(base, token, Request("admin", f"{ITEMS}?limit=2000"))[2])
        asked = requests([feature["id"] for feature in page["features"]])
        answers = [ask(base, token, request) for request in asked]
    kept = [{**request.told(), "status": status, "type": kind} for request, (status, kind, _) in zip(asked, answers)]
    (folder / "asked.json").write_text(json.dumps({"token": token, "requests": kept}, indent=1))
    for n, (_, _, body) in enumerate(answers):
        (folder / f"{n}.gz").write_bytes(gzip.compress(body, mtime=0))
    print(f"{len(asked)} responses stored in {folder}")


def compare(folder: Path, program: Path) -> int:
    kept = json.loads((folder / "asked.json").read_text())
    differs = folder / "differs"
    shutil.rmtree(differs, ignore_errors=True)
    wrong = reviewed = 0
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(shutil.copy(folder / "store.gpkg", scratch))
        with serving(program, store) as base:
            for n, was in enumerate(kept["requests"]):
                request = Request(*(was[name] for name in ("who", "path", "accept", "compared")))
                before = was["status"], was["type"], gzip.decompress((folder / f"{n}.gz").read_bytes())
                now = ask(base, kept["token"], request)
                if same(before, now):
                    continue
                keep(differs, n, before[2], now[2])
                if request.compared == "reviewed":
                    reviewed += 1
                else:
                    wrong += 1
                    print(f"{n} {request.who} {request.path}: was {before[0]}, is {now[0]}, see {differs}/{n}.*")
    print(f"{len(kept['requests'])} requests: {wrong} responses differ, {reviewed} to review")
    return wrong


def same(before: tuple[int, str, bytes], now: tuple[int, str, bytes]) -> bool:
    if before[0] >= 400 and "json" in before[1]:
        return before[:2] == now[:2] and unworded(json.loads(before[2])) == unworded(json.loads(now[2]))
    return before == now


def unworded(told):
    """Removes the texts for people."""
    if isinstance(told, dict):
        return {name: unworded(value) for name, value in told.items() if name not in WORDED}
    return [unworded(each) for each in told] if isinstance(told, list) else told


def keep(differs: Path, n: int, before: bytes, now: bytes) -> None:
    differs.mkdir(exist_ok=True)
    for name, body in (("was", before), ("is", now)):
        (differs / f"{n}.{name}").write_bytes(body)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("record", "compare"):
        sys.exit(__doc__)
    do, folder, program = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).resolve()
    sys.exit(record(folder, program) if do == "record" else min(compare(folder, program), 1))
