//! What the public may see: the same answers as from records that were snapped beforehand, and not a
//! byte that depends on what is hidden.

mod disguised;
mod folded;
mod hidden;
mod shown;
mod snapped;
