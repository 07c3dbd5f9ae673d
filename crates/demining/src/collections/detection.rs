//! The detection collection: explosive ordnance found at a place. Holds the record type and its field table.

mod judged;
mod progress;
mod rules;
#[cfg(test)]
mod tests;

use geometry::LonLat;
use jiff::civil::{Date, date};
use uuid::Uuid;

pub use self::judged::Detection;
use super::shared::{self, one_of};
use crate::{
    Disposal, Fix, InformationReliability, Kind, RECORD_LIMITS, SourceReliability, Status,
    field::{
        Field,
        FieldKind::{self, Day, Measure, Texts, Whole, Year},
        FieldRole::{self, Given, Required},
        FieldSpec, FieldValue, Titles, day, measure, needed_day, needed_word, text, titles, word,
    },
    raw::AsGiven,
};

/// The fields of a [`Detection`].
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Created by the sender, so that sending a record twice creates one record.
    pub id: Uuid,
    /// The position.
    pub location: LonLat,
    /// The coordinates as entered, if they were not WGS84 longitude and latitude.
    pub location_as_given: Option<AsGiven>,
    /// Horizontal accuracy, metres; never 0, which devices write when the accuracy is unknown.
    pub accuracy_m: Option<f64>,
    /// How the position was taken.
    pub fix: Option<Fix>,
    /// The category of explosive ordnance.
    pub kind: Kind,
    /// The model, such as PMN-2 or TM-62M.
    pub model: Option<String>,
    /// Year of production.
    pub made_in_year: Option<i16>,
    /// The number of items, at least 1.
    pub quantity: u32,
    /// Depth below the surface, centimetres.
    pub depth_cm: Option<f64>,
    /// The day it was found.
    pub detected_on: Date,
    /// The status: neutralised if and only if `neutralised_on` is set.
    pub status: Status,
    /// The day of disposal.
    pub neutralised_on: Option<Date>,
    /// The disposal method.
    pub disposal: Option<Disposal>,
    /// The organisation that did the work.
    pub operator: Option<String>,
    /// The operator's team.
    pub team: Option<String>,
    /// The name or number of the hazardous area that contains it.
    pub hazard_area: Option<String>,
    /// The kind of source behind the record.
    pub source_reliability: Option<SourceReliability>,
    /// How well the information is confirmed.
    pub information_reliability: Option<InformationReliability>,
    /// A note.
    pub note: Option<String>,
    /// File names of photos.
    pub photos: Vec<String>,
    /// Unknown properties, as the text of a JSON object.
    pub extra: Option<String>,
}

impl Details {
    /// Creates a detection with only an id and a place: one item of kind `other`, found on the first day a
    /// record may have. The caller sets the rest.
    pub fn blank(id: Uuid, location: LonLat) -> Self {
        Self {
            id,
            location,
            location_as_given: None,
            accuracy_m: None,
            fix: None,
            kind: Kind::Other,
            model: None,
            made_in_year: None,
            quantity: 1,
            depth_cm: None,
            detected_on: date(RECORD_LIMITS.first_year, 1, 1),
            status: Status::Detected,
            neutralised_on: None,
            disposal: None,
            operator: None,
            team: None,
            hazard_area: None,
            source_reliability: None,
            information_reliability: None,
            note: None,
            photos: Vec::new(),
            extra: None,
        }
    }
}

/// The number of the status, which has its own rules.
pub(super) const STATUS: u16 = 7;

const fn field(
    number: u16,
    name: &'static str,
    role: FieldRole,
    kind: FieldKind,
    titles: Titles,
) -> FieldSpec {
    FieldSpec::new(number, name, role, kind, titles)
}

/// The fields, in the column order of files and tables. The next free number of all collections is in
/// [`accident`](crate::collections::accident).
pub(crate) const FIELDS: &[Field<Details>] = &[
    shared::id!(),
    shared::location!(),
    needed_word!(
        field(1, "kind", Required, one_of::<Kind>(), titles("Kind", "Növ", "Вид"))
            .aliases(&[
                "type",
                "category",
                "device",
                "device_type",
                "ordnance",
                "ordnance_type",
                "eo_category"
            ])
            .public(),
        kind
    ),
    text!(shared::MODEL, model),
    field(3, "made_in_year", Given, Year, titles("Year of production", "İstehsal ili", "Год выпуска"))
        .aliases(&["year_made", "production_year", "year_of_production"])
        .public()
        .of(
            |d| d.made_in_year.map_or(FieldValue::Null, |year| FieldValue::Whole(year.unsigned_abs().into())),
            |d, value| d.made_in_year = value.to_whole(),
        ),
    field(
        4,
        "quantity",
        Given,
        Whole { min: 1, max: RECORD_LIMITS.quantity },
        titles("Items", "Say", "Предметов"),
    )
    .aliases(&["qty", "count", "amount", "number_of_items"])
    .public()
    .of(
        |d| FieldValue::Whole(d.quantity.into()),
        |d, value| d.quantity = value.to_whole().unwrap_or(d.quantity),
    ),
    measure!(
        field(
            5,
            "depth_cm",
            Given,
            Measure { max: 10_000.0 },
            titles("Depth, cm", "Dərinlik, sm", "Глубина, см"),
        )
        .aliases(&["depth_in_cm"])
        .public(),
        depth_cm
    ),
    needed_day!(
        field(6, "detected_on", Required, Day, titles("Date found", "Aşkarlanma tarixi", "Дата обнаружения"))
            .aliases(&[
                "date",
                "detected",
                "date_found",
                "found_on",
                "found",
                "date_detected",
                "detection_date"
            ])
            .public(),
        detected_on
    ),
    needed_word!(
        field(STATUS, "status", Given, one_of::<Status>(), titles("Status", "Vəziyyət", "Состояние"))
            .aliases(&["state"])
            .public(),
        status
    ),
    day!(
        field(
            8,
            "neutralised_on",
            Given,
            Day,
            titles("Date neutralised", "Zərərsizləşdirmə tarixi", "Дата обезвреживания"),
        )
        .aliases(&[
            "neutralized_on",
            "neutralised",
            "neutralized",
            "date_neutralised",
            "date_neutralized",
            "disposed_on",
            "disposal_date",
            "destroyed_on",
            "date_destroyed",
        ])
        .public(),
        neutralised_on
    ),
    word!(
        field(
            9,
            "disposal",
            Given,
            one_of::<Disposal>(),
            titles("Disposal", "Zərərsizləşdirmə üsulu", "Способ обезвреживания")
        )
        .aliases(&["disposal_method"])
        .public(),
        disposal
    ),
    text!(shared::OPERATOR, operator),
    text!(shared::TEAM, team),
    text!(shared::HAZARD_AREA, hazard_area),
    word!(shared::SOURCE_RELIABILITY, source_reliability),
    word!(shared::INFORMATION_RELIABILITY, information_reliability),
    measure!(shared::ACCURACY_M, accuracy_m),
    word!(shared::FIX, fix),
    shared::location_as_given!(),
    shared::location_as_given_crs!(),
    text!(shared::NOTE, note),
    field(19, "photos", Given, Texts, titles("Photos", "Fotolar", "Фото"))
        .aliases(&["photo", "pictures", "images"])
        .of(
            |d| if d.photos.is_empty() { FieldValue::Null } else { FieldValue::Texts(&d.photos) },
            |d, value| {
                d.photos = if let FieldValue::Texts(names) = value { names.to_vec() } else { Vec::new() }
            },
        ),
    shared::extra!(),
];
