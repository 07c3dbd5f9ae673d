//! What the review of a collection needs beside its fields: possible duplicates, and risks of its own.
//!
//! - [`detections`], [`accidents`]: the collections.

mod accidents;
mod detections;

use std::sync::Arc;

use atlas::{Found, View};
use demining::{Detection, Judged, Record};

use super::risks::Risk;
use crate::collections::Served;

/// Possible duplicates listed per record.
const MOST_NEAR: usize = 5;

/// How far apart possible duplicates may be.
#[derive(Debug, Clone, Copy)]
pub struct Within {
    /// In metres.
    pub metres: f64,
    /// In days.
    pub days: u32,
}

/// A possible duplicate: a record like another, nearby and of about the same time.
#[derive(Debug)]
pub struct Near<T = Detection> {
    /// The record.
    pub record: Arc<Record<T>>,
    /// Distance in metres.
    pub distance_m: f64,
    /// Days between the two.
    pub days: u32,
}

/// The content of a collection that managers review.
pub trait Reviewed: Served {
    /// The codes of the collection's own risks, beside [`Risk::CODES`].
    const OWN_RISKS: &'static [&'static str] = &[];

    /// Returns possible duplicates of a record, nearest first.
    fn near(view: &View, found: &Found<Judged<Self>>, within: Within) -> Vec<Near<Judged<Self>>>;

    /// Returns the collection's own risks of accepting a record.
    fn own_risks(_view: &View, _wanted: &Found<Judged<Self>>) -> Vec<Risk> {
        Vec::new()
    }
}
