//! Finds the table that holds the records, and its columns.

use rusqlite::{Connection, OptionalExtension};

use super::stranger::Stranger;
use crate::{
    error::ReadError,
    options::ReadOptions,
    options::own_or_asked,
    reference::{AxisOrder, Reference, wkt},
};

/// The maximum number of layers listed in an error.
const MAX_LISTED: usize = 20;

/// A table of features.
pub(super) struct Layer {
    pub table: String,
    pub geometry: String,
    pub attributes: Vec<Attribute>,
    pub reference: Option<Reference>,
}

/// A column beside the geometry.
pub(super) struct Attribute {
    pub name: String,
    /// Whether 0 and 1 mean false and true.
    pub is_bool: bool,
}

/// A layer in the table of contents.
struct Entry {
    table: String,
    geometry: String,
    is_of_points: bool,
    srs_id: i64,
}

impl Layer {
    /// Finds the layer of records: the only layer, else the one with the collection's name, else the only
    /// layer of points.
    pub(super) fn find(file: &Stranger, options: &ReadOptions) -> Result<Self, ReadError> {
        let failed = |error: &rusqlite::Error| file.reason(0, error);
        for table in ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
            if is_table(&file.conn, table).map_err(|error| failed(&error))? != Some(true) {
                return Err(broken(format!("the file is not a GeoPackage: it has no table {table}")));
            }
        }
        let entries = entries(&file.conn).map_err(|error| failed(&error))?;
        let entry = chosen(entries, options.collection.name()).map_err(broken)?;
        match is_table(&file.conn, &entry.table).map_err(|error| failed(&error))? {
            Some(true) => {}
            Some(false) => {
                return Err(broken(format!(
                    "the layer {:?} is a view, which is not supported: export it to a separate file, with \
                     clearline export or ogr2ogr",
                    entry.table
                )));
            }
            None => return Err(broken(format!("the layer {:?} is not in the file", entry.table))),
        }
        let attributes = attributes(&file.conn, &entry).map_err(|error| failed(&error))?;
        let own = reference(&file.conn, entry.srs_id).map_err(|error| failed(&error))?;
        Ok(Self {
            attributes,
            reference: own_or_asked(own, options)?,
            table: entry.table,
            geometry: entry.geometry,
        })
    }
}

fn broken(reason: String) -> ReadError {
    ReadError::Broken { row: 0, reason }
}

/// Returns whether a name is that of an ordinary table; a view or virtual table would execute what the file
/// defines. `None` if nothing has that name.
fn is_table(conn: &Connection, name: &str) -> rusqlite::Result<Option<bool>> {
    let sql = "SELECT type = 'table' AND rootpage > 0 FROM sqlite_schema
        WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')";
    conn.query_row(sql, [name], |row| row.get(0)).optional()
}

fn entries(conn: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let sql = "SELECT c.table_name, g.column_name, upper(g.geometry_type_name) = 'POINT', g.srs_id
        FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
        WHERE c.data_type = 'features' LIMIT 1000";
    let entry = |row: &rusqlite::Row<'_>| {
        Ok(Entry {
            table: row.get(0)?,
            geometry: row.get(1)?,
            is_of_points: row.get(2)?,
            srs_id: row.get(3)?,
        })
    };
    conn.prepare(sql)?.query_map([], entry)?.collect()
}

fn chosen(mut entries: Vec<Entry>, usual: &str) -> Result<Entry, String> {
    let only = |is: &dyn Fn(&Entry) -> bool| {
        let mut found = entries.iter().enumerate().filter(|(_, entry)| is(entry)).map(|(nth, _)| nth);
        found.next().filter(|_| found.next().is_none())
    };
    let nth = only(&|_| true)
        .or_else(|| only(&|entry| entry.table.eq_ignore_ascii_case(usual)))
        .or_else(|| only(&|entry| entry.is_of_points));
    if let Some(nth) = nth {
        return Ok(entries.swap_remove(nth));
    }
    let names: Vec<&str> = entries.iter().take(MAX_LISTED).map(|entry| entry.table.as_str()).collect();
    if names.is_empty() {
        return Err("the file has no layer of features".to_owned());
    }
    let more = if entries.len() > names.len() { ", ..." } else { "" };
    Err(format!(
        "the file has several layers, {}{more}: send a file with one of them, or rename it to {usual}",
        names.join(", ")
    ))
}

/// Returns the columns except the geometry and the row number that GeoPackage requires.
fn attributes(conn: &Connection, entry: &Entry) -> rusqlite::Result<Vec<Attribute>> {
    let sql = "SELECT name, upper(type) = 'BOOLEAN' FROM pragma_table_info(?1)
        WHERE NOT (pk > 0 AND upper(type) = 'INTEGER') AND name <> ?2 COLLATE NOCASE";
    let attribute = |row: &rusqlite::Row<'_>| Ok(Attribute { name: row.get(0)?, is_bool: row.get(1)? });
    conn.prepare(sql)?.query_map([&entry.table, &entry.geometry], attribute)?.collect()
}

/// Returns the reference system of a layer; the inner error names an unknown one.
fn reference(conn: &Connection, srs_id: i64) -> rusqlite::Result<Result<Option<Reference>, String>> {
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys
        WHERE srs_id = ?1";
    let system = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    };
    // -1 and 0 mean undefined.
    if matches!(srs_id, -1 | 0) {
        return Ok(Ok(None));
    }
    let Some((organization, code, definition)) = conn.query_row(sql, [srs_id], system).optional()? else {
        return Ok(Err(format!("srs_id {srs_id}")));
    };
    let name = if organization.eq_ignore_ascii_case("EPSG") {
        Ok(format!("EPSG:{code}"))
    } else {
        wkt::name(&definition)
    };
    Ok(name.and_then(|name| Reference::parse(&name, AxisOrder::EastNorth)).map(Some))
}
