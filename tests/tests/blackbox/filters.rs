//! Filters, in CQL2 and as parameters: the same answer everywhere, and a 400 for what cannot be asked.

use serde_json::{Value, json};

use crate::program::{KALBAJAR, LACHIN, Server, collection, feature, neutralised, read};

/// The query with the filter, encoded as browsers encode forms.
fn query(filter: &str, more: &str) -> String {
    let encoded: String = filter
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("filter={encoded}{more}")
}

fn numbers(answer: &Value) -> Vec<&str> {
    answer["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}

/// Ten records in Lachin and ten in Kalbajar: of each half neutralised, some with a team.
fn server() -> Server {
    let server = Server::start();
    let features: Vec<Value> = (0..20)
        .map(|n| {
            let (lon, lat) = if n < 10 { LACHIN } else { KALBAJAR };
            let lon = lon + f64::from(n as u32) * 1e-4;
            let mut feature = if n % 2 == 0 { feature(n, lon, lat) } else { neutralised(n, lon, lat) };
            if n % 5 == 0 {
                feature["properties"]["team"] = json!(format!("Dəstə {n}"));
            }
            feature
        })
        .collect();
    let (status, report) = server.post_json("/uploads", &collection(&features));
    assert_eq!((status, &report["created"]), (200, &json!(20)), "{report}");
    server
}

#[test]
fn items_tiles_and_summaries_take_the_same_filter_in_both_languages() {
    let server = server();
    let table = [
        ("status='neutralised'", r#"{"op":"=","args":[{"property":"status"},"neutralised"]}"#, 10),
        ("team IS NOT NULL", r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"team"}]}]}"#, 4),
        (
            "CASEI(team) LIKE casei('dƏSTƏ 1%')",
            r#"{"op":"like","args":[{"op":"casei","args":[{"property":"team"}]},{"op":"casei","args":["dƏSTƏ 1%"]}]}"#,
            2,
        ),
        (
            "status='detected' OR team LIKE '%5'",
            r#"{"op":"or","args":[{"op":"=","args":[{"property":"status"},"detected"]},{"op":"like","args":[{"property":"team"},"%5"]}]}"#,
            12,
        ),
        (
            "NOT team = 'Dəstə 0'",
            r#"{"op":"not","args":[{"op":"=","args":[{"property":"team"},"Dəstə 0"]}]}"#,
            3,
        ),
    ];
    for (text, json, expected) in table {
        let in_text = query(text, "");
        for query in
            [in_text.clone(), query(text, "&filter-lang=cql-text"), query(json, "&filter-lang=cql2-json")]
        {
            let items = server.json(&format!("/collections/detections/items?{query}"));
            assert_eq!(items["numberMatched"], expected, "{text}");
            assert_eq!(numbers(&items).len(), expected as usize);
            let summary = server.json(&format!("/summary?by=status&{query}"));
            assert_eq!(summary["total"]["records"], expected, "{text}");
            let regions = server.json(&format!("/summary/regions?{query}"));
            assert_eq!(regions["total"]["records"], expected, "{text}");
            let world = json!({"type": "Polygon", "coordinates": [[[40, 35], [50, 35], [50, 45], [40, 45], [40, 35]]]});
            let (status, area) = server.post_json(&format!("/summary/area?{query}"), &world);
            assert_eq!((status, &area["total"]["records"]), (200, &json!(expected)), "{text}");
        }
        // The cache tells filters apart.
        let tile = |query: &str| server.bytes(&format!("/tiles/detections/5/20/12.mvt{query}"));
        assert_eq!(tile(&format!("?{in_text}")), tile(&format!("?{in_text}")), "{text}");
        assert_ne!(tile(&format!("?{in_text}")), tile(""), "{text}");
    }
}

#[test]
fn pages_of_a_filter_lead_on_to_the_last_record() {
    let server = server();
    let mut seen = Vec::new();
    let filter =
        query("S_INTERSECTS(geometry, POLYGON((40 35, 50 35, 50 45, 40 45, 40 35))) AND quantity < 9", "");
    let mut path = format!("/collections/detections/items?limit=7&{filter}");
    for _ in 0..3 {
        let page = server.json(&path);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["rel"] == "next") else { break };
        let href = next["href"].as_str().unwrap();
        href[href.find("/collections").unwrap()..].clone_into(&mut path);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 20);
}

#[test]
fn a_filter_that_names_the_status_sees_the_discounted_too() {
    let server = server();
    let mut false_alarm = feature(70, LACHIN.0, LACHIN.1);
    false_alarm["properties"]["status"] = json!("discounted");
    server.post_json("/uploads", &collection(&[false_alarm]));
    let count = |filter: &str| {
        let items = server.json(&format!("/collections/detections/items?{}", query(filter, "")));
        items["numberMatched"].as_u64().unwrap()
    };
    assert_eq!(
        (count("quantity > 0"), count("status <> 'neutralised'"), count("status = 'discounted'")),
        (20, 11, 1)
    );
}

