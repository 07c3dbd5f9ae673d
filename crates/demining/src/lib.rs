//! The vocabulary and rules of mine action records. Pure: no clock, no files, no wire formats.
//!
//! Words and values follow IMAS 04.10 and the information systems used in mine action. Every value of these
//! types is valid: records are created only through [`Judged::judge`], which reports every problem of a row
//! at once, or [`Judged::new`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod amendment;
mod author;
mod collections;
mod common_fields;
mod content;
mod dates;
pub mod demonstration;
mod disclosure;
pub mod field;
mod figures;
mod json_text;
mod judge;
mod limits;
mod log;
mod made_up;
mod page_source;
mod problem;
mod properties;
mod raw;
mod region;
mod values;

pub use amendment::Amendment;
pub use author::Author;
pub use collections::{
    Judged,
    accident::{Accident, Details as AccidentDetails, Victim},
    detection::{Details, Detection},
};
pub use common_fields::COMMON_FIELDS;
pub use content::{Collection, Content};
pub use dates::read_day;
pub use disclosure::{
    Disclose, Disclosure, PUBLIC_CELL_BITS, Precision, Public, PublicAccident, disclosure, public_place,
};
pub use field::folded_name;
pub use figures::{ReportedFigure, Source, mismatched_totals};
pub use limits::{RECORD_LIMITS, RecordLimits};
pub use log::{Action, Change, Expect, Outcome, Record, Revision, Write};
pub use page_source::page_source;
pub use problem::FieldProblem;
pub use raw::{AsGiven, RawLocation, RawRecord, Value};
pub use region::{Level, Names, Place, Region};
pub use values::{
    AccidentClass, Activity, AgeGroup, DateOrder, Disposal, Fix, InformationReliability, Kind,
    QuarantineReason, Review, Role, SetOff, Sex, SourceReliability, Status, Unit, UnknownValue,
    VictimOutcome, VictimStatus, YesNo,
};
