//! `SQLite`'s check of the whole file.

use rusqlite::{Connection, ErrorCode};

use crate::error::StoreError;

/// Pages, or steps of a query, between two calls of `goes_on`: about a millisecond.
const STEPS: i32 = 256;

/// Checks the integrity of the file while `goes_on` returns `true`. Returns `true` if the check was
/// completed.
///
/// # Errors
/// [`StoreError::Damaged`] with up to three problems.
pub(crate) fn run(
    conn: &Connection,
    mut goes_on: impl FnMut() -> bool + Send + 'static,
) -> Result<bool, StoreError> {
    conn.progress_handler(STEPS, Some(move || !goes_on()));
    let told = told_by_check(conn);
    conn.progress_handler(0, None::<fn() -> bool>);
    match told {
        Ok(told) if told == ["ok"] => Ok(true),
        Ok(told) => Err(StoreError::Damaged(told.join("; "))),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn told_by_check(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut check = conn.prepare("PRAGMA quick_check(3)")?;
    check.query_map([], |row| row.get(0))?.collect()
}
