//! A statement means the same in every format: reference systems, mappings, ids, days, and repeated places.

use demining::DateOrder;
use exchange::{
    AxisOrder,
    Format::{self, Csv, GeoJson, GeoJsonLines, Gpx, Kml, Kmz},
    Mapping, ReadOptions, Reference,
};

use crate::{check, read, zip};

const ID: &str = "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01";
const OTHER_ID: &str = "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e02";

fn mapped(pairs: &[(&str, &str)]) -> ReadOptions {
    ReadOptions {
        columns: Mapping::new(demining::Collection::Detections, pairs.iter().copied()).unwrap(),
        ..ReadOptions::default()
    }
}

fn in_system(name: &str, order: AxisOrder) -> ReadOptions {
    ReadOptions { crs: Some(Reference::parse(name, order).unwrap()), ..ReadOptions::default() }
}

/// Returns one row in a format that names its values: an id, and values by name, at 46.1 E, 40.2 N.
fn one_row(format: Format, values: &[(&str, &str)]) -> String {
    let join = |each: &dyn Fn(&str, &str) -> String, between: &str| {
        values.iter().map(|(name, value)| each(name, value)).collect::<Vec<_>>().join(between)
    };
    match format {
        Csv => {
            format!(
                "lon,lat,{}\n46.1,40.2,{}\n",
                join(&|n, _| n.to_owned(), ","),
                join(&|_, v| v.to_owned(), ",")
            )
        }
        GeoJson | GeoJsonLines => format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[46.1,40.2]}},"properties":{{{}}}}}"#,
            join(&|n, v| format!("\"{n}\":\"{v}\""), ",")
        ),
        Kml => format!(
            "<kml><Placemark><ExtendedData>{}</ExtendedData><Point><coordinates>46.1,40.2</coordinates></Point>\
             </Placemark></kml>",
            join(&|n, v| format!("<Data name=\"{n}\"><value>{v}</value></Data>"), "")
        ),
        Gpx => format!(
            "<gpx><wpt lat=\"40.2\" lon=\"46.1\"><extensions>{}</extensions></wpt></gpx>",
            join(&|n, v| format!("<{n}>{v}</{n}>"), "")
        ),
        other => panic!("{other}"),
    }
}

const TEXTS: [Format; 5] = [Csv, GeoJson, GeoJsonLines, Kml, Gpx];

/// Returns the row without its number.
fn row_of(format: Format, values: &[(&str, &str)], options: &ReadOptions) -> String {
    let seen = read(format, one_row(format, values).as_bytes(), options);
    let seen = seen.trim_end();
    seen.strip_prefix("problem ").unwrap_or(seen).trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()
}

#[test]
fn a_request_that_names_a_system_says_nothing_of_the_order_of_axes_in_geojson() {
    let feature = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[46.1,40.2]},"properties":{}}"#;
    let with = |crs: &str| feature.replace("\"id\"", &format!("\"crs\":{crs},\"id\""));
    let named = r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}}"#;
    for name in
        ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/EPSG/0/4326", "CRS84"]
    {
        let options = in_system(name, AxisOrder::EastNorth);
        for body in [feature.to_owned(), with(named)] {
            assert_eq!(read(GeoJson, body.as_bytes(), &options), "1 \"a\" 46.1,40.2\n", "{name}");
            assert_eq!(read(GeoJsonLines, body.as_bytes(), &options), "1 \"a\" 46.1,40.2\n", "{name}");
        }
    }
    // Content-Crs also defines the axis order, even if the file names the same system.
    let options = in_system("EPSG:4326", AxisOrder::Defined);
    for body in [feature.to_owned(), with(named)] {
        let turned = body.replace("46.1,40.2", "40.2,46.1");
        assert_eq!(read(GeoJson, turned.as_bytes(), &options), "1 \"a\" 46.1,40.2\n");
    }
    let other = r#"{"type":"name","properties":{"name":"EPSG:3857"}}"#;
    let seen = read(GeoJsonLines, with(other).as_bytes(), &in_system("EPSG:4326", AxisOrder::EastNorth));
    assert_eq!(seen, "problem 1 of a: crs \"EPSG:3857\" differs from the one in the request, EPSG:4326\n");
}

