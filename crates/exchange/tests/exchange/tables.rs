//! Tables.

use exchange::{AxisOrder, Format::Csv, ReadOptions, Reference};

use crate::{check, read};

#[test]
fn a_row_is_named_by_its_line() {
    check(
        Csv,
        "lon,lat,note,kind\r\n46.1,40.2,\"two\r\nlines, \"\"said\"\"\",ap_mine\r\n\r\n46.3,40.4,,uxo\r\n",
        &[r#"2 - 46.1,40.2 note="two\r\nlines, \"said\"" kind="ap_mine""#, r#"5 - 46.3,40.4 kind="uxo""#],
    );
}

#[test]
fn names_of_columns_and_the_separator_are_found() {
    check(
        Csv,
        "\u{feff}\"Latitude\";\"Longitude\";\"Date Found\";Device;Depth (cm);Grid\n40,2;46,1;2023-03-14;ap_mine;12,5;1,5\n",
        &[r#"2 - 46.1,40.2 detected_on="2023-03-14" kind="ap_mine" depth_cm="12.5" Grid="1,5""#],
    );
    check(Csv, "x\ty\tUUID\n46.1\t40.2\tb\n", &["2 \"b\" 46.1,40.2"]);
}

#[test]
fn rows_of_the_wrong_length_or_text_are_problems_of_their_own() {
    let mut body = b"lon,lat,note\n46.1,40.2\n46.1,40.2,\xff\n46.1,40.2,\"x\n".to_vec();
    body.extend_from_slice(b"\"\n46.1,40.2,\"x\n46.1,40.2,\"y\"\n");
    check(
        Csv,
        body,
        &[
            "2 - 46.1,40.2",
            "problem 3: note \"\u{fffd}\" is not UTF-8",
            "4 - 46.1,40.2 note=\"x\"",
            "problem 6:  \"\" has text after a closing quote; is a quote not closed, or not doubled?",
        ],
    );
    check(
        Csv,
        "lon,lat,\n1,2,\n1,2,x\n,,\n",
        &["2 - 1,2", "problem 3:  \"x\" is in a column without a name"],
    );
}

#[test]
fn a_quote_that_is_never_closed_breaks_the_file_and_hides_no_rows() {
    let error = "error: the file ends inside a quote that opens on line 3";
    check(Csv, "lon,lat,note\n1,2,a\n1,2,\"b\n1,2,c\n1,2,d\n", &["2 - 1,2 note=\"a\"", error]);
    check(Csv, "lon,lat,note\n1,2,a\n1,2,\"cut off he", &["2 - 1,2 note=\"a\"", error]);
}

#[test]
fn a_place_may_be_missing_or_no_number() {
    check(
        Csv,
        "lon,lat,kind\n,,uxo\n46.1,,uxo\n46.1,NaN,uxo\n46.1,91,uxo\n",
        &[
            "2 - nowhere kind=\"uxo\"",
            "3 - unreadable(46.1 : longitude or latitude is missing) kind=\"uxo\"",
            "4 - unreadable(46.1 NaN: \"NaN\" is not a finite number) kind=\"uxo\"",
            "5 - 46.1,91 kind=\"uxo\"",
        ],
    );
}

#[test]
fn a_header_that_cannot_be_used_is_an_error() {
    check(Csv, "", &["error: the body is empty"]);
    check(
        Csv,
        "lon,lat,date,Date found\n",
        &["error: the header line has two columns for the same value: \"date\" and \"Date found\"; \
           to ignore one, set columns={\"Date found\": \"-\"}"],
    );
    check(
        Csv,
        "easting,northing\n1,2\n",
        &[
            "error: easting and northing need a reference system: specify it in the request or in a column crs",
        ],
    );
}

#[test]
fn eastings_and_northings_come_with_a_reference_system() {
    let row = "2 - 46.10000,40.20000(5131828.5 4895048.4 EPSG:3857)";
    check(Csv, "northing,easting,crs\n4895048.4,5131828.5,3857\n", &[row]);
    check(
        Csv,
        "northing,easting,crs\n4895048.4,5131828.5,\n",
        &["problem 2: crs \"\" is required with easting and northing"],
    );
    let crs = Reference::parse("EPSG:3857", AxisOrder::Defined).unwrap();
    let options = ReadOptions { crs: Some(crs), ..ReadOptions::default() };
    assert_eq!(read(Csv, b"northing,easting\n4895048.4,5131828.5\n", &options), format!("{row}\n"));
}

#[test]
fn longitude_and_latitude_are_not_read_as_metres() {
    let read_in = |name, body: &str| {
        let crs = Reference::parse(name, AxisOrder::Defined).unwrap();
        read(Csv, body.as_bytes(), &ReadOptions { crs: Some(crs), ..ReadOptions::default() })
    };
    for header in ["longitude,latitude", "Lon,Lat"] {
        let refused = read_in("EPSG:3857", &format!("{header}\n46.1,40.2\n"));
        assert_eq!(
            refused,
            "error: the header names longitude or latitude, which are degrees, but EPSG:3857 uses easting and \
             northing: specify another system, or name the columns easting and northing\n"
        );
    }
    assert!(read_in("EPSG:3857", "x,y\n5131828.5,4895048.4\n").starts_with("2 - 46.10000,40.20000"));
    assert!(read_in("EPSG:4284", "lon,lat\n46.1,40.2\n").starts_with("2 - 46."));
    check(
        Csv,
        "lon,lat,crs\n46.1,40.2,EPSG:3857\n46.1,40.2,\n",
        &[
            "problem 2: crs \"EPSG:3857\" uses easting and northing, but the columns are longitude and latitude",
            "3 - 46.1,40.2",
        ],
    );
}

#[test]
fn extra_properties_and_photos_may_stand_in_a_cell_as_json() {
    check(
        Csv,
        "lon,lat,photos,extra\n1,2,\"[\"\"a;b\"\"]\",\"{\"\"zone\"\":7,\"\"tags\"\":[1]}\"\n1,2,a;b,x\n",
        &[r#"2 - 1,2 photos=["a;b"] zone=7 tags=[1]"#, r#"3 - 1,2 photos="a;b" extra="x""#],
    );
    check(
        Csv,
        "lon,lat,kind,extra\n1,2,uxo,\"{\"\"kind\"\":7}\"\n",
        &["problem 2: kind \"7\" is in extra and in a column"],
    );
    check(
        Csv,
        "lon,lat,extra\n1,2,\"{\"\"Y\"\":1,\"\"north\"\":2}\"\n1,2,\"{\"\"Y\"\":1}\"\n",
        &["problem 2: north \"2\" contradicts the place stated elsewhere in the row", "3 - 1,2 Y=1"],
    );
}
