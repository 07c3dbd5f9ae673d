//! Maps the errors of `SQLite`.

use rusqlite::{Error as Sql, ErrorCode, ffi};

use crate::error::{Failure, StoreError, UploadError};

impl From<Sql> for StoreError {
    fn from(error: Sql) -> Self {
        // The index of the log, which stays small, could not grow.
        if error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Disk(error.to_string()),
            _ => Self::Unexpected(error.to_string()),
        }
    }
}

impl From<Sql> for Failure {
    fn from(error: Sql) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch) => {
                Self::Upload(UploadError::Refused(error.to_string()))
            }
            _ => Self::Store(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_a_failing_disk_and_a_locked_file_are_told_apart() {
        let sqlite = |code| StoreError::from(Sql::SqliteFailure(ffi::Error::new(code), None));
        assert!(matches!(sqlite(ffi::SQLITE_FULL), StoreError::Full));
        assert!(matches!(sqlite(ffi::SQLITE_IOERR_SHMSIZE), StoreError::Full));
        assert!(matches!(sqlite(ffi::SQLITE_IOERR_FSYNC), StoreError::Disk(_)));
        assert!(matches!(sqlite(ffi::SQLITE_READONLY), StoreError::Disk(_)));
        assert!(matches!(sqlite(ffi::SQLITE_BUSY_SNAPSHOT), StoreError::Busy));
        assert!(matches!(sqlite(ffi::SQLITE_CORRUPT), StoreError::Damaged(_)));
        assert!(matches!(sqlite(ffi::SQLITE_ERROR), StoreError::Unexpected(_)));
    }
}