#[test]
fn a_mapping_holds_in_every_format() {
    for format in TEXTS {
        let seen = |values: &[_], pairs: &[_]| row_of(format, values, &mapped(pairs));
        assert_eq!(seen(&[("id", "7")], &[("id", "-")]), " - 46.1,40.2", "{format}");
        assert_eq!(seen(&[("Cihaz", "uxo")], &[("Cihaz", "kind")]), " - 46.1,40.2 kind=\"uxo\"", "{format}");
        assert_eq!(seen(&[("uid", ID)], &[("uid", "id")]), format!(" {ID:?} 46.1,40.2"), "{format}");
        assert_eq!(seen(&[("type", "user")], &[("type", "-")]), " - 46.1,40.2", "{format}");
        assert_eq!(seen(&[("kind", "x")], &[("KIND", "model")]), " - 46.1,40.2 model=\"x\"", "{format}");
        assert_eq!(seen(&[("why", "x")], &[("why", "reason")]), " - 46.1,40.2 reason=\"x\"", "{format}");
        assert_eq!(seen(&[("id", "7")], &[("id", "team")]), " - 46.1,40.2 team=\"7\"", "{format}");
    }
}

#[test]
fn names_are_known_in_every_format() {
    for format in TEXTS {
        let seen = |values: &[_]| row_of(format, values, &ReadOptions::default());
        assert_eq!(seen(&[("Device", "uxo")]), " - 46.1,40.2 kind=\"uxo\"", "{format}");
        assert_eq!(seen(&[("QUANTITY", "3")]), " - 46.1,40.2 quantity=\"3\"", "{format}");
        assert_eq!(seen(&[("Date", "2023-03-14")]), " - 46.1,40.2 detected_on=\"2023-03-14\"", "{format}");
        assert_eq!(seen(&[("UUID", ID)]), format!(" {ID:?} 46.1,40.2"), "{format}");
        for twins in [[("kind", "uxo"), ("Kind", "ap_mine")], [("Note", "a"), ("NOTE", "b")]] {
            let refused = seen(&twins);
            assert!(
                refused.contains("maps to") || refused.contains("two columns for the same value"),
                "{refused}"
            );
        }
    }
}

