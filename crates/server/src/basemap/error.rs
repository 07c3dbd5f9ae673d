//! Why a base map cannot be used.

use std::path::PathBuf;

/// Why a base map cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaseMapError {
    /// An archive is unreadable or malformed.
    #[error("{}: {reason}", path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// The cause.
        reason: String,
    },
    /// The terrain archive contains vector tiles.
    #[error("the terrain archive contains vector tiles; expected PNG or WebP in the terrarium encoding")]
    NotTerrain,
    /// An address is not one of a base map.
    #[error("{given:?}: {reason}")]
    Address {
        /// The value as given.
        given: String,
        /// The cause.
        reason: &'static str,
    },
}
