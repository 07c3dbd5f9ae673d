//! Accidents in every format: names, victims, times, and lines that belong together.

use demining::Collection;
use exchange::{
    Format::{self, Csv, GeoJson, GeoJsonLines, Gpx, Kml},
    Mapping, ReadOptions,
};

use crate::read;

const ID: &str = "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01";
const OTHER: &str = "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e02";

fn accidents() -> ReadOptions {
    ReadOptions { collection: Collection::Accidents, ..ReadOptions::default() }
}

fn check(format: Format, body: &str, expected: &[&str]) {
    let seen = read(format, body.as_bytes(), &accidents());
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected, "{body}");
}

#[test]
fn names_mean_the_fields_of_accidents() {
    check(
        Csv,
        "lon,lat,Type,Date of accident,Time,Device,detected_on\n47.1,39.7,mine,2023-09-19,04:30,av_mine,x\n",
        &[
            r#"2 - 47.1,39.7 class="mine" occurred_on="2023-09-19" time="04:30" device="av_mine" detected_on="x""#,
        ],
    );
    check(
        GeoJson,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[47.1,39.7]},"properties":
           {"type":"mine","date":"2023-09-19","time":"04:30","kind":"av_mine","victims":[ {"outcome": "killed"} ]}}"#,
        &[
            r#"1 - 47.1,39.7 class="mine" occurred_on="2023-09-19" time="04:30" device="av_mine" victims=[{"outcome":"killed"}]"#,
        ],
    );
    check(
        Kml,
        "<kml><Placemark><name>mine</name><TimeStamp><when>2023-09-19</when></TimeStamp><ExtendedData>\
         <Data name=\"victims\"><value>[{\"outcome\":\"killed\"}]</value></Data></ExtendedData>\
         <Point><coordinates>47.1,39.7</coordinates></Point></Placemark></kml>",
        &[r#"1 - 47.1,39.7 victims=[{"outcome":"killed"}] class="mine" occurred_on="2023-09-19""#],
    );
    check(
        Gpx,
        "<gpx><wpt lat=\"39.7\" lon=\"47.1\"><type>mine</type><time>2023-09-19T04:30:00Z</time></wpt>\
         <wpt lat=\"39.7\" lon=\"47.1\"><type>Flag, Blue</type><name>ied</name></wpt></gpx>",
        &[
            r#"1 - 47.1,39.7 class="mine" occurred_on="2023-09-19T04:30:00Z""#,
            r#"2 - 47.1,39.7 gpx_type="Flag, Blue" class="ied""#,
        ],
    );
}

#[test]
fn a_mapping_names_fields_of_its_collection() {
    let columns = [("Tarix", "occurred_on"), ("Nəticə", "victim_outcome")];
    let columns = Mapping::new(Collection::Accidents, columns).unwrap();
    let options = ReadOptions { columns, ..accidents() };
    let seen = read(Csv, "lon,lat,Tarix,Nəticə\n1,2,2023-09-19,killed\n".as_bytes(), &options);
    assert_eq!(seen, "2 - 1,2 occurred_on=\"2023-09-19\" victims=[{\"outcome\":\"killed\"}]\n");
    let refused = Mapping::new(Collection::Accidents, [("Tarix", "detected_on")]).unwrap_err();
    assert_eq!(refused, "maps \"Tarix\" to \"detected_on\", which is not a field");
    assert!(Mapping::new(Collection::Detections, [("Nəticə", "victim_outcome")]).is_err());
}

#[test]
fn days_are_read_in_the_order_of_the_request() {
    let options = ReadOptions { dates: Some(demining::DateOrder::Dmy), ..accidents() };
    let body = "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"occurred_on\":\"03.04.2023\"}}\n";
    assert_eq!(read(GeoJsonLines, body.as_bytes(), &options), "1 - nowhere occurred_on=\"2023-04-03\"\n");
}

