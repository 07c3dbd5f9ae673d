"""The requests of readers, GIS programs and mirrors, including wrong ones. The same seed gives the same requests."""

import random
from dataclasses import asdict, dataclass
from itertools import product
from math import asinh, pi, radians, tan
from urllib.parse import quote

ITEMS = "/collections/detections/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
FILTERS = [
    "status=neutralised",
    "kind=ap_mine",
    "kind=at_mine,uxo",
    "region=AZ-KAL",
    "datetime=2022-01-01/2023-06-30",
    "status=detected&kind=uxo&region=AZ-LAC",
    "filter=" + quote("quantity > 1 AND detected_on >= DATE('2022-06-01')"),
    "filter=" + quote("S_INTERSECTS(geometry, POLYGON((46 39.5, 46.6 39.5, 46.6 40.2, 46 40.2, 46 39.5)))"),
    "filter=" + quote("model LIKE 'PMN%' OR kind IN ('at_mine', 'ied')"),
]
EXPORTS = ["csv", "geojson", "geojsonseq", "gpx", "kml", "pmtiles"]
COLLECTIONS = ["detections", "regions", "places", "reported_figures"]
WRONG = [
    "/nowhere",
    "/collections/none",
    f"{ITEMS}?colour=red",
    f"{ITEMS}?limit=0",
    f"{ITEMS}?bbox=1,2,3",
    f"{ITEMS}?datetime=soon",
    f"{ITEMS}?filter=" + quote("kind ="),
    f"{ITEMS}?crs=EPSG:0",
    f"{ITEMS}/018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01",
    f"{ITEMS}/7",
    "/tiles/detections/30/0/0.mvt",
    "/tiles/detections/2/9/0.mvt",
    "/summary?region=XX-XXX",
    "/summary/regions/XX-XXX",
    "/export/detections?f=doc",
    "/search?q=",
    "/changes?since=99999999",
    "/uploads/7",
    "/photos/7",
]
# Reviewed by a person, because their text may change.
DESCRIBED = ["/collections", *(f"/collections/{name}" for name in COLLECTIONS)]
REVIEWED = ["/", "/api", "/api.html", "/conformance", *DESCRIBED]


@dataclass(frozen=True)
class Request:
    """One request: the role (public or admin), the path, and how its response is compared (bytes or reviewed)."""

    who: str
    path: str
    accept: str = "*/*"
    compared: str = "bytes"

    def told(self) -> dict:
        return asdict(self)


def requests(ids: list[str], seed: int = 18) -> list[Request]:
    """Returns at least 500 requests, for a store with records of these ids."""
    chosen = random.Random(seed)
    paths = [*tiles(chosen), *items(ids, chosen), *summaries(), *tables(), *WRONG]
    both = [Request(who, path) for who, path in product(("public", "admin"), paths)]
    exports = product(EXPORTS, ("", FILTERS[3]))
    own = [Request("admin", f"/export/detections?f={form}&{asked}") for form, asked in exports]
    pages = [Request("admin", path, "text/html", "reviewed") for path in [*DESCRIBED, ITEMS]]
    reviewed = [Request("public", path, compared="reviewed") for path in REVIEWED]
    return [*both, *own, *pages, *reviewed]


def tiles(chosen: random.Random) -> list[str]:
    """Tiles of each zoom over the region, some of them filtered, and tiles of the other layers."""
    found = []
    for zoom in range(15):
        for _ in range(6):
            x, y = tile_of(chosen.uniform(45.8, 48.5), chosen.uniform(39.0, 40.4), zoom)
            asked = chosen.choice(["", "", "?" + chosen.choice(FILTERS[:6])])
            found.append(f"/tiles/detections/{zoom}/{x}/{y}.mvt{asked}")
    x, y = tile_of(46.3, 39.9, 7)
    layers = [f"/tiles/{layer}/7/{x}/{y}.mvt" for layer in ("regions", "places")]
    return [*found, *layers, "/tiles/detections.json", "/tiles/detections.json?" + FILTERS[0], "/tileMatrixSets"]


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """The Web Mercator tile that contains a place."""
    n = 2**zoom
    return int((lon + 180) / 360 * n), int((1 - asinh(tan(radians(lat))) / pi) / 2 * n)


def items(ids: list[str], chosen: random.Random) -> list[str]:
    """Pages, single records, and their histories."""
    pages = [f"{ITEMS}?limit={limit}&{asked}" for limit, asked in product((7, 200), ["", *FILTERS])]
    corners = [(chosen.uniform(46, 47), chosen.uniform(39, 40)) for _ in range(20)]
    boxes = [f"{ITEMS}?limit=50&bbox={w:.3f},{s:.3f},{w + 0.3:.3f},{s + 0.2:.3f}" for w, s in corners]
    some = chosen.sample(ids, min(20, len(ids)))
    single = [f"{ITEMS}/{each}{more}" for each, more in product(some, ("", "/history"))]
    systems = [f"{ITEMS}?limit=20&crs={quote(EPSG + code)}" for code in ("4326", "32638")]
    return [*pages, *boxes, *single, *systems, f"{ITEMS}?resultType=hits"]


def summaries() -> list[str]:
    """Summaries of everything, of regions, and of periods."""
    asked = ["", *FILTERS, "events=2023-01-01/2023-12-31", "as_of=2023-03-01"]
    single = [f"/summary/regions/{region}" for region in ("AZ-KAL", "AZ-LAC", "AZ-AGM")]
    return [*(f"/summary{where}?{each}" for where, each in product(("", "/regions"), asked)), *single]


def tables() -> list[str]:
    """The other collections, their descriptions, the log, and searches."""
    parts = ("items?limit=50", "schema", "queryables")
    described = [f"/collections/{name}/{part}" for name, part in product(COLLECTIONS, parts)]
    log = ["/changes?since=0&limit=50", "/changes/head"]
    return [*described, *log, "/search?q=kal", "/search?q=lachin", "/style.json", "/me"]
