"""Measures Clearline and its peers over HTTP.

    scripts/bench/peer.sh install
    python3 scripts/bench prepare 1m 10m
    python3 scripts/bench measure 1m 10m
    python3 scripts/bench report

All files are in BENCH_DIR (/tmp/clearline-bench). Each step writes a file to BENCH_DIR/results and is skipped while
that exists; `--again` repeats it.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import machine
import reading
import report
import writing
from setup import CLEARLINE, MAKER, PEER, Size, size

# Order matters: steps that write come last.
STEPS: dict[str, Callable[[Size], dict[str, Any]]] = {
    "agree": reading.agree,
    "start": reading.start,
    "tiles": reading.tiles,
    "summaries": reading.summaries,
    "pages": reading.pages,
    "features": reading.features,
    "views": reading.views,
    "cached": reading.cached,
    "jit": reading.jit,
    "copy": writing.copy,
    "uploads": writing.uploads,
    "readers": writing.readers,
    "mix": writing.mix,
}


def say(text: str) -> None:
    print(f"{datetime.now(timezone.utc):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def keep(of: Size, step: str, measured: dict[str, Any], seconds: float) -> None:
    path = of.results(step)
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = {"at": f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC", "took_s": round(seconds, 1)}
    # Write under a temporary name until complete.
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(stamp | measured, indent=1) + "\n")
    unfinished.replace(path)


def prepare(of: Size, again: bool) -> None:
    """Makes the files, the peers' database, and the store, and measures its import."""
    if again or not (of.geojson.exists() and of.tiles_file.exists()):
        say(f"making {of.label} records")
        of.geojson.parent.mkdir(parents=True, exist_ok=True)
        made = ["--geojson", str(of.geojson), "--tiles", str(of.tiles_file)]
        subprocess.run([str(MAKER), "--records", str(of.records), *made], check=True)
    subprocess.run([str(PEER), "load", str(of.records)], check=True)
    if again or not (of.store.exists() and of.results("import").exists()):
        say(f"importing {of.label} records")
        of.store.parent.mkdir(parents=True, exist_ok=True)
        # The store and the files beside it.
        for old in of.store.parent.glob(f"{of.store.stem}.*"):
            old.unlink()
        begin = time.monotonic()
        subprocess.run([str(CLEARLINE), "import", "--store", str(of.store), str(of.geojson)], check=True)
        seconds = time.monotonic() - begin
        files = sum(file.stat().st_size for file in of.store.parent.glob(f"{of.store.stem}.*"))
        rate = round(of.records / seconds)
        keep(of, "import", {"seconds": round(seconds, 2), "per_second": rate, "store_bytes": files}, seconds)
        say(f"imported {rate} records a second")


def measure(of: Size, only: list[str], again: bool, until: float) -> bool:
    """Returns whether every step succeeded. A failing step does not stop the others. No step begins after `until`, by the
    monotonic clock."""
    all_went = True
    for name, step in STEPS.items():
        if only and name not in only or of.results(name).exists() and not (again or only):
            continue
        begin = time.monotonic()
        if begin > until:
            say(f"{of.label}: {name} skipped, out of time")
            all_went = False
            continue
        say(f"{of.label}: {name}")
        try:
            measured = step(of)
        except Exception as failure:  # noqa: BLE001, logged, and reflected in the exit code
            say(f"{of.label}: {name} FAILED: {failure}")
            all_went = False
            continue
        keep(of, name, measured, time.monotonic() - begin)
        machine.keep()
    return all_went


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in (("prepare", "make the records, the database and the store"), ("measure", "run the steps")):
        command = commands.add_parser(name, help=purpose)
        command.add_argument("sizes", nargs="+", type=size, metavar="RECORDS", help="such as 1m")
        command.add_argument("--again", action="store_true", help="repeat finished steps")
        if name == "measure":
            command.add_argument("--within", type=float, default=40, metavar="MINUTES", help="begin no step after this time")
            command.add_argument("--only", nargs="+", default=[], choices=list(STEPS), help="repeat these steps")
    commands.add_parser("report", help="write docs/BENCHMARKS.md, its plot and its data from the results")
    arguments = parser.parse_args()
    if arguments.command == "report":
        report.write()
        return 0
    # Exit through every `finally`, so that no server keeps running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin, all_went = time.monotonic(), True
    for of in arguments.sizes:
        if arguments.command == "prepare":
            prepare(of, arguments.again)
        else:
            until = begin + arguments.within * 60
            all_went &= measure(of, arguments.only, arguments.again, until)
    return 0 if all_went else 1


if __name__ == "__main__":
    sys.exit(main())
