//! Writes records as a GeoPackage with a layer that has the collection's name, in a temporary file.
//!
//! The same records give the same bytes: the time of the last change is that of the newest record. There is
//! no spatial index; programs can create one.

use std::{fmt::Write, fs::File, io};

use demining::Content;
use geometry::{Bounds, wkb};
use jiff::Timestamp;
use rusqlite::{Connection, Statement, params};
use tempfile::NamedTempFile;

use super::{
    Form,
    fields::{CellKind, CellValue, Cells, Columns, Fields},
    pieces::Pieces,
};

/// A GeoPackage, first being written, then passed on in pieces.
pub(super) struct Package<T: Content> {
    columns: Columns<T>,
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

impl<T: Content> Package<T> {
    /// Creates an empty GeoPackage.
    pub(super) fn new(fields: Fields) -> io::Result<Self> {
        let file = NamedTempFile::with_prefix("clearline-")?;
        let conn = Connection::open(file.path()).map_err(io::Error::other)?;
        let columns = Columns::of(fields);
        conn.execute_batch(&tables(&columns)).map_err(io::Error::other)?;
        let (state, insert) = (State::Making(conn), insert(&columns));
        Ok(Self { columns, state, file, insert, extent: None, newest: Timestamp::UNIX_EPOCH })
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

impl<T: Content> Form<T> for Package<T> {
    fn head_to(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_, T>, _out: &mut Vec<u8>) -> io::Result<()> {
        let State::Making(conn) = &self.state else {
            return Err(io::Error::other("the file is finished"));
        };
        let inserted = conn.prepare_cached(&self.insert).and_then(|mut row| {
            row.raw_bind_parameter(1, wkb::point_blob(cells.content.location()))?;
            for (nth, (_, value)) in (2..).zip(cells.values(&self.columns)) {
                bind(&mut row, nth, value)?;
            }
            row.raw_execute()
        });
        inserted.map_err(io::Error::other)?;
        let at = cells.content.location();
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
fn tables<T: Content>(columns: &Columns<T>) -> String {
    let layer = T::COLLECTION.name();
    let mut sql = include_str!("geopackage.sql").replace("{layer}", layer);
    // Writing to a String cannot fail.
    let _ = write!(sql, "CREATE TABLE {layer} (fid INTEGER PRIMARY KEY NOT NULL, geom POINT NOT NULL");
    for field in columns.iter() {
        let kind = match field.kind {
            CellKind::Text => "TEXT",
            CellKind::Whole => "INTEGER",
            CellKind::Real => "REAL",
            CellKind::Day => "DATE",
            CellKind::Instant => "DATETIME",
        };
        let _ = write!(sql, ", {} {kind}", field.name);
    }
    sql.push_str(");");
    sql
}

fn insert<T: Content>(columns: &Columns<T>) -> String {
    let (layer, n) = (T::COLLECTION.name(), columns.iter().count());
    let names: Vec<&str> = columns.iter().map(|field| &*field.name).collect();
    format!("INSERT INTO {layer} (geom, {}) VALUES (?{})", names.join(", "), ", ?".repeat(n))
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
