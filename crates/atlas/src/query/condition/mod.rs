//! What a feature must satisfy, in the terms of CQL2 (OGC 21-065r2): comparisons of its properties and its
//! geometry, joined by and, or and not.
//!
//! A comparison with a property that a feature lacks is neither true nor false; only what is true
//! passes. So `depth_cm > 10` and `NOT depth_cm > 10` both leave out what nobody measured.
//!
//! Conditions are evaluated in two ways. A condition on detections is bound to a snapshot and narrowed to
//! what the index answers by itself; [what is left](super::meets) is asked of nodes and rows. Features of
//! the small collections are tested one by one.
//!
//! The files, lowest first:
//! - `comparison` compares two values.
//! - `field` names the properties of a feature.
//! - `spatial` names the ways in which geometries lie to each other.
//! - `text` tests texts.
//! - `time` orders days and instants.
//! - `expression` holds a condition as it is given.
//! - `time_relation` makes conditions of how intervals of time lie to each other.
//! - `holds` tests a feature of a small collection.
//! - `bind` makes a condition ready for one snapshot.
//! - `narrow` says in the terms of the index what a condition asks for, and what is left of it.

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
