//! The fields common to all collections.

use crate::{
    RECORD_LIMITS, Review,
    field::{
        FieldKind::{self, Instant, Text, Word},
        FieldRole::{Derived, Sent},
        FieldSpec, Vocabulary, titles,
    },
};

/// The numbers of the fields whose values are stored in a record.
pub(crate) const REVISION: u16 = 1001;
pub(crate) const UPDATED_AT: u16 = 1003;
pub(crate) const UPDATED_BY: u16 = 1004;
pub(crate) const NUMBER: u16 = 1008;
pub(crate) const REVIEW: u16 = 1011;
pub(crate) const REGION: u16 = 1013;

/// The fields common to all collections: metadata set by the server, and what a sender states about a change.
///
/// The log numbers more fields than these (`store::chain::second`), from 1000 upwards; the next free number
/// is 1015.
pub const COMMON_FIELDS: &[FieldSpec] = &[
    FieldSpec::new(REGION, "region", Derived, NAME, titles("District", "Rayon", "Район")).public(),
    FieldSpec::new(REVIEW, "review", Derived, Word(&Review::WORDS), titles("Review", "Yoxlama", "Проверка")),
    FieldSpec::new(REVISION, "revision", Derived, WHOLE, titles("Revision", "Reviziya", "Ревизия")),
    FieldSpec::new(
        UPDATED_AT,
        "updated_at",
        Derived,
        Instant,
        titles("Last changed", "Son dəyişiklik", "Последнее изменение"),
    ),
    FieldSpec::new(
        UPDATED_BY,
        "updated_by",
        Derived,
        NAME,
        titles("Last changed by", "Son dəyişikliyin müəllifi", "Автор последнего изменения"),
    ),
    FieldSpec::new(NUMBER, "number", Derived, WHOLE, titles("Number", "Nömrə", "Номер")),
    FieldSpec::new(
        1012,
        "reason",
        Sent,
        Text { max_chars: RECORD_LIMITS.note_chars },
        titles("Reason for the change", "Dəyişikliyin səbəbi", "Причина изменения"),
    ),
    FieldSpec::new(
        1014,
        "base_revision",
        Sent,
        WHOLE,
        titles(
            "Revision the sender last saw",
            "Göndərənin gördüyü son reviziya",
            "Последняя ревизия у отправителя",
        ),
    ),
];

const NAME: FieldKind = Text { max_chars: RECORD_LIMITS.name_chars };

const WHOLE: FieldKind = FieldKind::Whole { min: 1, max: u32::MAX };
