"""The requests to each server: tiles, filters, areas; the same for both, in each one's syntax."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice

from setup import ROOT, Size

FIRST_DAY = date(2021, 1, 1)


def districts() -> list[str]:
    """Every second district."""
    features = json.loads((ROOT / "data/regions.geojson").read_text())["features"]
    return sorted(f["id"] for f in features if f["properties"]["level"] == "district")[::2]


@dataclass(frozen=True)
class Filter:
    """Selects records; the default is all."""

    status: str = ""
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    days: tuple[date, date] | None = None
    as_of: date | None = None

    def clearline(self) -> str:
        parts = []
        if self.status:
            parts.append(f"status={self.status}")
        if self.kinds:
            parts.append(f"kind={','.join(self.kinds)}")
        if self.regions:
            parts.append(f"region={','.join(self.regions)}")
        if self.days:
            parts.append(f"datetime={self.days[0]}/{self.days[1]}")
        if self.as_of:
            parts.append(f"as_of={self.as_of}")
        return "&".join(parts)

    def martin(self) -> str:
        parts = []
        if self.status:
            parts.append(f"status={self.status}")
        if self.kinds:
            parts.append(f"kind={','.join(self.kinds)}")
        if self.regions:
            parts.append(f"region={','.join(self.regions)}")
        if self.days:
            parts.append(f"from={self.days[0]}&to={self.days[1]}")
        return "&".join(parts)

    def sql(self) -> str:
        parts = ["true"]
        if self.status:
            parts.append(f"status = '{self.status}'")
        if self.kinds:
            parts.append(f"kind = ANY ('{{{','.join(self.kinds)}}}'::kind[])")
        if self.regions:
            parts.append(f"district = ANY ('{{{','.join(self.regions)}}}'::text[])")
        if self.days:
            between = f"BETWEEN '{self.days[0]}' AND '{self.days[1]}'"
            parts.append(f"(detected_on {between} OR neutralised_on {between})")
        return " AND ".join(parts)


def unfiltered() -> Iterator[Filter]:
    while True:
        yield Filter()


def by_days(seed: int = 1) -> Iterator[Filter]:
    """Intervals of half a year to a year and a half, no two equal, so that no cache can answer them."""
    chance = random.Random(seed)
    while True:
        begin = FIRST_DAY + timedelta(days=chance.randrange(0, 900))
        yield Filter(days=(begin, begin + timedelta(days=chance.randrange(180, 540))))


def by_all() -> Iterator[Filter]:
    """Status, kinds, days and half of the districts at once."""
    regions = tuple(districts())
    for filter_ in by_days(seed=2):
        yield Filter("neutralised", ("ap_mine", "av_mine", "uxo"), regions, filter_.days)


def as_of() -> Iterator[Filter]:
    """The state at the end of some day."""
    chance = random.Random(3)
    while True:
        yield Filter(as_of=FIRST_DAY + timedelta(days=chance.randrange(200, 1_400)))


FILTERS: dict[str, Callable[[], Iterator[Filter]]] = {
    "unfiltered": unfiltered,
    "status_kind_days_region": by_all,
    "days": by_days,
    "as_of": as_of,
}


def full(size: Size, zoom: int) -> list[tuple[int, int, int]]:
    """The tiles with at least a quarter of the records of the fullest."""
    most = size.tiles[zoom][0][2]
    return [tile for tile in size.tiles[zoom] if tile[2] * 4 >= most]


def tiles(size: Size, zoom: int, n: int) -> Iterator[tuple[int, int, int]]:
    """The full tiles of a zoom in random order, repeated until there are `n`."""
    fullest = full(size, zoom)
    random.Random(zoom).shuffle(fullest)
    return islice(cycle(fullest), n)


def clearline_tiles(size: Size, zoom: int, filters: Iterator[Filter], n: int) -> Iterator[str]:
    for (x, y, _), filter_ in zip(tiles(size, zoom, n), filters):
        query = filter_.clearline()
        yield f"/tiles/detections/{zoom}/{x}/{y}.mvt" + (f"?{query}" if query else "")


def martin_tiles(size: Size, zoom: int, source: str, filters: Iterator[Filter], n: int) -> Iterator[str]:
    for (x, y, _), filter_ in zip(tiles(size, zoom, n), filters):
        query = filter_.martin()
        yield f"/{source}/{zoom}/{x}/{y}" + (f"?{query}" if query else "")


def stars() -> list[list[tuple[float, float]]]:
    """12 areas of 500 corners, each as large as a district, as a user might draw them."""
    chance = random.Random(4)
    made = []
    for column in range(4):
        for row in range(3):
            lon, lat = 45.8 + column * 0.6, 39.05 + row * 0.65
            ring = []
            for corner in range(500):
                turn, reach = corner / 500 * math.tau, chance.uniform(0.8, 1.0)
                ring.append(
                    (round(lon + 0.28 * reach * math.cos(turn), 7), round(lat + 0.28 * reach * math.sin(turn), 7))
                )
            made.append([*ring, ring[0]])
    return made
