//! Selects the records of a small collection.

use std::sync::Arc;

use geometry::{Area, Bounds};
use jiff::civil::Date;

use super::{
    Small,
    asked::Asked,
    property::{Fields, Property},
    records::Located,
};
use crate::{
    core::scope::Scope,
    query::{condition::Condition, filter::Dates},
    reference::DistrictSet,
};

/// Selects records of a small collection. The default selects every record that is not rejected.
///
/// ```
/// use atlas::{SmallFilter, Property};
/// use demining::AccidentDetails;
/// let class = Property::named("class").expect("a field");
/// let mines = SmallFilter::<AccidentDetails> {
///     equal: vec![(class, vec!["mine".into(), "cluster".into()])],
///     ..SmallFilter::default()
/// };
/// # drop(mines);
/// ```
#[derive(Clone, Debug)]
pub struct SmallFilter<T: Small> {
    /// In these districts ([`ReferenceData::districts`](crate::ReferenceData::districts)); anywhere if
    /// `None`.
    pub regions: Option<DistrictSet>,
    /// With one of these texts in each of these properties, which are texts or words. An empty text selects
    /// records without the property.
    pub equal: Vec<(Property<T>, Vec<String>)>,
    /// On these days ([`Small::day`]).
    pub dates: Dates,
    /// Until the end of this day: later ones had not happened.
    pub as_of: Option<Date>,
    /// In one of these boxes, edges included. Anywhere if empty. A box across the antimeridian is split in
    /// two.
    pub bounds: Vec<Bounds>,
    /// In this area.
    pub area: Option<Arc<Area>>,
    /// Satisfying this condition.
    pub condition: Option<Arc<Condition<Fields<T>>>>,
}

impl<T: Small> Default for SmallFilter<T> {
    fn default() -> Self {
        Self {
            regions: None,
            equal: Vec::new(),
            dates: Dates::default(),
            as_of: None,
            bounds: Vec::new(),
            area: None,
            condition: None,
        }
    }
}

impl<T: Small> SmallFilter<T> {
    /// Returns `true` if the filter selects this record, as the scope sees it.
    pub(super) fn selects(&self, located: &Located<T>, scope: Scope) -> bool {
        let (day, at) = (located.record.content.day(), located.location());
        self.as_of.is_none_or(|last| day <= last)
            && self.dates.from.is_none_or(|first| first <= day)
            && self.dates.to.is_none_or(|last| day <= last)
            && self.regions.as_ref().is_none_or(|regions| regions.contains(located.district))
            && self.equal.iter().all(|(property, texts)| equals(located, scope, *property, texts))
            && (self.bounds.is_empty() || self.bounds.iter().any(|window| window.contains(at)))
            && self.area.as_ref().is_none_or(|area| area.contains(at))
            && self.condition.as_ref().is_none_or(|condition| Asked::meets(located, scope, condition))
    }
}

/// Returns `true` if the property is one of these texts. The public has no internal property.
fn equals<T: Small>(located: &Located<T>, scope: Scope, property: Property<T>, texts: &[String]) -> bool {
    let is_one = |value: &str| texts.iter().any(|text| text == value);
    let found = if property.is_shown(scope) { property.with_text(located, is_one) } else { None };
    found.unwrap_or_else(|| is_one(""))
}
