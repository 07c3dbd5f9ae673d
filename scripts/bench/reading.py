"""Steps that only read: tiles, figures, pages, cached answers, start."""

from __future__ import annotations

import contextlib
import json
from contextlib import ExitStack
from typing import Any

import load
import servers
import sql
from client import Client
from figures import answers, quantile, repeat, spread
from questions import FILTERS, Filter, by_all, by_days, clearline_tiles, full, martin_tiles, stars
from setup import PLAIN, ZOOMS, Size

IDENTITY = {"Accept-Encoding": "identity"}

# The most tiles to request of each zoom, and the time after which a slow server gets no more requests.
ASKED, PEER_ASKED, BUDGET_S, PEER_BUDGET_S = 200, 60, 8.0, 6.0

# With more records, a tile of all points takes PostGIS minutes.
MOST_POINTS = 1_000_000


def agree(size: Size) -> dict[str, Any]:
    """Verifies that both sides have the same records: their counts agree with every filter."""
    servers.postgres()
    counted = {}
    with servers.clearline(size) as server, server.client() as client:
        for name, filter_ in {
            "all": Filter(),
            "days": next(by_days()),
            "status_kind_days_region": next(by_all()),
        }.items():
            answer = json.loads(client.get(f"/summary?by=status&{filter_.clearline()}".rstrip("&")).body)
            ours = answer["total"]["records"]
            theirs = sql.value(size, f"SELECT count(*) FROM detections WHERE {filter_.sql()}")
            # The step `uploads` adds records, which stay in the store.
            if ours != theirs and not (ours > theirs and size.results("uploads").exists()):
                raise RuntimeError(f"{name}: Clearline counts {ours} records, PostGIS {theirs}")
            counted[name] = {"clearline": ours, "postgis": theirs}
    return counted


def start(size: Size) -> dict[str, Any]:
    """The time from the command to the first 200 of /readyz, and the memory then and after one summary and one tile."""
    runs = []
    for _ in range(3):
        with servers.clearline(size) as server, server.client() as client:
            ready = server.memory()
            total = json.loads(client.get("/summary?by=status").body)["total"]["records"]
            client.get("/tiles/detections/0/0/0.mvt")
            runs.append({"ready_s": server.ready_s, "records": total, "memory": ready, "later": server.memory()})
    return {"runs": runs, "ready_s": quantile([run["ready_s"] for run in runs], 0.5)}


def jit(size: Size) -> dict[str, Any]:
    """PostGIS's tile function without and with just-in-time compiling."""
    servers.postgres()
    measured: dict[str, Any] = {}
    for zoom in (9, 12):
        x, y, _ = size.tiles[zoom][0]
        for setting in ("off", "on"):
            statements = [f"SELECT tiles({zoom}, {x}, {y}, '{{}}')"] * 3
            taken = sql.timed(size, statements, before=f"SET jit = {setting};")
            measured.setdefault(str(zoom), {})[f"jit_{setting}_ms"] = quantile(taken, 0.5)
    return measured


# Martin's names for the function, the precomputed cells, and the plain table.
SOURCES = {"function": "tiles", "stale": "stale", "table": "detections"}


def tiles(size: Size) -> dict[str, Any]:
    """Uncached tiles, one client: Clearline, the function, the precomputed cells, the plain table."""
    servers.postgres()
    measured: dict[str, Any] = {}
    with servers.clearline(size, cache_mib=0) as ours, servers.martin(size, cache_mb=0) as theirs:
        with ours.client(IDENTITY) as clearline, theirs.client(IDENTITY) as martin:
            for name, filters in FILTERS.items():
                if name == "as_of" and clearline.get("/tiles/detections/0/0/0.mvt?as_of=2022-01-01").status != 200:
                    continue
                for zoom in ZOOMS:
                    row = measured.setdefault(name, {}).setdefault(str(zoom), {})
                    row["records"] = int(quantile([n for _, _, n in full(size, zoom)], 0.5))
                    paths = clearline_tiles(size, zoom, filters(), ASKED)
                    row["clearline"] = answers(clearline.get, paths, BUDGET_S)
                    if name == "as_of":
                        continue
                    sources = ["function"]
                    if name == "unfiltered":
                        sources += ["stale"] if zoom <= 10 else []
                        sources += ["table"] if row["records"] <= MOST_POINTS else []
                    for source in sources:
                        paths = martin_tiles(size, zoom, SOURCES[source], filters(), PEER_ASKED)
                        row[source] = answers(martin.get, paths, PEER_BUDGET_S)
    return measured


