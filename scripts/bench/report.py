"""docs/BENCHMARKS.md, its plot and its data, from the results."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import machine
import plot
from setup import BENCH_DIR, ROOT, ZOOMS, Size

DOCUMENT, DATA, PLOT = ROOT / "docs/BENCHMARKS.md", ROOT / "docs/benchmarks.json", ROOT / "docs/benchmarks.svg"
BEGIN, END = "<!-- Written by `python3 scripts/bench report`, from here -->", "<!-- to here -->"


def gather() -> dict[str, Any]:
    """All results, by number of records and step."""
    sizes: dict[str, Any] = {}
    # The full sizes only: what was tried out with fewer records is no result.
    for folder in sorted((BENCH_DIR / "results").glob("[0-9]*"), key=lambda path: int(path.name)):
        if int(folder.name) >= 1_000_000:
            sizes[folder.name] = {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}
    if not sizes:
        raise SystemExit(f"there are no results in {BENCH_DIR}; measure first")
    return {"machine": json.loads(machine.FILE.read_text()), "sizes": sizes}


def number(value: float) -> str:
    """Three digits, or all before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if value >= 10 else 2 if value >= 0.1 else 3}f}"


def verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def median(row: dict[str, Any], key: str) -> str:
    return number(row[key]["median_ms"]) if key in row else ""


# Times that a tile must be faster than the function, by zoom; than the stale table, up to zoom 10.
FASTER = {0: 100, 5: 100, 7: 100, 9: 100, 10: 100, 12: 20, 14: 4}
FASTER_THAN_STALE, MOST_MS, MOST_BYTES = 3, 5.0, 500_000


def unfiltered(rows: dict[str, Any]) -> str:
    shown = []
    for zoom in ZOOMS:
        row = rows[str(zoom)]
        ours = row["clearline"]
        times = row["function"]["median_ms"] / ours["median_ms"]
        met = times >= FASTER[zoom] and ours["p99_ms"] <= MOST_MS
        bar = f"{FASTER[zoom]} times the function, {MOST_MS:.0f} ms"
        if "stale" in row:
            met &= row["stale"]["median_ms"] >= FASTER_THAN_STALE * ours["median_ms"]
            bar = f"{FASTER[zoom]} times the function, {FASTER_THAN_STALE} the cells, {MOST_MS:.0f} ms"
        size_met = ours["max_bytes"] <= MOST_BYTES
        shown.append(
            [
                str(zoom),
                f"{row['records']:,}",
                f"**{number(ours['median_ms'])}** / {number(ours['p99_ms'])}",
                median(row, "function"),
                median(row, "stale"),
                median(row, "table"),
                f"{times:,.0f}",
                bar,
                verdict(met),
                f"{number(ours['max_bytes'] / 1e3)}{'' if size_met else ', **missed**'}",
            ]
        )
    return table(
        (
            "zoom",
            "records in it",
            "Clearline, median / p99",
            "function",
            "cells beforehand",
            "table",
            "times the function",
            "bar",
            "",
            "KB at most (bar: 500)",
        ),
        shown,
    )


def filtered(tiles: dict[str, Any]) -> str:
    shown = []
    for zoom in ZOOMS:
        by_all, by_days = tiles["status_kind_days_region"][str(zoom)], tiles["days"][str(zoom)]
        bar = 20.0 if zoom < 9 else 5.0
        row = [str(zoom)]
        for figures, most in ((by_all, 10.0), (by_days, bar)):
            ours = figures["clearline"]
            row += [
                f"**{number(ours['median_ms'])}** / {number(ours['p99_ms'])}",
                median(figures, "function"),
                f"{most:.0f} ms: {verdict(ours['p99_ms'] <= most)}",
            ]
        as_of = tiles.get("as_of", {}).get(str(zoom))
        row.append(f"{median(as_of, 'clearline')} / {number(as_of['clearline']['p99_ms'])}" if as_of else "")
        shown.append(row)
    return table(
        (
            "zoom",
            "status, kinds, days, half of the districts",
            "function",
            "bar",
            "days alone",
            "function",
            "bar",
            "as of a day",
        ),
        shown,
    )


