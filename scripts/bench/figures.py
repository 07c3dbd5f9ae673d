"""Figures from repeated measurements."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterable
from typing import Any

from client import Answer


def quantile(values: list[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(ms: list[float]) -> dict[str, Any]:
    return {
        "n": len(ms),
        "median_ms": round(quantile(ms, 0.5), 4),
        "p99_ms": round(quantile(ms, 0.99), 4),
        "max_ms": round(max(ms), 4),
    }


def repeat(ask: Callable[[Any], float], questions: Iterable[Any], budget_s: float, least: int = 3) -> list[float]:
    """The milliseconds of one question after the other, until they are through or the time is up, after one that does
    not count. Fewer than `least` are only taken where they need twice that time."""
    taken: list[float] = []
    gc.collect()
    gc.disable()
    try:
        start = time.monotonic()
        for nth, question in enumerate(questions):
            ms = ask(question)
            # What takes seconds is not warmed up by asking once more.
            if nth > 0 or ms > 1_000:
                taken.append(ms)
            spent = time.monotonic() - start
            if spent > budget_s and len(taken) >= least or spent > 2 * budget_s and taken:
                break
    finally:
        gc.enable()
    return taken


def answers(get: Callable[[str], Answer], paths: Iterable[str], budget_s: float, least: int = 3) -> dict[str, Any]:
    """The same for requests, with the sizes of what came back."""
    sizes: list[float] = []

    def ask(path: str) -> float:
        answer = get(path)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]!r}")
        sizes.append(len(answer.body))
        return answer.ms

    ms = repeat(ask, paths, budget_s, least)
    return spread(ms) | {"median_bytes": int(quantile(sizes, 0.5)), "max_bytes": int(max(sizes))}
