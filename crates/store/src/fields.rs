//! The fields of a record, in one table: their permanent numbers, their columns, how they are written and read.
//!
//! The columns are the same wherever a record is kept: in the log and in the quarantine. A new field is one entry here
//! and its column in a step of the schema; a test compares the two. Reading goes by the position of a column: a store
//! is replayed at every start, a million rows in a second or two.

use demining::{AsGiven, Details, Detection, Disposal, Fix, Kind, SourceReliability, Status};
use geometry::{LonLat, wkb};
use jiff::civil::Date;
use uuid::Uuid;

use crate::value::{Column, Value, day_text, json_list};

/// The name of the collection.
pub(crate) const COLLECTION: &str = "detections";

/// A field of a record.
pub(crate) struct Field {
    /// Permanent, and never used for another field: the hash chain names fields so.
    pub number: u16,
    pub column: &'static str,
    pub kind: FieldKind,
    get: for<'a> fn(&'a Details, &'a mut Scratch) -> Value<'a>,
    set: fn(&mut Details, Column<'_>) -> Result<(), String>,
}

/// What a field is for the hash chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// A value, hashed as it is stored.
    Plain,
    /// The same of a text that people write.
    Text,
    /// A text that may have to be redacted. The chain has its digest, and the column of this name its seal.
    FreeText(&'static str),
    /// A position, stored as a geometry.
    Position,
}

/// Room for values that are not stored as a record has them.
#[derive(Default)]
pub(crate) struct Scratch {
    day: [u8; 10],
    text: String,
    point: [u8; wkb::POINT_BLOB_BYTES],
}

impl Scratch {
    fn day(&mut self, day: Date) -> Value<'_> {
        self.day = day_text(day);
        Value::Text(&self.day)
    }
}

/// The fields of a detection, by ascending number. 22 is its id, which stands beside the content.
pub(crate) static FIELDS: [Field; 21] = [
    plain(
        1,
        "kind",
        |d, _| d.kind.word().into(),
        |d, c| c.put(&mut d.kind, |c| c.word(Kind::ALL, Kind::word)),
    ),
    text(2, "model", |d, _| d.model.as_ref().into(), |d, c| c.put(&mut d.model, Column::kept)),
    plain(
        3,
        "made_in_year",
        |d, _| d.made_in_year.map(i64::from).into(),
        |d, c| c.put(&mut d.made_in_year, Column::whole),
    ),
    plain(
        4,
        "quantity",
        |d, _| i64::from(d.quantity).into(),
        |d, c| c.put(&mut d.quantity, Column::needed_whole),
    ),
    plain(5, "depth_cm", |d, _| d.depth_cm.into(), |d, c| c.put(&mut d.depth_cm, Column::real)),
    plain(
        6,
        "detected_on",
        |d, s| s.day(d.detected_on),
        |d, c| c.put(&mut d.detected_on, Column::needed_day),
    ),
    plain(
        7,
        "status",
        |d, _| d.status.word().into(),
        |d, c| c.put(&mut d.status, |c| c.word(Status::ALL, Status::word)),
    ),
    plain(
        8,
        "neutralised_on",
        |d, s| d.neutralised_on.map_or(Value::Null, |day| s.day(day)),
        |d, c| c.put(&mut d.neutralised_on, Column::day),
    ),
    plain(
        9,
        "disposal",
        |d, _| d.disposal.map(Disposal::word).into(),
        |d, c| c.put(&mut d.disposal, |c| c.optional_word(Disposal::ALL, Disposal::word)),
    ),
    text(10, "operator", |d, _| d.operator.as_ref().into(), |d, c| c.put(&mut d.operator, Column::kept)),
    text(11, "team", |d, _| d.team.as_ref().into(), |d, c| c.put(&mut d.team, Column::kept)),
    text(
        12,
        "hazard_area",
        |d, _| d.hazard_area.as_ref().into(),
        |d, c| c.put(&mut d.hazard_area, Column::kept),
    ),
    plain(
        13,
        "source_reliability",
        |d, _| d.source_reliability.map(SourceReliability::word).into(),
        |d, c| {
            c.put(&mut d.source_reliability, |c| {
                c.optional_word(SourceReliability::ALL, SourceReliability::word)
            })
        },
    ),
    plain(14, "accuracy_m", |d, _| d.accuracy_m.into(), |d, c| c.put(&mut d.accuracy_m, Column::real)),
    plain(
        15,
        "fix",
        |d, _| d.fix.map(Fix::word).into(),
        |d, c| c.put(&mut d.fix, |c| c.optional_word(Fix::ALL, Fix::word)),
    ),
    text(
        16,
        "location_as_given",
        |d, _| d.location_as_given.as_ref().map(|given| &given.coordinates).into(),
        |d, c| {
            let given = |coordinates| AsGiven { coordinates, crs: String::new() };
            c.put(&mut d.location_as_given, |c| Ok(c.kept()?.map(given)))
        },
    ),
    // After the coordinates: neither stands without the other.
    text(
        17,
        "location_as_given_crs",
        |d, _| d.location_as_given.as_ref().map(|given| &given.crs).into(),
        |d, c| {
            let given = d.location_as_given.take().zip(c.kept()?);
            d.location_as_given = given.map(|(given, crs)| AsGiven { crs, ..given });
            Ok(())
        },
    ),
    free_text(
        18,
        "note",
        "note_seal",
        |d, _| d.note.as_ref().into(),
        |d, c| c.put(&mut d.note, Column::kept),
    ),
    plain(
        19,
        "photos",
        |d, s| {
            if d.photos.is_empty() {
                return Value::Null;
            }
            s.text = json_list(&d.photos);
            (&s.text).into()
        },
        |d, c| c.put(&mut d.photos, |c| Ok(c.json()?.unwrap_or_default())),
    ),
    free_text(
        20,
        "extra",
        "extra_seal",
        |d, _| d.extra.as_ref().into(),
        |d, c| c.put(&mut d.extra, Column::kept),
    ),
    Field {
        number: 21,
        column: "geom",
        kind: FieldKind::Position,
        get: |d, s| {
            s.point = wkb::point_blob(d.location);
            Value::Bytes(&s.point)
        },
        set: |d, c| c.put(&mut d.location, |c| wkb::read_point_blob(c.blob()?)),
    },
];

