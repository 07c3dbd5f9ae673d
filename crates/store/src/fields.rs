//! The content of a record as a list of columns, the same wherever a record is kept: in the log, among the records,
//! in the quarantine.
//!
//! Reading goes by the position of a column: a store is replayed at every start, a million rows in a second or two.

use demining::{AsGiven, Details, Detection, Disposal, Fix, Kind, SourceReliability, Status};
use geometry::LonLat;
use jiff::civil::Date;
use uuid::Uuid;

use crate::value::{Value, day, day_text, json_list, one_of, read_json};

/// How many columns there are.
pub(crate) const N_CONTENT: usize = 20;

/// The columns, in the order of [`each_value`] and [`read`].
pub(crate) const CONTENT: [&str; N_CONTENT] = [
    "kind",
    "model",
    "made_in_year",
    "quantity",
    "depth_cm",
    "detected_on",
    "status",
    "neutralised_on",
    "disposal",
    "operator",
    "team",
    "hazard_area",
    "accuracy_m",
    "fix",
    "source_reliability",
    "note",
    "photos",
    "extra",
    "location_as_given",
    "crs_as_given",
];

/// Tells the value of each column, in order.
pub(crate) fn each_value<E>(d: &Details, tell: impl FnMut(Value<'_>) -> Result<(), E>) -> Result<(), E> {
    let given = d.location_as_given.as_ref();
    let photos = (!d.photos.is_empty()).then(|| json_list(&d.photos));
    let detected_on = day_text(d.detected_on);
    let neutralised_on = d.neutralised_on.map(day_text);
    let values: [Value<'_>; N_CONTENT] = [
        d.kind.word().into(),
        d.model.as_ref().into(),
        d.made_in_year.map(i64::from).into(),
        i64::from(d.quantity).into(),
        d.depth_cm.into(),
        Value::Text(&detected_on),
        d.status.word().into(),
        neutralised_on.as_ref().map_or(Value::Null, |day| Value::Text(day)),
        d.disposal.map(Disposal::word).into(),
        d.operator.as_ref().into(),
        d.team.as_ref().into(),
        d.hazard_area.as_ref().into(),
        d.accuracy_m.into(),
        d.fix.map(Fix::word).into(),
        d.source_reliability.map(SourceReliability::word).into(),
        d.note.as_ref().into(),
        photos.as_ref().into(),
        d.extra.as_ref().into(),
        given.map(|g| &g.coordinates).into(),
        given.map(|g| &g.crs).into(),
    ];
    values.into_iter().try_for_each(tell)
}

/// Reads the content; `value` has the value of a column by its position and its name.
///
/// # Errors
/// What is wrong with which column.
pub(crate) fn read<'r>(
    id: Uuid,
    location: LonLat,
    value: impl Fn(usize, &str) -> Result<Value<'r>, String>,
) -> Result<Details, String> {
    let text = |k: usize, name: &str| value(k, name)?.text(name);
    let kept = |k: usize, name: &str| Ok::<_, String>(text(k, name)?.map(str::to_owned));
    let needed = |k: usize, name: &str| value(k, name)?.needed(name);
    Ok(Details {
        id,
        location,
        kind: one_of(needed(0, "kind")?, "kind", Kind::ALL, Kind::word)?,
        model: kept(1, "model")?,
        made_in_year: value(2, "made_in_year")?.whole("made_in_year")?,
        quantity: value(3, "quantity")?.whole("quantity")?.ok_or("quantity is empty")?,
        depth_cm: value(4, "depth_cm")?.real("depth_cm")?,
        detected_on: day(needed(5, "detected_on")?, "detected_on")?,
        status: one_of(needed(6, "status")?, "status", Status::ALL, Status::word)?,
        neutralised_on: text(7, "neutralised_on")?.map(|t| day(t, "neutralised_on")).transpose()?,
        disposal: text(8, "disposal")?
            .map(|t| one_of(t, "disposal", Disposal::ALL, Disposal::word))
            .transpose()?,
        operator: kept(9, "operator")?,
        team: kept(10, "team")?,
        hazard_area: kept(11, "hazard_area")?,
        accuracy_m: value(12, "accuracy_m")?.real("accuracy_m")?,
        fix: text(13, "fix")?.map(|t| one_of(t, "fix", Fix::ALL, Fix::word)).transpose()?,
        source_reliability: text(14, "source_reliability")?
            .map(|t| one_of(t, "source_reliability", SourceReliability::ALL, SourceReliability::word))
            .transpose()?,
        note: kept(15, "note")?,
        photos: text(16, "photos")?.map(|t| read_json(t, "photos")).transpose()?.unwrap_or_default(),
        extra: kept(17, "extra")?,
        location_as_given: match (kept(18, "location_as_given")?, kept(19, "crs_as_given")?) {
            (Some(coordinates), Some(crs)) => Some(AsGiven { coordinates, crs }),
            _ => None,
        },
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
