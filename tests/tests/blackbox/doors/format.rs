//! Writes rows as a file, in every input format: text formats by hand, as other programs write them, the
//! others with GDAL.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    path::Path,
};

use exchange::Format;
use serde_json::{Map, Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{form::escaped, row::Row};
use crate::formats::{run, text};

/// A folder for creating files of rows.
pub struct Workshop<'a> {
    pub folder: &'a Path,
    /// The reference system named in a GIS file.
    pub system: &'a str,
}

impl Workshop<'_> {
    /// Writes the rows as a file.
    ///
    /// # Panics
    /// When the format is not an input format.
    pub fn file(&self, format: Format, rows: &[Row]) -> Vec<u8> {
        match format {
            Format::GeoJson => collection(rows.iter().map(Row::feature)).into_bytes(),
            Format::GeoJsonSeq => {
                rows.iter().map(|row| format!("\u{1e}{}\n", row.feature())).collect::<String>().into()
            }
            Format::GeoJsonLines => {
                rows.iter().map(|row| format!("{}\n", row.feature())).collect::<String>().into()
            }
            Format::Csv => self.table(rows).into_bytes(),
            Format::Kml => kml(rows).into_bytes(),
            Format::Kmz => {
                let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
                archive.start_file("doc.kml", SimpleFileOptions::default()).unwrap();
                archive.write_all(kml(rows).as_bytes()).unwrap();
                archive.finish().unwrap().into_inner()
            }
            Format::Gpx => gpx(rows).into_bytes(),
            Format::Xlsx => self.by_gdal("XLSX", "xlsx", "rows.csv", &self.table(rows)),
            Format::GeoPackage => self.by_gdal("GPKG", "gpkg", "rows.geojson", &flat(rows)),
            Format::FlatGeobuf => self.by_gdal("FlatGeobuf", "fgb", "rows.geojson", &flat(rows)),
            Format::Shapefile => self.by_gdal("ESRI Shapefile", "shz", "rows.geojson", &flat(rows)),
            Format::GeoParquet | Format::PmTiles => panic!("{format} is not read"),
        }
    }

    /// Formats a table with a header line.
    fn table(&self, rows: &[Row]) -> String {
        let (east, north) =
            if self.system == "EPSG:4326" { ("longitude", "latitude") } else { ("easting", "northing") };
        let all: Vec<Vec<(String, Value)>> = rows
            .iter()
            .map(|row| {
                let place = [(east.to_owned(), json!(row.place[0])), (north.to_owned(), json!(row.place[1]))];
                row.columns().into_iter().chain(place).collect()
            })
            .collect();
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in all.iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let mut table = names.join(",") + "\r\n";
        for columns in &all {
            let cells = names.iter().map(|name| {
                let value = columns.iter().find(|(own, _)| own == name).map(|(_, value)| value);
                match value {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
                    Some(other) => other.to_string(),
                }
            });
            table.push_str(&cells.collect::<Vec<_>>().join(","));
            table.push_str("\r\n");
        }
        table
    }

    fn by_gdal(&self, driver: &str, ending: &str, source: &str, content: &str) -> Vec<u8> {
        let (source, made) = (self.folder.join(source), self.folder.join(format!("rows.{ending}")));
        std::fs::write(&source, content).unwrap();
        let _ = std::fs::remove_file(&made);
        let mut arguments = vec!["-q", "-f", driver];
        match driver {
            "XLSX" => arguments.extend(["-oo", "AUTODETECT_TYPE=YES"]),
            "ESRI Shapefile" => arguments.extend(["-a_srs", self.system, "-lco", "ENCODING=UTF-8"]),
            _ => arguments.extend(["-a_srs", self.system]),
        }
        run("ogr2ogr", &[&arguments[..], &[text(&made), text(&source)]].concat());
        std::fs::read(&made).unwrap()
    }
}

/// Formats features as a collection.
pub fn collection(features: impl Iterator<Item = Value>) -> String {
    json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()}).to_string()
}

/// Formats features as GIS programs do: their attributes are those of a table.
fn flat(rows: &[Row]) -> String {
    collection(rows.iter().map(|row| {
        let properties: Map<String, Value> = row.columns().into_iter().collect();
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": row.place}, "properties": properties})
    }))
}

fn plain(value: &Value) -> String {
    escaped(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn kml(rows: &[Row]) -> String {
    let mut kml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>",
    );
    for row in rows {
        kml.push_str("<Placemark><ExtendedData>");
        for (name, value) in row.columns() {
            let (name, value) = (escaped(&name), plain(&value));
            write!(kml, "<Data name=\"{name}\"><value>{value}</value></Data>").unwrap();
        }
        let [east, north] = row.place;
        write!(kml, "</ExtendedData><Point><coordinates>{east},{north}</coordinates></Point></Placemark>")
            .unwrap();
    }
    kml + "</Document></kml>"
}

fn gpx(rows: &[Row]) -> String {
    let mut gpx = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><gpx version=\"1.1\" creator=\"table\" \
         xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:t=\"http://example.org/table\">",
    );
    for row in rows {
        let [east, north] = row.place;
        write!(gpx, "<wpt lat=\"{north}\" lon=\"{east}\"><extensions>").unwrap();
        for (name, value) in row.columns() {
            write!(gpx, "<t:{name}>{}</t:{name}>", plain(&value)).unwrap();
        }
        gpx.push_str("</extensions></wpt>");
    }
    gpx + "</gpx>"
}
