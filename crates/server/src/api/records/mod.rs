//! Records of every collection: [`items`] reads them, [`write`] creates and changes them.

pub mod items;
pub mod write;
