//! Days and instants.

use std::cmp::Ordering;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::field::{Detections, Properties};

/// A day or an instant, or a bound before or after all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Before everything: the start of an interval that is open there.
    Lowest,
    /// A day, in UTC.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// After everything: the end of an interval that is open there.
    Highest,
}

impl Time {
    /// Orders two times. A day and an instant are compared as days.
    pub(crate) fn order(self, other: Self) -> Ordering {
        let rank = |time: Self| match time {
            Self::Lowest => 0,
            Self::Day(_) | Self::Instant(_) => 1,
            Self::Highest => 2,
        };
        match (self, other) {
            (Self::Instant(a), Self::Instant(b)) => a.cmp(&b),
            (a, b) => rank(a).cmp(&rank(b)).then_with(|| a.day().cmp(&b.day())),
        }
    }

    /// Returns the day; `None` for the open bounds.
    pub(crate) fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Instant(at) => Some(at.to_zoned(TimeZone::UTC).date()),
            Self::Lowest | Self::Highest => None,
        }
    }
}

/// An operand of a time comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment<P: Properties = Detections> {
    /// A property of the feature.
    Field(P::Time),
    /// A literal value.
    At(Time),
}
