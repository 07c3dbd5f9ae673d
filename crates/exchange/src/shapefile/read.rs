//! Converts shapes and attributes to rows, numbered in the order of the file.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufReader, Read},
    ops::ControlFlow,
};

use zip::ZipArchive;

use super::{broken, dbf::Table, finish, names::whole, shp::Shapes, unreadable};
use crate::{
    archive,
    error::ReadError,
    options::ReadOptions,
    options::own_or_asked,
    reference::{AxisOrder, Reference, wkt},
    rows::{Document, ReadSummary, Row, Rows},
    table::{Attribute, Meaning},
};

/// The maximum number of Shapefiles listed in an error.
const MAX_LISTED: usize = 20;

/// The maximum number of bytes read from a `.prj` or `.cpg`.
const MAX_TEXT_BYTES: u64 = 16 << 10;

/// The names of one Shapefile's files in its archive.
struct Files {
    shp: String,
    dbf: String,
    prj: Option<String>,
    cpg: Option<String>,
}

pub(crate) fn read_shapefile<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut archive = archive::open(input, options, |_| Some(Box::new(io::sink())))?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| is_part(name))
        .map(Cow::into_owned)
        .collect();
    let files = Files::of(&names)?;
    // Unpack both files, because their rows are read in parallel and an archive yields one file at a time.
    let [shp, dbf] = [&files.shp, &files.dbf].map(|name| archive::unpack(&mut archive, name));
    let (shp, dbf) = (shp?, dbf?);
    let bytes = [&shp, &dbf].iter().map(|file| file.metadata().map_or(0, |about| about.len())).sum();
    let mut shapes = Shapes::new(BufReader::new(shp))?;
    let code_page = text(files.cpg.as_deref(), &mut archive)?;
    let mut table = Table::new(BufReader::new(dbf), code_page.as_deref(), options.max_row_bytes)?;
    let own = reference(text(files.prj.as_deref(), &mut archive)?.as_deref(), &shapes.bounds, options)?;
    let names: Vec<String> = table.names().map(|name| whole(name, options.naming())).collect();
    let mut meaning = Meaning::of_attributes(&names, own.as_ref(), options)?;
    let n = table.rows;
    for number in 1..=n {
        let Some(shape) = shapes.next(number)? else {
            return Err(broken(number, format!("the .shp ends here, but the .dbf has {n} rows")));
        };
        let Some(attributes) = table.next(number)? else { continue };
        rows.next()?;
        let row = meaning.row(number, None, attributes.iter().map(Attribute::cell), shape);
        if rows.give(row).is_break() {
            return Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes, stopped: true });
        }
    }
    if shapes.next(n)?.is_some() {
        return Err(broken(n, format!("the .dbf ends after {n} rows, but the .shp continues")));
    }
    finish(&mut shapes.input, n)?;
    finish(&mut table.input, n)?;
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes, stopped: false })
}

impl Files {
    /// Returns the files of the only Shapefile in the archive.
    fn of(names: &[String]) -> Result<Self, ReadError> {
        let shapes: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| ending(name) == "shp").collect();
        let shp = match shapes[..] {
            [] => return Err(broken(0, "the archive contains no .shp")),
            [shp] => shp,
            _ => {
                let listed = shapes[..shapes.len().min(MAX_LISTED)].join(", ");
                return Err(broken(
                    0,
                    format!("the archive contains several Shapefiles, {listed}: send one of them"),
                ));
            }
        };
        let beside = |wanted: &str| {
            names.iter().find(|name| ending(name) == wanted && stem(name) == stem(shp)).cloned()
        };
        let dbf =
            beside("dbf").ok_or_else(|| broken(0, format!("the archive contains no .dbf beside {shp}")))?;
        Ok(Self { shp: shp.to_owned(), dbf, prj: beside("prj"), cpg: beside("cpg") })
    }
}

/// Returns whether a file of an archive belongs to a Shapefile; files added by macOS do not.
fn is_part(name: &str) -> bool {
    matches!(ending(name).as_str(), "shp" | "dbf" | "prj" | "cpg") && !archive::is_of_a_mac(name)
}

/// Returns the lower-case extension of a name.
fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// Returns the lower-case name without its extension.
fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(stem, _)| stem).to_lowercase()
}

/// Returns the text of a small file, if present.
fn text(name: Option<&str>, archive: &mut ZipArchive<File>) -> Result<Option<String>, ReadError> {
    let Some(name) = name else { return Ok(None) };
    let mut bytes = Vec::new();
    let entry = archive.by_name(name).map_err(|error| archive::broken(&error))?;
    entry.take(MAX_TEXT_BYTES).read_to_end(&mut bytes).map_err(|source| unreadable(0, source))?;
    Ok(Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned()))
}

/// Returns the reference system from the `.prj`. Without one, the coordinates must be degrees, or the request
/// must name the system.
fn reference(
    prj: Option<&str>,
    bounds: &[f64; 4],
    options: &ReadOptions,
) -> Result<Option<Reference>, ReadError> {
    if let Some(prj) = prj.filter(|prj| !prj.trim().is_empty()) {
        let own = wkt::name(prj).and_then(|name| Reference::parse(&name, AxisOrder::EastNorth)).map(Some);
        return own_or_asked(own, options);
    }
    let [west, south, east, north] = *bounds;
    if options.crs.is_none() && (west < -180.0 || south < -90.0 || east > 180.0 || north > 90.0) {
        return Err(ReadError::Reference(
            "the coordinates are not degrees and there is no .prj: specify the reference system in the request"
                .to_owned(),
        ));
    }
    Ok(None)
}
