//! The names of the file and of those beside it.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::error::StoreError;

/// Resolves links in the path, so that one file has one lock.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    let io = |error| StoreError::io(path, error);
    if let Ok(resolved) = path.canonicalize() {
        return Ok(resolved);
    }
    let name = path.file_name().ok_or_else(|| io(io::ErrorKind::InvalidInput.into()))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(folder.canonicalize().map_err(io)?.join(name))
}

/// Returns the path of the file beside the store with this suffix.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Returns `true` if a non-empty write-ahead log is beside the store.
pub(crate) fn has_log(path: &Path) -> bool {
    beside(path, "-wal").metadata().is_ok_and(|m| m.len() > 0)
}
