//! Small collections: records that number in the thousands, located as they are. Every query tests each
//! record.
//!
//! Everything derives from the field table of the collection ([`Content::FIELDS`]) and from what [`Small`]
//! adds for it. A new collection implements [`Small`], and `state` holds its records.
//!
//! The files, lowest first:
//! - `property` names the properties of a record.
//! - `records` holds the records at one revision.
//! - `asked` evaluates a condition on one record.
//! - `filter` selects records.
//! - `page` lists and counts them.
//! - `groups` counts them by their properties.
//! - `tile` draws them.
//! - `fold` derives the records at the next revision.

mod asked;
mod filter;
mod fold;
mod groups;
mod page;
mod property;
mod records;
mod tile;

use demining::{Content, Disclose};
use jiff::civil::Date;

pub use filter::SmallFilter;
pub use fold::{Step, delta, note};
pub use groups::{GroupBy, GroupKey, grouped};
pub use page::SmallPage;
pub use property::{Fields, Property};
pub use records::{Located, SmallCollection};

/// A collection of so few records that a query tests each of them.
pub trait Small: Content + Disclose {
    /// The properties of a point in tiles, by name. The public sees those of them that are public.
    const IN_TILES: &'static [&'static str];

    /// Returns the day of the record, by which intervals of time select it.
    fn day(&self) -> Date;
}