def cached(measured: dict[str, Any]) -> str:
    shown = []
    for zoom in ("9", "12", "14"):
        for encoding, row in measured[zoom].items():
            ours, plain, martin = (row.get(who, {}).get("per_second") for who in ("clearline", "plain", "martin"))
            met, bar = True, []
            if plain:
                met &= ours * 1.5 >= plain
                bar.append("handler / 1.5")
            if encoding == "gzip":
                met &= ours >= 50 * martin
                bar.append("50 times Martin")
            shown.append(
                [
                    zoom,
                    encoding.replace("not_modified", "304"),
                    number(row["bytes"] / 1e3) if "bytes" in row else "",
                    f"**{ours:,.0f}**",
                    f"{plain:,.0f}" if plain else "",
                    f"{martin:,.0f}" if martin else "",
                    ", ".join(bar),
                    verdict(met) if bar else "",
                ]
            )
    return table(("zoom", "coding", "KB", "Clearline, a second", "plain handler", "Martin", "bar", ""), shown)


def times(row: dict[str, Any], peer: str, wanted: int) -> list[str]:
    ours, theirs = row["clearline"], row[peer]
    faster = theirs["median_ms"] / ours["median_ms"]
    return [
        f"**{number(ours['median_ms'])}** / {number(ours['p99_ms'])}",
        number(theirs["median_ms"]),
        f"{faster:,.0f}",
        f"{wanted:,} times",
        verdict(faster >= wanted),
    ]


GROUP_NAMES = {
    "region,status": "region x status",
    "month,kind": "month x kind",
    "region,status,kind,month,operator": "region x status x kind x month x operator",
}


def figures(size: Size, measured: dict[str, Any]) -> list[list[str]]:
    rows: list[list[str]] = []
    if "summaries" in measured:
        summaries = measured["summaries"]
        for words, name in GROUP_NAMES.items():
            rows.append([size.label, f"summary, {name}", *times(summaries["groups"][words], "postgis", 1_000)])
        rows.append([size.label, "summary of an area of 500 corners", *times(summaries["area"], "postgis", 50)])
    if "pages" in measured:
        for where in ("beginning", "middle", "end"):
            rows.append([size.label, f"page of 1,000, {where}", *times(measured["pages"][where], "sql", 5)])
    if "features" in measured:
        rows.append([size.label, "page of 1,000 from the middle, beside tipg", *times(measured["features"], "tipg", 100)])
    return rows


def views(measured: dict[str, Any]) -> str:
    """Tiles of each view, by zoom."""
    shown = lambda answers: f"**{number(answers['median_ms'])}** / {number(answers['p99_ms'])}"
    rows = [[zoom, shown(of["public"]), shown(of["full"])] for zoom, of in measured.items() if zoom.isdigit()]
    return table(("zoom", "public, in cells", "full, with a token"), rows)


