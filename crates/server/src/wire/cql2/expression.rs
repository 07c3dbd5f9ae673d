//! The syntax tree of CQL2, common to both encodings, before names and types are checked against a
//! collection.

use atlas::{Comparison, Folding, Spatial, TimeRelation};
use serde_json::Value;

use crate::wire::shown::shown;

/// An expression: a condition or a value.
#[derive(Clone, Debug)]
pub enum Expression {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// Two values compare like this.
    Compare(Comparison, Box<[Self; 2]>),
    /// A text matches a pattern.
    Like(Box<[Self; 2]>),
    /// A value is at least the second and at most the third.
    Between(Box<[Self; 3]>),
    /// A value equals one of a list.
    In(Box<Self>, Vec<Self>),
    /// A value is missing.
    Missing(Box<Self>),
    /// Two geometries have this relation.
    Spatial(Spatial, Box<[Self; 2]>),
    /// Two intervals of time have this relation.
    Temporal(TimeRelation, Box<[Self; 2]>),
    /// A text without distinction of case, or of accents.
    Folded(Folding, Box<Self>),
    /// A property, by its name.
    Property(String),
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day, as written.
    Date(String),
    /// An instant, as written.
    Timestamp(String),
    /// An interval from one moment to another.
    Interval(Box<[Self; 2]>),
    /// A geometry in `GeoJSON`.
    Geometry(Value),
    /// The corners of a box.
    Box(Vec<f64>),
}

/// A function of the standard.
#[derive(Clone, Copy, Debug)]
pub enum Function {
    /// A relation of two geometries.
    Spatial(Spatial),
    /// A relation of two intervals of time.
    Temporal(TimeRelation),
    /// A folding of a text.
    Folding(Folding),
}

/// The functions, by their names in JSON; names in text are case-insensitive.
const FUNCTIONS: [(&str, Function); 25] = {
    use Function::{Folding as F, Spatial as S, Temporal as T};
    [
        ("casei", F(Folding { case: true, accents: false })),
        ("accenti", F(Folding { case: false, accents: true })),
        ("s_intersects", S(Spatial::Intersects)),
        ("s_disjoint", S(Spatial::Disjoint)),
        ("s_within", S(Spatial::Within)),
        ("s_touches", S(Spatial::Touches)),
        ("s_equals", S(Spatial::Equals)),
        ("s_contains", S(Spatial::Contains)),
        ("s_crosses", S(Spatial::Crosses)),
        ("s_overlaps", S(Spatial::Overlaps)),
        ("t_after", T(TimeRelation::After)),
        ("t_before", T(TimeRelation::Before)),
        ("t_contains", T(TimeRelation::Contains)),
        ("t_disjoint", T(TimeRelation::Disjoint)),
        ("t_during", T(TimeRelation::During)),
        ("t_equals", T(TimeRelation::Equals)),
        ("t_finishedBy", T(TimeRelation::FinishedBy)),
        ("t_finishes", T(TimeRelation::Finishes)),
        ("t_intersects", T(TimeRelation::Intersects)),
        ("t_meets", T(TimeRelation::Meets)),
        ("t_metBy", T(TimeRelation::MetBy)),
        ("t_overlappedBy", T(TimeRelation::OverlappedBy)),
        ("t_overlaps", T(TimeRelation::Overlaps)),
        ("t_startedBy", T(TimeRelation::StartedBy)),
        ("t_starts", T(TimeRelation::Starts)),
    ]
};

impl Function {
    /// Finds the function with this name.
    ///
    /// # Errors
    /// When it does not exist.
    pub fn named(name: &str) -> Result<Self, String> {
        let known = FUNCTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, function)| *function).ok_or_else(|| match name {
            "+" | "-" | "*" | "/" | "%" | "^" | "div" => arithmetic(name),
            other => format!("unknown function or operator {:?}", shown(other)),
        })
    }

    /// Applies the function to its arguments.
    ///
    /// # Errors
    /// When there are too few or too many.
    pub fn of(self, name: &str, args: Vec<Expression>) -> Result<Expression, String> {
        Ok(match self {
            Self::Spatial(spatial) => Expression::Spatial(spatial, exactly(name, args)?),
            Self::Temporal(relation) => Expression::Temporal(relation, exactly(name, args)?),
            Self::Folding(folding) => {
                let [text] = *exactly(name, args)?;
                Expression::Folded(folding, text.into())
            }
        })
    }
}

/// Returns the comparison of an operator.
pub fn comparison(op: &str) -> Option<Comparison> {
    Some(match op {
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::Greater,
        ">=" => Comparison::AtLeast,
        _ => return None,
    })
}

/// Checks the number of arguments.
///
/// # Errors
/// When there are too few or too many.
pub fn exactly<const N: usize>(name: &str, args: Vec<Expression>) -> Result<Box<[Expression; N]>, String> {
    args.into_boxed_slice().try_into().map_err(|args: Box<[Expression]>| {
        format!(
            "{} needs {N} {}, not {}",
            name.to_lowercase(),
            if N == 1 { "operand" } else { "operands" },
            args.len()
        )
    })
}

/// Explains why arithmetic is refused.
pub fn arithmetic(op: &str) -> String {
    format!("arithmetic ({op}) is not supported")
}
