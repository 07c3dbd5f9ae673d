"""Steps that write: uploads, an import beside readers, a long mix of updates. Their records stay in the store."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import load
import servers
import sql
from client import Client
from figures import quantile, repeat, spread
from questions import FILTERS, clearline_tiles
from setup import BENCH_DIR, MAKER, PG_PORT, SQL, ZOOMS, Size, pg_program

LINES = "application/x-ndjson"
BULK_ROWS = 100_000
BULKS = 8


def fresh_rows(n: int) -> list[bytes]:
    """Records that no store has yet, a line each."""
    path = BENCH_DIR / "data/uploads.geojsonl"
    if not path.exists():
        subprocess.run([str(MAKER), "--records", str(BULK_ROWS), "--seed", "99", "--geojson", str(path)], check=True)
    with path.open("rb") as file:
        return list(islice(file, n))


def renewed(body: bytes) -> bytes:
    """The same records under other, equally random ids."""
    salt = random.getrandbits(32)
    return re.sub(rb'(?<="id":")[0-9a-f]{8}', lambda id: b"%08x" % (int(id[0], 16) ^ salt), body)


def upload(client: Client, body: bytes, query: str = "") -> float:
    answer = client.post(f"/uploads{query}", body, LINES)
    report = json.loads(answer.body)
    if answer.status != 200 or report["refused"] or report["unchanged"]:
        raise RuntimeError(f"/uploads{query}: {answer.status} {answer.body[:300]!r}")
    return answer.ms


def sync_times(folder: Path, n: int) -> list[float]:
    """The time to append 4 KiB to a file and sync it, ms."""
    path = folder / "sync.tmp"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(n):
            start = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - start) * 1e3)
    path.unlink()
    return taken


def uploads(size: Size) -> dict[str, Any]:
    """Small uploads, each durable and visible before its reply, and the disk's sync times in between."""
    secret = {"Authorization": f"Bearer {servers.token(size.store)}"}
    rows = fresh_rows(3_000)
    one = [renewed(row) for row in rows[:200]]
    many = [renewed(b"".join(rows[i : i + 300])) for _ in range(3) for i in range(0, 3_000, 300)]
    syncs: list[float] = []
    with servers.clearline(size) as server, server.client(secret) as client:

        def beside_syncs(bodies: list[bytes]) -> dict[str, Any]:
            taken = []
            for begin in range(0, len(bodies), 10):
                taken += repeat(lambda body: upload(client, body), bodies[begin : begin + 10], 30.0)
                syncs.extend(sync_times(size.store.parent, 10))
            return spread(taken)

        measured = {"one": beside_syncs(one), "of_300": beside_syncs(many), "fdatasync": spread(syncs)}
        measured["eight_clients"] = eight_uploaders(server, secret, rows)
    measured["postgres"] = inserts(size)
    return measured


def eight_uploaders(server: servers.Server, secret: dict[str, str], rows: list[bytes]) -> dict[str, Any]:
    """Eight clients that each upload one record after the other."""
    seconds = 4.0
    taken: list[float] = []
    until = time.monotonic() + seconds

    def work() -> None:
        with server.client(secret) as client:
            while time.monotonic() < until:
                taken.append(upload(client, renewed(random.choice(rows))))

    for thread in [servers.Background(work) for _ in range(8)]:
        thread.done()
    return spread(taken) | {"per_second": round(len(taken) / seconds, 1)}


def inserts(size: Size) -> dict[str, Any]:
    """The same in PostgreSQL, with pgbench: one row, and 300, into an empty table with the same indexes."""
    servers.postgres()
    sql.psql(size, (SQL / "inserted.sql").read_text())
    measured = {}
    for name, file, clients in (("one", "insert_1", 1), ("of_300", "insert_300", 1), ("eight_clients", "insert_1", 8)):
        command = [pg_program("pgbench"), "-h", "127.0.0.1", "-p", str(PG_PORT), "-U", "postgres", "-n", "-T", "4"]
        command += ["-c", str(clients), "-f", str(SQL / f"{file}.sql"), size.database]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"latency average = ([\d.]+) ms.*tps = ([\d.]+)", text, re.DOTALL)
        if not found:
            raise RuntimeError(text)
        measured[name] = {"mean_ms": float(found[1]), "per_second": float(found[2])}
    sql.psql(size, "DROP TABLE inserted; DROP SEQUENCE inserted_number;")
    return measured


