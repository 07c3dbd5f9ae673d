"""The machine and the versions, for the report."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from setup import BENCH_DIR, CLEARLINE, MARTIN, ROOT, pg_program

FILE = BENCH_DIR / "results/machine.json"


def first_line(*command: str) -> str:
    text = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout
    return text.strip().split("\n")[0]


def describe() -> dict[str, Any]:
    memory = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    return {
        "cores": os.cpu_count(),
        "cpu": cpu[1] if cpu else "",
        "memory_gib": round(int(memory[1]) / 2**20) if memory else None,
        "system": system[1] if system else "",
        "kernel": os.uname().release,
        "rust": first_line("rustc", "--version"),
        "clearline": f"{first_line(str(CLEARLINE), '--version')}, {first_line('git', 'describe', '--always', '--dirty')}",
        "postgresql": first_line(pg_program("postgres"), "--version"),
        "postgis": first_line("dpkg-query", "--show", "--showformat", "${Version}", "postgresql-15-postgis-3"),
        "martin": first_line(str(MARTIN), "--version"),
        "wrk": first_line("dpkg-query", "--show", "--showformat", "${Version}", "wrk"),
    }


def keep() -> None:
    FILE.write_text(json.dumps(describe(), indent=1) + "\n")
