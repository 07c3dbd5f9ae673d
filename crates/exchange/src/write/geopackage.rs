//! Writes records as a GeoPackage with the layer `detections`, in a temporary file.
//!
//! The same records give the same bytes: the time of the last change is that of the newest record. There is
//! no spatial index; programs can create one.

use std::{fmt::Write, fs::File, io};

use geometry::{Bounds, wkb};
use jiff::Timestamp;
use rusqlite::{Connection, Statement, params};
use tempfile::NamedTempFile;

use super::{
    Form,
    fields::{CellKind, CellValue, Cells, Fields},
    pieces::Pieces,
};

/// A GeoPackage, first being written, then passed on in pieces.
pub(super) struct Package {
    state: State,
    /// Deleted when dropped.
    file: NamedTempFile,
    insert: String,
    extent: Option<Bounds>,
    newest: Timestamp,
}

enum State {
    Making(Connection),
    Made(Pieces),
}

impl Package {
    /// Creates an empty GeoPackage.
    pub(super) fn new(fields: Fields) -> io::Result<Self> {
        let file = NamedTempFile::with_prefix("clearline-")?;
        let conn = Connection::open(file.path()).map_err(io::Error::other)?;
        conn.execute_batch(&tables(fields)).map_err(io::Error::other)?;
        let state = State::Making(conn);
        Ok(Self { state, file, insert: insert(fields), extent: None, newest: Timestamp::UNIX_EPOCH })
    }

    /// Writes the description of the contents, once all records are known.
    fn describe(&self, conn: &Connection) -> rusqlite::Result<()> {
        let sql = "UPDATE gpkg_contents SET last_change = ?1, min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5";
        let edge = |of: fn(&Bounds) -> f64| self.extent.as_ref().map(of);
        let edges = (edge(Bounds::west), edge(Bounds::south), edge(Bounds::east), edge(Bounds::north));
        conn.execute(sql, params![instant(self.newest), edges.0, edges.1, edges.2, edges.3])?;
        conn.execute_batch("COMMIT")
    }
}

impl Form for Package {
    fn head_to(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_>, _out: &mut Vec<u8>) -> io::Result<()> {
        let State::Making(conn) = &self.state else {
            return Err(io::Error::other("the file is finished"));
        };
        let inserted = conn.prepare_cached(&self.insert).and_then(|mut row| {
            row.raw_bind_parameter(1, wkb::point_blob(cells.detection.location))?;
            for (nth, (_, value)) in (2..).zip(cells.values()) {
                bind(&mut row, nth, value)?;
            }
            row.raw_execute()
        });
        inserted.map_err(io::Error::other)?;
        let at = cells.detection.location;
        self.extent =
            Some(self.extent.map_or_else(|| Bounds::of(at), |extent| extent.union(&Bounds::of(at))));
        // The time of a change is not public.
        if let (Some((record, _)), Fields::All) = (cells.record, cells.fields) {
            self.newest = self.newest.max(record.updated_at);
        }
        Ok(())
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        if let State::Making(conn) = &self.state {
            self.describe(conn).map_err(io::Error::other)?;
            self.state = State::Made(Pieces(File::open(self.file.path())?));
        }
        match &mut self.state {
            State::Made(pieces) => pieces.next_to(out),
            State::Making(_) => Ok(false),
        }
    }
}

/// Returns the SQL for the tables, including one for the layer.
fn tables(fields: Fields) -> String {
    let mut sql = String::from(include_str!("geopackage.sql"));
    sql.push_str("CREATE TABLE detections (fid INTEGER PRIMARY KEY NOT NULL, geom POINT NOT NULL");
    for field in fields.iter() {
        let kind = match field.kind {
            CellKind::Text => "TEXT",
            CellKind::Whole => "INTEGER",
            CellKind::Real => "REAL",
            CellKind::Day => "DATE",
            CellKind::Instant => "DATETIME",
        };
        // Writing to a String cannot fail.
        let _ = write!(sql, ", {} {kind}", field.name);
    }
    sql.push_str(");");
    sql
}

fn insert(fields: Fields) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    format!("INSERT INTO detections (geom, {}) VALUES (?{})", names.join(", "), ", ?".repeat(names.len()))
}

fn bind(row: &mut Statement<'_>, nth: usize, value: CellValue<'_>) -> rusqlite::Result<()> {
    match value {
        CellValue::Null => row.raw_bind_parameter(nth, None::<i64>),
        CellValue::Text(text) => row.raw_bind_parameter(nth, text.as_ref()),
        CellValue::Whole(number) => row.raw_bind_parameter(nth, number.cast_signed()),
        CellValue::Real(number) => row.raw_bind_parameter(nth, number),
        CellValue::Day(day) => row.raw_bind_parameter(nth, day.to_string()),
        CellValue::Instant(at) => row.raw_bind_parameter(nth, instant(at)),
    }
}

/// Formats an instant as the standard requires: UTC, with three decimals of the second.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
