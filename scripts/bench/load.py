"""Concurrent requests with wrk."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

PATHS_SCRIPT = Path(__file__).with_name("paths.lua")
MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def wrk(
    port: int, path: str, clients: int, seconds: int, headers: dict[str, str] | None = None, paths: Path | None = None
) -> dict[str, Any]:
    """Measures one path, or those of a file in turn, requested by this many clients without pauses."""
    command = [
        "wrk",
        "--threads",
        "1",
        "--connections",
        str(clients),
        "--duration",
        f"{seconds}s",
        "--latency",
        "--timeout",
        "30s",
    ]
    for name, text in (headers or {}).items():
        command += ["--header", f"{name}: {text}"]
    if paths:
        command += ["--script", str(PATHS_SCRIPT)]
    command.append(f"http://127.0.0.1:{port}{path}")
    if paths:
        command += ["--", str(paths)]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: (.*)", text)
    if refused or broken:
        raise RuntimeError(f"{path}: {text}")

    def share(percent: int) -> float:
        match = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
        if not match:
            raise RuntimeError(text)
        return round(float(match[1]) * MS[match[2]], 4)

    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    return {"per_second": float(rate[1]) if rate else 0.0, "p50_ms": share(50), "p99_ms": share(99)}
