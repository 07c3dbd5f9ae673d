//! Why a server cannot start.

use store::StoreError;

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A boundary in the store is not a valid polygon.
    #[error("the regions in the store cannot be used: {0}")]
    Regions(#[from] geometry::PolygonError),
    /// Spawning a thread or opening a socket failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
