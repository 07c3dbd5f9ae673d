//! Counts records by any of their properties, and by the month of their day.

use std::{collections::BTreeMap, ops::AddAssign};

use demining::field::FieldValue;

use super::{Small, property::Property, records::Located};
use crate::{core::scope::Scope, detections::day::Month};

/// What to group by.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupBy<T: Small> {
    /// A property: a text or a word.
    Property(Property<T>),
    /// The month of [`Small::day`].
    Month,
}

/// What the records of a group have in common. Words are in the order of their vocabulary, texts and months
/// in their own, and missing values come last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// A word of a vocabulary: its position, and the word.
    Word(usize, &'static str),
    /// A text.
    Text(String),
    /// A month.
    Month(Month),
    /// The property is missing.
    Missing,
}

impl GroupKey {
    /// Returns it as a text; `None` if the property is missing.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Word(_, word) => Some((*word).to_owned()),
            Self::Text(text) => Some(text.clone()),
            Self::Month(month) => Some(month.to_string()),
            Self::Missing => None,
        }
    }
}

impl<T: Small> GroupBy<T> {
    fn key(&self, located: &Located<T>, scope: Scope) -> GroupKey {
        let Self::Property(property) = self else {
            return GroupKey::Month(Month::from(located.record.content.day()));
        };
        if !property.is_shown(scope) {
            return GroupKey::Missing;
        }
        match property.value(located) {
            FieldValue::Word(word) => GroupKey::Word(word.index, word.text),
            _ => property.with_text(located, str::to_owned).map_or(GroupKey::Missing, GroupKey::Text),
        }
    }
}

/// Sums up the counts of records by group, and of all of them. Without anything to group by there are no
/// groups.
pub fn grouped<'a, T: Small, C: Copy + Default + AddAssign>(
    records: impl Iterator<Item = &'a Located<T>>,
    by: &[GroupBy<T>],
    scope: Scope,
    counts: impl Fn(&Located<T>) -> C,
) -> (Vec<(Vec<GroupKey>, C)>, C) {
    let (mut groups, mut total) = (BTreeMap::<Vec<GroupKey>, C>::new(), C::default());
    for located in records {
        let counts = counts(located);
        total += counts;
        if !by.is_empty() {
            *groups.entry(by.iter().map(|by| by.key(located, scope)).collect()).or_default() += counts;
        }
    }
    (groups.into_iter().collect(), total)
}
