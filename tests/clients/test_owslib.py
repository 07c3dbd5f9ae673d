"""OWSLib reads everything that the OGC API offers, and writes."""

import json
import uuid

import pytest
from owslib.ogcapi.features import Features


@pytest.fixture(scope="module")
def server(serve):
    return serve()


def test_it_reads_the_landing_page_and_all_that_it_links_to(server):
    api = Features(server.url, headers=server.headers)
    assert "Clearline" in api.links[0].get("title", "") or api.response["title"]
    assert any(uri.endswith("ogcapi-features-1/1.0/conf/core") for uri in api.conformance()["conformsTo"])
    assert api.api()["openapi"].startswith("3.0")
    assert {"detections", "regions", "places"} <= set(api.feature_collections())
    collection = api.collection("detections")
    assert collection["storageCrs"].endswith("CRS84")
    assert api.collection_queryables("detections")["properties"]["kind"]["enum"]
    assert api.collection_schema("detections")["properties"]["quantity"]["type"] == "integer"


def test_it_pages_through_every_item_once_and_leaves_filters_to_the_server(server):
    api = Features(server.url, headers=server.headers)
    n = api.collection_items("detections", limit=1)["numberMatched"]
    seen, page = [], api.collection_items("detections", limit=500)
    while True:
        seen += [feature["id"] for feature in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        page = server.json(following[0].removeprefix(server.url))
    assert len(seen) == len(set(seen)) == n
    west = api.collection_items("detections", bbox=[45.5, 39, 46.2, 41], limit=10000)
    assert 0 < len(west["features"]) == west["numberMatched"] < n
    found = api.collection_items("detections", filter="kind = 'av_mine' AND quantity >= 1", limit=10000)
    assert {feature["properties"]["kind"] for feature in found["features"]} == {"av_mine"}


def test_it_creates_replaces_and_deletes_an_item(server):
    # It sends text/xml by default, which is refused.
    headers = server.headers | {"Content-Type": "application/geo+json"}
    api, number = Features(server.url, headers=headers), str(uuid.uuid4())
    feature = {
        "type": "Feature",
        "id": number,
        "geometry": {"type": "Point", "coordinates": [46.3, 39.7]},
        "properties": {"kind": "ap_mine", "detected_on": "2023-03-14"},
    }
    assert api.collection_item_create("detections", json.dumps(feature))
    assert api.collection_item("detections", number)["properties"]["quantity"] == 1
    feature["properties"] |= {"quantity": 3, "reason": "counted again"}
    assert api.collection_item_update("detections", number, json.dumps(feature))
    assert api.collection_item("detections", number)["properties"]["quantity"] == 3
    assert api.collection_item_delete("detections", number)
    with pytest.raises(RuntimeError, match="(?i)404|not found|no detection|there is no"):
        api.collection_item("detections", number)
