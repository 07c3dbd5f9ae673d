//! Out, through GDAL, and back in: an exported file that other programs convert and send back changes
//! nothing.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use exchange::Format;
use serde_json::{Value, json};

use super::{
    entry::{Entry, Language},
    field::Field,
    format::collection,
    row::{Check, Row},
};
use crate::{
    formats::{run, text},
    program::{Server, id},
};

/// Returns the arguments with which GDAL reads an export, or why it cannot.
fn reading(format: Format) -> Result<&'static [&'static str], &'static str> {
    match format {
        // Not every format supports lists.
        Format::GeoJson | Format::GeoJsonSeq | Format::GeoJsonLines => Ok(&["-oo", "ARRAY_AS_STRING=YES"]),
        Format::Xlsx | Format::Kml | Format::Gpx | Format::GeoPackage | Format::FlatGeobuf => Ok(&[]),
        Format::Csv => Ok(&[
            "-oo",
            "X_POSSIBLE_NAMES=longitude",
            "-oo",
            "Y_POSSIBLE_NAMES=latitude",
            "-a_srs",
            "EPSG:4326",
        ]),
        Format::Kmz | Format::Shapefile => Err("it is read and not written"),
        Format::GeoParquet => Err("Debian's GDAL has no driver for it"),
        Format::PmTiles => Err("a map holds no records"),
    }
}

