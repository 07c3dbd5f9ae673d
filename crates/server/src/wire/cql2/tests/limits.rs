//! Refused filters: those that do not fit a record, and those that exceed a limit.

use std::fmt::Write;

use super::*;

#[test]
fn what_does_not_fit_a_record_is_refused_by_name() {
    for (filter, reason) in [
        ("", "is not valid CQL2 text"),
        ("status=", "is not valid CQL2 text"),
        ("status='neutralised' AND", "is not valid CQL2 text"),
        ("'x", "is not valid CQL2 text"),
        ("colour='red'", "unknown property \"colour\"; known properties: id, kind,"),
        ("Kind='ap_mine'", "unknown property \"Kind\""),
        ("quantity='three'", "the number quantity cannot be compared with the text 'three'"),
        ("model=3", "the text model cannot be compared with the number 3"),
        ("depth_cm=DATE('2020-01-01')", "the number depth_cm cannot be compared with a date"),
        ("geometry='x'", "geometry cannot be compared with"),
        ("detected_on > 'yesterday'", "'yesterday' is neither a day"),
        ("detected_on > DATE('2023-02-30')", "'2023-02-30' is not a day"),
        ("updated_at > TIMESTAMP('2023-02-30T00:00:00Z')", "is neither a day"),
        ("model", "the text model is neither true nor false"),
        ("model LIKE 3", "LIKE needs a pattern in quotes"),
        ("quantity LIKE '3%'", "LIKE applies to a text, not to the number quantity"),
        ("model = NULL", "NULL cannot be compared"),
        ("quantity + 1 = 2", "arithmetic (+) is not supported"),
        ("quantity = 2 div 2", "arithmetic (div) is not supported"),
        ("quantity = -quantity", "arithmetic (-) is not supported"),
        ("kind = 'a' = true", "at character 12, AND, OR or the end is expected, not \"=\""),
        ("(kind = 'a') = true", "a condition cannot be compared"),
        ("kind NOT 'a'", "at character 10, LIKE, BETWEEN or IN is expected, not the text 'a'"),
        ("kind IN ()", "at character 10, a property or a value is expected, not \")\""),
        ("quantity BETWEEN 1 OR 2", "at character 20, AND is expected, not \"OR\""),
        ("kind = ü?", "'?' is not allowed"),
        ("true) OR (true", "at character 5, AND, OR or the end is expected"),
        (
            "INTERVAL('2020-01-01','2021-01-01') = DATE('2020-01-01')",
            "an interval cannot be compared with a date",
        ),
        ("soundex(model) = 'P'", "unknown function or operator \"soundex\""),
        ("buffer(geometry, 1)", "unknown function or operator \"buffer\""),
        ("a_contains(model, ('x','y'))", "unknown function or operator \"a_contains\""),
        ("S_INTERSECTS(geometry, geometry)", "not to geometry and geometry"),
        ("S_INTERSECTS(geometry)", "s_intersects needs 2 operands, not 1"),
        ("S_INTERSECTS(model, POINT(1 2))", "not to the text model"),
        ("S_INTERSECTS(geometry, POINT(181 0))", "longitude 181 is outside"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "it is empty"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))", "the last must equal the first"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "crosses or touches itself"),
        ("S_INTERSECTS(geometry, LINESTRING(0 0))", "2 positions"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3))", "is not four numbers"),
        ("S_INTERSECTS(geometry, BBOX(0,50,1,40))", "south 50 is greater than north 40"),
        ("S_INTERSECTS(geometry, BBOX(-200,0,0,1))", "is outside the world"),
        ("T_DURING(model, DATE('2020-01-01'))", "applies to dates and intervals, not to the text model"),
        ("T_AFTER(detected_on, INTERVAL('2020-01-01'))", "interval needs 2 operands, not 1"),
        ("quantity > 1e999", "too large"),
    ] {
        let detail = text(filter).unwrap_err();
        assert!(detail.starts_with("parameter filter=") && detail.contains(reason), "{filter}: {detail}");
    }
    for (filter, reason) in [
        ("", "is not valid CQL2 JSON"),
        ("[1,2]", "a list is allowed only after IN"),
        (r#"{"op":"and"}"#, "is not valid CQL2 JSON"),
        (r#"{"op":"between","args":[{"property":"quantity"},1]}"#, "between needs 3 operands, not 2"),
        (r#"{"op":"not","args":[]}"#, "not needs 1 operand, not 0"),
        (r#"{"op":"in","args":[{"property":"quantity"},1]}"#, "IN needs a list"),
        (r#"{"op":"=","args":[{"property":"quantity"},null]}"#, "NULL cannot be compared"),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}]}"#,
            "the last must equal the first",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#,
            "a position needs two numbers",
        ),
        (r#"{"op":"+","args":[1,2]}"#, "arithmetic (+) is not supported"),
        (r#"{"op":"avg","args":[[1]]}"#, "unknown function or operator \"avg\""),
        (r#"{"op":"=","args":[1,1],"more":1}"#, "\"more\" does not belong here"),
        (r#"{"property":"model","date":"2020-01-01"}"#, "does not belong here"),
        (r#"{"op":"or","args":[]}"#, "or needs an operand"),
        (r#"{"op":7,"args":[]}"#, "an operation needs"),
        (
            r#"{"op":"t_after","args":[{"interval":["..","..",".."]},{"date":"2020-01-01"}]}"#,
            "interval needs 2 operands, not 3",
        ),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,"3",4]}]}"#,
            "\"bbox\" must contain only numbers",
        ),
        (r#"{"propertie":"model"}"#, "\"propertie\" is not a member of an expression"),
        ("{}", "an object is empty"),
        ("1e999", "is not valid CQL2 JSON"),
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
    for _ in 0..=MAX_DEPTH {
        deep = format!(r#"{{"op":"not","args":[{deep}]}}"#);
    }
    let positions = |n: usize| {
        (0..n).fold(String::new(), |mut all, _| {
            write!(all, "{}1 2", if all.is_empty() { "" } else { "," }).unwrap();
            all
        })
    };
    for (language, filter, reason) in [
        ("cql2-text", long("x", "x", MAX_BYTES), "at most 16384 are allowed"),
        (
            "cql2-text",
            format!("{}true{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH)),
            "more than 60 nested operations or brackets",
        ),
        ("cql2-text", "(".repeat(16_000), "more than 60 nested operations or brackets"),
        ("cql2-text", "casei(".repeat(2_000), "more than 60 nested operations or brackets"),
        ("cql2-text", format!("{}true", "NOT ".repeat(4_000)), "more than 60 nested operations or brackets"),
        ("cql2-text", long("true", " AND ", 1_800), "more than 1000 operations"),
        ("cql2-text", format!("quantity = {}", long("1", " - ", 4_000)), "arithmetic"),
        ("cql2-text", format!("quantity = {}", long("1", "^", 8_000)), "arithmetic"),
        ("cql2-text", long("true", " = ", 2_000), "at character 13, AND, OR or the end is expected"),
        ("cql2-text", long("note LIKE '%a%'", " OR ", 21), "more than 20 tests with LIKE"),
        ("cql2-text", format!("CASEI(team) IN ({})", long("'a'", ",", 21)), "more than 20 tests with LIKE"),
        (
            "cql2-text",
            format!("{}1=1 {}b{}", "(".repeat(12), "or 1=1 ".repeat(1_500), ")".repeat(12)),
            "is not valid CQL2 text",
        ),
        ("cql2-json", deep, "more than 60 nested operations or brackets"),
        ("cql2-json", format!("{}{}", "[".repeat(8_000), "]".repeat(8_000)), "is not valid CQL2 JSON"),
        ("cql2-json", format!("{}1{}", "[".repeat(120), "]".repeat(120)), "a list is allowed only after IN"),
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
    let within = MAX_DEPTH - 1;
    let brackets = format!("{}status='neutralised'{}", "(".repeat(within), ")".repeat(within));
    assert_eq!(text(&brackets), text("status='neutralised'"));
    // As deep as JSON permits, around the deepest possible value.
    let shape = r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}]}"#;
    let deep =
        format!("{}{shape}{}", r#"{"op":"not","args":["#.repeat(MAX_DEPTH - 2), "]}".repeat(MAX_DEPTH - 2));
    assert!(asked("cql2-json", &deep).is_ok());
    // Clients write long filters with one more bracket for each part.
    let left = format!("{}quantity=1{}", "(".repeat(within), ") OR quantity=1".repeat(within));
    assert!(text(&left).is_ok());
    // Repeated signs do not overflow the parser's stack.
    assert_eq!(text(&format!("quantity = {}1", "-".repeat(16_000))), text("quantity = 1"));
    // Filters of the largest permitted size are accepted.
    assert!(text(&long("quantity=1", " OR ", 330)).is_ok());
    assert!(text(&format!("quantity IN ({})", long("1", ",", 990))).is_ok());
    assert!(text(&format!("S_INTERSECTS(geometry,MULTIPOINT({}))", positions(4_000))).is_ok());
    // Brackets in quotes do not count.
    assert!(text(&format!("model='{}'", "(".repeat(40))).is_ok());
}

#[test]
fn a_text_is_read_in_time_that_grows_with_its_length() {
    // Each has the maximum length and would provoke backtracking.
    let n = MAX_BYTES;
    for wrong in [
        "(".repeat(n),
        "((".repeat(29) + &"1=1 or ".repeat((n - 60) / 7),
        "f(".repeat(n / 2),
        "not ".repeat(n / 4),
        "'".repeat(n - 1),
        "\\'".repeat(n / 2),
        "\"".repeat(n - 1),
        "1".repeat(n),
        "x BETWEEN ".repeat(n / 10),
        "POINT(".repeat(n / 6),
        "GEOMETRYCOLLECTION(".repeat(n / 19),
        format!("model IN ({}", "'',".repeat(n / 3 - 4)),
    ] {
        let started = std::time::Instant::now();
        let _ = text(&wrong);
        assert!(started.elapsed().as_millis() < 500, "{}", &wrong[..40]);
    }
}

#[test]
fn a_filter_as_deep_as_it_may_be_needs_a_small_stack() {
    let deep = [
        ("cql2-text", format!("{}status='neutralised'{}", "NOT (".repeat(29), ")".repeat(29))),
        (
            "cql2-json",
            format!("{}true{}", r#"{"op":"not","args":["#.repeat(MAX_DEPTH - 1), "]}".repeat(MAX_DEPTH - 1)),
        ),
    ];
    // Half of the stack of a server thread.
    let read = move || deep.map(|(language, filter)| asked(language, &filter).is_ok());
    let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn(read);
    assert_eq!(thread.unwrap().join().unwrap(), [true, true]);
}
