//! What QGIS sends when somebody opens, filters and edits a layer of OGC API Features.
//!
//! The requests are written down from the public source of QGIS (src/providers/wfs/oapif in qgis/QGIS), because these
//! versions cannot be run here: 3.28 reads, 3.32 also edits and filters by CQL2, 3.44 also asks for the schema; the
//! newest source that was read is at commit 0d7a11af6a65, after 3.44. tests/qgis runs 3.22 itself.
//!
//! The files, lowest first:
//! - `client` sends what QGIS sends.
//! - `opening` tests how a layer is opened.
//! - `editing` tests how a layer is edited.
//! - `filtering` tests how a layer is filtered.

mod client;
mod editing;
mod filtering;
mod opening;
