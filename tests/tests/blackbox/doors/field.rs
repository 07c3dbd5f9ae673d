//! The statements of a row, and their expected outcome at each entry point.

use demining::{Details, Disposal, Fix, InformationReliability, Kind, SourceReliability, Status};
use exchange::Format;
use serde_json::{Value, json};

use super::{
    entry::{Entry, Language},
    every,
    row::{Check, PLACE, Row},
};

every! {
    /// A statement of a row.
    Field {
        Id,
        Position,
        LocationAsGiven,
        AccuracyM,
        Fix,
        Kind,
        Model,
        MadeInYear,
        Quantity,
        DepthCm,
        DetectedOn,
        Status,
        NeutralisedOn,
        Disposal,
        Operator,
        Team,
        HazardArea,
        SourceReliability,
        InformationReliability,
        Note,
        Photos,
        /// Properties that the model does not know.
        Extra,
        /// The reason for correcting an existing record.
        Reason,
        /// The revision that the row is based on.
        BaseRevision,
        /// Derived from the position.
        Region,
        /// A manager's decision.
        Review,
        /// The revision of the copy that was exported.
        Revision,
        UpdatedAt,
        UpdatedBy,
        Number,
        /// A second, different position.
        SecondPosition,
        /// A bearing and a distance beside the position: a form whose `fix` says so uses them for the place,
        /// elsewhere they have no effect.
        BearingDistance,
        /// Two names that differ only in case, with different values.
        TwinNames,
    }
}

/// 200 m east of the place of a row.
const EAST_OF_PLACE: [f64; 2] = [46.043_545_7, 40.1063];

/// The words that a response may use for a position.
const POSITION: &str = "position|location|place|mgrs|longitude|coordinates";

/// A new field of a detection does not compile until it is listed here, and then needs a row above.
const _: fn(Details) = |details| {
    let Details {
        id: _,
        location: _,
        location_as_given: _,
        accuracy_m: _,
        fix: _,
        kind: _,
        model: _,
        made_in_year: _,
        quantity: _,
        depth_cm: _,
        detected_on: _,
        status: _,
        neutralised_on: _,
        disposal: _,
        operator: _,
        team: _,
        hazard_area: _,
        source_reliability: _,
        information_reliability: _,
        note: _,
        photos: _,
        extra: _,
    } = details;
};

