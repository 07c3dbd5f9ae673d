//! Values that the server derives and a row states all the same. They are not believed; where one contradicts what
//! is derived, the sender is told.

use std::sync::Arc;

use atlas::{Found, Scope, View};
use demining::{COMMON_FIELDS, Detection, Precision, RawDetection, Review, field::FieldRole};
use jiff::Timestamp;
use store::Reader;
use uuid::Uuid;

use super::{
    report::{Notice, Report, Seen},
    slips,
};
use crate::{replay::without_records, start_error::StartError};

/// A value that a row states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its name.
    pub field: &'static str,
    /// The value as it came.
    pub given: String,
}

/// What a row states of derived values.
pub fn claims(raw: &RawDetection) -> Vec<Claim> {
    let claim = |field: &'static str| {
        let (_, value) = raw.properties.iter().find(|(name, value)| name == field && !value.is_empty())?;
        Some(Claim { field, given: value.as_text().trim().to_owned() })
    };
    let derived = COMMON_FIELDS.iter().filter(|field| field.role == FieldRole::Derived);
    derived.filter_map(|field| claim(field.name)).collect()
}

/// What stands, by which claims are judged.
pub struct Derived {
    view: View,
    records: Records,
    starts: Review,
}

/// Where the records are that stand.
enum Records {
    /// In the view itself.
    InView,
    /// In a store that no server uses.
    InStore(Reader),
}

impl Derived {
    /// The values as a view has them; new records start in review as `starts` says.
    pub fn of_view(view: View, starts: Review) -> Self {
        Self { view, records: Records::InView, starts }
    }

    /// The values as a store has them; new records are approved.
    ///
    /// # Errors
    /// When the store cannot be read, or a boundary in it is no polygon.
    pub fn of_store(reader: Reader) -> Result<Self, StartError> {
        let (atlas, _) = without_records(&reader, Precision::default())?;
        let (view, records) = (atlas.view(Scope::Full), Records::InStore(reader));
        Ok(Self { view, records, starts: Review::Approved })
    }

    fn standing(&self, id: Uuid) -> Option<Found> {
        match &self.records {
            Records::InView => self.view.get(id),
            Records::InStore(reader) => {
                // What cannot be read fails where it is written.
                let record = Arc::new(reader.find(id).ok().flatten()?);
                let region = self.view.reference().locate(record.detection.location).map(Arc::from);
                Some(Found { record, region })
            }
        }
    }

    /// A likely slip in the place of a record.
    pub fn slip(&self, detection: &Detection) -> Option<Seen> {
        slips::axes_swapped(self.view.reference(), detection)
    }

    /// Notes in the report what contradicts, and what looks like a slip.
    pub fn note(&self, claims: Vec<Claim>, row: u64, detection: &Detection, report: &mut Report) {
        for (claim, stands) in self.contradictions(claims, detection) {
            let Claim { field, given } = claim;
            let seen = Seen::Derived { field: field.to_owned(), given, stands };
            report.notice(Notice { row, id: detection.id, seen });
        }
        if let Some(seen) = self.slip(detection) {
            report.notice(Notice { row, id: detection.id, seen });
        }
    }

    /// The claims that contradict, each with what is derived instead.
    pub fn contradictions(&self, claims: Vec<Claim>, detection: &Detection) -> Vec<(Claim, String)> {
        if claims.is_empty() {
            return Vec::new();
        }
        let standing = self.standing(detection.id);
        let contradiction = |claim: Claim| {
            let stands = self.contradicts(&claim, detection, standing.as_ref())?;
            Some((claim, stands))
        };
        claims.into_iter().filter_map(contradiction).collect()
    }

    /// What is derived, when the claim says something else. A record that is new here may come from another server,
    /// which counts its revisions itself.
    fn contradicts(&self, claim: &Claim, detection: &Detection, standing: Option<&Found>) -> Option<String> {
        let given = claim.given.as_str();
        let derived = match claim.field {
            "region" => {
                let here = self.view.reference().locate(detection.location).unwrap_or("");
                // Who moves a record sends the region that it read.
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
