//! What a record is to be, in the terms of CQL2 (OGC 21-065r2): comparisons of its properties and its
//! place, joined by and, or and not.
//!
//! A comparison with a property that a record does not have is neither true nor false; only what is
//! true passes. So `depth_cm > 10` and `NOT depth_cm > 10` both leave out what was measured nowhere.
//! A condition is [bound](bind) to a snapshot before it is asked, [narrowed](narrow) to what the index
//! answers by itself, and [what is left](meets) is asked of nodes and rows.

mod bind;
mod field;
mod meets;
mod narrow;
mod text;
mod time;

use std::sync::Arc;

use geometry::Shape;

pub use bind::{Bound, Test};
pub use field::{Field, NumberField, TextField, TimeField};
pub use narrow::{Reach, narrow};
pub use text::{Folding, Pattern, TextTest};
pub use time::{Moment, Time, TimeRelation};

/// What a record is to be.
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
pub enum Condition {
    /// All of these; true when there are none.
    All(Vec<Self>),
    /// One of these; false when there are none.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A text passes a test.
    Text {
        /// Which text.
        field: TextField,
        /// What is taken off it before.
        folding: Folding,
        /// The test.
        test: TextTest,
    },
    /// Two numbers compare so.
    Number(Number, Comparison, Number),
    /// Two moments compare so; a day and an instant by the day of the instant in UTC.
    Time(Moment, Comparison, Moment),
    /// The property is not given.
    Missing(Field),
    /// The place of the record lies so to a shape.
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
pub enum Number {
    /// Of the record.
    Field(NumberField),
    /// Given.
    Value(f64),
}

/// How the place of a record, which is a point, lies to a shape. What a point can never do to a shape,
/// such as cross it, is a relation too, and false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spatial {
    /// In it or on its edge.
    Intersects,
    /// Neither in it nor on its edge.
    Disjoint,
    /// In it, not on its edge: the end of a line is its edge.
    Within,
    /// On its edge.
    Touches,
    /// It is the point, and nothing else.
    Equals,
    /// The same for a point: nothing else fits into one.
    Contains,
    /// Never.
    Crosses,
    /// Never.
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

impl Condition {
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
    pub fn names(&self, asked: Field) -> bool {
        let number =
            |number: &Number| matches!(number, Number::Field(field) if Field::Number(*field) == asked);
        let moment = |moment: &Moment| matches!(moment, Moment::Field(field) if Field::Time(*field) == asked);
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