#[test]
fn a_name_of_a_field_beside_the_field_itself_is_a_property_of_geojson() {
    let seen = |properties: &str| {
        let body = format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[46.1,40.2]}},"properties":{{{properties}}}}}"#
        );
        read(GeoJson, body.as_bytes(), &ReadOptions::default())
    };
    assert_eq!(seen(r#""type":"a","kind":"uxo""#), "1 - 46.1,40.2 type=\"a\" kind=\"uxo\"\n");
    assert_eq!(seen(r#""kind":"uxo","type":"a""#), "1 - 46.1,40.2 kind=\"uxo\" type=\"a\"\n");
    assert_eq!(seen(r#""kind":null,"type":"uxo""#), "1 - 46.1,40.2 =- kind=\"uxo\"\n");
    assert_eq!(seen(r#""Kind":null,"kind":"uxo""#), "1 - 46.1,40.2 kind=\"uxo\"\n");
    // Clearline exports have the fields under their own names; other names are other properties.
    let exported = r#""comment":"x","revision":7,"updated_at":"2023-03-16T08:00:00Z""#;
    assert!(seen(exported).contains(" comment=\"x\""), "{}", seen(exported));
    assert!(seen(r#""comment":"x""#).contains(" note=\"x\""));
    assert!(seen(r#""Date found":"a","found":"b""#).starts_with("problem 1: "));
}

#[test]
fn numbers_that_programs_give_to_features_are_no_ids() {
    let feature = |outer: &str, properties: &str| {
        format!(
            r#"{{"type":"Feature",{outer}"geometry":{{"type":"Point","coordinates":[46.1,40.2]}},"properties":{{{properties}}}}}"#
        )
    };
    check(GeoJson, feature("\"id\":1,", r#""OBJECTID":1"#), &["1 - 46.1,40.2 OBJECTID=1"]);
    check(GeoJson, feature("\"id\":1,", &format!("\"id\":\"{ID}\"")), &[&format!("1 {ID:?} 46.1,40.2")]);
    check(GeoJson, feature("", "\"id\":7"), &["1 7 46.1,40.2"]);
    let seen = |outer: &str, properties: &str, pairs: &[_]| {
        read(GeoJson, feature(outer, properties).as_bytes(), &mapped(pairs)).trim_end().to_owned()
    };
    assert_eq!(seen("\"id\":\"x\",", "", &[("id", "-")]), "1 - 46.1,40.2");
    assert_eq!(
        seen("\"id\":1,", &format!("\"uid\":\"{ID}\""), &[("uid", "id")]),
        format!("1 {ID:?} 46.1,40.2")
    );
    let both = seen(&format!("\"id\":\"{ID}\","), &format!("\"uid\":\"{OTHER_ID}\""), &[("uid", "id")]);
    assert!(both.starts_with(&format!("problem 1 of {ID}: uid ")), "{both}");
    let same = seen(&format!("\"id\":\"{ID}\","), &format!("\"uid\":\"uuid:{ID}\""), &[("uid", "id")]);
    assert_eq!(same, format!("1 {ID:?} 46.1,40.2"));
}

#[test]
fn a_stated_order_of_dates_holds_in_every_format() {
    let options = |dates| ReadOptions { dates: Some(dates), ..ReadOptions::default() };
    for format in TEXTS {
        let seen = |text, dates| row_of(format, &[("detected_on", text)], &options(dates));
        assert_eq!(seen("03/04/2023", DateOrder::Dmy), " - 46.1,40.2 detected_on=\"2023-04-03\"", "{format}");
        assert_eq!(seen("03/04/2023", DateOrder::Mdy), " - 46.1,40.2 detected_on=\"2023-03-04\"", "{format}");
        assert_eq!(seen("2023-03-14", DateOrder::Mdy), " - 46.1,40.2 detected_on=\"2023-03-14\"", "{format}");
        let plain = row_of(format, &[("neutralised_on", "14.03.2023")], &ReadOptions::default());
        assert_eq!(plain, " - 46.1,40.2 neutralised_on=\"14.03.2023\"", "{format}");
    }
}

#[test]
fn a_place_that_is_said_twice_must_be_the_same() {
    let mgrs = "38T NK 93618 50394"; // 46.1, 40.2 or so: see below
    for format in [GeoJson, GeoJsonLines, Kml, Gpx] {
        let seen = |values: &[_]| row_of(format, values, &ReadOptions::default());
        assert_eq!(
            seen(&[("lon", "46.1"), ("lat", "40.2")]),
            " - 46.1,40.2 lon=\"46.1\" lat=\"40.2\"",
            "{format}: a repeated place is accepted"
        );
        assert_eq!(seen(&[("x", "40.2"), ("y", "46.1")]), " - 46.1,40.2 x=\"40.2\" y=\"46.1\"", "{format}");
        assert_eq!(
            seen(&[("x", "493618"), ("y", "4450394")]),
            " - 46.1,40.2 x=\"493618\" y=\"4450394\"",
            "{format}: an unknown system"
        );
        for other in [
            [("lon", "46.2000"), ("lat", "40.2000")],
            [("longitude", "40.2"), ("latitude", "46.1")],
            [("x", "46.10"), ("y", "40.30")],
            [("mgrs", mgrs), ("zone", "z")],
            [("position", "40.2 N 46.3 E"), ("zone", "z")],
            [("coordinates", "40.2, 46.3"), ("zone", "z")],
        ] {
            let refused = seen(&other);
            assert!(refused.contains(" contradicts the geometry"), "{format} {other:?}: {refused}");
        }
        let text = row_of(format, &[("location", "by the school")], &ReadOptions::default());
        assert_eq!(text, " - 46.1,40.2 location=\"by the school\"", "{format}");
    }
    let table =
        |header: &str, row: &str| read(Csv, format!("{header}\n{row}\n").as_bytes(), &ReadOptions::default());
    let place = table("mgrs", "38T MK 23379 50227");
    let (lon, lat) = place.split_once('(').unwrap().0.trim_start_matches("2 - ").split_once(',').unwrap();
    let twice = table("lon,lat,mgrs", &format!("{lon},{lat},38T MK 23379 50227"));
    assert!(twice.starts_with(&format!("2 - {lon}")), "{twice}");
    let swapped = table("lon,lat,mgrs", &format!("{lat},{lon},38T MK 23379 50227"));
    assert!(
        swapped.starts_with("problem 2: mgrs ") && swapped.contains("contradicts longitude, latitude"),
        "{swapped}"
    );
    let far = table("mgrs,position", "38T MK 23379 50227,\"40.2 N 46.9 E\"");
    assert!(far.starts_with("problem 2: position ") && far.contains("contradicts mgrs"), "{far}");
    assert!(table("lon,lat,mgrs", "46.1,40.2,38T").starts_with("problem 2: mgrs"));
    assert_eq!(
        table("lon,lat,location", "46.1,40.2,by the school"),
        "2 - 46.1,40.2 location=\"by the school\"\n"
    );
}

#[test]
fn a_feature_without_geometry_may_say_its_place_in_its_properties() {
    let seen = |properties: &str| {
        let body = format!(r#"{{"type":"Feature","geometry":null,"properties":{{{properties}}}}}"#);
        read(GeoJson, body.as_bytes(), &ReadOptions::default())
    };
    assert_eq!(seen(r#""lat":40.2,"lon":46.1,"a":1"#), "1 - 46.1,40.2 a=1\n");
    assert_eq!(seen(r#""x":46.1,"y":40.2"#), "1 - nowhere x=46.1 y=40.2\n");
    assert!(seen(r#""mgrs":"38T MK 23379 50227""#).contains("(38T MK 23379 50227 MGRS)"));
    assert!(
        seen(r#""easting":5131828.5,"northing":4895048.4,"crs":"EPSG:3857""#)
            .starts_with("1 - 46.10000,40.2000")
    );
}

#[test]
fn what_an_export_says_of_a_place_reads_back_from_what_gdal_makes_of_it() {
    let seen = |properties: &str| {
        let body = format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[46.1,40.2]}},"properties":{{{properties}}}}}"#
        );
        read(GeoJson, body.as_bytes(), &ReadOptions::default()).trim_end().to_owned()
    };
    let given = "1 - 46.10000,40.20000(38T NK 88739 40075 MGRS)";
    assert_eq!(seen(r#""location_as_given":"38T NK 88739 40075","location_as_given_crs":"MGRS""#), given);
    assert_eq!(seen(r#""location_as_given":{"coordinates":"38T NK 88739 40075","crs":"MGRS"}"#), given);
    assert_eq!(
        seen(r#""location_as_given":"{\"coordinates\":\"38T NK 88739 40075\",\"crs\":\"MGRS\"}""#),
        given
    );
    assert_eq!(seen(r#""location_as_given":null,"location_as_given_crs":null"#), "1 - 46.1,40.2");
    assert!(seen(r#""location_as_given":"38T NK 88739 40075""#).starts_with("problem 1: location_as_given"));
    let extra = "1 - 46.1,40.2 big=9007199254740993 deep={\"a\":[1,{\"b\":null}]}";
    assert_eq!(seen(r#""extra":{"big":9007199254740993,"deep":{"a":[1,{"b":null}]}}"#), extra);
    assert_eq!(seen(r#""extra":"{\"big\":9007199254740993,\"deep\":{\"a\":[1,{\"b\":null}]}}""#), extra);
    assert_eq!(seen(r#""extra":"x""#), "1 - 46.1,40.2 extra=\"x\"");
    assert_eq!(
        seen(r#""kind":"uxo","extra":{"kind":1}"#),
        "problem 1: kind \"1\" is in extra and in a property"
    );
    assert_eq!(
        seen(r#""extra":{"x":1,"East":2}"#),
        "problem 1: East \"2\" contradicts the place stated elsewhere in the row"
    );
    assert_eq!(seen(r#""photos":"[\"a;b\"]""#), "1 - 46.1,40.2 photos=[\"a;b\"]");
}

#[test]
fn a_waypoint_keeps_what_the_model_has_no_field_for() {
    let wpt = |inner: &str| format!("<gpx><wpt lat=\"40.2\" lon=\"46.1\">{inner}</wpt></gpx>");
    let first = |inner: &str| read(Gpx, wpt(inner).as_bytes(), &ReadOptions::default());
    assert_eq!(
        first("<name>ap_mine</name><type>user</type>"),
        "1 - 46.1,40.2 gpx_type=\"user\" kind=\"ap_mine\"\n"
    );
    assert_eq!(first("<name>7</name><type>uxo</type>"), "1 - 46.1,40.2 kind=\"uxo\" name=\"7\"\n");
    assert_eq!(first("<type>user</type>"), "1 - 46.1,40.2 kind=\"user\"\n");
    assert_eq!(
        first(
            "<ele>812.4</ele><name>uxo</name><link href=\"http://a\"/><sym>Flag</sym><src>m</src><fix>3d</fix><hdop>1.2</hdop>"
        ),
        "1 - 46.1,40.2 kind=\"uxo\" fix=\"gnss\" gpx_fix=\"3d\" accuracy_m=\"6\" hdop=\"1.2\" ele=\"812.4\" \
         src=\"m\" sym=\"Flag\" link=\"http://a\"\n"
    );
    assert_eq!(first("<fix>dgps</fix>"), "1 - 46.1,40.2 fix=\"gnss_corrected\" gpx_fix=\"dgps\"\n");
    assert_eq!(first("<fix>none</fix><hdop>0</hdop>"), "1 - 46.1,40.2 gpx_fix=\"none\" hdop=\"0\"\n");
    // GDAL writes a field of this name in the GPX element.
    assert_eq!(first("<fix>gnss</fix>"), "1 - 46.1,40.2 fix=\"gnss\"\n");
    let without = read(Gpx, wpt("<name>uxo</name><type>user</type>").as_bytes(), &mapped(&[("type", "-")]));
    assert_eq!(without, "1 - 46.1,40.2 kind=\"uxo\"\n");
    let named = read(Gpx, wpt("<name>7</name><type>uxo</type>").as_bytes(), &mapped(&[("name", "team")]));
    assert_eq!(named, "1 - 46.1,40.2 kind=\"uxo\" team=\"7\"\n");
}

#[test]
fn a_model_of_kml_stands_where_it_stands() {
    let model = "<kml><Placemark><ExtendedData/><Model><Location><longitude>46.1</longitude><latitude>40.2</latitude>\
                 </Location><Link><href>PMN-2</href></Link></Model></Placemark></kml>";
    check(Kml, model, &["1 - 46.1,40.2 model=\"PMN-2\""]);
    let kml = one_row(Kml, &[("kind", "uxo")]);
    let files: [(&str, &[u8]); 4] = [
        ("survey/doc.kml", kml.as_bytes()),
        ("__MACOSX/survey/doc.kml", b"\0\x05\x16\x07\0"),
        ("survey/._doc.kml", b"\0\x05\x16\x07\0"),
        ("empty.kml", b" "),
    ];
    check(Kmz, zip(&files, true), &["1 - 46.1,40.2 kind=\"uxo\""]);
    check(Kmz, zip(&files[1..], true), &["error: row 0: the archive has no .kml with content"]);
}

#[test]
fn a_table_may_leave_out_blank_cells_and_state_its_separator() {
    check(
        Csv,
        "lon,lat,kind,note\n46.1,40.2,uxo\n46.1,40.2,uxo,,,\n46.1,40.2,uxo,,,x\n",
        &[
            "2 - 46.1,40.2 kind=\"uxo\"",
            "3 - 46.1,40.2 kind=\"uxo\"",
            "problem 4:  \"\" has 6 cells where the header has 4; is a quote not closed?",
        ],
    );
    for first in ["sep=;", "SEP=;", "\"sep=;\"", "\u{feff}sep=;", "sep=;;;"] {
        check(Csv, format!("{first}\r\nlon;lat;kind\r\n46,1;40,2;uxo\r\n"), &["3 - 46.1,40.2 kind=\"uxo\""]);
    }
    let separators = "supported separators: comma, semicolon, tab";
    let stated = format!("error: the header line names the separator '|'; {separators}");
    check(Csv, "sep=|\nlon|lat\n1|2\n", &[&stated]);
    let seen = format!("error: the header line appears to be separated by '|'; {separators}");
    check(Csv, "lon|lat\n1|2\n", &[&seen]);
}

#[test]
fn a_table_of_odk_central_gives_the_records_that_came_by_phone() {
    let row = format!(
        "SubmissionDate,location-Latitude,location-Longitude,location-Altitude,location-Accuracy,kind,meta-instanceID,KEY,\
         SubmitterName\n2023-03-14T05:06:00.000Z,40.2,46.1,812.4,4.6,uxo,uuid:{ID},uuid:{ID},team7\n"
    );
    let expected = format!("2 \"uuid:{ID}\" 46.1,40.2 accuracy_m=\"4.6\" kind=\"uxo\" fix=\"gnss\"\n");
    for options in [ReadOptions::default(), mapped(&[("meta-instanceID", "id")])] {
        assert_eq!(read(Csv, row.as_bytes(), &options), expected);
    }
}

#[test]
fn kml_and_gpx_are_in_no_other_system() {
    for format in [Kml, Gpx] {
        let seen = |name| row_of(format, &[("kind", "uxo")], &in_system(name, AxisOrder::EastNorth));
        assert_eq!(seen("EPSG:4326"), " - 46.1,40.2 kind=\"uxo\"");
        assert_eq!(
            seen("EPSG:28408"),
            "error: the file is in OGC:CRS84, but the request specifies EPSG:28408"
        );
    }
}

#[test]
fn what_gdal_makes_of_the_names_in_our_gpx_is_known() {
    let values = [("type", "uxo"), ("time", "2023-03-14"), ("ogr_kind", "uxo"), ("ogr_id", ID)];
    for format in [Csv, GeoJson, Kml] {
        let seen = row_of(format, &values, &ReadOptions::default());
        let seen = seen.replace(" =-", "");
        assert_eq!(seen, format!(" {ID:?} 46.1,40.2 kind=\"uxo\""), "{format}");
    }
}

#[test]
fn a_northing_that_comes_first_is_pointed_at() {
    let options = in_system("EPSG:28408", AxisOrder::EastNorth);
    let good = read(Csv, b"easting,northing\n8588879.70,4441942.22\n", &options);
    assert!(good.starts_with("2 - 46.04"), "{good}");
    assert_eq!(read(Csv, b"northing,easting\n4441942.22,8588879.70\n", &options), good);
    for header in ["x,y", "easting,northing"] {
        let seen = read(Csv, format!("{header}\n4441942.22,8588879.70\n").as_bytes(), &options);
        let hint = "easting comes first, and the first number looks like the northing: swapped, they are at longitude 46.04";
        assert!(seen.contains(hint), "{seen}");
    }
}
