"""SQL on the peer's database, timed by psql."""

from __future__ import annotations

import re
import subprocess

from setup import PG_PORT, Size

WITHIN_S = 300.0


def psql(size: Size, text: str) -> str:
    command = ["psql", "--host", "127.0.0.1", "--port", str(PG_PORT), "--username", "postgres", "--no-psqlrc"]
    command += ["--dbname", size.database, "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True, timeout=WITHIN_S).stdout


def timed(size: Size, statements: list[str], before: str = "") -> list[float]:
    """Milliseconds of each statement in one session; its rows are received and discarded."""
    text = before + "\n\\timing on\n" + "".join(f"{statement}\n\\g /dev/null\n" for statement in statements)
    times = re.findall(r"^Time: ([\d.]+) ms", psql(size, text), re.MULTILINE)
    if len(times) != len(statements):
        raise RuntimeError(f"got {len(times)} times for {len(statements)} statements")
    return [float(ms) for ms in times]


def value(size: Size, statement: str) -> int:
    return int(psql(size, statement + ";").strip() or 0)