GROUPS = {
    "region,status": "district, status",
    "month,kind": "date_trunc('month', coalesce(neutralised_on, detected_on)), kind",
    "region,status,kind,month,operator": "district, status, kind, date_trunc('month', coalesce(neutralised_on, detected_on)), operator",
}


def summaries(size: Size) -> dict[str, Any]:
    """Counts of everything by group, and within areas of 500 corners."""
    servers.postgres()
    measured: dict[str, Any] = {"groups": {}}
    with servers.clearline(size, cache_mib=0) as server, server.client(IDENTITY) as client:
        for words, columns in GROUPS.items():
            statement = f"SELECT {columns}, count(*), sum(quantity) FROM detections GROUP BY {columns}"
            measured["groups"][words] = {
                "clearline": answers(client.get, [f"/summary?by={words}"] * ASKED, BUDGET_S),
                "postgis": spread(sql.timed(size, [statement] * 3)),
            }
        measured["regions"] = answers(client.get, ["/summary/regions"] * ASKED, BUDGET_S)
        measured["region"] = answers(client.get, ["/summary/regions/AZ-KAL"] * ASKED, BUDGET_S)
        measured["area"] = areas(size, client)
    return measured


def areas(size: Size, client: Client) -> dict[str, Any]:
    rings = stars()
    bodies = [json.dumps({"type": "Polygon", "coordinates": [ring]}).encode() for ring in rings]

    def ask(body: bytes) -> float:
        answer = client.post("/summary/area?by=status,kind", body, "application/geo+json")
        if answer.status != 200:
            raise RuntimeError(f"/summary/area: {answer.status} {answer.body[:300]!r}")
        return answer.ms

    statements = []
    for ring in rings:
        text = ", ".join(f"{lon} {lat}" for lon, lat in ring)
        shape = f"ST_Transform('SRID=4326;POLYGON(({text}))'::geometry, 3857)"
        statements.append(
            "SELECT status, kind, count(*), sum(quantity) FROM detections"
            f" WHERE ST_Contains({shape}, place) GROUP BY status, kind"
        )
    # Repeat the first request: the first one of a session does not count on either side.
    theirs = sql.timed(size, [statements[0], *statements])[1:]
    ours = repeat(ask, [bodies[0], *bodies * 5], BUDGET_S)
    return {"clearline": spread(ours), "postgis": spread(theirs)}


PAGE = "/collections/detections/items?limit=1000"