type Get = for<'a> fn(&'a Details, &'a mut Scratch) -> Value<'a>;
type Set = fn(&mut Details, Column<'_>) -> Result<(), String>;

const fn plain(number: u16, column: &'static str, get: Get, set: Set) -> Field {
    Field { number, column, kind: FieldKind::Plain, get, set }
}

const fn text(number: u16, column: &'static str, get: Get, set: Set) -> Field {
    Field { number, column, kind: FieldKind::Text, get, set }
}

const fn free_text(number: u16, column: &'static str, seal: &'static str, get: Get, set: Set) -> Field {
    Field { number, column, kind: FieldKind::FreeText(seal), get, set }
}

/// How many columns the content of a record has.
pub(crate) const N_CONTENT: usize = FIELDS.len();

/// The columns of the content, in the order of [`read`].
pub(crate) fn content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.column)
}

/// The columns of the content with those of seals, each after its text.
pub(crate) fn sealed_content() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().flat_map(|field| {
        let seal = match field.kind {
            FieldKind::FreeText(seal) => Some(seal),
            FieldKind::Plain | FieldKind::Text | FieldKind::Position => None,
        };
        std::iter::once(field.column).chain(seal)
    })
}

/// Tells each field with its value, in order.
pub(crate) fn each_value<E>(
    details: &Details,
    mut tell: impl FnMut(&'static Field, Value<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut scratch = Scratch::default();
    FIELDS.iter().try_for_each(|field| tell(field, (field.get)(details, &mut scratch)))
}

/// Reads the content; `value` has the value of a column by its position and its name.
///
/// # Errors
/// What is wrong with which column.
pub(crate) fn read<'r>(
    id: Uuid,
    mut value: impl FnMut(usize, &str) -> Result<Value<'r>, String>,
) -> Result<Details, String> {
    let mut details = blank(id)?;
    for (k, field) in FIELDS.iter().enumerate() {
        (field.set)(&mut details, Column { value: value(k, field.column)?, name: field.column })?;
    }
    Ok(details)
}

/// What reading fills. Every field is set, and those that must have a value fail without one.
fn blank(id: Uuid) -> Result<Details, String> {
    Ok(Details {
        id,
        location: LonLat::new(0.0, 0.0).map_err(|error| error.to_string())?,
        location_as_given: None,
        accuracy_m: None,
        fix: None,
        kind: Kind::Other,
        model: None,
        made_in_year: None,
        quantity: 1,
        depth_cm: None,
        detected_on: Date::ZERO,
        status: Status::Detected,
        neutralised_on: None,
        disposal: None,
        operator: None,
        team: None,
        hazard_area: None,
        source_reliability: None,
        note: None,
        photos: Vec::new(),
        extra: None,
    })
}

/// What was judged when it was written is judged by all rules but the one on the future: a clock
/// that was set back must not make a store unreadable.
pub(crate) fn judged(content: Details) -> Result<Detection, String> {
    Detection::new(content, Date::MAX).map_err(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|p| {
                if p.value.is_empty() {
                    format!("{} {}", p.field, p.reason)
                } else {
                    format!("{} {} {}", p.field, p.value, p.reason)
                }
            })
            .collect();
        told.join("; ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_none_is_used_twice() {
        assert!(FIELDS.is_sorted_by(|a, b| a.number < b.number));
        assert!(FIELDS.iter().all(|field| field.number < 1000 && field.number != 22));
    }
}
