"""Figures from repeated measurements."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterable
from typing import Any

from client import Answer


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
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
    """The milliseconds of each question in turn, after one as warm-up, until all are done or the budget is used up.
    Fewer than `least` are taken only if they need twice the budget."""
    taken: list[float] = []
    gc.collect()
    gc.disable()
    try:
        start = time.monotonic()
        for nth, question in enumerate(questions):
            ms = ask(question)
            # A request that takes seconds needs no warm-up.
            if nth > 0 or ms > 1_000:
                taken.append(ms)
            spent = time.monotonic() - start
            if spent > budget_s and len(taken) >= least or spent > 2 * budget_s and taken:
                break
    finally:
        gc.enable()
    return taken


def answers(get: Callable[[str], Answer], paths: Iterable[str], budget_s: float, least: int = 3) -> dict[str, Any]:
    """The same for requests, with the sizes of the responses."""
    sizes: list[float] = []

    def ask(path: str) -> float:
        answer = get(path)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]!r}")
        sizes.append(len(answer.body))
        return answer.ms

    ms = repeat(ask, paths, budget_s, least)
    return spread(ms) | {"median_bytes": int(quantile(sizes, 0.5)), "max_bytes": int(max(sizes))}
