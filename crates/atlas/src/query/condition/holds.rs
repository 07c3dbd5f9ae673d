//! Evaluates a condition on one feature, with the three-valued logic of the standard. For collections small
//! enough to test every feature.

use std::borrow::Cow;

use geo::{Geometry, relate::IntersectionMatrix};
use geometry::Shape;

use super::{
    expression::{Condition, Number},
    field::{Field, Properties},
    spatial::Spatial,
    time::{Moment, Time},
};

/// A feature that conditions can be evaluated on. Each method returns `None` if the feature lacks the
/// property.
pub trait Feature<P: Properties> {
    /// Returns a text.
    fn text(&self, field: P::Text) -> Option<Cow<'_, str>>;
    /// Returns a number.
    fn number(&self, field: P::Number) -> Option<f64>;
    /// Returns a day or an instant.
    fn time(&self, field: P::Time) -> Option<Time>;
    /// Returns the geometry, in longitude and latitude.
    fn geometry(&self) -> Option<&Geometry<f64>>;
    /// Returns whether the geometry has this relation to a shape.
    fn relates(&self, spatial: Spatial, shape: &Shape) -> Option<bool> {
        Some(spatial.holds(&shape.matrix(self.geometry()?)))
    }
}

impl Spatial {
    /// Returns `true` if the matrix of two geometries, in this order, satisfies the relation.
    pub fn holds(self, matrix: &IntersectionMatrix) -> bool {
        match self {
            Self::Intersects => matrix.is_intersects(),
            Self::Disjoint => matrix.is_disjoint(),
            Self::Within => matrix.is_within(),
            Self::Touches => matrix.is_touches(),
            Self::Equals => matrix.is_equal_topo(),
            Self::Contains => matrix.is_contains(),
            Self::Crosses => matrix.is_crosses(),
            Self::Overlaps => matrix.is_overlaps(),
        }
    }
}

impl<P: Properties> Condition<P> {
    /// Returns whether a feature satisfies the condition; `None` if that is unknown, because the feature
    /// lacks a property.
    pub fn holds(&self, feature: &impl Feature<P>) -> Option<bool> {
        let number = |number: &Number<P>| match number {
            Number::Field(field) => feature.number(*field),
            Number::Value(value) => Some(*value),
        };
        let moment = |moment: &Moment<P>| match moment {
            Moment::Field(field) => feature.time(*field),
            Moment::At(at) => Some(*at),
        };
        match self {
            Self::All(parts) => joined(parts, feature, false),
            Self::Any(parts) => joined(parts, feature, true),
            Self::Not(part) => part.holds(feature).map(|so| !so),
            Self::Text { field, folding, test } => {
                feature.text(*field).map(|text| test.passes(&folding.of(&text)))
            }
            Self::Number(left, is, right) => {
                let (left, right) = (number(left)?, number(right)?);
                Some(is.holds(left.partial_cmp(&right)))
            }
            Self::Time(left, is, right) => Some(is.holds(Some(moment(left)?.order(moment(right)?)))),
            Self::Missing(field) => Some(match field {
                Field::Text(field) => feature.text(*field).is_none(),
                Field::Number(field) => feature.number(*field).is_none(),
                Field::Time(field) => feature.time(*field).is_none(),
                Field::Geometry => feature.geometry().is_none(),
            }),
            Self::Place(spatial, shape) => feature.relates(*spatial, shape),
        }
    }
}

/// Joins the parts: the result is `decisive` if any part is, otherwise unknown if any part is.
fn joined<P: Properties>(parts: &[Condition<P>], feature: &impl Feature<P>, decisive: bool) -> Option<bool> {
    let mut joined = Some(!decisive);
    for part in parts {
        match part.holds(feature) {
            Some(so) if so == decisive => return Some(decisive),
            Some(_) => {}
            None => joined = None,
        }
    }
    joined
}
