use std::fmt::Write;

use atlas::Atlas;
use demining::{Level, Names, Region};
use geo::polygon;
use geometry::LonLat;

use super::*;

/// What the language asks for, written down; or why it is refused.
fn asked(language: &str, filter: &str) -> Result<String, String> {
    let region = |id: &str, level| Region {
        id: id.into(),
        level,
        parent: None,
        names: Names { by_language: vec![("en".into(), id.into())], aliases: Vec::new() },
        label: LonLat::new(46.5, 39.5).unwrap(),
        boundary: polygon![(x: 46.0, y: 39.0), (x: 47.0, y: 39.0), (x: 47.0, y: 40.0)].into(),
        valid_from: None,
        valid_to: None,
        source: "made up".into(),
    };
    let regions = vec![region("AZ-KAL", Level::District), region("AZ", Level::Country)];
    let atlas = Atlas::new(regions, vec![], vec![]).unwrap();
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("filter-lang", language)
        .append_pair("filter", filter)
        .finish();
    let mut params = Params::read(&query).ok().unwrap();
    match take(&mut params, atlas.ground(), Scope::Full) {
        Ok(condition) => Ok(format!("{:?}", condition.unwrap())),
        Err(problem) => Err(serde_json::to_value(&problem).unwrap()["detail"].as_str().unwrap().to_owned()),
    }
}

fn text(filter: &str) -> Result<String, String> {
    asked("cql2-text", filter)
}

#[test]
fn both_languages_say_the_same() {
    // After the examples of the standard, clauses 6 to 8 and annex B, with the properties of a record.
    let pairs = [
        ("model='PMN-2'", r#"{"op":"=","args":[{"property":"model"},"PMN-2"]}"#),
        (
            "updated_at >= DATE('1970-01-01')",
            r#"{"op":">=","args":[{"property":"updated_at"},{"date":"1970-01-01"}]}"#,
        ),
        ("geometry IS NOT NULL", r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"geometry"}]}]}"#),
        ("team LIKE 'Smith%'", r#"{"op":"like","args":[{"property":"team"},"Smith%"]}"#),
        (
            "depth_cm BETWEEN 100.0 AND 150.0",
            r#"{"op":"between","args":[{"property":"depth_cm"},100.0,150.0]}"#,
        ),
        ("team IN ('Toronto','Tokyo')", r#"{"op":"in","args":[{"property":"team"},["Toronto","Tokyo"]]}"#),
        (
            "quantity NOT IN (1,2,3,4)",
            r#"{"op":"not","args":[{"op":"in","args":[{"property":"quantity"},[1,2,3,4]]}]}"#,
        ),
        (
            "CASEI(team) IN (CASEI('Οδος'),CASEI('Straße'))",
            r#"{"op":"in","args":[{"op":"casei","args":[{"property":"team"}]},[{"op":"casei","args":["Οδος"]},{"op":"casei","args":["Straße"]}]]}"#,
        ),
        (
            "ACCENTI(team) = ACCENTI('débárquér')",
            r#"{"op":"=","args":[{"op":"accenti","args":[{"property":"team"}]},{"op":"accenti","args":["débárquér"]}]}"#,
        ),
        (
            "S_INTERSECTS(geometry,POINT(36.319836 32.288087))",
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[36.319836,32.288087]}]}"#,
        ),
        (
            "S_WITHIN(geometry,BBOX(-118,33.8,-117.9,34))",
            r#"{"op":"s_within","args":[{"property":"geometry"},{"bbox":[-118,33.8,-117.9,34]}]}"#,
        ),
        (
            "S_INTERSECTS(geometry,POLYGON((-10.0 -10.0,10.0 -10.0,10.0 10.0,-10.0 -10.0)))",
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[-10,-10],[10,-10],[10,10],[-10,-10]]]}]}"#,
        ),
        (
            "S_TOUCHES(geometry, MULTILINESTRING ((-1.9 -0.99999, 75.292574 1.5),(-1.9 -1.1, 1.5 8.547371)))",
            r#"{"op":"s_touches","args":[{"property":"geometry"},{"type":"MultiLineString","coordinates":[[[-1.9,-0.99999],[75.292574,1.5]],[[-1.9,-1.1],[1.5,8.547371]]]}]}"#,
        ),
        (
            "S_EQUALS(MULTIPOINT ((180.0 -0.5), (179.0 -47.121701)), geometry)",
            r#"{"op":"s_equals","args":[{"type":"MultiPoint","coordinates":[[180.0,-0.5],[179.0,-47.121701]]},{"property":"geometry"}]}"#,
        ),
        (
            "S_DISJOINT(geometry,GEOMETRYCOLLECTION(POINT Z (7.02 49.92 3), MULTIPOLYGON(((0 0, 10 0, 10 10, 0 0)))))",
            r#"{"op":"s_disjoint","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[7.02,49.92,3]},{"type":"MultiPolygon","coordinates":[[[[0,0],[10,0],[10,10],[0,0]]]]}]}]}"#,
        ),
        (
            "T_BEFORE(detected_on, DATE('2015-01-01'))",
            r#"{"op":"t_before","args":[{"property":"detected_on"},{"date":"2015-01-01"}]}"#,
        ),
        (
            "T_DURING(INTERVAL(detected_on, neutralised_on), INTERVAL('2017-06-10T07:30:00Z', '2017-06-11T10:30:00Z'))",
            r#"{"op":"t_during","args":[{"interval":[{"property":"detected_on"},{"property":"neutralised_on"}]},{"interval":["2017-06-10T07:30:00Z","2017-06-11T10:30:00Z"]}]}"#,
        ),
        (
            "T_METBY(INTERVAL('..', '2010-10-07'), INTERVAL(detected_on, neutralised_on))",
            r#"{"op":"t_metBy","args":[{"interval":["..","2010-10-07"]},{"interval":[{"property":"detected_on"},{"property":"neutralised_on"}]}]}"#,
        ),
        (
            "updated_at < TIMESTAMP('2012-08-10T05:30:00.000000Z')",
            r#"{"op":"<","args":[{"property":"updated_at"},{"timestamp":"2012-08-10T05:30:00Z"}]}"#,
        ),
        (
            "NOT (quantity<5) OR (kind='ap_mine' AND region='AZ-KAL')",
            r#"{"op":"or","args":[{"op":"not","args":[{"op":"<","args":[{"property":"quantity"},5]}]},{"op":"and","args":[{"op":"=","args":[{"property":"kind"},"ap_mine"]},{"op":"=","args":[{"property":"region"},"AZ-KAL"]}]}]}"#,
        ),
        ("true", "true"),
    ];
    for (in_text, in_json) in pairs {
        let condition = text(in_text).unwrap_or_else(|reason| panic!("{in_text}: {reason}"));
        assert_eq!(Ok(&condition), asked("cql2-json", in_json).as_ref(), "{in_text}");
        assert_eq!(Ok(condition), asked("cql-text", in_text), "{in_text}");
    }
}

