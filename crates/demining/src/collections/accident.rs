//! The accident collection: accidents with explosive ordnance. Holds the record type and its field table.

mod privacy;
mod rules;
#[cfg(test)]
mod tests;
mod victim;

use geometry::LonLat;
use jiff::civil::{Date, Time, date};
use uuid::Uuid;

use self::victim::VICTIMS;
pub use self::victim::Victim;
use super::{
    judged::Judged,
    shared::{self, one_of},
};
use crate::{
    AccidentClass, Collection, Content, Fix, InformationReliability, Kind, RECORD_LIMITS, SetOff,
    SourceReliability, YesNo,
    field::{
        Field,
        FieldKind::{self, Day, Whole},
        FieldRole::{Given, Required},
        FieldSpec, FieldValue, Rows, day, measure, needed_day, needed_word, text, titles, word,
    },
    judge::Judge,
    raw::AsGiven,
};

/// An accident: explosive ordnance went off at a place, whether it hurt anybody or not.
///
/// It never holds a name or a birth date.
///
/// ```
/// use demining::{Accident, AccidentDetails, Content, VictimOutcome, field::Rows};
/// use jiff::civil::date;
///
/// let place = geometry::LonLat::new(47.03, 39.72)?;
/// let mut details = AccidentDetails::blank(uuid::Uuid::from_u128(7), place);
/// details.occurred_on = date(2023, 9, 19);
/// let accident = Accident::new(details, date(2023, 9, 20)).expect("the content is valid");
/// assert_eq!((accident.killed, accident.victims.len()), (None, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type Accident = Judged<Details>;

/// The fields of an [`Accident`].
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
    /// The class.
    pub class: AccidentClass,
    /// The day, local time.
    pub occurred_on: Date,
    /// The time of the day, local time, to the minute.
    pub time: Option<Time>,
    /// The category of what exploded.
    pub device: Option<Kind>,
    /// Its model: PMN-2, TM-62M, ...
    pub model: Option<String>,
    /// Whether the place was marked as dangerous.
    pub area_marked: Option<YesNo>,
    /// How the device was set off.
    pub set_off: Option<SetOff>,
    /// People killed: the victims with this outcome if any victims are listed; `None` if nothing is known.
    pub killed: Option<u32>,
    /// People injured, as for `killed`.
    pub injured: Option<u32>,
    /// The victims, where each of them is known.
    pub victims: Rows<Victim>,
    /// The cut-off day of the figures, which go on changing for months.
    pub certified_on: Option<Date>,
    /// The organisation that recorded it.
    pub operator: Option<String>,
    /// Its team.
    pub team: Option<String>,
    /// The hazardous area in which it happened, by name or number.
    pub hazard_area: Option<String>,
    /// The source of the record.
    pub source_reliability: Option<SourceReliability>,
    /// How well the information is confirmed.
    pub information_reliability: Option<InformationReliability>,
    /// A note.
    pub note: Option<String>,
    /// Properties that the model does not know, as the text of a JSON object.
    pub extra: Option<String>,
}

