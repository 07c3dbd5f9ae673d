//! Zipped Shapefiles.

use exchange::{AxisOrder, Format::Shapefile, ReadOptions, Reference};

use crate::{read, zip};

const GEOGRAPHIC: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]"#;
const MERCATOR: &str = r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["x"]]"#;

/// Columns of a `.dbf`: name, type and length.
type Fields<'a> = &'a [(&'a str, u8, u8)];

fn point(x: f64, y: f64) -> Vec<u8> {
    [&1_i32.to_le_bytes()[..], &x.to_le_bytes(), &y.to_le_bytes()].concat()
}

fn shp(shapes: &[Vec<u8>], bounds: [f64; 4]) -> Vec<u8> {
    let records: Vec<u8> = shapes
        .iter()
        .flat_map(|shape| {
            [&1_u32.to_be_bytes()[..], &((shape.len() / 2) as u32).to_be_bytes(), shape].concat()
        })
        .collect();
    let mut out = 9994_i32.to_be_bytes().to_vec();
    out.extend([0; 20]);
    out.extend((50 + records.len() as u32 / 2).to_be_bytes());
    out.extend(1000_i32.to_le_bytes());
    out.extend(1_i32.to_le_bytes());
    out.extend(bounds.iter().flat_map(|edge| edge.to_le_bytes()));
    out.extend([0; 32]);
    out.extend(records);
    out
}

fn dbf(fields: Fields<'_>, rows: &[&[u8]], language_driver: u8) -> Vec<u8> {
    let mut out = vec![3, 126, 1, 1];
    out.extend((rows.len() as u32).to_le_bytes());
    out.extend((33 + 32 * fields.len() as u16).to_le_bytes());
    out.extend((1 + fields.iter().map(|(_, _, length)| u16::from(*length)).sum::<u16>()).to_le_bytes());
    out.extend([0; 17]);
    out.extend([language_driver, 0, 0]);
    for (name, kind, length) in fields {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name.as_bytes());
        (field[11], field[16]) = (*kind, *length);
        out.extend(field);
    }
    out.push(b'\r');
    out.extend(rows.concat());
    out.push(0x1a);
    out
}

const WORLD: [f64; 4] = [46.0, 40.0, 47.0, 41.0];
const NOTE: Fields<'_> = &[("note", b'C', 6)];

/// Returns a valid file of three records.
pub fn sound() -> Vec<u8> {
    let shapes = shp(&[point(46.1, 40.2), point(46.11, 40.2), point(46.12, 40.2)], WORLD);
    let fields: Fields<'_> =
        &[("id", b'C', 36), ("kind", b'C', 8), ("detected_o", b'D', 8), ("depth_cm", b'N', 6)];
    let rows: Vec<Vec<u8>> = (1..=3)
        .map(|n| format!(" {}ap_mine 20230314 12.50", uuid::Uuid::from_u128(n)).into_bytes())
        .collect();
    let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
    let table = dbf(fields, &rows, 0);
    let files: [(&str, &[u8]); 4] = [
        ("a/finds.shp", &shapes),
        ("a/finds.dbf", &table),
        ("a/Finds.PRJ", GEOGRAPHIC.as_bytes()),
        ("a/finds.cpg", b"UTF-8"),
    ];
    zip(&files, true)
}

/// Returns the result of reading one row with one cell.
fn one(shape: Vec<u8>, field: (&str, u8, u8), cell: &[u8], more: &[(&str, &[u8])], driver: u8) -> String {
    let shapes = shp(&[shape], WORLD);
    let row = [b" ", cell].concat();
    let table = dbf(&[field], &[&row], driver);
    let files = [&[("a.shp", &shapes[..]), ("a.dbf", &table)], more].concat();
    read(Shapefile, &zip(&files, false), &ReadOptions::default()).trim_end().to_owned()
}

fn check_cell(field: (&str, u8, u8), cell: &[u8], expected: &str) {
    assert_eq!(one(point(46.1, 40.2), field, cell, &[], 0), expected);
}

#[test]
fn cells_are_read_by_their_types() {
    let row = |more: &str| format!("1 - 46.1,40.2{more}");
    check_cell(("detected_o", b'D', 8), b"20230314", &row(" detected_on=\"2023-03-14\""));
    check_cell(("DEPTH_CM", b'N', 8), b" 12.5000", &row(" depth_cm=\"12.5\""));
    check_cell(("n", b'N', 8), b" +7     ", &row(" n=7"));
    check_cell(("n", b'F', 8), b"1.50e+02", &row(" n=150"));
    check_cell(("n", b'N', 8), b"********", &row(""));
    check_cell(("flag", b'L', 1), b"T", &row(" flag=true"));
    check_cell(("flag", b'L', 1), b"?", &row(""));
    check_cell(("n", b'N', 3), b"1,5", "problem 1: n \"1,5\" is not a number");
    check_cell(("d", b'D', 8), b"14.03.23", "problem 1: d \"14.03.23\" is not a date in the form YYYYMMDD");
    check_cell(
        ("memo", b'M', 4),
        b"   7",
        "problem 1: memo \"7\" has the dBASE type 'M', which is not supported",
    );
    check_cell(("memo", b'M', 4), b"    ", &row(""));
}

#[test]
fn text_is_read_in_the_encoding_that_the_file_names() {
    let note =
        |cell: &[u8], more: &[(&str, &[u8])], driver| one(point(46.1, 40.2), NOTE[0], cell, more, driver);
    assert_eq!(note(b"\xcc\xe8\xed\xe0  ", &[("a.cpg", b"1251")], 0), "1 - 46.1,40.2 note=\"Мина\"");
    assert_eq!(note(b"\xcc\xe8\xed\xe0  ", &[], 0xc9), "1 - 46.1,40.2 note=\"Мина\"");
    assert_eq!(note("Şuşa".as_bytes(), &[("a.cpg", b"UTF-8")], 0x57), "1 - 46.1,40.2 note=\"Şuşa\"");
    assert_eq!(note(b"\xff     ", &[("a.cpg", b"utf-8")], 0), "problem 1: note \"\u{fffd}\" is not UTF-8");
    assert_eq!(
        note(b"x     ", &[("a.cpg", b"EBCDIC")], 0),
        "error: row 0: the .cpg names the encoding \"EBCDIC\", which is unknown"
    );
}

#[test]
fn shapes_are_points_or_told() {
    let shape = |shape: Vec<u8>, expected: &str| {
        assert_eq!(one(shape, NOTE[0], b"      ", &[], 0), format!("1 - {expected}"));
    };
    let of = |kind: i32, numbers: &[f64]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    };
    shape(of(11, &[46.1, 40.2, 900.0, 0.0]), "46.1,40.2");
    shape(of(21, &[46.1, 40.2, 0.0]), "46.1,40.2");
    shape(of(0, &[]), "nowhere");
    let many =
        |n: i32| [of(8, &[0.0; 4]), n.to_le_bytes().to_vec(), point(46.1, 40.2)[4..].to_vec()].concat();
    shape(many(1), "46.1,40.2");
    shape(many(2), "unreadable(: is a MultiPoint of several, not a Point)");
    shape(of(3, &[0.0; 20]), "unreadable(: is a MultiLineString, not a Point)");
    shape(of(1, &[46.1]), "unreadable(: is not a valid shape)");
}

