//! Values that a row states although the server derives them. The server ignores them; if one contradicts the
//! derived value, the report notes it.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use atlas::{Found, Scope, View};
use demining::{COMMON_FIELDS, Judged, Precision, RawRecord, Review, Value, field::FieldRole};
use geometry::LonLat;
use jiff::Timestamp;
use store::Reader;
use uuid::Uuid;

use super::{
    report::{Notice, Report, Seen},
    slips,
};
use crate::{
    collections::{Served, located},
    replay::without_records,
    start_error::StartError,
};

/// A derived value that a row states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The name of the field.
    pub field: &'static str,
    /// The value as received.
    pub given: String,
}

/// Returns the derived values that a row states, in the order of the fields.
pub fn claims(raw: &RawRecord) -> Vec<Claim> {
    let names = derived();
    let claim = |(name, value): &(Cow<'_, str>, Value)| {
        // A table has a cell for each column, and most are empty.
        if matches!(value, Value::Null) {
            return None;
        }
        let field = names.iter().find(|field| *field == name)?;
        (!value.is_empty()).then(|| Claim { field, given: value.as_text().trim().to_owned() })
    };
    // Most rows state none, and then this allocates nothing.
    let mut claims: Vec<Claim> = raw.properties.iter().filter_map(claim).collect();
    claims.sort_by_key(|claim| names.iter().position(|field| *field == claim.field));
    claims
}

/// The names of the derived fields that every record has.
fn derived() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        COMMON_FIELDS
            .iter()
            .filter(|field| field.role == FieldRole::Derived)
            .map(|field| field.name)
            .collect()
    });
    &NAMES
}

/// The current values that claims are compared with.
pub struct Derived {
    view: View,
    records: Records,
    starts: Review,
}

/// Where the current records are.
enum Records {
    /// In the view itself.
    InView,
    /// In a store without a running server.
    InStore(Reader),
}

impl Derived {
    /// Takes current values from a view; new records get the review state `starts`.
    pub fn of_view(view: View, starts: Review) -> Self {
        Self { view, records: Records::InView, starts }
    }

    /// Takes current values from a store; new records are approved.
    ///
    /// # Errors
    /// If the store cannot be read, or a boundary in it is not a valid polygon.
    pub fn of_store(reader: Reader) -> Result<Self, StartError> {
        let (atlas, _) = without_records(&reader, Precision::default())?;
        let (view, records) = (atlas.view(Scope::Full), Records::InStore(reader));
        Ok(Self { view, records, starts: Review::Approved })
    }

    fn standing<T: Served>(&self, id: Uuid) -> Option<Found<Judged<T>>> {
        match &self.records {
            Records::InView => T::find(&self.view, id),
            Records::InStore(reader) => {
                // A read failure here also fails the write, which reports it.
                let record = Arc::new(reader.find::<T>(id).ok().flatten()?);
                Some(located(self.view.reference(), record))
            }
        }
    }

    /// Returns a likely mistake in the position of a record.
    pub fn slip(&self, at: LonLat) -> Option<Seen> {
        slips::axes_swapped(self.view.reference(), at)
    }

    /// Adds contradictions and likely mistakes to the report.
    pub fn note<T: Served>(&self, claims: Vec<Claim>, row: u64, content: &T, report: &mut Report) {
        for (claim, stands) in self.contradictions(claims, content) {
            let Claim { field, given } = claim;
            let seen = Seen::Derived { field: field.to_owned(), given, stands };
            report.notice(Notice { row, id: content.id(), seen });
        }
        if let Some(seen) = self.slip(content.location()) {
            report.notice(Notice { row, id: content.id(), seen });
        }
    }

    /// Returns the claims that contradict, each with the derived value.
    pub fn contradictions<T: Served>(&self, claims: Vec<Claim>, content: &T) -> Vec<(Claim, String)> {
        if claims.is_empty() {
            return Vec::new();
        }
        let standing = self.standing::<T>(content.id());
        let contradiction = |claim: Claim| {
            let stands = self.contradicts(&claim, content.location(), standing.as_ref())?;
            Some((claim, stands))
        };
        claims.into_iter().filter_map(contradiction).collect()
    }

    /// Returns the derived value if the claim differs from it. A record that is new here may come from
    /// another server, which has its own revision numbers.
    fn contradicts<T: Served>(
        &self,
        claim: &Claim,
        at: LonLat,
        standing: Option<&Found<Judged<T>>>,
    ) -> Option<String> {
        let given = claim.given.as_str();
        let derived = match claim.field {
            "region" => {
                let here = self.view.reference().locate(at).unwrap_or("");
                // A sender that moves a record still sends the region it read.
                let before = standing.and_then(|found| found.region.as_ref()).map(Arc::as_ref);
                return (given != here && Some(given) != before).then(|| here.to_owned());
            }
            "review" => {
                let review = standing.map_or(self.starts, |found| found.record.review);
                return (given.parse() != Ok(review)).then(|| review.word().to_owned());
            }
            "updated_at" => {
                let at = standing?.record.updated_at;
                let given: Timestamp = given.parse().ok()?;
                return (given.as_millisecond() != at.as_millisecond()).then(|| at.to_string());
            }
            "revision" => standing?.record.revision.0.to_string(),
            "number" => standing?.record.number.to_string(),
            _ => standing?.record.updated_by.clone(),
        };
        (given != derived).then_some(derived)
    }
}
