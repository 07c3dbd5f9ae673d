//! Filters of regions, places and reported figures.

use serde_json::{Value, json};

use super::asking::query;
use crate::program::{LACHIN, Server, read};

/// Returns the number of features that a query selects from a small collection, and the ids on its pages of
/// three.
fn of(server: &Server, collection: &str, query: &str) -> (u64, Vec<String>) {
    let (mut ids, mut matched) = (Vec::new(), None);
    let mut path = format!("/collections/{collection}/items?limit=3&{query}");
    for _ in 0..200 {
        let page = server.json(&path);
        let here = page["numberMatched"].as_u64().unwrap();
        assert!(matched.is_none_or(|before| before == here), "{path}");
        matched = Some(here);
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        ids.extend(features.iter().map(|feature| feature["id"].to_string().trim_matches('"').to_owned()));
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["rel"] == "next") else { break };
        let href = next["href"].as_str().unwrap();
        href[href.find("/collections").unwrap()..].clone_into(&mut path);
    }
    let hits = server.json(&format!("/collections/{collection}/items?resultType=hits&{query}"));
    assert_eq!(hits["numberMatched"].as_u64(), matched);
    (matched.unwrap(), ids)
}

#[test]
fn the_small_collections_are_filtered_by_their_properties_and_places() {
    type Test = fn(&Value) -> bool;
    let server = Server::start();
    let everything = |collection: &str| {
        let page = server.json(&format!("/collections/{collection}/items"));
        page["features"].as_array().unwrap().clone()
    };
    let (regions, places, figures) =
        (everything("regions"), everything("places"), everything("reported_figures"));
    // Each filter is compared with a direct test of the features.
    let table: [(&str, &[Value], &str, Test); 16] = [
        ("regions", &regions, "level = 'district'", |f| f["level"] == "district"),
        ("regions", &regions, "NOT level = 'district'", |f| f["level"] != "district"),
        ("regions", &regions, "level = 'foo'", |_| false),
        ("regions", &regions, "parent IS NULL", |f| f["parent"].is_null()),
        ("regions", &regions, "parent <> 'AZ'", |f| f["parent"].is_string() && f["parent"] != "AZ"),
        ("regions", &regions, "CASEI(name) LIKE CASEI('%LA%')", |f| {
            f["name"].as_str().unwrap().to_lowercase().contains("la")
        }),
        ("regions", &regions, "area_m2 BETWEEN 1e9 AND 2e9", |f| {
            (1e9..=2e9).contains(&f["area_m2"].as_f64().unwrap())
        }),
        ("regions", &regions, "valid_from >= DATE('2021-07-07') AND valid_from < DATE('9999-12-31')", |f| {
            f["valid_from"].as_str().is_some_and(|day| day >= "2021-07-07")
        }),
        ("regions", &regions, "id IN ('AZ-LAC','AZ-KAL','AZ-XYZ')", |f| {
            f["name"] == "Lachin" || f["name"] == "Kalbajar"
        }),
        ("places", &places, "population > 20000", |f| f["population"].as_f64().unwrap() > 20_000.0),
        ("places", &places, "country <> 'AZ' OR population < 1000", |f| {
            f["country"] != "AZ" || f["population"].as_f64().unwrap() < 1_000.0
        }),
        ("places", &places, "id = 587057", |f| f["name"] == "Barda"),
        ("reported_figures", &figures, "unit = 'items' AND number >= 1000", |f| {
            f["unit"] == "items" && f["number"].as_f64().unwrap() >= 1_000.0
        }),
        ("reported_figures", &figures, "part_of IS NOT NULL", |f| f["part_of"].is_string()),
        ("reported_figures", &figures, "parts_sum > 0", |f| {
            f["parts_sum"].as_f64().is_some_and(|sum| sum > 0.0)
        }),
        ("reported_figures", &figures, "NOT (note LIKE '%e%')", |f| {
            f["note"].as_str().is_some_and(|note| !note.contains('e'))
        }),
    ];
    for (collection, all, filter, test) in table {
        let expected: Vec<String> = all
            .iter()
            .filter(|feature| test(&feature["properties"]))
            .map(|feature| feature["id"].to_string().trim_matches('"').to_owned())
            .collect();
        let (matched, ids) = of(&server, collection, &query(filter, ""));
        assert_eq!((matched as usize, &ids), (expected.len(), &expected), "{collection}: {filter}");
    }
    assert!(of(&server, "regions", "level=district").0 > 50);
    for (collection, asked, same) in [
        ("regions", "level=district&parent=AZ", "level = 'district' AND parent = 'AZ'"),
        ("regions", "id=AZ-LAC", "id = 'AZ-LAC'"),
        ("regions", "valid_from=2021-07-07", "valid_from = DATE('2021-07-07')"),
        ("regions", "level=foo", "level = 'foo'"),
        ("places", "country=AZ&filter=population+%3E+9999", "country = 'AZ' AND population > 9999"),
        ("places", "id=587057", "id = 587057"),
        ("reported_figures", "measure=casualties&unit=people", "measure = 'casualties' AND unit = 'people'"),
        ("reported_figures", "number=2728", "number = 2728"),
    ] {
        assert_eq!(
            of(&server, collection, asked),
            of(&server, collection, &query(same, "")),
            "{collection} {asked}"
        );
    }
}

