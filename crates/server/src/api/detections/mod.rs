//! Records of detections: [`items`] shows them, [`write`] takes one or replaces one.

pub mod items;
pub mod write;
