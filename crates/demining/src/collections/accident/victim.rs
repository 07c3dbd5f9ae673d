//! The victims of an accident: a repeated group.

use crate::{
    Activity, AgeGroup, RECORD_LIMITS, Sex, VictimOutcome, VictimStatus, YesNo,
    collections::shared::one_of,
    field::{
        Field,
        FieldRole::{Given, Required},
        FieldSpec, FieldValue, Group, GroupRow, specs, titles, word,
    },
};

/// A victim. There is no field for a name, a birth date or anything else that identifies a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Victim {
    /// Killed or injured.
    pub outcome: Option<VictimOutcome>,
    /// The sex.
    pub sex: Option<Sex>,
    /// Child or adult.
    pub age_group: Option<AgeGroup>,
    /// Civilian, military or security, deminer.
    pub status: Option<VictimStatus>,
    /// What the victim was doing.
    pub activity: Option<Activity>,
    /// Whether the victim touched the device.
    pub touched: Option<YesNo>,
    /// Whether the victim had received risk education.
    pub risk_education_received: Option<YesNo>,
}

/// The group. Its fields have numbers of their own.
pub(super) const VICTIMS: Group =
    Group { row: "victim", fields: &specs(FIELDS), max_rows: RECORD_LIMITS.victims };

impl GroupRow for Victim {
    const FIELDS: &'static [Field<Self>] = FIELDS;
}

const FIELDS: &[Field<Victim>; 7] = &[
    word!(
        FieldSpec::new(
            1,
            "outcome",
            Required,
            one_of::<VictimOutcome>(),
            titles("Outcome", "Nəticə", "Исход")
        ),
        outcome
    ),
    word!(FieldSpec::new(2, "sex", Given, one_of::<Sex>(), titles("Sex", "Cins", "Пол")), sex),
    word!(
        FieldSpec::new(3, "age_group", Given, one_of::<AgeGroup>(), titles("Age", "Yaş", "Возраст")),
        age_group
    ),
    word!(
        FieldSpec::new(4, "status", Given, one_of::<VictimStatus>(), titles("Status", "Status", "Статус")),
        status
    ),
    word!(
        FieldSpec::new(
            5,
            "activity",
            Given,
            one_of::<Activity>(),
            titles("Activity", "Məşğuliyyət", "Занятие")
        ),
        activity
    ),
    word!(
        FieldSpec::new(
            6,
            "touched",
            Given,
            one_of::<YesNo>(),
            titles("Touched the device", "Qurğuya toxunub", "Трогал предмет"),
        ),
        touched
    ),
    word!(
        FieldSpec::new(
            7,
            "risk_education_received",
            Given,
            one_of::<YesNo>(),
            titles("Had risk education", "Maarifləndirilib", "Был обучен"),
        ),
        risk_education_received
    ),
];
