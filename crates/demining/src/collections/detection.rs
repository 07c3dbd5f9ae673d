//! The detection collection: explosive ordnance found at a place. Holds the record type and its field table.

mod judged;
mod names;
mod progress;
mod rules;
#[cfg(test)]
mod tests;

use geometry::LonLat;
use jiff::civil::{Date, date};
use uuid::Uuid;

pub use self::judged::Detection;
use crate::{
    Disposal, Fix, InformationReliability, Kind, RECORD_LIMITS, SourceReliability, Status,
    field::{
        Field,
        FieldKind::{self, Day, Id, Measure, Object, Position, Text, Texts, Whole, Word, Year},
        FieldRole::{self, Given, Place, Required, Rest},
        FieldSpec, FieldValue, Titles, Vocabulary, titles,
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

/// The numbers of fields with special rules.
pub(super) const STATUS: u16 = 7;
pub(super) const NOTE: u16 = 18;

const NAME: FieldKind = Text { max_chars: RECORD_LIMITS.name_chars };
const LONG_TEXT: FieldKind = Text { max_chars: RECORD_LIMITS.note_chars };

const fn field(
    number: u16,
    name: &'static str,
    role: FieldRole,
    kind: FieldKind,
    titles: Titles,
) -> FieldSpec {
    FieldSpec::new(number, name, role, kind, titles)
}

/// Returns the field kind for a vocabulary type.
const fn one_of<V: Vocabulary>() -> FieldKind {
    const { Word(&V::WORDS) }
}

/// The fields, in the column order of files and tables. The next free number is 24.
pub(crate) const FIELDS: &[Field<Details>] = &[
    field(22, "id", FieldRole::Id, Id, titles("Id", "İd", "Идентификатор"))
        .aliases(&["uuid", "record_id"])
        .public()
        .of(
            |d| FieldValue::Id(d.id),
            |d, value| {
                if let FieldValue::Id(id) = value {
                    d.id = id;
                }
            },
        ),
    field(21, "location", Place, Position, titles("Place", "Yer", "Место")).public().of(
        |d| FieldValue::Position(d.location),
        |d, value| {
            if let FieldValue::Position(location) = value {
                d.location = location;
            }
        },
    ),
    field(1, "kind", Required, one_of::<Kind>(), titles("Kind", "Növ", "Вид"))
        .aliases(&["type", "category", "device", "device_type", "ordnance", "ordnance_type", "eo_category"])
        .public()
        .of(|d| FieldValue::of_word(Some(d.kind)), |d, value| d.kind = value.to_word().unwrap_or(d.kind)),
    field(2, "model", Given, NAME, titles("Model", "Model", "Модель"))
        .aliases(&["device_model", "mine_model"])
        .public()
        .of(|d| FieldValue::of_text(d.model.as_ref()), |d, value| d.model = value.to_text()),
    field(3, "made_in_year", Given, Year, titles("Year of production", "İstehsal ili", "Год выпуска"))
        .aliases(&["year_made", "production_year", "year_of_production"])
        .public()
        .of(
            |d| d.made_in_year.map_or(FieldValue::Null, |year| FieldValue::Whole(year.unsigned_abs().into())),
            |d, value| d.made_in_year = value.to_whole(),
        ),
    field(4, "quantity", Given, Whole, titles("Items", "Say", "Предметов"))
        .aliases(&["qty", "count", "amount", "number_of_items"])
        .public()
        .of(
            |d| FieldValue::Whole(d.quantity.into()),
            |d, value| d.quantity = value.to_whole().unwrap_or(d.quantity),
        ),
    field(
        5,
        "depth_cm",
        Given,
        Measure { max: 10_000.0 },
        titles("Depth, cm", "Dərinlik, sm", "Глубина, см"),
    )
    .aliases(&["depth_in_cm"])
    .public()
    .of(|d| d.depth_cm.map_or(FieldValue::Null, FieldValue::Real), |d, value| d.depth_cm = value.to_real()),
    field(6, "detected_on", Required, Day, titles("Date found", "Aşkarlanma tarixi", "Дата обнаружения"))
        .aliases(&["date", "detected", "date_found", "found_on", "found", "date_detected", "detection_date"])
        .public()
        .of(
            |d| FieldValue::Day(d.detected_on),
            |d, value| d.detected_on = value.to_day().unwrap_or(d.detected_on),
        ),
    field(STATUS, "status", Given, one_of::<Status>(), titles("Status", "Vəziyyət", "Состояние"))
        .aliases(&["state"])
        .public()
        .of(
            |d| FieldValue::of_word(Some(d.status)),
            |d, value| d.status = value.to_word().unwrap_or(d.status),
        ),
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
    .public()
    .of(
        |d| d.neutralised_on.map_or(FieldValue::Null, FieldValue::Day),
        |d, value| d.neutralised_on = value.to_day(),
    ),
    field(
        9,
        "disposal",
        Given,
        one_of::<Disposal>(),
        titles("Disposal", "Zərərsizləşdirmə üsulu", "Способ обезвреживания"),
    )
    .aliases(&["disposal_method"])
    .public()
    .of(|d| FieldValue::of_word(d.disposal), |d, value| d.disposal = value.to_word()),
    field(10, "operator", Given, NAME, titles("Operator", "Operator", "Оператор"))
        .aliases(&["organisation", "organization", "agency"])
        .public()
        .of(|d| FieldValue::of_text(d.operator.as_ref()), |d, value| d.operator = value.to_text()),
    field(11, "team", Given, NAME, titles("Team", "Qrup", "Группа"))
        .aliases(&["team_name"])
        .of(|d| FieldValue::of_text(d.team.as_ref()), |d, value| d.team = value.to_text()),
    field(12, "hazard_area", Given, NAME, titles("Hazardous area", "Təhlükəli sahə", "Опасная зона"))
        .aliases(&["hazardous_area", "minefield"])
        .of(|d| FieldValue::of_text(d.hazard_area.as_ref()), |d, value| d.hazard_area = value.to_text()),
    field(
        13,
        "source_reliability",
        Given,
        one_of::<SourceReliability>(),
        titles("Source reliability", "Mənbənin etibarlılığı", "Надёжность источника"),
    )
    .aliases(&["reliability"])
    .of(|d| FieldValue::of_word(d.source_reliability), |d, value| d.source_reliability = value.to_word()),
    field(
        23,
        "information_reliability",
        Given,
        one_of::<InformationReliability>(),
        titles("Information reliability", "Məlumatın etibarlılığı", "Надёжность сведений"),
    )
    .of(
        |d| FieldValue::of_word(d.information_reliability),
        |d, value| d.information_reliability = value.to_word(),
    ),
    field(
        14,
        "accuracy_m",
        Given,
        Measure { max: 100_000.0 },
        titles("Accuracy, m", "Dəqiqlik, m", "Точность, м"),
    )
    .aliases(&["accuracy", "accuracy_in_m", "horizontal_accuracy", "horizontal_accuracy_m"])
    .public()
    .of(
        |d| d.accuracy_m.map_or(FieldValue::Null, FieldValue::Real),
        |d, value| d.accuracy_m = value.to_real(),
    ),
    field(
        15,
        "fix",
        Given,
        one_of::<Fix>(),
        titles("Positioning method", "Mövqeyin təyini üsulu", "Способ определения места"),
    )
    .aliases(&["fix_type", "position_method"])
    .public()
    .of(|d| FieldValue::of_word(d.fix), |d, value| d.fix = value.to_word()),
    field(
        16,
        "location_as_given",
        Place,
        LONG_TEXT,
        titles("Coordinates as entered", "Daxil edilmiş koordinatlar", "Введённые координаты"),
    )
    .of(
        |d| FieldValue::of_text(d.location_as_given.as_ref().map(|given| &given.coordinates)),
        |d, value| match value.to_text() {
            Some(coordinates) => d.location_as_given.get_or_insert_default().coordinates = coordinates,
            None => d.location_as_given = None,
        },
    ),
    field(
        17,
        "location_as_given_crs",
        Place,
        NAME,
        titles(
            "Reference system as entered",
            "Daxil edilmiş koordinat sistemi",
            "Введённая система координат",
        ),
    )
    .of(
        |d| FieldValue::of_text(d.location_as_given.as_ref().map(|given| &given.crs)),
        |d, value| match (value.to_text(), &mut d.location_as_given) {
            (Some(crs), Some(given)) => given.crs = crs,
            (None, Some(_)) => d.location_as_given = None,
            (_, None) => {}
        },
    ),
    field(NOTE, "note", Given, LONG_TEXT, titles("Note", "Qeyd", "Заметка"))
        .free_text()
        .aliases(&["notes", "comment", "comments", "remark", "remarks", "description"])
        .of(|d| FieldValue::of_text(d.note.as_ref()), |d, value| d.note = value.to_text()),
    field(19, "photos", Given, Texts, titles("Photos", "Fotolar", "Фото"))
        .aliases(&["photo", "pictures", "images"])
        .of(
            |d| if d.photos.is_empty() { FieldValue::Null } else { FieldValue::Texts(&d.photos) },
            |d, value| {
                d.photos = if let FieldValue::Texts(names) = value { names.to_vec() } else { Vec::new() }
            },
        ),
    field(20, "extra", Rest, Object, titles("Other properties", "Digər xassələr", "Прочие свойства"))
        .free_text()
        .of(
            |d| d.extra.as_deref().map_or(FieldValue::Null, FieldValue::Object),
            |d, value| d.extra = value.to_text(),
        ),
];
