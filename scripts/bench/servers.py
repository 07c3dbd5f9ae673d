"""Starts the measured servers, and stops each by its own process id."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client import Client
from setup import BENCH_DIR, CLEARLINE, MARTIN, PEER, PG_PORT, PLAIN, TIPG, Size

CLEARLINE_PORT, MARTIN_PORT, PLAIN_PORT, TIPG_PORT = 18080, 18081, 18082, 18083
READY_WITHIN_S = 300.0


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    ready_s: float

    def client(self, headers: dict[str, str] | None = None) -> Client:
        return Client(self.port, headers)

    def memory(self) -> dict[str, float]:
        """Current and peak resident memory, MB (of a million bytes)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kib = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status))
        return {"now_mb": round(int(kib["VmRSS"]) * 1024 / 1e6, 1), "peak_mb": round(int(kib["VmHWM"]) * 1024 / 1e6, 1)}

    def settle(self, within_s: float = 40.0) -> None:
        """Waits until the server's background work after a start is done: until it is nearly idle for a second."""
        until = time.monotonic() + within_s
        spent = self.cpu_s()
        while time.monotonic() < until:
            time.sleep(1.0)
            before, spent = spent, self.cpu_s()
            if spent - before < 0.05:
                return

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(command: list[str], port: int, ready: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """Runs a server; the body starts once it answers 2xx to `ready`."""
    if answers(port, ready):
        raise RuntimeError(f"port {port} is already in use")
    log_path = BENCH_DIR / "logs" / f"{Path(command[0]).name}.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | (env or {}))
        try:
            while not answers(port, ready):
                if process.poll() is not None:
                    raise RuntimeError(f"{command[0]} exited with {process.returncode}; see {log_path}")
                if time.monotonic() - start > READY_WITHIN_S:
                    raise TimeoutError(f"{command[0]} is not ready after {READY_WITHIN_S} s; see {log_path}")
                time.sleep(0.005)
            yield Server(process, port, round(time.monotonic() - start, 3))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int, path: str) -> bool:
    try:
        with Client(port) as client:
            return 200 <= client.get(path).status < 300
    except OSError:
        return False


def clearline(size: Size, cache_mib: int | None = None, store: Path | None = None, public: str = "exact") -> Any:
    """Clearline on the store of this size; without a cache if `cache_mib` is 0. By default the public sees exact records,
    as with the peers."""
    command = [str(CLEARLINE), "serve", "--store", str(store or size.store), "--listen", f"127.0.0.1:{CLEARLINE_PORT}"]
    command += ["--public", public]
    if cache_mib is not None:
        command += ["--cache-mib", str(cache_mib)]
    return running(command, CLEARLINE_PORT, "/readyz", {"CLEARLINE_LOG": "warn"})


def martin(size: Size, cache_mb: int) -> Any:
    """Martin on the database of this size with default settings: every table and function is a source."""
    url = f"postgres://postgres@127.0.0.1:{PG_PORT}/{size.database}"
    command = [str(MARTIN), url, "--listen-addresses", f"127.0.0.1:{MARTIN_PORT}", "--cache-size", str(cache_mb)]
    command += ["--auto-bounds", "skip", "--workers", "2", "--pool-size", "8"]
    return running(command, MARTIN_PORT, "/health", {"RUST_LOG": "warn"})


def tipg(size: Size) -> Any:
    """tipg, which serves OGC API Features from PostgreSQL, with default settings."""
    url = f"postgresql://postgres@127.0.0.1:{PG_PORT}/{size.database}"
    command = [str(TIPG), "tipg.main:app", "--host", "127.0.0.1", "--port", str(TIPG_PORT), "--log-level", "warning"]
    limits = {"TIPG_MAX_FEATURES_PER_QUERY": "10000", "TIPG_DB_SCHEMAS": '["public"]'}
    return running(command, TIPG_PORT, "/healthz", {"DATABASE_URL": url} | limits)


def plain(origin: Server, paths: list[str]) -> Any:
    """A handler that only returns Clearline's responses to these paths, at `/CODING/NUMBER`."""
    addresses = [f"127.0.0.1:{port}" for port in (PLAIN_PORT, origin.port)]
    return running([str(PLAIN), *addresses, *paths], PLAIN_PORT, "/identity/0")


def postgres() -> None:
    subprocess.run([str(PEER), "start"], check=True, stdout=subprocess.DEVNULL)


def token(store: Path) -> str:
    """Creates a token that may write to this store."""
    command = [str(CLEARLINE), "token", "create", "--role", "manager", "--everywhere", "--name", "bench", "--store", str(store)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]


class Background(threading.Thread):
    """Work during a measurement; `done` raises its failure."""

    def __init__(self, work: Any) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except BaseException as failure:  # noqa: BLE001, raised again below
            self.failure = failure

    def done(self) -> None:
        self.join()
        if self.failure:
            raise self.failure
