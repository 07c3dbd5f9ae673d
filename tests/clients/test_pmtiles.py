"""The map as one file: it contains the server's tiles, and GDAL opens it."""

import gzip
import math

import pyogrio
import pytest
from pmtiles.reader import MemorySource, Reader, all_tiles

LAYERS = ("detections", "regions", "places")
KINDS = {"kind": "ap_mine"}


@pytest.fixture(scope="module")
def server(serve):
    return serve()


@pytest.fixture(scope="module", params=[{}, KINDS], ids=["everything", "one kind"])
def archive(request, server):
    return request.param, server.get("/export/detections", f="pmtiles", **request.param)


def test_every_tile_is_that_of_the_server(server, archive):
    filters, data = archive
    source = MemorySource(data)
    n_of_zoom: dict[int, int] = {}
    for (z, x, y), packed in all_tiles(source):
        n_of_zoom[z] = n_of_zoom.get(z, 0) + 1
        if z > 7 and n_of_zoom[z] % 60:
            continue
        asked = [(layer, filters if layer == "detections" else {}) for layer in LAYERS]
        expected = b"".join(server.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt", **wanted) for layer, wanted in asked)
        assert gzip.decompress(packed) == expected, (z, x, y)
    assert set(n_of_zoom) == set(range(15)) and n_of_zoom[14] > n_of_zoom[10] > n_of_zoom[5] > 0


def test_nothing_that_the_server_has_is_missing(server, archive):
    filters, data = archive
    reader = Reader(MemorySource(data))
    page = server.json("/collections/detections/items", limit="400", **filters)
    for feature in page["features"][::10]:
        lon, lat = feature["geometry"]["coordinates"]
        tile = tile_at(lon, lat, 14)
        assert feature["id"].encode() in gzip.decompress(reader.get(*tile)), feature["id"]


def test_it_says_what_it_is(archive):
    metadata = Reader(MemorySource(archive[1])).metadata()
    assert {layer["id"] for layer in metadata["vector_layers"]} >= {"cells", "detections", "regions", "places"}
    assert "does not mean no danger" in metadata["description"] and "GeoNames" in metadata["attribution"]


def test_gdal_opens_it(server, archive, tmp_path):
    filters, data = archive
    path = tmp_path / "map.pmtiles"
    path.write_bytes(data)
    assert {"cells", "detections", "regions", "places"} <= {name for name, _ in pyogrio.list_layers(path)}
    total = server.json("/summary", by="status", **filters)["total"]["records"]
    # Every record is counted once at each zoom level; at low zoom levels in cells.
    meta, _, _, columns = pyogrio.raw.read(path, layer="cells", ZOOM_LEVEL=5)
    assert int(dict(zip(meta["fields"], columns, strict=True))["records"].sum()) == total


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int, int]:

    n = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * n), int(y * n)
