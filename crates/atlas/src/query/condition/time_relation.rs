//! Relations between time intervals.

use super::{comparison::Comparison, expression::Condition, field::Properties, time::Moment};

/// A relation between two time intervals: OGC 21-065r2, table 8. A moment is an interval that ends where it
/// begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names of the standard.
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
    /// Returns the condition that the interval `a`, given by its first and last moment, has this relation to
    /// `b`.
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
