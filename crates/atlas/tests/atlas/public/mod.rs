//! What the public may see: the same answers as from records that were snapped beforehand, and not a byte
//! that depends on hidden values.
//!
//! The files, lowest first:
//! - `snapped` makes records as the public may see them.
//! - `shown` tests what the public sees.
//! - `disguised` makes disguised records, and collects all answers of a view.
//! - `hidden` tests what the public does not see.
//! - `folded` tests what the public sees of changes.

mod disguised;
mod folded;
mod hidden;
mod shown;
mod snapped;