#[test]
fn regions_and_places_are_filtered_by_where_they_lie() {
    let server = Server::start();
    let ids = |collection: &str, filter: &str, more: &str| of(&server, collection, &query(filter, more)).1;
    let lachin = format!("POINT({} {})", LACHIN.0, LACHIN.1);
    let around = ids("regions", &format!("S_CONTAINS(geometry, {lachin})"), "");
    assert!(
        around.contains(&"AZ-LAC".to_owned()) && around.contains(&"AZ".to_owned()) && around.len() < 5,
        "{around:?}"
    );
    assert_eq!(ids("regions", &format!("S_INTERSECTS(geometry, {lachin})"), ""), around);
    assert_eq!(ids("regions", &format!("S_WITHIN({lachin}, geometry)"), ""), around);
    // The same place in another system, and in JSON.
    let turned = format!("S_INTERSECTS(geometry, POINT({} {}))", LACHIN.1, LACHIN.0);
    assert_eq!(ids("regions", &turned, "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326"), around);
    let in_json = json!({"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [LACHIN.0, LACHIN.1]}]});
    assert_eq!(ids("regions", &in_json.to_string(), "&filter-lang=cql2-json"), around);
    let n = |filter: &str| ids("regions", filter, "").len();
    let all = of(&server, "regions", "").0 as usize;
    assert_eq!(n("S_DISJOINT(geometry, POINT(0 0))"), all);
    assert_eq!(n(&format!("NOT S_INTERSECTS(geometry, {lachin})")), all - around.len());
    assert_eq!(n("S_WITHIN(geometry, BBOX(40,35,55,45))"), all);
    assert_eq!(n("S_OVERLAPS(geometry, POINT(46 39)) OR S_EQUALS(geometry, POINT(46 39))"), 0);
    let (crossing, touching) =
        (n("S_CROSSES(LINESTRING(44 40, 51 40), geometry)"), n("S_TOUCHES(geometry, BBOX(0,0,1,1))"));
    assert!(crossing > 5 && touching == 0, "{crossing} {touching}");
    // For places, a box in a filter equals the parameter bbox.
    let boxed = of(&server, "places", "bbox=46,39,47,40");
    assert!(boxed.0 > 3);
    assert_eq!(of(&server, "places", &query("S_INTERSECTS(geometry, BBOX(46,39,47,40))", "")), boxed);
    let both = of(&server, "places", &query("population > 5000", "&bbox=46,39,47,40"));
    assert!(both.0 < boxed.0);
}

#[test]
fn a_collection_without_time_has_every_feature_at_every_time() {
    let server = Server::start();
    for collection in ["regions", "places", "reported_figures"] {
        let all = of(&server, collection, "").0;
        for datetime in
            ["2023-01-01", "2023-01-01/..", "../1900-01-01", "2023-01-01/9999-12-31T00:00:00Z", "../.."]
        {
            assert_eq!(
                of(&server, collection, &format!("datetime={datetime}")).0,
                all,
                "{collection} {datetime}"
            );
        }
        for (bad, reason) in [
            ("datetime=yesterday".to_owned(), "datetime"),
            ("datetime=2023-01-02/2023-01-01".to_owned(), "after its end"),
            (query("colour = 'red'", ""), "unknown property \"colour\"; known properties: id"),
            (query("kind = 'ap_mine'", ""), "unknown property \"kind\""),
            (query("id IN (", ""), "is not valid CQL2 text"),
            (query("id = DATE('2020-01-01')", ""), "cannot be compared"),
            ("colour=red".to_owned(), "unknown parameter \"colour\""),
            ("names=x".to_owned(), "unknown parameter \"names\""),
            ("status=neutralised".to_owned(), "unknown parameter \"status\""),
            (query("true", "&filter-lang=sql"), "filter-lang"),
            (query("true", "&filter-crs=EPSG:2154"), "filter-crs"),
        ] {
            let (status, problem) = read(server.get(&format!("/collections/{collection}/items?{bad}")));
            assert_eq!(status, 400, "{collection} {bad}");
            assert!(problem["detail"].as_str().unwrap().contains(reason), "{collection} {bad}: {problem}");
        }
        // The description offers every queryable as a parameter, except the geometry.
        let queryables = server.json(&format!("/collections/{collection}/queryables"));
        let mut queryables: Vec<&str> =
            queryables["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        queryables.retain(|name| *name != "geometry");
        let api = server.json("/api");
        let offered: Vec<&str> =
            api["paths"][format!("/collections/{collection}/items")]["get"]["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|parameter| {
                    parameter["$ref"].as_str()?.rsplit_once('/')?.1.strip_prefix(&format!("{collection}."))
                })
                .collect();
        assert_eq!(offered, queryables, "{collection}");
        for name in ["datetime", "filter", "filter-lang", "filter-crs"] {
            let reference = json!({"$ref": format!("#/components/parameters/{name}")});
            assert!(
                api["paths"][format!("/collections/{collection}/items")]["get"]["parameters"]
                    .as_array()
                    .unwrap()
                    .contains(&reference)
            );
        }
    }
}