#[test]
fn the_reference_system_is_that_of_the_prj_or_of_the_request() {
    let easting = || point(5_131_828.5, 4_895_048.4);
    let row = "1 - 46.10000,40.20000(5131828.5 4895048.4 EPSG:3857)";
    assert_eq!(one(easting(), NOTE[0], b"      ", &[("a.prj", MERCATOR.as_bytes())], 0), row);
    assert_eq!(
        one(easting(), NOTE[0], b"      ", &[("a.prj", b"LOCAL_CS[\"mine\"]")], 0),
        "error: the reference system of the file is unknown: \"mine\"; specify it in the request"
    );
    let shapes = shp(&[easting()], [5_131_828.5, 4_895_048.4, 5_131_828.5, 4_895_048.4]);
    let table = dbf(NOTE, &[b"       "], 0);
    let body = zip(&[("a.shp", &shapes), ("a.dbf", &table)], false);
    assert_eq!(
        read(Shapefile, &body, &ReadOptions::default()),
        "error: the coordinates are not degrees and there is no .prj: specify the reference system in the request\n"
    );
    let crs = Some(Reference::parse("EPSG:3857", AxisOrder::Defined).unwrap());
    assert_eq!(read(Shapefile, &body, &ReadOptions { crs, ..ReadOptions::default() }), format!("{row}\n"));
}

