//! Days and instants, and how intervals of them lie to each other.

use std::cmp::Ordering;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Comparison, Condition, Detections, Properties};

/// A day or an instant, or what lies before or after all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Before everything: the open beginning of an interval.
    Lowest,
    /// A day, in UTC.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// After everything: the open end of an interval.
    Highest,
}

impl Time {
    /// Which comes first. A day and an instant are compared as days.
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

    /// The day; none of what is no time.
    pub(crate) fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Instant(at) => Some(at.to_zoned(TimeZone::UTC).date()),
            Self::Lowest | Self::Highest => None,
        }
    }
}

/// A moment that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment<P: Properties = Detections> {
    /// Of the feature.
    Field(P::Time),
    /// Given.
    At(Time),
}

/// How one interval of time lies to another: OGC 21-065r2, table 8. A moment is an interval that ends
/// where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the names of the standard.
pub enum TimeRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl TimeRelation {
    /// That the interval `a`, from its first moment to its last, lies so to `b`.
    pub fn of<P: Properties>(self, a: [Moment<P>; 2], b: [Moment<P>; 2]) -> Condition<P> {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less};
        let ([start, end], [other_start, other_end]) = (a, b);
        let all = |parts: &[(Moment<P>, Comparison, Moment<P>)]| {
            Condition::All(parts.iter().map(|(a, is, b)| Condition::Time(*a, *is, *b)).collect())
        };
        match self {
            Self::After => all(&[(start, Greater, other_end)]),
            Self::Before => all(&[(end, Less, other_start)]),
            Self::Contains => all(&[(start, Less, other_start), (end, Greater, other_end)]),
            Self::Disjoint => Self::Intersects.of(a, b).not(),
            Self::During => all(&[(start, Greater, other_start), (end, Less, other_end)]),
            Self::Equals => all(&[(start, Equal, other_start), (end, Equal, other_end)]),
            Self::FinishedBy => all(&[(start, Less, other_start), (end, Equal, other_end)]),
            Self::Finishes => all(&[(start, Greater, other_start), (end, Equal, other_end)]),
            Self::Intersects => all(&[(start, AtMost, other_end), (end, AtLeast, other_start)]),
            Self::Meets => all(&[(end, Equal, other_start)]),
            Self::MetBy => all(&[(start, Equal, other_end)]),
            Self::OverlappedBy => {
                all(&[(start, Greater, other_start), (start, Less, other_end), (end, Greater, other_end)])
            }
            Self::Overlaps => {
                all(&[(start, Less, other_start), (end, Greater, other_start), (end, Less, other_end)])
            }
            Self::StartedBy => all(&[(start, Equal, other_start), (end, Greater, other_end)]),
            Self::Starts => all(&[(start, Equal, other_start), (end, Less, other_end)]),
        }
    }
}