/// Returns the file name and the arguments with which GDAL writes it, or why it cannot.
fn writing(format: Format) -> Result<(&'static str, &'static [&'static str]), &'static str> {
    match format {
        Format::GeoJson => Ok(("made.geojson", &["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=7"])),
        Format::GeoJsonSeq => {
            Ok(("made.geojsons", &["-f", "GeoJSONSeq", "-lco", "RS=YES", "-lco", "COORDINATE_PRECISION=7"]))
        }
        Format::GeoJsonLines => {
            Ok(("made.ndjson", &["-f", "GeoJSONSeq", "-lco", "RS=NO", "-lco", "COORDINATE_PRECISION=7"]))
        }
        Format::Csv => Ok(("made.csv", &["-f", "CSV", "-lco", "GEOMETRY=AS_XY"])),
        Format::Xlsx => Ok(("made.xlsx", &["-f", "XLSX"])),
        Format::Kml => Ok(("made.kml", &["-f", "KML"])),
        Format::Kmz => Ok(("made.kmz", &["-f", "LIBKML"])),
        Format::Gpx => Ok(("made.gpx", &["-f", "GPX", "-dsco", "GPX_USE_EXTENSIONS=YES", "-nlt", "POINT"])),
        Format::GeoPackage => Ok(("made.gpkg", &["-f", "GPKG"])),
        Format::FlatGeobuf => Ok(("made.fgb", &["-f", "FlatGeobuf"])),
        Format::Shapefile => Ok(("made.shz", &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"])),
        Format::GeoParquet => Err("Debian's GDAL has no driver for it"),
        Format::PmTiles => Err("a map holds no records"),
    }
}

/// Returns whether GDAL preserves the place between these formats, or why not.
fn carries_the_place(from: Format, to: Format) -> Result<(), &'static str> {
    let is_table = |format| matches!(format, Format::Csv | Format::Xlsx);
    match (from, to) {
        (Format::Xlsx, to) if !is_table(to) => Err("GDAL makes no points of the columns of a sheet"),
        (from, Format::Xlsx) if !is_table(from) => Err("GDAL leaves the points out of a sheet"),
        (Format::Kml, Format::Kmz) => {
            Err("Debian's LIBKML fails an assertion of its own on the styles of icons")
        }
        (Format::GeoJsonSeq | Format::GeoJsonLines, Format::FlatGeobuf) => {
            Err("GDAL writes no lists to FlatGeobuf, and reads lists of a sequence as nothing else")
        }
        _ => Ok(()),
    }
}

/// Returns whether GDAL adds nothing, or why a record then comes back changed.
fn adds_nothing(from: Format, to: Format) -> Result<(), &'static str> {
    match (from, to) {
        (Format::Csv, to) if to != Format::Csv => {
            Err("GDAL keeps the columns of the place as attributes beside the point that it makes of them")
        }
        (Format::Kml, _) => {
            Err("GDAL adds columns of its own, from Name to icon, which are kept under extra")
        }
        (Format::Gpx, to) if to != Format::Gpx => {
            Err("GDAL adds the columns that its model of GPX has, which are kept under extra")
        }
        _ => Ok(()),
    }
}

/// Returns the fields that GDAL does not preserve: it writes a nested object as text, and only the first
/// value of a list to a Shapefile.
fn lost(from: Format, to: Format) -> &'static [&'static str] {
    match (from, to) {
        (from, to) if !is_json(from) || is_json(to) => &[],
        (Format::GeoJsonSeq | Format::GeoJsonLines, Format::Shapefile) => {
            &["Extra", "SecondPosition", "Photos"]
        }
        _ => &["Extra", "SecondPosition"],
    }
}

fn is_json(format: Format) -> bool {
    matches!(format, Format::GeoJson | Format::GeoJsonSeq | Format::GeoJsonLines)
}

/// A server with every field, and the cell of each record.
struct Fixture {
    server: Server,
    folder: tempfile::TempDir,
    labels: HashMap<String, String>,
    failures: BTreeMap<String, Vec<String>>,
}

/// Returns whether a row causes no notices.
fn is_sound(row: &Row) -> bool {
    let is_told = row.checks.iter().any(|check| matches!(check, Check::Told(_) | Check::Refused(_)));
    !row.is_seeded && row.or_refused.is_none() && !is_told
}

impl Fixture {
    fn new() -> Self {
        let mut rows: Vec<(String, Row)> = Vec::new();
        for &field in Field::ALL {
            let of_field = field.cell(Language::File(Format::GeoJson), Entry::Uploads).unwrap_or_default();
            rows.extend(of_field.into_iter().filter(is_sound).map(|row| {
                let label = format!("{field:?} {}", json!(row.properties));
                (label, row)
            }));
        }
        let mut labels = HashMap::new();
        let mut features = Vec::new();
        for (nth, (label, row)) in (1..).zip(rows) {
            let row = Row { id: id(nth), ..row };
            features.push(row.feature());
            labels.insert(row.id, label);
        }
        let server = Server::start();
        let (status, told) =
            server.post("/uploads", "application/geo+json", collection(features.into_iter()).as_bytes());
        assert_eq!((status, &told["refused"]), (200, &json!(0)), "{told}");
        let folder = tempfile::tempdir().unwrap();
        Self { server, folder, labels, failures: BTreeMap::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sends a file back in and checks that nothing changes, except `lost` fields, which the formats cannot
    /// preserve.
    fn back_in(&mut self, way: &str, format: Format, file: &Path, lost: &[&str]) {
        let body = std::fs::read(file).unwrap();
        let (status, told) = self.server.post("/uploads", format.content_type(), &body);
        if status == 200 && told["unchanged"] == told["rows"] && told["rows"].as_u64() > Some(0) {
            return;
        }
        let problems = ["problems", "errors"].map(|list| told[list].as_array().cloned().unwrap_or_default());
        let mut n_told = 0;
        for problem in problems.iter().flatten() {
            let id = problem["id"].as_str().unwrap_or("");
            let label = self
                .labels
                .get(id)
                .map_or_else(|| problem.to_string(), |label| format!("{label}: {}", problem["reason"]));
            n_told += 1;
            if !lost.iter().any(|field| label.starts_with(field)) {
                self.failures.entry(label).or_default().push(way.to_owned());
            }
        }
        if n_told == 0 {
            let counts = ["rows", "created", "updated", "unchanged"].map(|n| format!("{n} {}", told[n]));
            self.failures
                .entry(format!("{status} {} {}", counts.join(", "), told["detail"]))
                .or_default()
                .push(way.to_owned());
        }
    }

    fn report(self) {
        let lines = self.failures.iter().map(|(what, ways)| format!("{}\n    {what}\n", ways.join(", ")));
        let told: String = lines.collect();
        assert!(self.failures.is_empty(), "these came back changed:\n{told}");
    }
}

#[test]
fn every_field_that_goes_out_comes_back_unchanged() {
    let mut fixture = Fixture::new();
    for from in Format::written() {
        let file = fixture.path(&format!("out.{}", from.file_ending()));
        std::fs::write(&file, fixture.server.bytes(&format!("/export/detections?f={}", from.word())))
            .unwrap();
        if from.is_read() {
            fixture.back_in(&format!("{from}"), from, &file, &[]);
        }
        let Ok(options) = reading(from) else { continue };
        for to in Format::read() {
            let carries = carries_the_place(from, to).and(adds_nothing(from, to));
            let (Ok((name, arguments)), Ok(())) = (writing(to), carries) else { continue };
            let made = fixture.path(name);
            let _ = std::fs::remove_file(&made);
            // A table converted to a table keeps its columns.
            let options = if matches!(to, Format::Csv | Format::Xlsx) && from == Format::Csv {
                &[][..]
            } else {
                options
            };
            let layer = if from == Format::Gpx { &["waypoints"][..] } else { &[] };
            run("ogr2ogr", &[&["-q"][..], arguments, options, &[text(&made), text(&file)], layer].concat());
            fixture.back_in(&format!("{from} to {to}"), to, &made, lost(from, to));
        }
    }
    fixture.report();
}

#[test]
fn an_export_is_what_its_parameters_say() {
    let server = Server::start();
    let sent = Row { id: id(1), ..Row::plain() }.with("note", json!("Kəlbəcər"));
    assert_eq!(server.post_json("/uploads", &sent.feature()).0, 200);
    for format in Format::ALL {
        let path = format!("/export/detections?f={}", format.word());
        if !format.is_exported() {
            let (status, told) = crate::program::read(server.get(&path));
            assert_eq!(status, 400, "{format}: {told}");
            continue;
        }
        assert_eq!(server.header(&path, "content-type"), format.content_type(), "{format}");
        let marked = server.get(&format!("{path}&bom=true"));
        let (status, is_csv) = (marked.status().as_u16(), format == Format::Csv);
        assert_eq!(status, if is_csv { 200 } else { 400 }, "{format}: bom is for Excel, which opens CSV");
    }
    let marked = server.bytes("/export/detections?f=csv&bom=true");
    assert!(marked.starts_with(b"\xef\xbb\xbfid,"), "{:?}", &marked[..8]);
    let (status, told) = server.post("/uploads", "text/csv", &marked);
    assert_eq!((status, &told["unchanged"]), (200, &Value::from(1)), "{told}");
}
