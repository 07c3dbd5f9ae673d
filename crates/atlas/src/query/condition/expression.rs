//! Conditions as received: comparisons joined by and, or and not.

use std::sync::Arc;

use geometry::Shape;

use super::{
    comparison::Comparison,
    field::{Detections, Field, Properties},
    spatial::Spatial,
    text::{Folding, TextTest},
    time::Moment,
};

/// A condition on a feature; on a detection by default.
///
/// ```
/// use atlas::{Comparison, Condition, Filter, Folding, TextField, TextTest};
/// let mines = Condition::Text {
///     field: TextField::named("model").expect("a field"),
///     folding: Folding::default(),
///     test: TextTest::Compare(Comparison::Equal, "PMN-2".into()),
/// };
/// let filter = Filter { condition: Some(mines.into()), ..Filter::default() };
/// ```
#[derive(Clone, Debug)]
pub enum Condition<P: Properties = Detections> {
    /// All of these; true if empty.
    All(Vec<Self>),
    /// Any of these; false if empty.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A text passes a test.
    Text {
        /// The text property.
        field: P::Text,
        /// The folding to apply first.
        folding: Folding,
        /// The test.
        test: TextTest,
    },
    /// Two numbers compare like this.
    Number(Number<P>, Comparison, Number<P>),
    /// Two moments compare like this; a day and an instant by the day of the instant in UTC.
    Time(Moment<P>, Comparison, Moment<P>),
    /// The property is missing.
    Missing(Field<P>),
    /// The geometry of the feature has this relation to a shape.
    Place(Spatial, Arc<Shape>),
}

/// An operand of a number comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number<P: Properties = Detections> {
    /// A property of the feature.
    Field(P::Number),
    /// A literal value.
    Value(f64),
}

impl<P: Properties> Condition<P> {
    /// Returns a condition that is always true, or always false.
    pub fn always(so: bool) -> Self {
        if so { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
    }

    /// Returns the negation.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it is the term of CQL2")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Returns `true` if the condition uses this property.
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
