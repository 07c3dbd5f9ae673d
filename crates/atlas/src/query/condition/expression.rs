//! Conditions as they are given: comparisons, joined by and, or and not.

use std::sync::Arc;

use geometry::Shape;

use super::{
    comparison::Comparison,
    field::{Detections, Field, Properties},
    spatial::Spatial,
    text::{Folding, TextTest},
    time::Moment,
};

/// What a feature must satisfy; a detection unless said otherwise.
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

/// A number that is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number<P: Properties = Detections> {
    /// Of the feature.
    Field(P::Number),
    /// Given.
    Value(f64),
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