#[test]
fn names_and_quotes_are_as_the_standard_has_them() {
    assert_eq!(
        text("\"model\" = 'O''Neill'"),
        asked("cql2-json", r#"{"op":"=","args":[{"property":"model"},"O'Neill"]}"#)
    );
    assert_eq!(
        text("kind='ap_mine' and status='neutralised'"),
        text("kind = 'ap_mine'\n AND status = 'neutralised'")
    );
    assert_eq!(text("'PMN-2' <= model"), text("model >= 'PMN-2'"));
    // A day in quotes, as a draft had it and GDAL sends it.
    assert_eq!(text("detected_on >= '2021-01-01'"), text("detected_on >= DATE('2021-01-01')"));
    assert_eq!(text("S_WITHIN(POINT(1 2), geometry)"), text("S_CONTAINS(geometry, POINT(1 2))"));
}

#[test]
fn what_does_not_fit_a_record_is_refused_by_name() {
    for (filter, reason) in [
        ("", "is no CQL2 text"),
        ("status=", "is no CQL2 text"),
        ("status='neutralised' AND", "is no CQL2 text"),
        ("'x", "is no CQL2 text"),
        ("colour='red'", "there is no property \"colour\"; there are id, kind,"),
        ("Kind='ap_mine'", "there is no property \"Kind\""),
        ("kind='apm?'", "kind is never \"apm?\": it is one of ap_mine, "),
        ("status IN ('neutralised','gone')", "status is never \"gone\""),
        ("region='AZ'", "region is never \"AZ\": it is the id of a district"),
        ("quantity='three'", "the number quantity cannot be compared with the text 'three'"),
        ("model=3", "the text model cannot be compared with the number 3"),
        ("depth_cm=DATE('2020-01-01')", "the number depth_cm cannot be compared with a date"),
        ("geometry='x'", "geometry cannot be compared with"),
        ("detected_on > 'yesterday'", "'yesterday' is neither a day"),
        ("detected_on > DATE('2023-02-30')", "'2023-02-30' is no day"),
        ("updated_at > TIMESTAMP('2023-02-30T00:00:00Z')", "is neither a day"),
        ("model", "the text model is neither true nor false"),
        ("model LIKE 3", "LIKE needs a pattern in quotes"),
        ("quantity LIKE '3%'", "LIKE is asked of a text, not of the number quantity"),
        ("model = NULL", "NULL is compared to nothing"),
        ("quantity + 1 = 2", "arithmetic (+) is not supported"),
        ("soundex(model) = 'P'", "\"soundex\" gives no value"),
        ("buffer(geometry, 1)", "\"buffer\" is no function or operator known here"),
        ("a_contains(model, ('x'))", "\"a_contains\" is no function"),
        ("S_INTERSECTS(geometry, geometry)", "not of geometry and geometry"),
        ("S_INTERSECTS(geometry)", "s_intersects has 1 operands; it needs 2"),
        ("S_INTERSECTS(model, POINT(1 2))", "not of the text model"),
        ("S_INTERSECTS(geometry, POINT(181 0))", "longitude 181 is outside"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "it is empty"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))", "the last like the first"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "crosses or touches itself"),
        ("S_INTERSECTS(geometry, LINESTRING(0 0))", "2 positions"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3))", "is not four numbers"),
        ("S_INTERSECTS(geometry, BBOX(0,50,1,40))", "south 50 is greater than north 40"),
        ("S_INTERSECTS(geometry, BBOX(-200,0,0,1))", "is outside the world"),
        ("T_DURING(model, DATE('2020-01-01'))", "asked of dates and intervals, not of the text model"),
        ("T_AFTER(detected_on, INTERVAL('2020-01-01'))", "INTERVAL has 1 ends"),
        ("quantity > 1e999", "too large"),
    ] {
        let detail = text(filter).unwrap_err();
        assert!(detail.starts_with("parameter filter=") && detail.contains(reason), "{filter}: {detail}");
    }
    for (filter, reason) in [
        ("", "is no CQL2 JSON"),
        ("[1,2]", "a list stands only behind IN"),
        (r#"{"op":"and"}"#, "is no CQL2 JSON"),
        (r#"{"op":"between","args":[{"property":"quantity"},1]}"#, "between has 2 operands"),
        (r#"{"op":"not","args":[]}"#, "not has 0 operands"),
        (r#"{"op":"in","args":[{"property":"quantity"},1]}"#, "IN needs a list"),
        (r#"{"op":"=","args":[{"property":"quantity"},null]}"#, "NULL is compared to nothing"),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}]}"#,
            "the last like the first",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#,
            "is no CQL2 JSON",
        ),
    ] {
        let detail = asked("cql2-json", filter).unwrap_err();
        assert!(detail.contains(reason), "{filter}: {detail}");
    }
    assert!(
        asked("cql3", "true").unwrap_err().contains("filter-lang=\"cql3\": is not cql2-text or cql2-json")
    );
}

#[test]
fn what_is_too_long_too_deep_or_too_much_is_refused() {
    let long = |part: &str, with: &str, n: usize| vec![part; n].join(with);
    let mut deep = "true".to_owned();
    for _ in 0..MAX_DEPTH {
        deep = format!(r#"{{"op":"not","args":[{deep}]}}"#);
    }
    let positions = |n: usize| {
        (0..n).fold(String::new(), |mut all, _| {
            write!(all, "{}1 2", if all.is_empty() { "" } else { "," }).unwrap();
            all
        })
    };
    for (language, filter, reason) in [
        ("cql2-text", long("x", "x", MAX_BYTES), "16384 are the most"),
        ("cql2-text", format!("{}true{}", "(".repeat(13), ")".repeat(13)), "more than 12 brackets"),
        ("cql2-text", "(".repeat(16_000), "more than 12 brackets"),
        ("cql2-text", format!("{}true", "NOT ".repeat(4_000)), "more than 32 operations within each other"),
        ("cql2-text", long("true", " AND ", 1_800), "more than 1000 operations"),
        ("cql2-text", format!("quantity = {}", long("1", " - ", 4_000)), "arithmetic"),
        ("cql2-text", format!("quantity = {}", long("1", "^", 8_000)), "arithmetic"),
        ("cql2-text", long("true", " = ", 2_000), "gives no value that can be compared"),
        ("cql2-text", long("note LIKE '%a%'", " OR ", 21), "more than 20 tests with LIKE"),
        ("cql2-text", format!("CASEI(team) IN ({})", long("'a'", ",", 21)), "more than 20 tests with LIKE"),
        (
            "cql2-text",
            format!("{}1=1 {}b{}", "(".repeat(12), "or 1=1 ".repeat(1_500), ")".repeat(12)),
            "call limit reached",
        ),
        ("cql2-json", deep, "more than 32 operations within each other"),
        ("cql2-json", format!("{}{}", "[".repeat(8_000), "]".repeat(8_000)), "is no CQL2 JSON"),
        ("cql2-json", format!("{}1{}", "[".repeat(120), "]".repeat(120)), "a list stands only behind IN"),
        (
            "cql2-text",
            format!("S_INTERSECTS(geometry,MULTIPOINT({}))", positions(4_001)),
            "more than 4000 positions",
        ),
    ] {
        match asked(language, &filter) {
            Ok(_) => panic!("{} passes", &filter[..60.min(filter.len())]),
            Err(detail) => assert!(detail.contains(reason), "{}: {detail}", &filter[..60.min(filter.len())]),
        }
    }
    let brackets = format!("{}status='neutralised'{}", "(".repeat(MAX_BRACKETS), ")".repeat(MAX_BRACKETS));
    assert_eq!(text(&brackets), text("status='neutralised'"));
    // However often a sign is turned, it is a number, and the parser stays on its feet.
    assert_eq!(text(&format!("quantity = {}1", "-".repeat(16_000))), text("quantity = 1"));
    // What is as long as it may be is read.
    assert!(text(&long("quantity=1", " OR ", 330)).is_ok());
    assert!(text(&format!("quantity IN ({})", long("1", ",", 990))).is_ok());
    assert!(text(&format!("S_INTERSECTS(geometry,MULTIPOINT({}))", positions(4_000))).is_ok());
    // Brackets in quotes are letters.
    assert!(text(&format!("model='{}'", "(".repeat(40))).is_ok());
}

#[test]
fn brackets_that_cannot_be_read_do_not_hold_the_parser_up() {
    // Each pair is tried as an expression and as a list: what is wrong inside is read 2^12 times.
    for wrong in ["a b", "1,,2", "POINT(1)", "x BETWEEN (1 AND", "f(f(f(f(1 2))))"] {
        let filter = format!("{}{wrong}{}", "(".repeat(MAX_BRACKETS - 5), ")".repeat(MAX_BRACKETS - 5));
        assert!(text(&filter).is_err());
    }
}

#[test]
fn positions_stand_in_the_system_that_filter_crs_names() {
    let ground = Atlas::new(vec![], vec![], vec![]).unwrap();
    let with = |crs: &str, shape: &str| {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("filter-crs", crs)
            .append_pair("filter", &format!("S_INTERSECTS(geometry, {shape})"))
            .finish();
        let condition = take(&mut Params::read(&query).ok().unwrap(), ground.ground(), Scope::Full).ok()?;
        Some(format!("{:?}", condition.unwrap()))
    };
    let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    let expected = with(crs84, "POINT(46 39)");
    assert!(expected.is_some());
    assert_eq!(with("[OGC:CRS84]", "POINT(46 39)"), expected);
    assert_eq!(with("EPSG:4326", "POINT(39 46)"), expected);
    assert_ne!(with("EPSG:4326", "POINT(46 39)"), expected);
    assert_eq!(
        with("EPSG:4326", "BBOX(39,46,40,47)"),
        with("EPSG:4326", "POLYGON((39 46, 39 47, 40 47, 40 46, 39 46))")
    );
    assert!(with("EPSG:32638", "BBOX(585000,4316000,586000,4318000)").is_some());
    assert!(with("EPSG:32638", "POINT(4436000 8612000)").is_none());
    for other in ["", "xCRS84", "http://www.opengis.net/def/crs/OGC/0/CRS84h", "EPSG:2154"] {
        assert!(with(other, "POINT(46 39)").is_none(), "{other}");
    }
}

#[test]
fn the_examples_of_the_standard_parse() {
    // What they ask of are other properties, so that nearly all of them are refused for that and nothing else.
    let examples = include_str!("../../../testdata/cql2-examples.ndjson");
    let mut n = 0;
    for line in examples.lines() {
        let example: serde_json::Value = serde_json::from_str(line).unwrap();
        let as_text = text(example["text"].as_str().unwrap());
        let as_json = example.get("json").map(|json| asked("cql2-json", &json.to_string()));
        for outcome in [Some(as_text), as_json].into_iter().flatten() {
            n += 1;
            if let Err(reason) = outcome {
                assert!(!reason.contains("is no CQL2"), "{}: {reason}", example["name"]);
            }
        }
    }
    assert!(n > 220, "{n}");
}
