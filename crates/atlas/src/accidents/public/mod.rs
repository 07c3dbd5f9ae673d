//! What the public may know of accidents: how many there were, and how many people they killed and injured,
//! by district and month, and totals of these.
//!
//! Only approved accidents count. A district's month with few accidents or few people can identify a person,
//! so the policy's `min_cell_count`, or 5 if it sets none, applies as in official statistics:
//!
//! 1. **Cells.** A cell (a district's month) with fewer accidents, or fewer people killed or injured, than
//!    `min_cell_count` is withheld: the public learns that something happened, but no number. Cells without
//!    accidents are not withheld: they are about nobody. With 0 or 1 every cell is published.
//! 2. **Totals.** The total of a district, of a month, or of everything is published only if no withheld cell
//!    can be computed from all that is published, even by an observer who knows that counts are not negative
//!    and that a withheld cell has an accident. A district whose only withheld cell would be its total minus
//!    the published cells has no total, and so on: [`suppress`] explains how the totals are chosen, and
//!    [`audit`] proves for every withheld number that at least one other value fits everything published.
//! 3. **Filters.** All this is decided once, on the whole table. A filter by districts and months selects
//!    published numbers and adds up published numbers, nothing else. So no two answers differ by a withheld
//!    number.
//!
//! The district of an accident is that of the middle of its public cell, as for detections, so that the
//! public revision, which counts changes of the [public form](demining::PublicAccident), is enough to know
//! whether an answer is current. Near a border the public count may therefore differ from the internal one.
//!
//! The rule protects the numbers, not the fact that something happened; and it assumes that the observer
//! computes with what is published. An observer who knows the rule learns from a withheld total that some
//! number would have followed from it, though not which one.

mod answer;
mod audit;
mod suppress;
mod table;

pub use answer::{PublicCell, PublicCounts, PublicFilter};
pub use table::PublicTable;