impl Field {
    /// Returns the column names in a table; empty if it has none of its own.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["id"],
            Self::Position => &["longitude", "latitude"],
            Self::LocationAsGiven => &["location_as_given", "location_as_given_crs"],
            Self::AccuracyM => &["accuracy_m"],
            Self::Fix => &["fix"],
            Self::Kind => &["kind"],
            Self::Model => &["model"],
            Self::MadeInYear => &["made_in_year"],
            Self::Quantity => &["quantity"],
            Self::DepthCm => &["depth_cm"],
            Self::DetectedOn => &["detected_on"],
            Self::Status => &["status"],
            Self::NeutralisedOn => &["neutralised_on"],
            Self::Disposal => &["disposal"],
            Self::Operator => &["operator"],
            Self::Team => &["team"],
            Self::HazardArea => &["hazard_area"],
            Self::SourceReliability => &["source_reliability"],
            Self::InformationReliability => &["information_reliability"],
            Self::Note => &["note"],
            Self::Photos => &["photos"],
            Self::Extra => &["extra"],
            Self::Reason => &["reason"],
            Self::BaseRevision => &["base_revision"],
            Self::Region => &["region"],
            Self::Review => &["review"],
            Self::Revision => &["revision"],
            Self::UpdatedAt => &["updated_at"],
            Self::UpdatedBy => &["updated_by"],
            Self::Number => &["number"],
            Self::BearingDistance => &["bearing", "distance_m"],
            Self::SecondPosition | Self::TwinNames => &[],
        }
    }

    /// Returns whether its rows are sent separately, because they concern the file as a whole.
    pub fn is_alone(self) -> bool {
        matches!(self, Self::SecondPosition | Self::TwinNames)
    }

    /// Returns the rows of this cell of the table, or why there are none.
    pub fn cell(self, language: Language, entry: Entry) -> Result<Vec<Row>, &'static str> {
        entry.takes(language)?;
        match entry {
            Entry::Delete => return Err("a deletion has no body"),
            Entry::Review | Entry::Held | Entry::Refused => return self.of_decision(entry),
            Entry::Uploads
            | Entry::Items
            | Entry::Item
            | Entry::Put
            | Entry::Patch
            | Entry::OpenRosa
            | Entry::Kobo
            | Entry::Central
            | Entry::Import => {}
        }
        let is_form = match language {
            Language::File(_) => false,
            Language::XForm | Language::KoboJson => true,
            Language::Decision | Language::Nothing => return Err("there are no fields in it"),
        };
        let rows = match self {
            Self::Id if entry == Entry::Patch => return Err("the address names the record"),
            Self::Photos if is_form => return Err("pictures come beside a form, as files"),
            Self::BaseRevision if language == Language::KoboJson => {
                return Err("KoBoToolbox knows no versions of a record");
            }
            Self::Region | Self::Review if is_form => {
                return Err("the answer to a form is one sentence; its report lists the notices");
            }
            Self::SecondPosition | Self::TwinNames if is_form => {
                return Err("the forms ask for one position, and their questions have names of their own");
            }
            Self::TwinNames
                if matches!(
                    language,
                    Language::File(
                        Format::GeoPackage | Format::FlatGeobuf | Format::Shapefile | Format::Xlsx
                    )
                ) =>
            {
                return Err("GDAL gives such columns other names");
            }
            Self::SecondPosition | Self::TwinNames if entry == Entry::Patch => {
                return Err("a patch has no row of its own: it is judged with the record");
            }
            Self::Review if matches!(entry, Entry::Put | Entry::Patch) => {
                vec![Row::plain().carrying("review", json!("has_issues"))]
            }
            Self::BearingDistance if is_form => {
                let away = Row::plain().with("bearing", json!(90)).with("distance_m", json!(200));
                let away = away.with("bearing_north", json!("true"));
                let stays = away.clone().checked(Check::At(PLACE));
                let moves = away.with("fix", json!("bearing_distance")).checked(Check::At(EAST_OF_PLACE));
                vec![stays, moves.checked(Check::Has("fix", json!("bearing_distance")))]
            }
            Self::Reason if is_form => vec![
                Row { is_seeded: true, ..Row::plain() }
                    .carrying("neutralised_on", json!("2023-03-15"))
                    .with("reason", json!("counted twice"))
                    .checked(Check::Reason("counted twice")),
            ],
            Self::BaseRevision if is_form => vec![
                Row { is_seeded: true, ..Row::plain() }
                    .with("neutralised_on", json!("2023-03-15"))
                    .with("base_revision", json!(0))
                    .checked(Check::Lacks("neutralised_on"))
                    .checked(Check::Told("conflict|exists with other content|changed since")),
            ],
            _ => self.rows(),
        };
        let is_formula = |row: &Row| row.properties.get("note").is_some_and(|note| note == "=1+1");
        // GDAL, which creates the sheet, writes a formula with an empty result.
        let is_left_out = |row: &Row| language == Language::File(Format::Xlsx) && is_formula(row);
        Ok(rows.into_iter().filter(|row| !is_left_out(row)).collect())
    }

    /// Returns the rows of a decision, which states a reason and nothing about the record.
    fn of_decision(self, entry: Entry) -> Result<Vec<Row>, &'static str> {
        match self {
            Self::Reason if entry == Entry::Refused => {
                Err("its reason is kept with the upload, not with a record")
            }
            Self::Reason => {
                let row = Row::plain().with("reason", json!("seen by the team"));
                Ok(vec![row.checked(Check::Reason("seen by the team"))])
            }
            Self::Id | Self::Position | Self::SecondPosition | Self::TwinNames => {
                Err("a decision names a record and has no row")
            }
            Self::Revision | Self::BaseRevision => {
                Err("a decision names the revision it looked at as `revision`")
            }
            Self::LocationAsGiven
            | Self::AccuracyM
            | Self::Fix
            | Self::Kind
            | Self::Model
            | Self::MadeInYear
            | Self::Quantity
            | Self::DepthCm
            | Self::DetectedOn
            | Self::Status
            | Self::NeutralisedOn
            | Self::Disposal
            | Self::Operator
            | Self::Team
            | Self::HazardArea
            | Self::SourceReliability
            | Self::InformationReliability
            | Self::Note
            | Self::Photos
            | Self::Extra
            | Self::Region
            | Self::Review
            | Self::UpdatedAt
            | Self::UpdatedBy
            | Self::Number
            | Self::BearingDistance => {
                let name = self.columns()[0];
                let row =
                    Row { properties: json!({ name: "?" }).as_object().unwrap().clone(), ..Row::plain() };
                Ok(vec![row.checked(Check::Refused(name))])
            }
        }
    }

    /// Returns rows that state the field, with the expected result.
    fn rows(self) -> Vec<Row> {
        let plain = Row::plain;
        let neutralised =
            || plain().with("status", json!("neutralised")).with("neutralised_on", json!("2023-03-15"));
        let words = |row: fn() -> Row, name: &'static str, words: Vec<&'static str>| {
            words.into_iter().map(|word| row().carrying(name, json!(word))).collect::<Vec<_>>()
        };
        let each = |name: &'static str, values: &[Value]| {
            values.iter().map(|value| plain().carrying(name, value.clone())).collect::<Vec<_>>()
        };
        let texts = |name| each(name, &[json!("7"), json!("Kəlbəcər & <b>\"12\"</b>, ş; x")]);
        match self {
            Self::Id => vec![plain().checked(Check::Stands)],
            Self::Position => [[46.041_234_5, 40.106_323_1], [46.0, 40.0]]
                .map(|place| Row { place, ..plain() }.checked(Check::At(place)))
                .to_vec(),
            Self::LocationAsGiven => {
                each("location_as_given", &[json!({"coordinates": "38T NK 88739 40075", "crs": "MGRS"})])
            }
            Self::AccuracyM => {
                let mut rows = each("accuracy_m", &[json!(2.25), json!(100)]);
                // Programs with manually placed positions write 0.
                rows.push(plain().with("accuracy_m", json!(0)).checked(Check::Lacks("accuracy_m")));
                rows
            }
            Self::Fix => words(plain, "fix", Fix::ALL.iter().map(|word| word.word()).collect()),
            Self::Kind => words(plain, "kind", Kind::ALL.iter().map(|word| word.word()).collect()),
            Self::Model => texts("model"),
            Self::MadeInYear => each("made_in_year", &[json!(1986)]),
            Self::Quantity => each("quantity", &[json!(1), json!(1_000_000)]),
            Self::DepthCm => each("depth_cm", &[json!(12.5), json!(0)]),
            Self::DetectedOn => each("detected_on", &[json!("2020-02-29")]),
            Self::Status => Status::ALL
                .iter()
                .map(|status| match status {
                    Status::Detected | Status::Discounted => plain().carrying("status", json!(status.word())),
                    Status::Neutralised => neutralised().checked(Check::Has("status", json!("neutralised"))),
                })
                .collect(),
            Self::NeutralisedOn => vec![plain().carrying("neutralised_on", json!("2023-03-15"))],
            Self::Disposal => Disposal::ALL
                .iter()
                .map(|word| neutralised().carrying("disposal", json!(word.word())))
                .collect(),
            Self::Operator => texts("operator"),
            Self::Team => texts("team"),
            Self::HazardArea => texts("hazard_area"),
            Self::SourceReliability => words(
                plain,
                "source_reliability",
                SourceReliability::ALL.iter().map(|word| word.word()).collect(),
            ),
            Self::InformationReliability => words(
                plain,
                "information_reliability",
                InformationReliability::ALL.iter().map(|word| word.word()).collect(),
            ),
            Self::Note => {
                let mut rows = texts("note");
                rows.extend(each("note", &[json!("=1+1"), json!("-12.5"), json!("'tis an apostrophe")]));
                rows
            }
            Self::Photos => each("photos", &[json!(["a.jpg", "b.jpg"])]),
            Self::Extra => {
                let mut rows = each("weather", &[json!("cold and wet")]);
                rows.extend(each(
                    "goats",
                    &[json!({"big": 9_007_199_254_740_993_u64, "a": [1, null, true]})],
                ));
                rows
            }
            Self::Reason => vec![
                Row::change()
                    .with("reason", json!("counted twice"))
                    .with("base_revision", json!(1))
                    .checked(Check::Has("model", json!("as changed")))
                    .checked(Check::Reason("counted twice")),
            ],
            Self::BaseRevision => vec![
                Row::change()
                    .with("reason", json!("seen again"))
                    .with("base_revision", json!(1))
                    .checked(Check::Has("model", json!("as changed"))),
                // The phone knew an older version: later changes remain.
                Row::change()
                    .with("reason", json!("seen again"))
                    .with("base_revision", json!(0))
                    .checked(Check::Has("model", json!("as seeded"))),
            ],
            Self::Region => vec![
                plain().carrying("region", json!("AZ-KAL")),
                plain()
                    .with("region", json!("AZ-LAC"))
                    .checked(Check::Has("region", json!("AZ-KAL")))
                    .checked(Check::Told("region"))
                    .or_refused("region"),
            ],
            Self::Review => vec![
                plain().carrying("review", json!("approved")),
                plain().with("review", json!("rejected")).checked(Check::Told("review")),
            ],
            // Metadata of an exported copy does not apply to the record.
            Self::Revision => vec![plain().with("revision", json!(77)).checked(Check::Stands)],
            Self::UpdatedAt => {
                vec![plain().with("updated_at", json!("2019-01-02T03:04:05Z")).checked(Check::Stands)]
            }
            Self::UpdatedBy => {
                vec![plain().with("updated_by", json!("somebody")).checked(Check::Lacks("updated_by"))]
            }
            Self::Number => vec![plain().with("number", json!(7)).checked(Check::Lacks("number"))],
            Self::BearingDistance => {
                let row = plain().with("bearing", json!("90")).with("distance_m", json!("200"));
                vec![row.checked(Check::At(PLACE))]
            }
            Self::SecondPosition => {
                let elsewhere =
                    || plain().or_refused(POSITION).checked(Check::Told(POSITION)).checked(Check::At(PLACE));
                vec![
                    plain().with("mgrs", json!("38T NK 88739 40075")).checked(Check::At(PLACE)),
                    elsewhere().with("mgrs", json!("38T NK 80000 40075")),
                    elsewhere().with("lat", json!(39.7)).with("lon", json!(46.3)),
                ]
            }
            Self::TwinNames => vec![
                plain()
                    .with("quantity", json!(2))
                    .with("Quantity", json!(3))
                    .checked(Check::Told("quantity"))
                    .or_refused("quantity"),
            ],
        }
    }
}
