//! What a feature must satisfy, in the terms of CQL2 (OGC 21-065r2): comparisons of its properties and its
//! geometry, joined by and, or and not.
//!
//! A comparison with a property that a feature lacks is neither true nor false; only what is true
//! passes. So `depth_cm > 10` and `NOT depth_cm > 10` both leave out what nobody measured.
//!
//! Conditions are evaluated in two ways. A condition on detections is [bound](bind) to a snapshot,
//! [narrowed](narrow) to what the index answers by itself, and [what is left](meets) is asked of nodes
//! and rows. Features of the small collections are tested [one by one](holds).

mod bind;
mod field;
mod holds;
mod meets;
mod narrow;
mod text;
mod time;

use std::sync::Arc;

use geometry::Shape;

pub use bind::{Bound, Test};
pub use field::{Detections, Field, NumberField, Properties, TextField, TimeField};
pub use holds::Feature;
pub use narrow::{Reach, narrow};
pub use text::{Folding, Pattern, TextTest};
pub use time::{Moment, Time, TimeRelation};

/// What a feature must satisfy; a detection unless said otherwise.
///
/// ```
/// use atlas::{Comparison, Condition, Filter, Folding, TextField, TextTest};
/// let mines = Condition::Text {
///     field: TextField::Model,
///     folding: Folding::default(),
///     test: TextTest::Compare(Comparison::Equal, "PMN-2".into()),
/// };
/// let filter = Filter { condition: Some(mines.into()), ..Filter::default() };
/// ```
#[derive(Clone, Debug)]
pub enum Condition<P: Properties = Detections> {
    /// All of these; true when there are none.
    All(Vec<Self>),
    /// One of these; false when there are none.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A text passes a test.
    Text {
        /// Which text.
        field: P::Text,
        /// What is taken off it before.
        folding: Folding,
        /// The test.
        test: TextTest,
    },
    /// Two numbers compare so.
    Number(Number<P>, Comparison, Number<P>),
    /// Two moments compare so; a day and an instant by the day of the instant in UTC.
    Time(Moment<P>, Comparison, Moment<P>),
    /// The property is not given.
    Missing(Field<P>),
    /// The geometry of the feature lies so to a shape.
    Place(Spatial, Arc<Shape>),
}

/// How one value compares to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether values in this order compare so; no order, as of a number that is none, never does.
    pub(crate) fn holds(self, order: Option<std::cmp::Ordering>) -> bool {
        order.is_some_and(|order| match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        })
    }

    /// What holds exactly when this does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// The same of the values in the other order: `a < b` is `b > a`.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

/// A number that is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number<P: Properties = Detections> {
    /// Of the feature.
    Field(P::Number),
    /// Given.
    Value(f64),
}

/// How the geometry of a feature lies to a shape (OGC 06-103r4, 6.1.15). A detection is a point, for which
/// some of these never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spatial {
    /// They have a position in common.
    Intersects,
    /// They have no position in common.
    Disjoint,
    /// It lies in the shape, not only on its edge: the end of a line is its edge.
    Within,
    /// They have positions in common, but only on an edge.
    Touches,
    /// They have all positions in common. Of a point: the shape is that point.
    Equals,
    /// The shape lies in it. Of a point: the shape is that point.
    Contains,
    /// It lies partly in the shape, with less dimensions in common than the two have. Never of a point.
    Crosses,
    /// Each has positions that the other lacks, with all dimensions in common. Never of a point.
    Overlaps,
}

impl Spatial {
    /// The same of the two in the other order.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            same => same,
        }
    }
}

impl<P: Properties> Condition<P> {
    /// What is always so, or never.
    pub fn always(so: bool) -> Self {
        if so { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
    }

    /// Not this.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it is the word of the language")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether it asks for this property.
    pub fn names(&self, asked: Field<P>) -> bool {
        let number =
            |number: &Number<P>| matches!(number, Number::Field(field) if Field::Number(*field) == asked);
        let moment =
            |moment: &Moment<P>| matches!(moment, Moment::Field(field) if Field::Time(*field) == asked);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(asked)),
            Self::Not(part) => part.names(asked),
            Self::Text { field, .. } => Field::Text(*field) == asked,
            Self::Number(left, _, right) => number(left) || number(right),
            Self::Time(left, _, right) => moment(left) || moment(right),
            Self::Missing(field) => *field == asked,
            Self::Place(..) => asked == Field::Geometry,
        }
    }
}