#[test]
fn what_cannot_be_asked_is_a_400_that_names_it_wherever_it_is_asked() {
    let server = server();
    let bad = query("colour = 'red'", "");
    for path in [
        "/collections/detections/items",
        "/tiles/detections/5/20/12.mvt",
        "/summary",
        "/summary/regions",
        "/events",
    ] {
        let (status, problem) = read(server.get(&format!("{path}?{bad}")));
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(status, 400, "{path}");
        assert!(detail.contains("there is no property \"colour\""), "{path}: {detail}");
    }
    let deep = query(&format!("{}true", "NOT ".repeat(4_000)), "");
    for (path, reason) in [
        (query("true", "&filter-lang=sql"), "filter-lang"),
        (query("true", "&filter-crs=EPSG:2154"), "filter-crs"),
        (query("true", "&filter=true"), "is given twice"),
        (deep, "60 operations"),
    ] {
        let (status, problem) = read(server.get(&format!("/collections/detections/items?{path}")));
        assert_eq!(status, 400, "{reason}");
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{problem}");
    }
    assert_eq!(server.get("/healthz").status(), 200);
}

/// Where records can be filtered, and how many a filter leaves there.
const DOORS: [&str; 5] = [
    "/collections/detections/items",
    "/summary",
    "/summary/regions",
    "/export/detections",
    "/tiles/detections",
];

/// How many records a query leaves at a door.
fn left(server: &Server, door: &str, query: &str) -> u64 {
    match door {
        "/collections/detections/items" => {
            server.json(&format!("{door}?{query}"))["numberMatched"].as_u64().unwrap()
        }
        "/export/detections" => {
            let file = String::from_utf8(server.bytes(&format!("{door}?f=geojsonseq&{query}"))).unwrap();
            file.matches("\"Feature\"").count() as u64
        }
        // Of a tile it is enough to know whether there is anything.
        "/tiles/detections" => u64::from(!server.bytes(&format!("{door}/5/20/12.mvt?{query}")).is_empty()),
        door => {
            let path = if door == "/summary" {
                format!("{door}?by=status&{query}")
            } else {
                format!("{door}?{query}")
            };
            server.json(&path)["total"]["records"].as_u64().unwrap()
        }
    }
}

#[test]
fn open_intervals_mean_the_same_in_every_form_and_at_every_door() {
    let server = server();
    // Records are found on 2023-03-14, and half of them dealt with later. What stands first is what the others mean.
    let tables: [&[&str]; 4] = [
        &[
            "2023-01-01/..",
            "2023-01-01/",
            "2023-01-01/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00.000Z/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00/9999-12-31T00:00:00Z",
            "2023-01-01T00:00:00Z/..",
            "2023-01-01/12345-12-31",
            "2023-01-01/9999-12-31",
        ],
        &[
            "../2023-03-14",
            "/2023-03-14",
            "0000-01-01T00:00:00Z/2023-03-14",
            "0000-01-01T00:00:00Z/2023-03-14T00:00:00.000Z",
            "-99999-01-01/2023-03-14T23:59:59Z",
            "../2023-03-15T01:00:00%2B04:00",
        ],
        &["../..", "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", "-10000-01-01/10000-01-01"],
        &[
            "9999-12-31T00:00:00Z/..",
            "9999-12-31T00:00:00Z",
            "9999-12-31",
            "../0000-01-01T00:00:00Z",
            "10000-01-01",
        ],
    ];
    for (forms, expected) in tables.into_iter().zip([20, 20, 20, 0]) {
        for form in forms {
            for form in [(*form).to_owned(), form.replace('/', "%2F")] {
                for door in DOORS {
                    let expected =
                        if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
                    assert_eq!(left(&server, door, &format!("datetime={form}")), expected, "{door} {form}");
                }
            }
        }
    }
    for bad in [
        "yesterday",
        "",
        "/",
        "2023-13-01",
        "2023-02-30/..",
        "2023-01-01/2022-01-01",
        "2023-01-01/x",
        "a/b/c",
        "2023-01-01T25:00:00Z/..",
        "9999-12-32T00:00:00Z",
        "../9999-13-31",
        "2023-01-01T00:00Z",
    ] {
        for door in DOORS {
            let door = if door.starts_with("/tiles") { "/tiles/detections/5/20/12.mvt" } else { door };
            let (status, problem) = read(server.get(&format!("{door}?datetime={bad}")));
            assert_eq!(status, 400, "{door} {bad}");
            assert!(problem["detail"].as_str().unwrap().contains("datetime"), "{door} {bad}: {problem}");
        }
    }
}

