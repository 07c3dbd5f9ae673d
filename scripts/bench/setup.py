"""The paths and sizes of a run."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH_DIR = Path(os.environ.get("BENCH_DIR", "/tmp/clearline-bench"))
PG_PORT = int(os.environ.get("BENCH_PG_PORT", "54329"))
CLEARLINE = ROOT / "target/release/clearline"
MAKER = ROOT / "target/release/examples/made_records"
PLAIN = ROOT / "target/release/examples/plain"
MARTIN = BENCH_DIR / "tools/bin/martin"
TIPG = BENCH_DIR / "tools/tipg/bin/uvicorn"
PEER = ROOT / "scripts/bench/peer.sh"
SQL = ROOT / "scripts/bench/peer"

ZOOMS = (0, 5, 7, 9, 10, 12, 14)


@dataclass(frozen=True)
class Size:
    """A number of records, and the files made from them."""

    records: int

    @property
    def database(self) -> str:
        return f"made_{self.records}"

    @property
    def store(self) -> Path:
        return BENCH_DIR / "stores" / f"{self.records}.gpkg"

    @property
    def geojson(self) -> Path:
        return BENCH_DIR / "data" / f"{self.records}.geojsonl"

    @property
    def tiles_file(self) -> Path:
        return BENCH_DIR / "data" / f"{self.records}.tiles.json"

    @cached_property
    def tiles(self) -> dict[int, list[tuple[int, int, int]]]:
        """The fullest tiles of each zoom: column, row, records."""
        read = json.loads(self.tiles_file.read_text())
        return {int(zoom): [tuple(tile) for tile in tiles] for zoom, tiles in read.items()}

    def results(self, step: str) -> Path:
        return BENCH_DIR / "results" / str(self.records) / f"{step}.json"

    @property
    def label(self) -> str:
        n = self.records
        return f"{n // 1_000_000} million" if n >= 1_000_000 else f"{n // 1_000} thousand"


def size(text: str) -> Size:
    """Parses `1000000`, `1m` or `100k`."""
    match = re.fullmatch(r"(\d+)([km]?)", text.lower())
    if not match:
        raise ValueError(f"{text!r} is not a number of records")
    return Size(int(match[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[match[2]])


def pg_program(name: str) -> str:
    """The path of a program of the newest PostgreSQL that Debian has installed here."""
    return str(max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])))
