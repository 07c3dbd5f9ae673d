//! Conditions on features, in the terms of CQL2 (OGC 21-065r2): comparisons of properties and geometry,
//! joined by and, or and not.
//!
//! A comparison with a missing property is neither true nor false, and only true conditions pass. So
//! `depth_cm > 10` and `NOT depth_cm > 10` both exclude records without a measured depth.
//!
//! Conditions are evaluated in two ways. A condition on detections is bound to a snapshot and narrowed to
//! what the index can decide; [the rest](super::meets) is evaluated on nodes and rows. Features of the small
//! collections are tested one by one.
//!
//! The files, lowest first:
//! - `comparison` compares two values.
//! - `field` names the properties of a feature.
//! - `spatial` names the relations between geometries.
//! - `text` tests texts.
//! - `time` orders days and instants.
//! - `expression` holds a condition as received.
//! - `time_relation` builds conditions from relations between time intervals.
//! - `holds` tests a feature of a small collection.
//! - `bind` prepares a condition for one snapshot.
//! - `narrow` translates a condition to the terms of the index, and returns the rest.

mod bind;
mod comparison;
mod expression;
mod field;
mod holds;
mod narrow;
mod spatial;
mod text;
mod time;
mod time_relation;

pub use bind::{Bound, Test, position_bit};
pub use comparison::Comparison;
pub use expression::{Condition, Number};
pub use field::{Detections, Field, NumberField, OtherField, Properties, TextField, TimeField};
pub use holds::Feature;
pub use narrow::{Reach, narrow};
pub use spatial::Spatial;
pub use text::{Folding, Pattern, TextTest};
pub use time::{Moment, Time};
pub use time_relation::TimeRelation;
