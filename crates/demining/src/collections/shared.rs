//! Fields that several collections have, with the same number, name and meaning in each.

use crate::{
    Fix, InformationReliability, RECORD_LIMITS, SourceReliability,
    field::{
        FieldKind::{self, Id, Measure, Object, Position, Text, Word},
        FieldRole::{self, Given, Place, Rest},
        FieldSpec, Vocabulary, titles,
    },
};

/// A short text.
pub(crate) const NAME: FieldKind = Text { max_chars: RECORD_LIMITS.name_chars };

/// A long text.
pub(crate) const LONG_TEXT: FieldKind = Text { max_chars: RECORD_LIMITS.note_chars };

/// The greatest accuracy, metres.
pub(crate) const MAX_ACCURACY_M: f64 = 100_000.0;

/// A word of a type's vocabulary.
pub(crate) const fn one_of<V: Vocabulary>() -> FieldKind {
    const { Word(&V::WORDS) }
}

pub(crate) const ID: FieldSpec =
    FieldSpec::new(22, "id", FieldRole::Id, Id, titles("Id", "İd", "Идентификатор"))
        .aliases(&["uuid", "record_id"])
        .public();

pub(crate) const LOCATION: FieldSpec =
    FieldSpec::new(21, "location", Place, Position, titles("Place", "Yer", "Место")).public();

pub(crate) const MODEL: FieldSpec =
    FieldSpec::new(2, "model", Given, NAME, titles("Model", "Model", "Модель"))
        .aliases(&["device_model", "mine_model"])
        .public();

pub(crate) const OPERATOR: FieldSpec =
    FieldSpec::new(10, "operator", Given, NAME, titles("Operator", "Operator", "Оператор"))
        .aliases(&["organisation", "organization", "agency"])
        .public();

pub(crate) const TEAM: FieldSpec =
    FieldSpec::new(11, "team", Given, NAME, titles("Team", "Qrup", "Группа")).aliases(&["team_name"]);

pub(crate) const HAZARD_AREA: FieldSpec = FieldSpec::new(
    12,
    "hazard_area",
    Given,
    NAME,
    titles("Hazardous area", "Təhlükəli sahə", "Опасная зона"),
)
.aliases(&["hazardous_area", "minefield"]);

pub(crate) const SOURCE_RELIABILITY: FieldSpec = FieldSpec::new(
    13,
    "source_reliability",
    Given,
    one_of::<SourceReliability>(),
    titles("Source reliability", "Mənbənin etibarlılığı", "Надёжность источника"),
)
.aliases(&["reliability"]);

pub(crate) const INFORMATION_RELIABILITY: FieldSpec = FieldSpec::new(
    23,
    "information_reliability",
    Given,
    one_of::<InformationReliability>(),
    titles("Information reliability", "Məlumatın etibarlılığı", "Надёжность сведений"),
);

pub(crate) const ACCURACY_M: FieldSpec = FieldSpec::new(
    14,
    "accuracy_m",
    Given,
    Measure { max: MAX_ACCURACY_M },
    titles("Accuracy, m", "Dəqiqlik, m", "Точность, м"),
)
.aliases(&["accuracy", "accuracy_in_m", "horizontal_accuracy", "horizontal_accuracy_m"])
.public();

pub(crate) const FIX: FieldSpec = FieldSpec::new(
    15,
    "fix",
    Given,
    one_of::<Fix>(),
    titles("Positioning method", "Mövqeyin təyini üsulu", "Способ определения места"),
)
.aliases(&["fix_type", "position_method"])
.public();

pub(crate) const LOCATION_AS_GIVEN: FieldSpec = FieldSpec::new(
    16,
    "location_as_given",
    Place,
    LONG_TEXT,
    titles("Coordinates as entered", "Daxil edilmiş koordinatlar", "Введённые координаты"),
);

pub(crate) const LOCATION_AS_GIVEN_CRS: FieldSpec = FieldSpec::new(
    17,
    "location_as_given_crs",
    Place,
    NAME,
    titles("Reference system as entered", "Daxil edilmiş koordinat sistemi", "Введённая система координат"),
);

pub(crate) const NOTE: FieldSpec =
    FieldSpec::new(18, "note", Given, LONG_TEXT, titles("Note", "Qeyd", "Заметка")).free_text().aliases(&[
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "description",
    ]);

pub(crate) const EXTRA: FieldSpec = FieldSpec::new(
    20,
    "extra",
    Rest,
    Object,
    titles("Other properties", "Digər xassələr", "Прочие свойства"),
)
.free_text();

/// Binds [`ID`].
macro_rules! id {
    () => {
        crate::collections::shared::ID.of(
            |of| FieldValue::Id(of.id),
            |of, value| {
                if let FieldValue::Id(id) = value {
                    of.id = id;
                }
            },
        )
    };
}

/// Binds [`LOCATION`].
macro_rules! location {
    () => {
        crate::collections::shared::LOCATION.of(
            |of| FieldValue::Position(of.location),
            |of, value| {
                if let FieldValue::Position(location) = value {
                    of.location = location;
                }
            },
        )
    };
}

/// Binds [`LOCATION_AS_GIVEN`].
macro_rules! location_as_given {
    () => {
        crate::collections::shared::LOCATION_AS_GIVEN.of(
            |of| FieldValue::of_text(of.location_as_given.as_ref().map(|given| &given.coordinates)),
            |of, value| match value.to_text() {
                Some(coordinates) => {
                    of.location_as_given.get_or_insert_default().coordinates = coordinates;
                }
                None => of.location_as_given = None,
            },
        )
    };
}

/// Binds [`LOCATION_AS_GIVEN_CRS`].
macro_rules! location_as_given_crs {
    () => {
        crate::collections::shared::LOCATION_AS_GIVEN_CRS.of(
            |of| FieldValue::of_text(of.location_as_given.as_ref().map(|given| &given.crs)),
            |of, value| match (value.to_text(), &mut of.location_as_given) {
                (Some(crs), Some(given)) => given.crs = crs,
                (None, Some(_)) => of.location_as_given = None,
                (_, None) => {}
            },
        )
    };
}

/// Binds [`EXTRA`].
macro_rules! extra {
    () => {
        crate::collections::shared::EXTRA.of(
            |of| of.extra.as_deref().map_or(FieldValue::Null, FieldValue::Object),
            |of, value| of.extra = value.to_text(),
        )
    };
}

pub(crate) use {extra, id, location, location_as_given, location_as_given_crs};
