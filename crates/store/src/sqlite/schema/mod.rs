//! The tables, and the migrations between their versions.
//!
//! - `migrations`: the SQL of each migration
//! - `chaining`: adds hashes to a log without any
//! - `log_head`: assigns the store's id and the head of its log

mod chaining;
mod log_head;

use geometry::{LonLat, wkb};
use rusqlite::{
    Connection, OptionalExtension, Transaction, TransactionBehavior,
    functions::{Context, FunctionFlags},
};

use crate::error::StoreError;

/// A migration from one version of the tables to the next.
struct Step {
    sql: &'static str,
    /// Runs after the SQL, for what SQL cannot do.
    then: fn(&Connection) -> Result<(), StoreError>,
}

impl Step {
    const fn sql(sql: &'static str) -> Self {
        Self { sql, then: |_| Ok(()) }
    }
}

/// The migrations: the first creates version 1, each one adds 1. Never change a released one.
const MIGRATIONS: &[Step] = &[
    Step::sql(include_str!("migrations/1.sql")),
    Step::sql(include_str!("migrations/2.sql")),
    Step { sql: include_str!("migrations/3.sql"), then: chaining::chain_log },
    Step::sql(include_str!("migrations/4.sql")),
    Step::sql(include_str!("migrations/5.sql")),
    Step::sql(include_str!("migrations/6.sql")),
    Step::sql(include_str!("migrations/7.sql")),
    Step::sql(include_str!("migrations/8.sql")),
    Step { sql: include_str!("migrations/9.sql"), then: log_head::fill },
    Step::sql(include_str!("migrations/10.sql")),
    Step::sql(include_str!("migrations/11.sql")),
];

/// The version that this program reads and writes.
pub(crate) const VERSION: u32 = MIGRATIONS.len() as u32;

/// The application id of a `GeoPackage` file: "GPKG".
pub(crate) const APPLICATION_ID: i64 = 0x4750_4B47;

/// Returns the version of a store's tables; `None` if they are not ours.
pub(crate) fn version(conn: &Connection) -> Result<Option<u32>, StoreError> {
    let ours = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'clearline_meta'";
    if conn.query_row(ours, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    let value = "SELECT value FROM clearline_meta WHERE name = 'schema_version'";
    let text: Option<String> = conn.query_row(value, [], |row| row.get(0)).optional()?;
    match text.as_deref().map(str::parse) {
        Some(Ok(version)) => Ok(Some(version)),
        _ => Err(StoreError::Damaged(format!("clearline_meta has schema_version {text:?}"))),
    }
}

/// Migrates the tables from `found` to [`VERSION`], in one transaction.
pub(crate) fn migrate(conn: &mut Connection, found: u32) -> Result<(), StoreError> {
    // Migration 2 creates geometries from longitudes and latitudes.
    conn.create_scalar_function("clearline_point", 2, FunctionFlags::SQLITE_DETERMINISTIC, point)?;
    run(conn, MIGRATIONS, found)?;
    Ok(conn.remove_function("clearline_point", 2)?)
}

fn point(given: &Context<'_>) -> rusqlite::Result<[u8; wkb::POINT_BLOB_BYTES]> {
    let at = LonLat::new(given.get(0)?, given.get(1)?);
    at.map(wkb::point_blob).map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
}

fn run(conn: &mut Connection, steps: &[Step], found: u32) -> Result<(), StoreError> {
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    for (step, version) in steps.iter().zip(1_u32..).skip(found as usize) {
        tx.execute_batch(step.sql)?;
        (step.then)(&tx)?;
        tx.execute(
            "UPDATE clearline_meta SET value = ?1 WHERE name = 'schema_version'",
            [version.to_string()],
        )?;
    }
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chain::first, sqlite::layer::Layer};
    use demining::Collection;

    #[test]
    fn steps_run_once_and_in_order_and_one_that_fails_leaves_nothing() {
        let mut conn = Connection::open_in_memory().unwrap();
        let one = || Step::sql(MIGRATIONS[0].sql);
        let two = || Step::sql("CREATE TABLE later (a INTEGER); INSERT INTO later VALUES (7);");
        let three = || Step::sql("INSERT INTO later VALUES (5);");
        let broken = Step::sql("INSERT INTO later VALUES (8); INSERT INTO nowhere VALUES (1);");
        let stopped = Step { sql: "DELETE FROM later", then: |_| Err(StoreError::Busy) };
        run(&mut conn, &[one(), two()], 0).unwrap();
        assert_eq!(version(&conn).unwrap(), Some(2));
        run(&mut conn, &[one(), two(), three(), broken], 2).unwrap_err();
        assert_eq!(version(&conn).unwrap(), Some(2));
        run(&mut conn, &[one(), two(), three(), stopped], 2).unwrap_err();
        assert_eq!(version(&conn).unwrap(), Some(2));
        let rows: i64 = conn.query_row("SELECT sum(a) FROM later", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 7);
    }

    fn columns(conn: &Connection, table: &str) -> Vec<String> {
        let statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        statement.column_names().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn every_field_has_its_column_wherever_records_are_kept() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, 0).unwrap();
        let sorted = |mut names: Vec<String>| {
            names.sort_unstable();
            names
        };
        let named = |names: Vec<&str>| sorted(names.into_iter().map(str::to_owned).collect());
        for layer in Collection::ALL.iter().map(|collection| Layer(*collection)) {
            let mut content = columns(&conn, &layer.content());
            assert_eq!(content.remove(0), "fid");
            assert_eq!(sorted(content), named(layer.sealed().collect()));
            let mut held = columns(&conn, &layer.held());
            assert_eq!(held.remove(0), "number");
            assert_eq!(sorted(held), named(layer.columns().collect()));
            // The layers that other programs use keep their columns.
            let view = columns(&conn, layer.view());
            let old_name =
                |column: &str| column == "location_as_given_crs" && view.contains(&"crs_as_given".into());
            let is_shown = |column: &str| view.contains(&column.to_owned()) || old_name(column);
            assert!(layer.columns().all(is_shown), "{view:?}");
        }
        assert_eq!(columns(&conn, "change_log"), first::CHANGE_COLUMNS);
    }
}