#[test]
fn deleted_rows_are_passed_over_and_the_others_keep_their_numbers() {
    let shapes = shp(&[point(46.1, 40.2), point(46.2, 40.2)], WORLD);
    let table = dbf(NOTE, &[b"*gone  ", b" here  "], 0);
    let body = zip(&[("a.shp", &shapes), ("a.dbf", &table)], true);
    assert_eq!(read(Shapefile, &body, &ReadOptions::default()), "2 - 46.2,40.2 note=\"here\"\n");
}

#[test]
fn an_archive_that_is_not_one_shapefile_is_refused() {
    let (shapes, table) = (shp(&[point(46.1, 40.2)], WORLD), dbf(NOTE, &[b" here  "], 0));
    let refused = |files: &[(&str, &[u8])], expected: &str| {
        let seen = read(Shapefile, &zip(files, true), &ReadOptions::default());
        assert!(seen.contains(&format!("error: row {expected}")), "{seen}");
    };
    refused(&[("a.txt", b"x")], "0: the archive contains no .shp");
    refused(&[("a.shp", &shapes), ("b.dbf", &table)], "0: the archive contains no .dbf beside a.shp");
    refused(
        &[("a.shp", &shapes), ("b/c.shp", &shapes)],
        "0: the archive contains several Shapefiles, a.shp, b/c.shp: send one of them",
    );
    let longer = dbf(NOTE, &[b" here  ", b" there "], 0);
    refused(&[("a.shp", &shapes), ("a.dbf", &longer)], "2: the .shp ends here, but the .dbf has 2 rows");
    let none = dbf(NOTE, &[], 0);
    refused(&[("a.shp", &shapes), ("a.dbf", &none)], "0: the .dbf ends after 0 rows, but the .shp continues");
    refused(&[("a.shp", b"x"), ("a.dbf", &table)], "0: a file in the archive is truncated");
    let seen = read(Shapefile, b"no zip", &ReadOptions::default());
    assert!(seen.starts_with("error: row 0: the archive cannot be read: "), "{seen}");
}

#[test]
fn what_is_unpacked_is_bounded_and_is_what_was_packed() {
    let (shapes, table) = (shp(&[point(46.1, 40.2)], WORLD), dbf(NOTE, &[b" here  "], 0));
    let mut body = zip(&[("a.shp", &shapes), ("a.dbf", &table)], false);
    let small = ReadOptions { max_unpacked_bytes: 200, ..ReadOptions::default() };
    assert_eq!(
        read(Shapefile, &body, &small),
        "error: the unpacked content of the file is larger than 200 bytes\n"
    );
    // The size of a compressed file is measured, whatever the archive states.
    let bomb = dbf(NOTE, &vec![&b" here  "[..]; 100_000], 0);
    let mut packed = zip(&[("a.shp", &shapes), ("a.dbf", &bomb)], true);
    let real = (bomb.len() as u32).to_le_bytes();
    while let Some(at) = packed.windows(4).position(|window| window == real) {
        packed[at..at + 4].copy_from_slice(&70_u32.to_le_bytes());
    }
    let seen = read(Shapefile, &packed, &small);
    assert!(seen.starts_with("error: row 0: the archive cannot be read: File is larger"), "{seen}");
    // Change one byte.
    let at = body.windows(4).position(|window| window == b"here").unwrap();
    body[at] = b'H';
    let seen = read(Shapefile, &body, &ReadOptions::default());
    assert!(seen.starts_with("error: row 0: the archive cannot be read: "), "{seen}");
}

#[test]
fn accidents_have_their_victims_as_json_text() {
    let shapes = shp(&[point(46.1, 40.2)], WORLD);
    let fields: Fields<'_> = &[("class", b'C', 4), ("occurred_o", b'D', 8), ("victims", b'C', 22)];
    let table = dbf(fields, &[br#" mine20230919[{"outcome":"killed"}]"#], 0);
    let body = zip(&[("a.shp", &shapes), ("a.dbf", &table)], false);
    let options = ReadOptions { collection: demining::Collection::Accidents, ..ReadOptions::default() };
    assert_eq!(
        read(Shapefile, &body, &options),
        "1 - 46.1,40.2 class=\"mine\" occurred_on=\"2023-09-19\" victims=[{\"outcome\":\"killed\"}]\n"
    );
}