/// The fields, in the column order of files and tables. Numbers mean the same in every collection; the next
/// free one is 39.
const FIELDS: &[Field<Details>] = &[
    shared::id!(),
    shared::location!(),
    needed_word!(
        FieldSpec::new(24, "class", Required, one_of::<AccidentClass>(), titles("Class", "Sinif", "Класс"))
            .aliases(&["accident_class", "accident_type", "type"])
            .public(),
        class
    ),
    needed_day!(
        FieldSpec::new(25, "occurred_on", Required, Day, titles("Date", "Tarix", "Дата"))
            .aliases(&["date", "date_of_accident", "accident_date", "occurred"])
            .public(),
        occurred_on
    ),
    FieldSpec::new(26, "time", Given, FieldKind::Time, titles("Time", "Vaxt", "Время"))
        .aliases(&["time_of_accident", "accident_time", "occurred_at"])
        .of(|of| of.time.map_or(FieldValue::Null, FieldValue::Time), |of, value| of.time = value.to_time()),
    word!(
        FieldSpec::new(27, "device", Given, one_of::<Kind>(), titles("Device", "Qurğu", "Предмет"))
            .aliases(&["device_type", "kind", "category", "ordnance", "eo_category"])
            .public(),
        device
    ),
    text!(shared::MODEL, model),
    word!(
        FieldSpec::new(
            28,
            "area_marked",
            Given,
            one_of::<YesNo>(),
            titles("Area was marked", "Sahə nişanlanmışdı", "Участок был обозначен"),
        )
        .aliases(&["marked", "was_marked"]),
        area_marked
    ),
    word!(
        FieldSpec::new(
            29,
            "set_off",
            Given,
            one_of::<SetOff>(),
            titles("Set off by", "Nədən işə düşüb", "Отчего сработало")
        )
        .aliases(&["activation", "cause"]),
        set_off
    ),
    count(
        30,
        "killed",
        &["dead", "deaths", "number_killed", "people_killed"],
        titles("Killed", "Həlak olub", "Погибло"),
    )
    .of(
        |of| of.killed.map_or(FieldValue::Null, |n| FieldValue::Whole(n.into())),
        |of, value| of.killed = value.to_whole(),
    ),
    count(
        31,
        "injured",
        &["wounded", "number_injured", "people_injured"],
        titles("Injured", "Yaralanıb", "Ранено"),
    )
    .of(
        |of| of.injured.map_or(FieldValue::Null, |n| FieldValue::Whole(n.into())),
        |of, value| of.injured = value.to_whole(),
    ),
    FieldSpec::new(
        32,
        "victims",
        Given,
        FieldKind::Rows(&VICTIMS),
        titles("Victims", "Zərərçəkənlər", "Пострадавшие"),
    )
    .of(
        |of| of.victims.value(),
        |of, value| {
            of.victims = if let FieldValue::Rows(json) = value { Rows::read(json) } else { Rows::default() }
        },
    ),
    day!(
        FieldSpec::new(
            33,
            "certified_on",
            Given,
            Day,
            titles("Figures as of", "Rəqəmlərin tarixi", "Сведения на"),
        )
        .aliases(&["cut_off", "certified", "date_certified"])
        .public(),
        certified_on
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
    shared::extra!(),
];

const fn count(
    number: u16,
    name: &'static str,
    aliases: &'static [&'static str],
    titles: crate::field::Titles,
) -> FieldSpec {
    FieldSpec::new(number, name, Given, Whole { min: 0, max: RECORD_LIMITS.people }, titles)
        .aliases(aliases)
        .public()
}

impl Content for Details {
    const COLLECTION: Collection = Collection::Accidents;
    const FIELDS: &'static [Field<Self>] = FIELDS;

    fn blank(id: Uuid, location: LonLat) -> Self {
        Self {
            id,
            location,
            location_as_given: None,
            accuracy_m: None,
            fix: None,
            class: AccidentClass::Other,
            occurred_on: date(RECORD_LIMITS.first_year, 1, 1),
            time: None,
            device: None,
            model: None,
            area_marked: None,
            set_off: None,
            killed: None,
            injured: None,
            victims: Rows::default(),
            certified_on: None,
            operator: None,
            team: None,
            hazard_area: None,
            source_reliability: None,
            information_reliability: None,
            note: None,
            extra: None,
        }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn location(&self) -> LonLat {
        self.location
    }

    fn accuracy_m(&mut self) -> &mut Option<f64> {
        &mut self.accuracy_m
    }

    fn as_given(&mut self) -> &mut Option<AsGiven> {
        &mut self.location_as_given
    }

    fn complete(&mut self, _was_given: impl Fn(u16) -> bool) {
        rules::count_victims(self);
    }

    fn check(&self, today: Date, judge: &mut Judge) {
        rules::check(self, today, judge);
    }

    fn refuses(folded_name: &str) -> Option<&'static str> {
        privacy::refuses(folded_name)
    }
}
