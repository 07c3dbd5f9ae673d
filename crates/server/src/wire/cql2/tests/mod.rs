use atlas::Scope;

use super::*;

use crate::wire::records::detections::Shown;

mod limits;

/// Returns the condition's debug text, or the reason for refusing the filter.
fn asked(language: &str, filter: &str) -> Result<String, String> {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("filter-lang", language)
        .append_pair("filter", filter)
        .finish();
    let mut params = Params::read(&query).ok().unwrap();
    match take(&mut params, &Shown(Scope::Full)) {
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
    // A day in quotes, as in a draft and as GDAL sends it.
    assert_eq!(text("detected_on >= '2021-01-01'"), text("detected_on >= DATE('2021-01-01')"));
    assert_eq!(text("S_WITHIN(POINT(1 2), geometry)"), text("S_CONTAINS(geometry, POINT(1 2))"));
}

#[test]
fn the_grammar_holds_to_the_letter() {
    // OGC 21-065r2, annex B: the forms in each line are equivalent.
    for forms in [
        &["quantity=5", "quantity = 5.", "quantity=+5", "quantity=5.0e0", "quantity = .5E1", "quantity=--5"]
            [..],
        &["quantity<>-2.5", "quantity <>\t-25e-1", "\"quantity\"\n<> -2.5", "quantity\u{3000}<>\u{a0}-2.5"],
        &["model='O''Neill'", r"model='O\'Neill'", "(model)=('O''Neill')"],
        &["NOT model LIKE 'a%'", "model NOT LIKE 'a%'", "not (model like 'a%')", "model nOt LiKe 'a%'"],
        &["model IS NOT NULL", "NOT model IS NULL", "NOT(model is null)", "NOT CASEI(model) IS NULL"],
        &[
            "depth_cm NOT BETWEEN 1 AND 2",
            "NOT depth_cm BETWEEN 1 AND 2",
            "NOT (depth_cm >= 1 AND depth_cm <= 2)",
        ],
        &["quantity=1 OR quantity=2 AND quantity=3", "quantity=1 OR (quantity=2 AND quantity=3)"],
        &["quantity=1 AND quantity=2 AND quantity=3", "((quantity=1) AND (quantity=2)) AND (quantity=3)"],
        &["CASEI(model) LIKE CASEI('A%')", "casei(model) LIKE casei('A%')", "model ILIKE 'A%'"],
        &["ACCENTI(CASEI(model))='a'", "CASEI(ACCENTI(model))='a'"],
        &["true", "TRUE", "'a'<'b'", "true = true", "'a' LIKE '_'", "true<>false"],
        &["FALSE", "DATE('2020-01-01') IS NULL", "'a' = 'b'", "POINT(1 2) IS NULL"],
        &[
            "S_WITHIN(geometry,POINT(1 2))",
            "s_within(geometry, Point Z (1 2 3))",
            "S_WITHIN(\"geometry\",PointZM(1 2 3 4))",
            "S_WITHIN(geometry,POINT(+1 2e0))",
            "S_CONTAINS(POINT(1 2),geometry)",
        ],
        &["S_WITHIN(geometry,MULTIPOINT((1 2),(3 4)))", "S_WITHIN(geometry,MULTIPOINT(1 2,3 4))"],
        &["S_WITHIN(geometry,BBOX(1,2,3,4))", "S_WITHIN(geometry,bbox(1,2,-99,3,4,99))"],
        &[
            "T_DURING(detected_on,INTERVAL('..','2020-01-01'))",
            "t_during(detected_on,interval('..', DATE('2020-01-01')))",
        ],
        &[
            "T_AFTER(updated_at,TIMESTAMP('2020-01-01T00:00:00Z'))",
            "T_AFTER(updated_at,'2020-01-01T00:00:00.0Z')",
        ],
    ] {
        let first = text(forms[0]).unwrap_or_else(|reason| panic!("{}: {reason}", forms[0]));
        for form in forms {
            assert_eq!(text(form).as_ref(), Ok(&first), "{form}");
        }
    }
    // A name may be a quoted keyword, or the word of a function or geometry that is not followed by a
    // bracket.
    for name in ["\"and\"", "date", "point", "s_within", "avg", "\"a\"\"b\"", "ƏÖ:x_1.y"] {
        assert!(text(&format!("{name}=1")).unwrap_err().contains("unknown property"), "{name}");
    }
}

#[test]
fn geometries_that_are_both_given_are_compared_at_once() {
    let always = text("true").unwrap();
    for so in [
        "S_INTERSECTS(POINT(1 1), POLYGON((0 0, 2 0, 2 2, 0 0)))",
        "S_CROSSES(LINESTRING(-1 1, 3 1), POLYGON((0 0, 2 0, 2 2, 0 2, 0 0)))",
        "S_TOUCHES(POLYGON((0 0, 1 0, 1 1, 0 0)), POLYGON((0 0, -1 0, -1 -1, 0 0)))",
        "S_EQUALS(BBOX(0,0,1,1), POLYGON((1 1, 0 1, 0 0, 1 0, 1 1)))",
        "S_CONTAINS(BBOX(0,0,9,9), GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(2 2, 3 3)))",
        "S_DISJOINT(POINT(1 1), POINT(1 2))",
    ] {
        assert_eq!(text(so).as_ref(), Ok(&always), "{so}");
    }
    assert_eq!(text("S_OVERLAPS(POINT(1 1), POINT(1 1))"), text("false"));
}

#[test]
fn a_word_that_a_property_never_has_matches_nothing() {
    for filter in
        ["kind='apm?'", "status IN ('neutralised','gone')", "region='AZ'", "fix <> 'x'", "disposal='y'"]
    {
        assert!(text(filter).is_ok(), "{filter}");
    }
}

#[test]
fn moments_that_are_far_away_stand_for_the_first_or_the_last() {
    for filter in [
        "updated_at < TIMESTAMP('9999-12-31T00:00:00Z')",
        "updated_at > TIMESTAMP('0000-01-01T00:00:00Z')",
        "detected_on < DATE('12345-01-01')",
        "detected_on < '9999-12-31T23:59:59Z'",
        "T_DURING(detected_on, INTERVAL('-12345-01-01', '9999-12-31T00:00:00Z'))",
    ] {
        assert!(text(filter).is_ok(), "{filter}: {:?}", text(filter));
    }
    let in_json = r#"{"op":"<","args":[{"property":"updated_at"},{"timestamp":"9999-12-31T00:00:00Z"}]}"#;
    assert_eq!(asked("cql2-json", in_json), text("updated_at < TIMESTAMP('9999-12-31T00:00:00Z')"));
}

#[test]
fn positions_stand_in_the_system_that_filter_crs_names() {
    let with = |crs: &str, shape: &str| {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("filter-crs", crs)
            .append_pair("filter", &format!("S_INTERSECTS(geometry, {shape})"))
            .finish();
        let condition = take(&mut Params::read(&query).ok().unwrap(), &Shown(Scope::Full)).ok()?;
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
fn the_examples_of_the_standard_are_read() {
    // The examples use other properties, so nearly all of them are refused. The others use features that are
    // not declared (arithmetic, custom functions), or rings that cross themselves.
    let reasons = [
        "unknown property",
        "unknown function or operator",
        "arithmetic",
        "to the property geometry",
        "crosses or touches itself",
        "the geometry is wrong",
        "LIKE needs a pattern",
    ];
    let examples = include_str!("../../../../testdata/cql2-examples.ndjson");
    let (mut n, mut accepted) = (0, 0);
    for line in examples.lines() {
        let example: serde_json::Value = serde_json::from_str(line).unwrap();
        let as_text = text(example["text"].as_str().unwrap());
        let as_json = example.get("json").map(|json| asked("cql2-json", &json.to_string()));
        // Both encodings of a filter give the same condition, or the same reason for refusing it.
        let reason = |outcome: &Result<String, String>| match outcome {
            Ok(condition) => condition.clone(),
            Err(reason) => reason.rsplit("\": ").next().unwrap().to_owned(),
        };
        if let Some(as_json) = &as_json {
            let (in_text, in_json) = (reason(&as_text), reason(as_json));
            // Text names the innermost operator, JSON the outermost.
            let is_arithmetic = in_text.contains("arithmetic") && in_json.contains("arithmetic");
            // Text names functions in capitals.
            let is_same = in_text.eq_ignore_ascii_case(&in_json);
            assert!(is_arithmetic || is_same, "{}: {in_text}; {in_json}", example["name"]);
        }
        for outcome in [Some(as_text), as_json].into_iter().flatten() {
            n += 1;
            match outcome {
                Ok(_) => accepted += 1,
                Err(reason) => {
                    let known = reasons.iter().any(|known| reason.contains(known));
                    assert!(known, "{}: {reason}", example["name"]);
                }
            }
        }
    }
    assert!(n > 220 && accepted > 10, "{n} examples, {accepted} of them accepted");
}