def writes(size: Size, measured: dict[str, Any]) -> list[list[str]]:
    rows: list[list[str]] = []

    def add(what: str, ours: str, peer: str, bar: str, met: bool) -> None:
        rows.append([size.label, what, ours, peer, bar, verdict(met)])

    def most_mb(records: int) -> float:
        return records * 100 / 1e6 + 200

    if uploads := measured.get("uploads"):
        sync = uploads["fdatasync"]["median_ms"]
        for key, what in (("one", "upload of 1 record, ms"), ("of_300", "upload of 300 records, ms")):
            ours, theirs = uploads[key], uploads["postgres"][key]
            shown = f"{number(ours['median_ms'])} / {number(ours['p99_ms'])}"
            bar = f"a sync of the disk ({number(sync)}) + 1 ms"
            add(what, shown, f"PostgreSQL {number(theirs['mean_ms'])}", bar, ours["median_ms"] <= sync + 1)
        eight, theirs = uploads["eight_clients"]["per_second"], uploads["postgres"]["eight_clients"]["per_second"]
        bar = f"more than one a sync ({1e3 / sync:,.0f})"
        add("8 clients, uploads of 1 a second", f"{eight:,.0f}", f"PostgreSQL {theirs:,.0f}", bar, eight > 1e3 / sync)
    if imported := measured.get("import"):
        peer = f"COPY {measured['copy']['per_second']:,}" if "copy" in measured else ""
        rate = imported["per_second"]
        add("import of GeoJSON, records a second", f"{rate:,}", peer, "200,000", rate >= 200_000)
    if start := measured.get("start"):
        add("start to ready, s", number(start["ready_s"]), "", "10", start["ready_s"] <= 10)
        first = start["runs"][0]
        now, most = first["later"]["now_mb"], most_mb(first["records"])
        add("resident memory after start, MB", f"{now:,.0f}", "", f"{most:,.0f}", now <= most)
    if mix := measured.get("mix"):
        what = f"the same after {mix['updates']:,} updates, of {mix['records']:,} records"
        now, most = mix["median_of_last_three_mb"], most_mb(mix["records"])
        add(what, f"{now:,.0f}", "", f"{most:,.0f}", now <= most)
    if readers := measured.get("readers"):
        for key, what in (
            ("cached", "p99 of a tile for 50 readers, ms: quiet, during an import"),
            ("not_cached", "the same without the cache"),
        ):
            quiet, busy = readers[key]["quiet"]["p99_ms"], readers[key]["importing"]["p99_ms"]
            add(what, f"{number(quiet)}, {number(busy)}", "", "5 times", busy <= 5 * quiet)
    return rows


def markdown(gathered: dict[str, Any]) -> str:
    by_size = {Size(int(records)): measured for records, measured in gathered["sizes"].items()}
    about = gathered["machine"]
    day = max(step["at"] for measured in by_size.values() for step in measured.values())
    parts = [
        f"Measured on {day} with {about['cores']} cores ({about['cpu']}), {about['memory_gib']} GiB, {about['system']};"
        f" Clearline {about['clearline'].removeprefix('clearline ')}; PostgreSQL {about['postgresql'].split()[2]},"
        f" PostGIS {about['postgis'].split('+')[0]}, {about['martin'].replace('martin', 'Martin')};"
        f" {about['rust'].split(' (')[0].replace('rustc', 'Rust')}. All figures are in [benchmarks.json](benchmarks.json).",
        f"![Time of a tile over zoom, Clearline beside its peers]({PLOT.name})",
    ]
    for size, measured in by_size.items():
        if "tiles" in measured:
            parts += [f"### Tiles of {size.label} records, not cached, ms", unfiltered(measured["tiles"]["unfiltered"])]
    for size, measured in by_size.items():
        if "tiles" in measured:
            title = f"### Filtered tiles of {size.label} records, not cached, ms, median / p99"
            parts += [title, filtered(measured["tiles"])]
    for size, measured in by_size.items():
        if "cached" in measured:
            parts += [f"### Tiles from the cache, {size.label} records, 8 clients", cached(measured["cached"])]
    for size, measured in by_size.items():
        if "views" in measured:
            parts += [f"### Tiles of each view, {size.label} records, not cached, ms, median / p99", views(measured["views"])]
    parts += [
        "### Figures and pages over HTTP, ms, beside the SQL alone",
        table(
            ("records", "", "Clearline, median / p99", "SQL", "times", "bar", ""),
            [row for size, measured in by_size.items() for row in figures(size, measured)],
        ),
        "### Writing, starting, memory",
        table(
            ("records", "", "Clearline", "peer", "bar", ""),
            [row for size, measured in by_size.items() for row in writes(size, measured)],
        ),
    ]
    return "\n\n".join(parts)


def write() -> None:
    gathered = gather()
    DATA.write_text(json.dumps(gathered, indent=1) + "\n")
    rows = {
        f"{Size(int(records)).label} records": measured["tiles"]["unfiltered"]
        for records, measured in gathered["sizes"].items()
        if "tiles" in measured
    }
    PLOT.write_text(plot.draw(rows))
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{DOCUMENT} has no place for the tables: {BEGIN} ... {END}")
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{markdown(gathered)}\n\n{END}{after}")