def pages(size: Size) -> dict[str, Any]:
    """Pages of 1,000 features, from the beginning, the middle and near the end; and the equivalent plain SQL."""
    servers.postgres()
    measured: dict[str, Any] = {}
    fields = "district, status, kind, quantity, detected_on, neutralised_on, operator, team"
    # Paging by record number needs a token.
    known = IDENTITY | {"Authorization": f"Bearer {servers.token(size.store)}"}
    with servers.clearline(size, cache_mib=0) as server, server.client(known) as client:
        for name, share in {"beginning": 0.0, "middle": 0.5, "end": 0.98}.items():
            # Request different pages, so that none is warm.
            keys = [int(size.records * share) + 1_000 * nth % max(1, size.records // 50) for nth in range(60)]
            found = [
                f"(SELECT id, ST_Transform(place, 4326) AS place, {fields} FROM detections"
                f" WHERE number > {key} ORDER BY number LIMIT 1000) AS page"
                for key in keys
            ]
            plain = [f"SELECT id, ST_X(place), ST_Y(place), {fields} FROM {page}" for page in found]
            geojson = [f"SELECT ST_AsGeoJSON(page.*) FROM {page}" for page in found]
            measured[name] = {
                "clearline": answers(client.get, [f"{PAGE}&after={key}" for key in keys], BUDGET_S),
                "sql": spread(sql.timed(size, plain)[1:]),
                "sql_geojson": spread(sql.timed(size, geojson)[1:]),
            }
        box = "46.1,39.5,46.3,39.7"
        measured["of_a_box"] = {"clearline": answers(client.get, [f"{PAGE}&bbox={box}"] * 50, BUDGET_S)}
    return measured


def features(size: Size) -> dict[str, Any]:
    """A page of 1,000 from the middle, compared with tipg on the same table."""
    servers.postgres()
    middle = size.records // 2
    known = IDENTITY | {"Authorization": f"Bearer {servers.token(size.store)}"}
    with servers.clearline(size, cache_mib=0) as server, server.client(known) as client:
        ours = answers(client.get, [f"{PAGE}&after={middle + 1_000 * nth}" for nth in range(60)], BUDGET_S)
    with servers.tipg(size) as server, server.client(IDENTITY) as client:
        page = "/collections/public.detections/items?f=geojson&limit=1000"
        theirs = answers(client.get, [f"{page}&offset={middle + 1_000 * nth}" for nth in range(10)], BUDGET_S)
    return {"clearline": ours, "tipg": theirs}


def views(size: Size) -> dict[str, Any]:
    """Tiles of the public view, which has cells for uncleared records, and of the full one, which needs a token."""
    token = {"Authorization": f"Bearer {servers.token(size.store)}"}
    measured: dict[str, Any] = {}
    with servers.clearline(size, cache_mib=0, public="cells") as server:
        for view, headers in {"public": IDENTITY, "full": IDENTITY | token}.items():
            with server.client(headers) as client:
                for zoom in ZOOMS:
                    paths = [f"/tiles/detections/{zoom}/{x}/{y}.mvt" for x, y, _ in size.tiles[zoom]]
                    paths = (paths * 60)[:120]
                    measured.setdefault(str(zoom), {})[view] = answers(client.get, paths, BUDGET_S)
    return measured


ENCODINGS = ("identity", "gzip", "br", "zstd")
CLIENTS, SECONDS = 8, 2


def cached(size: Size) -> dict[str, Any]:
    """The same tiles requested repeatedly by 8 clients; compared with a handler that returns the same bytes, if it was
    built."""
    servers.postgres()
    places = {zoom: size.tiles[zoom][0] for zoom in (9, 12, 14)}
    paths = [f"/tiles/detections/{zoom}/{x}/{y}.mvt" for zoom, (x, y, _) in places.items()]
    measured: dict[str, Any] = {}
    with ExitStack() as stack:
        ours = stack.enter_context(servers.clearline(size))
        theirs = stack.enter_context(servers.martin(size, cache_mb=256))
        plain = stack.enter_context(servers.plain(ours, paths)) if PLAIN.exists() else None
        for nth, (zoom, (x, y, _)) in enumerate(places.items()):
            row = measured[str(zoom)] = {}
            for encoding in ENCODINGS:
                asked = {"Accept-Encoding": encoding}
                with ours.client(asked) as client:
                    answer = client.get(paths[nth])
                if answer.headers.get("content-encoding", "identity") != encoding:
                    raise RuntimeError(f"requested {encoding}, got {answer.headers}")
                servers_of = [("clearline", ours, paths[nth]), ("plain", plain, f"/{encoding}/{nth}")]
                known = (
                    {"not_modified": asked | {"If-None-Match": answer.headers["etag"]}} if encoding == "gzip" else {}
                )
                for name, headers in ({encoding: asked} | known).items():
                    row[name] = {
                        who: load.wrk(server.port, path, CLIENTS, SECONDS, headers)
                        for who, server, path in servers_of
                        if server
                    }
                row[encoding]["bytes"] = len(answer.body)
                # Under this load Martin fails on some of the largest tiles; these have no figure.
                with contextlib.suppress(RuntimeError):
                    row[encoding]["martin"] = load.wrk(theirs.port, f"/tiles/{zoom}/{x}/{y}", CLIENTS, SECONDS, asked)
    return measured
