//! What QGIS sends when a user opens, filters and edits a layer of OGC API Features.
//!
//! The requests are taken from the public source of QGIS (src/providers/wfs/oapif in qgis/QGIS), because
//! these versions cannot be run here: 3.28 reads, 3.32 also edits and filters by CQL2, 3.44 also requests the
//! schema; the newest source consulted is commit 0d7a11af6a65, after 3.44. tests/qgis runs 3.22 itself.
//!
//! The modules, lowest first:
//! - `client` sends the requests of QGIS.
//! - `opening` tests opening a layer.
//! - `editing` tests editing a layer.
//! - `filtering` tests filtering a layer.

mod client;
mod editing;
mod filtering;
mod opening;