#[test]
fn instants_that_are_far_away_mean_the_same_in_a_filter() {
    let server = server();
    for (filter, expected) in [
        ("detected_on < TIMESTAMP('9999-12-31T00:00:00Z')", 20),
        ("detected_on <= DATE('9999-12-31') AND detected_on >= DATE('0000-01-01')", 20),
        ("updated_at > TIMESTAMP('0000-01-01T00:00:00Z')", 20),
        ("updated_at > TIMESTAMP('12345-01-01T00:00:00Z')", 0),
        ("T_DURING(detected_on, INTERVAL('2023-01-01T00:00:00Z', '9999-12-31T00:00:00Z'))", 20),
        ("T_INTERSECTS(updated_at, INTERVAL('..', '9999-12-31T23:59:59.999Z'))", 20),
        ("T_AFTER(detected_on, DATE('123456-01-01'))", 0),
    ] {
        for door in DOORS {
            let expected = if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
            assert_eq!(left(&server, door, &query(filter, "")), expected, "{door} {filter}");
        }
    }
    let (status, _) = read(server.get(&format!(
        "{}?{}",
        DOORS[0],
        query("updated_at > TIMESTAMP('9999-13-31T00:00:00Z')", "")
    )));
    assert_eq!(status, 400);
}

#[test]
fn a_value_that_no_record_can_have_matches_nothing() {
    let server = server();
    for (asked, expected) in [
        (query("kind = 'foo'", ""), 0),
        (query("kind <> 'foo'", ""), 20),
        (query("NOT kind = 'foo'", ""), 20),
        (query("kind IN ('foo', 'ap_mine')", ""), 20),
        (query("status = 'foo' OR team IS NOT NULL", ""), 4),
        (query("review = 'foo'", ""), 0),
        (query("fix <> 'foo'", ""), 0),
        (query("disposal = 'foo'", ""), 0),
        (query("region = 'foo'", ""), 0),
        (query("region = 'AZ'", ""), 0),
        (query("id = 'foo'", ""), 0),
        ("kind=foo".to_owned(), 0),
        ("kind=foo,ap_mine".to_owned(), 20),
        ("status=foo".to_owned(), 0),
        ("status=foo,neutralised".to_owned(), 10),
        ("region=foo".to_owned(), 0),
        ("region=foo,AZ-LAC".to_owned(), 10),
        ("disposal=foo".to_owned(), 0),
        ("review=foo".to_owned(), 0),
        ("operator=foo".to_owned(), 0),
        ("id=foo".to_owned(), 0),
    ] {
        for door in DOORS {
            let expected = if door.starts_with("/tiles") { u64::from(expected > 0) } else { expected };
            assert_eq!(left(&server, door, &asked), expected, "{door} {asked}");
        }
    }
    // A list without a word is a slip.
    for slip in ["kind=", "status=neutralised,", "region=,"] {
        assert_eq!(server.get(&format!("/summary?{slip}")).status(), 400, "{slip}");
    }
}

#[test]
fn a_property_is_asked_for_by_a_parameter_of_its_name() {
    let server = server();
    let one = server.json("/collections/detections/items?limit=1")["features"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (asked, same) in [
        ("team=D%C9%99st%C9%99+5".to_owned(), "team = 'Dəstə 5'".to_owned()),
        ("quantity=1".to_owned(), "quantity = 1".to_owned()),
        ("quantity=1.0&team=x,y".to_owned(), "quantity = 1 AND team = 'x,y'".to_owned()),
        ("detected_on=2023-03-14".to_owned(), "detected_on = DATE('2023-03-14')".to_owned()),
        ("detected_on=2023-03-14T10:00:00Z".to_owned(), "detected_on = DATE('2023-03-14')".to_owned()),
        ("review=approved".to_owned(), "review = 'approved'".to_owned()),
        (format!("id={one}"), format!("id = '{one}'")),
        ("team=x&filter=true".to_owned(), "team = 'x'".to_owned()),
    ] {
        for door in DOORS {
            assert_eq!(left(&server, door, &asked), left(&server, door, &query(&same, "")), "{door} {asked}");
        }
    }
    assert_eq!(left(&server, DOORS[0], &format!("id={one}")), 1);
    for (bad, reason) in [
        ("quantity=two", "is no number"),
        ("detected_on=yesterday", "is neither a day"),
        ("detected_on=2023-02-30", "is no day"),
        ("geometry=POINT(1+2)", "unknown parameter"),
        ("Team=x", "unknown parameter"),
    ] {
        let (status, problem) = read(server.get(&format!("/summary?{bad}")));
        assert_eq!(status, 400, "{bad}");
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{bad}: {problem}");
    }
    // What the public does not see of a record it cannot ask for.
    let hidden = server.public().get(server.url("/summary?note=x")).call().unwrap();
    assert_eq!(hidden.status(), 400);
}

/// The number that a query leaves of a small collection, and the ids on its pages of three.
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
    // What each filter leaves is held against a plain look at what is sent.
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
    // Of places, what a box leaves is what the parameter leaves.
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
            (query("colour = 'red'", ""), "there is no property \"colour\"; there are id"),
            (query("kind = 'ap_mine'", ""), "there is no property \"kind\""),
            (query("id IN (", ""), "is no CQL2 text"),
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
        // What is queryable is what the description offers as parameters, all but the geometry.
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
