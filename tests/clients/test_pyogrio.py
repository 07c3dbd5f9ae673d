"""pyogrio, which bundles a newer GDAL than the system's, reads the server as a layer."""

import numpy as np
import pyogrio
import pytest

N_RECORDS = 25_000


@pytest.fixture(scope="module")
def server(serve):
    return serve(
        {
            "type": "Feature",
            "id": f"018f3c1e-7a44-7cc1-9d5e-{n:012x}",
            "geometry": {"type": "Point", "coordinates": [round(45.5 + n % 250 / 100, 2), round(39 + n // 250 / 100, 2)]},
            "properties": {"kind": "uxo" if n % 5 else "ap_mine", "detected_on": "2023-03-14", "quantity": 1 + n % 3},
        }
        for n in range(N_RECORDS)
    )


def read(server, **options):
    # The authentication that GDAL and QGIS support: any user name, and the token as the password.
    options["USERPWD"] = f"clearline:{server.token}"
    meta, _, geometry, columns = pyogrio.raw.read(f"OAPIF:{server.url}", layer="detections", **options)
    return dict(zip(meta["fields"], columns, strict=True)), geometry


def test_it_reads_every_record_once(server):
    fields, geometry = read(server)
    assert len(geometry) == N_RECORDS == len(set(fields["id"]))
    assert int(fields["quantity"].sum()) == sum(1 + n % 3 for n in range(N_RECORDS))


def test_conditions_and_boxes_leave_what_they_should(server):
    fields, geometry = read(server, where="kind = 'ap_mine' AND quantity = 2")
    expected = sum(n % 5 == 0 and n % 3 == 1 for n in range(N_RECORDS))
    assert len(geometry) == expected and set(fields["kind"]) == {"ap_mine"}
    _, inside = read(server, bbox=(45.995, 39.195, 46.105, 39.305))
    assert len(inside) == 11 * 11


def test_places_come_in_other_systems(server):
    ranges = {"EPSG:32638": (200_000, 900_000), "EPSG:3857": (5_000_000, 5_400_000)}
    for crs, (low, high) in ranges.items():
        _, geometry = read(server, CRS=crs, max_features=50)
        east = np.array([np.frombuffer(wkb, "<f8", offset=5)[0] for wkb in geometry])
        assert len(east) == 50 and ((east > low) & (east < high)).all(), (crs, east[:3])


def test_the_public_counts_no_more_than_it_reads(server):
    info = pyogrio.read_info(f"OAPIF:{server.url}", layer="detections")
    assert info["features"] == 0 and "note" not in info["fields"]