def copy(size: Size) -> dict[str, Any]:
    """COPY of at most a million rows into a table with its key and its spatial index."""
    servers.postgres()
    n = min(size.records, 1_000_000)
    path = BENCH_DIR / "data/rows.copy"
    subprocess.run([str(MAKER), "--records", str(n), "--copy", str(path)], check=True)
    sql.psql(size, (SQL / "inserted.sql").read_text())
    begin = time.monotonic()
    sql.psql(size, f"\\copy inserted FROM '{path}'\n")
    seconds = time.monotonic() - begin
    sql.psql(size, "DROP TABLE inserted; DROP SEQUENCE inserted_number;")
    path.unlink()
    return {"rows": n, "seconds": round(seconds, 2), "per_second": round(n / seconds)}


@contextmanager
def importing(server: servers.Server, secret: dict[str, str], bulk: bytes) -> Iterator[dict[str, float]]:
    """Uploads these records under new ids, one upload after the other, until the end; counts rows and seconds."""
    # Prepare the bodies before measuring: real uploaders do not use this machine's processor.
    bodies = [renewed(bulk) for _ in range(BULKS)]
    stop, progress = threading.Event(), {"rows": 0.0, "seconds": 0.0}

    def work() -> None:
        begin = time.monotonic()
        with server.client(secret) as client:
            while not stop.is_set():
                upload(client, bodies.pop() if bodies else renewed(bulk))
                progress["rows"] += BULK_ROWS
        progress["seconds"] = time.monotonic() - begin

    thread = servers.Background(work)
    try:
        yield progress
    finally:
        stop.set()
        thread.done()


READERS, READING_S = 50, 10


def readers(size: Size) -> dict[str, Any]:
    """Tiles of all zooms from 5 on for 50 readers without pauses, idle and while files of 100,000 new records are uploaded
    one after the other; with the cache, and without."""
    secret = {"Authorization": f"Bearer {servers.token(size.store)}"}
    paths = [path for zoom in ZOOMS[1:] for path in clearline_tiles(size, zoom, FILTERS["unfiltered"](), 64)]
    # Give each path its own end day far in the future, so that no two are equal even if a zoom has few tiles.
    paths = [f"{path}?datetime=../{2100 + nth}-01-01" for nth, path in enumerate(paths)]
    random.Random(5).shuffle(paths)
    list_file = BENCH_DIR / "paths.txt"
    list_file.write_text("".join(f"{path}\n" for path in paths))
    bulk = b"".join(fresh_rows(BULK_ROWS))
    measured: dict[str, Any] = {}
    for name, cache_mib in (("cached", None), ("not_cached", 0)):
        with servers.clearline(size, cache_mib) as server:
            server.settle()
            quiet = load.wrk(server.port, "/", READERS, READING_S, paths=list_file)
            with importing(server, secret, bulk) as progress:
                # Wait until the first upload is in progress.
                time.sleep(0.5)
                beside = load.wrk(server.port, "/", READERS, READING_S, paths=list_file)
            rate = round(progress["rows"] / progress["seconds"])
            measured[name] = {"quiet": quiet, "importing": beside | {"rows_per_second": rate}}
    list_file.unlink()
    return measured


UPDATES, UPDATES_AT_ONCE, MIX_S = 1_000_000, 1_000, 100.0


def mix(size: Size) -> dict[str, Any]:
    """A million updates of records all over the country, 1,000 at a time, with tiles and summaries in between, to see
    whether memory grows."""
    secret = {"Authorization": f"Bearer {servers.token(size.store)}"}
    step = max(1, size.records // BULK_ROWS)
    with size.geojson.open("rb") as file:
        lines = list(islice(file, 0, step * BULK_ROWS, step))
    bodies = [b"".join(lines[i : i + UPDATES_AT_ONCE]) for i in range(0, len(lines), UPDATES_AT_ONCE)]
    paths = cycle(path for zoom in ZOOMS for path in clearline_tiles(size, zoom, FILTERS["unfiltered"](), 30))
    with servers.clearline(size) as server, server.client(secret) as client:

        def read(n: int) -> None:
            for path in islice(paths, n):
                client.get(path)
            client.get("/summary?by=region,status")

        read(30 * len(ZOOMS))
        history = [server.memory()]
        updates, begin = 0, time.monotonic()
        # Use another quantity each time, different from an earlier run's, and of realistic size.
        nth = int(time.time())
        while updates < UPDATES and time.monotonic() - begin < MIX_S:
            nth += 1
            quantity = 1 + nth % 200
            for body in bodies:
                upload(client, re.sub(rb'"quantity":\d+', b'"quantity":%d' % quantity, body), "?update=true")
                updates += UPDATES_AT_ONCE
                read(5)
            history.append(server.memory())
        records = json.loads(client.get("/summary?by=status").body)["total"]["records"]
    return {
        "records": records,
        "updates": updates,
        "seconds": round(time.monotonic() - begin, 1),
        "memory": history,
        "median_of_last_three_mb": quantile([memory["now_mb"] for memory in history[-3:]], 0.5),
    }