#[test]
fn lines_with_the_same_id_are_one_accident() {
    let body = format!(
        "id,lon,lat,class,victim_outcome,Victim sex\r\n\
         {ID},47.1,39.7,mine,killed,f\r\n\
         uuid:{ID},,,,injured,\r\n\
         \r\n\
         {ID},47.1,39.7,mine,,\r\n\
         {OTHER},47.1,39.7,ied,,\r\n\
         ,47.2,39.7,uxo,killed,\r\n\
         ,47.2,39.7,uxo,injured,m\r\n"
    );
    check(
        Csv,
        &body,
        &[
            &format!(
                r#"2 "{ID}" 47.1,39.7 class="mine" victims=[{{"outcome":"killed","sex":"f"}},{{"outcome":"injured"}}]"#
            ),
            &format!(r#"6 "{OTHER}" 47.1,39.7 class="ied""#),
            r#"7 - 47.2,39.7 class="uxo" victims=[{"outcome":"killed"}]"#,
            r#"8 - 47.2,39.7 class="uxo" victims=[{"outcome":"injured","sex":"m"}]"#,
        ],
    );
}

#[test]
fn a_line_that_differs_from_the_first_refuses_its_accident() {
    let body = format!(
        "id,lon,lat,Type,note,victim_outcome\n\
         {ID},47.1,39.7,mine,,killed\n\
         {ID},47.1,39.8,,,killed\n\
         {ID},,,,road,injured\n\
         {ID},,,\"mine\"x,,injured\n\
         {ID},,,,,injured\n\
         {OTHER},47.1,39.7,mine,,killed\n"
    );
    check(
        Csv,
        &body,
        &[
            &format!(r#"problem 3 of {ID}: lat "39.8" differs from "39.7" in row 2, which has the same id"#),
            &format!(r#"problem 4 of {ID}: note "road" is blank in row 2, which has the same id"#),
            r#"problem 5:  "" has text after a closing quote; is a quote not closed, or not doubled?"#,
            &format!(r#"7 "{OTHER}" 47.1,39.7 class="mine" victims=[{{"outcome":"killed"}}]"#),
        ],
    );
}

#[test]
fn lines_of_an_accident_that_do_not_follow_one_another_are_refused() {
    let body = format!(
        "id,lon,lat,victim_outcome\n{ID},1,2,killed\n{OTHER},1,2,killed\n{ID},,,injured\nuuid:{ID},,,killed\n"
    );
    let refused = |row: u32, id: &str| {
        format!(
            "problem {row} of {id}: id {id:?} is the id of row 2 already: lines with the same id must follow one another"
        )
    };
    check(
        Csv,
        &body,
        &[
            &format!(r#"2 "{ID}" 1,2 victims=[{{"outcome":"killed"}}]"#),
            &format!(r#"3 "{OTHER}" 1,2 victims=[{{"outcome":"killed"}}]"#),
            &refused(4, ID),
            &refused(5, &format!("uuid:{ID}")),
        ],
    );
}

#[test]
fn victims_are_a_json_array_or_columns() {
    let array = "\"[{\"\"outcome\"\":\"\"killed\"\"}]\"";
    check(
        Csv,
        &format!("lon,lat,victims,victim_outcome\n1,2,{array},\n1,2,,killed\n1,2,{array},killed\n1,2,two,\n"),
        &[
            r#"2 - 1,2 victims=[{"outcome":"killed"}]"#,
            r#"3 - 1,2 victims=[{"outcome":"killed"}]"#,
            r#"problem 4: victims "[{\"outcome\":\"killed\"}]" has a value, and so have the columns of the victim: leave one of the two blank"#,
            r#"5 - 1,2 victims="two""#,
        ],
    );
}

#[test]
fn columns_of_victims_are_refused_where_victims_are_an_array() {
    let reason = "is for CSV and XLSX with one line for each victim; elsewhere victims is a JSON array";
    let refused = format!("problem 1: victim_sex \"m\" {reason}");
    let properties = |json: &str| {
        format!(r#"{{"type":"Feature","geometry":null,"properties":{{"class":"mine",{json}}}}}"#)
    };
    check(GeoJson, &properties(r#""victim_sex":"m""#), &[&refused]);
    check(GeoJson, &properties(r#""extra":{"victim_sex":"m"}"#), &[&refused]);
    let data = "<Data name=\"victim_sex\"><value>m</value></Data>";
    let kml = format!("<kml><Placemark><ExtendedData>{data}</ExtendedData></Placemark></kml>");
    check(Kml, &kml, &[&refused]);
}

#[test]
fn limits_hold_for_lines_that_belong_together() {
    let more = format!("{ID},,,killed\n").repeat(50);
    let mut body = format!("id,lon,lat,victim_outcome\n{ID},1,2,killed\n{more}");
    let short = ReadOptions { max_row_bytes: 500, ..accidents() };
    assert_eq!(read(Csv, body.as_bytes(), &short), "error: row 2 takes more than 500 bytes\n");
    let one = ReadOptions { max_rows: 1, ..accidents() };
    assert!(read(Csv, body.as_bytes(), &one).starts_with(&format!("2 \"{ID}\" 1,2 victims=[")));
    body = format!("{body}{OTHER},1,2,killed\n");
    assert!(read(Csv, body.as_bytes(), &one).ends_with("error: there are more than 1 rows\n"));
}

#[test]
fn reading_stops_where_the_caller_stops_it() {
    let body = format!("id,lon,lat,victim_sex\n{ID},1,2,m\n{OTHER},1,2,m\n,1,2,\n");
    for (wanted, stopped) in [(1, true), (2, true), (3, true), (4, false)] {
        let mut n = 0;
        let summary = exchange::read(Csv, body.as_bytes(), &accidents(), |_| {
            n += 1;
            if n == wanted { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        })
        .unwrap();
        assert_eq!((summary.rows, summary.stopped), (n.min(3), stopped), "{wanted}");
    }
}
