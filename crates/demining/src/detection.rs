//! A detection, and the judgement of a row that wants to be one.

use std::{borrow::Cow, fmt::Display, ops::Deref, str::FromStr};

use geometry::LonLat;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, date},
};
use uuid::Uuid;

use crate::{
    AsGiven, Disposal, Fix, Kind, Problem, RawDetection, RawLocation, SourceReliability, Status, Value,
    json_text::{push_json_text, read_texts},
};

/// The limits of a detection's fields.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Items in one record, at most.
    pub quantity: u32,
    /// Characters in a name: model, operator, team, hazardous area.
    pub name_chars: usize,
    /// Characters in a note.
    pub note_chars: usize,
    /// Bytes of JSON in the properties that the model does not know.
    pub extra_bytes: usize,
    /// Photos of a record.
    pub photos: usize,
    /// The earliest year of a date.
    pub first_year: i16,
}

/// The limits in force.
pub const LIMITS: Limits = Limits {
    quantity: 1_000_000,
    name_chars: 120,
    note_chars: 4_000,
    extra_bytes: 16 * 1024,
    photos: 50,
    first_year: 1900,
};

/// One record of explosive ordnance found at a place: one item, or several of one kind at one spot.
///
/// Its rules hold for every value of this type; [`Detection::judge`] makes one from a row of an
/// upload, [`Detection::new`] from its parts. The fields are read through [`Details`].
#[derive(Debug, Clone, PartialEq)]
pub struct Detection(Details);

/// The fields of a [`Detection`].
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Made by whoever records it, so that the same upload twice is the same record.
    pub id: Uuid,
    /// Where.
    pub location: LonLat,
    /// The coordinates as entered, when they were not WGS84 longitude and latitude.
    pub location_as_given: Option<AsGiven>,
    /// Horizontal accuracy, metres.
    pub accuracy_m: Option<f64>,
    /// How the position was taken.
    pub fix: Option<Fix>,
    /// The category.
    pub kind: Kind,
    /// PMN-2, TM-62M, ...
    pub model: Option<String>,
    /// Year of production.
    pub made_in_year: Option<i16>,
    /// Items, 1 or more.
    pub quantity: u32,
    /// Depth below the surface, centimetres.
    pub depth_cm: Option<f64>,
    /// The day it was found.
    pub detected_on: Date,
    /// What became of it. Neutralised exactly when there is a `neutralised_on`.
    pub status: Status,
    /// The day it was dealt with.
    pub neutralised_on: Option<Date>,
    /// How it ended.
    pub disposal: Option<Disposal>,
    /// The organisation.
    pub operator: Option<String>,
    /// Its team.
    pub team: Option<String>,
    /// The hazardous area it lies in, by name or number.
    pub hazard_area: Option<String>,
    /// What the record rests on.
    pub source_reliability: Option<SourceReliability>,
    /// A note.
    pub note: Option<String>,
    /// Names of photos.
    pub photos: Vec<String>,
    /// Properties that the model does not know, as the text of a JSON object.
    pub extra: Option<String>,
}

impl Deref for Detection {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl Detection {
    /// A detection with these details, for one that was judged before: the store reads its records
    /// so, and a correction begins from one. `today` is the current day in UTC; a day of grace is given.
    ///
    /// # Errors
    /// Every rule that is broken, as problems of row 0.
    pub fn new(details: Details, today: Date) -> Result<Self, Vec<Problem>> {
        let mut judge = Judge::new(0, Some(details.id.to_string()));
        judge.rules(&details, today);
        judge.verdict(details)
    }

    /// Judges a row: a detection, or every problem that keeps it from being one.
    ///
    /// `today` is the current day in UTC; dates up to the day after are accepted, for time zones.
    /// `new_id` is used when the row has none.
    ///
    /// # Errors
    /// Every problem of the row, each with field, value and reason.
    pub fn judge(
        raw: RawDetection,
        today: Date,
        new_id: impl FnOnce() -> Uuid,
    ) -> Result<Self, Vec<Problem>> {
        let mut judge = Judge::new(raw.row, (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned()));
        let details = judge.details(raw, new_id);
        judge.rules(&details, today);
        judge.verdict(details)
    }

    /// The details, to be changed and judged again.
    pub fn into_details(self) -> Details {
        self.0
    }

    /// The day its present status began: found, or dealt with.
    pub fn status_since(&self) -> Date {
        self.neutralised_on.unwrap_or(self.detected_on)
    }
}

/// Names that a detection's row may carry and that the server derives: what a client sends of
/// them is not believed.
const DERIVED: [&str; 6] = ["region", "revision", "review", "updated_at", "updated_by", "number"];

/// Gathers the problems of one row.
struct Judge {
    row: u64,
    id: Option<String>,
    problems: Vec<Problem>,
}

impl Judge {
    fn new(row: u64, id: Option<String>) -> Self {
        Self { row, id, problems: Vec::new() }
    }

    fn problem(&mut self, field: &str, value: &str, reason: impl Into<String>) {
        self.problems.push(Problem::new(self.row, self.id.as_deref(), field, value, reason));
    }

    fn verdict(self, details: Details) -> Result<Detection, Vec<Problem>> {
        if self.problems.is_empty() { Ok(Detection(details)) } else { Err(self.problems) }
    }

    /// Reads every field. One that is missing or unreadable leaves a problem, and a value in its
    /// place that breaks no further rule.
    fn details(&mut self, raw: RawDetection, new_id: impl FnOnce() -> Uuid) -> Details {
        let id = self.id(&raw.id, new_id);
        let place = self.location(raw.location);
        let mut fields = Fields { judge: self, properties: raw.properties };

        let kind = fields.required("kind", parse_word::<Kind>);
        let detected_on = fields.required("detected_on", parse_date);
        let status = fields.optional("status", parse_word::<Status>);
        let neutralised_on = fields.optional("neutralised_on", parse_date);
        let quantity = fields.optional("quantity", parse_number::<u32>);
        let own_accuracy_m = fields.optional("accuracy_m", parse_number::<f64>);
        Details {
            id: id.unwrap_or_default(),
            location: place.as_ref().map_or_else(nowhere, |p| p.0),
            location_as_given: place.as_ref().and_then(|p| p.1.clone()),
            accuracy_m: add_accuracy(own_accuracy_m, place.as_ref().map_or(0.0, |p| p.2)),
            fix: fields.optional("fix", parse_word),
            kind: kind.unwrap_or(Kind::Other),
            model: fields.text("model", LIMITS.name_chars),
            made_in_year: fields.optional("made_in_year", parse_number),
            quantity: quantity.unwrap_or(1),
            depth_cm: fields.optional("depth_cm", parse_number),
            detected_on: detected_on.unwrap_or(date(LIMITS.first_year, 1, 1)),
            // A disposal date alone says that it was neutralised.
            status: status.unwrap_or(match neutralised_on {
                Some(_) => Status::Neutralised,
                None => Status::Detected,
            }),
            neutralised_on,
            disposal: fields.optional("disposal", parse_word),
            operator: fields.text("operator", LIMITS.name_chars),
            team: fields.text("team", LIMITS.name_chars),
            hazard_area: fields.text("hazard_area", LIMITS.name_chars),
            source_reliability: fields.optional("source_reliability", parse_word),
            note: fields.text("note", LIMITS.note_chars),
            photos: fields.photos(),
            extra: fields.extra(),
        }
    }

    fn id(&mut self, given: &Value, new_id: impl FnOnce() -> Uuid) -> Option<Uuid> {
        if given.is_empty() {
            return Some(new_id());
        }
        match Uuid::try_parse(given.as_text().trim()) {
            Ok(id) if !id.is_nil() => Some(id),
            _ => {
                self.problem("id", given.as_text(), "is not a UUID");
                None
            }
        }
    }

    fn location(&mut self, given: RawLocation) -> Option<(LonLat, Option<AsGiven>, f64)> {
        match given {
            RawLocation::Missing => {
                self.problem("location", "", "is missing");
                None
            }
            RawLocation::Unreadable { value, reason } => {
                self.problem("location", &value, reason);
                None
            }
            RawLocation::At { lon, lat, as_given, transform_accuracy_m } => match LonLat::new(lon, lat) {
                Ok(at) => Some((at, as_given, transform_accuracy_m)),
                Err(error) => {
                    self.problem("location", &format!("[{lon}, {lat}]"), error.to_string());
                    None
                }
            },
        }
    }

    /// The rules between fields, and the ranges of each.
    fn rules(&mut self, d: &Details, today: Date) {
        let latest = today.checked_add(1.day()).unwrap_or(today);
        for (field, date) in [("detected_on", Some(d.detected_on)), ("neutralised_on", d.neutralised_on)] {
            let Some(date) = date else { continue };
            if date > latest {
                self.problem(field, &date.to_string(), format!("lies in the future: today is {today} UTC"));
            }
            if date.year() < LIMITS.first_year {
                self.problem(field, &date.to_string(), format!("lies before {}", LIMITS.first_year));
            }
        }
        if !(1..=LIMITS.quantity).contains(&d.quantity) {
            self.problem("quantity", &d.quantity.to_string(), format!("is outside 1..{}", LIMITS.quantity));
        }
        self.range("accuracy_m", d.accuracy_m, 0.0..=100_000.0);
        self.range("depth_cm", d.depth_cm, 0.0..=10_000.0);
        if let Some(year) = d.made_in_year
            && !(LIMITS.first_year..=latest.year()).contains(&year)
        {
            let range = format!("is outside {}..{}", LIMITS.first_year, latest.year());
            self.problem("made_in_year", &year.to_string(), range);
        }
        match (d.status, d.neutralised_on) {
            (Status::Neutralised, None) => {
                self.problem(
                    "neutralised_on",
                    "",
                    "is missing: a neutralised detection has the date of its disposal",
                );
            }
            (Status::Neutralised, Some(on)) if on < d.detected_on => {
                let reason = format!("lies before detected_on {}", d.detected_on);
                self.problem("neutralised_on", &on.to_string(), reason);
            }
            (Status::Detected | Status::Discounted, Some(on)) => {
                let reason =
                    format!("stands beside status {}: only a neutralised detection has it", d.status);
                self.problem("neutralised_on", &on.to_string(), reason);
            }
            _ => {}
        }
        if let (Some(disposal), Status::Detected | Status::Discounted) = (d.disposal, d.status) {
            let reason = format!("stands beside status {}: only a neutralised detection has it", d.status);
            self.problem("disposal", disposal.word(), reason);
        }
    }

    fn range(&mut self, field: &str, value: Option<f64>, range: std::ops::RangeInclusive<f64>) {
        if let Some(value) = value
            && !range.contains(&value)
        {
            self.problem(field, &value.to_string(), format!("is outside {}..{}", range.start(), range.end()));
        }
    }
}

/// The properties of a row, taken out one by one.
struct Fields<'a> {
    judge: &'a mut Judge,
    properties: Vec<(Cow<'static, str>, Value)>,
}

impl Fields<'_> {
    fn take(&mut self, name: &str) -> Value {
        let found = self.properties.iter().position(|(n, _)| n == name);
        found.map_or(Value::Null, |at| self.properties.swap_remove(at).1)
    }

    fn required<T>(&mut self, name: &str, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        let value = self.take(name);
        if value.is_empty() {
            self.judge.problem(name, "", "is missing");
            return None;
        }
        self.parse(name, &value, parse)
    }

    fn optional<T>(&mut self, name: &str, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        let value = self.take(name);
        if value.is_empty() { None } else { self.parse(name, &value, parse) }
    }

    fn parse<T>(&mut self, name: &str, value: &Value, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        parse(value).map_err(|reason| self.judge.problem(name, value.as_text(), reason)).ok()
    }

    fn text(&mut self, name: &str, max_chars: usize) -> Option<String> {
        let value = self.take(name);
        if value.is_empty() {
            return None;
        }
        let text = value.as_text().trim();
        let reason = if matches!(value, Value::Json(_)) {
            "is not text".to_owned()
        } else if text.chars().count() > max_chars {
            format!("is longer than {max_chars} characters")
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            "holds a control character".to_owned()
        } else {
            return Some(text.to_owned());
        };
        self.judge.problem(name, text, reason);
        None
    }

    /// Photo names: a JSON array of texts, or a list separated by semicolons.
    fn photos(&mut self) -> Vec<String> {
        let value = self.take("photos");
        let names = match &value {
            Value::Json(json) => read_texts(json),
            Value::Null => Some(Vec::new()),
            Value::Text(text) => Some(text.split(';').map(str::to_owned).collect()),
            Value::Bool(_) | Value::Number(_) => None,
        };
        let Some(names) = names else {
            self.judge.problem("photos", value.as_text(), "is not a list of names");
            return Vec::new();
        };
        let names: Vec<String> =
            names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        if names.iter().any(|name| name.chars().any(char::is_control)) {
            self.judge.problem("photos", value.as_text(), "holds a control character");
        }
        if names.len() > LIMITS.photos || names.iter().any(|n| n.chars().count() > LIMITS.name_chars) {
            let reason = format!(
                "holds more than {} names or one over {} characters",
                LIMITS.photos, LIMITS.name_chars
            );
            self.judge.problem("photos", value.as_text(), reason);
        }
        names
    }

    /// What is left over, as the text of a JSON object.
    fn extra(&mut self) -> Option<String> {
        self.properties.retain(|(name, value)| !DERIVED.contains(&name.as_ref()) && *value != Value::Null);
        // Keys in order, so that the same content is the same text.
        self.properties.sort_by(|a, b| a.0.cmp(&b.0));
        if self.properties.is_empty() {
            return None;
        }
        let mut json = String::from("{");
        for (name, value) in &self.properties {
            if json.len() > 1 {
                json.push(',');
            }
            push_json_text(&mut json, name);
            json.push(':');
            match value {
                Value::Text(text) => push_json_text(&mut json, text),
                other => json.push_str(other.as_text()),
            }
        }
        json.push('}');
        if json.len() > LIMITS.extra_bytes {
            let reason = format!("properties outside the model take more than {} bytes", LIMITS.extra_bytes);
            self.judge.problem("extra", &json, reason);
            return None;
        }
        Some(json)
    }
}

fn nowhere() -> LonLat {
    LonLat::new(0.0, 0.0).expect("zero is a position")
}

/// Errors of position and transformation, taken as independent.
fn add_accuracy(own_m: Option<f64>, transform_m: f64) -> Option<f64> {
    match (own_m, transform_m > 0.0) {
        (own, false) => own,
        (None, true) => Some(transform_m),
        (Some(own), true) => Some((own.hypot(transform_m) * 100.0).round() / 100.0),
    }
}

fn parse_word<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    match value {
        Value::Text(text) => text.parse().map_err(|e: T::Err| e.to_string()),
        _ => Err("is not text".to_owned()),
    }
}

fn parse_number<T: FromStr + Finite>(value: &Value) -> Result<T, String> {
    let text = match value {
        Value::Number(text) | Value::Text(text) => text.trim(),
        _ => return Err("is not a number".to_owned()),
    };
    // A spreadsheet or a browser writes 3.0 where it means 3.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    match whole.parse::<T>() {
        Ok(number) if number.finite() => Ok(number),
        _ => Err(format!("is not {}", T::WHAT)),
    }
}

/// Numbers that a field may hold.
trait Finite {
    const WHAT: &'static str;
    fn finite(&self) -> bool {
        true
    }
}

impl Finite for f64 {
    const WHAT: &'static str = "a finite number";
    fn finite(&self) -> bool {
        self.is_finite()
    }
}

impl Finite for u32 {
    const WHAT: &'static str = "a whole number of 0 or more";
}

impl Finite for i16 {
    const WHAT: &'static str = "a year";
}

fn parse_date(value: &Value) -> Result<Date, String> {
    const REASON: &str = "is not a day as YYYY-MM-DD";
    let Value::Text(text) = value else { return Err(REASON.to_owned()) };
    let text = text.trim();
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else { return Err(REASON.to_owned()) };
    let has_dashes = matches!(day.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]);
    // A timestamp names its day; its time has to be one, with an offset or without, and is not kept.
    let has_no_time_or_a_real_one = match rest.as_bytes() {
        [] => true,
        [b'T' | b't' | b' ', b'0'..=b'2', ..] => {
            text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok()
        }
        _ => false,
    };
    if !has_dashes || !has_no_time_or_a_real_one {
        return Err(REASON.to_owned());
    }
    day.parse().map_err(|_| REASON.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(properties: &[(&str, &str)]) -> RawDetection {
        let mut all = vec![("kind", "ap_mine"), ("detected_on", "2023-03-14")];
        all.retain(|(name, _)| !properties.iter().any(|(n, _)| n == name));
        all.extend(properties);
        RawDetection {
            row: 17,
            id: Value::Text("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01".into()),
            location: RawLocation::At {
                lon: 46.0412,
                lat: 40.1063,
                as_given: None,
                transform_accuracy_m: 0.0,
            },
            properties: all
                .iter()
                .map(|(n, v)| (RawDetection::name(n), Value::Text((*v).to_owned())))
                .collect(),
        }
    }

    fn judge(raw: RawDetection) -> Result<Detection, Vec<String>> {
        let today = date(2024, 1, 10);
        Detection::judge(raw, today, Uuid::max).map_err(|problems| {
            problems.iter().map(|p| format!("{} {:?} {}", p.field, p.value, p.reason)).collect()
        })
    }

    fn check(properties: &[(&str, &str)], problem: &str) {
        assert_eq!(judge(row(properties)).unwrap_err(), [problem]);
    }

    #[test]
    fn the_least_a_row_needs_is_a_place_a_kind_and_a_day() {
        let d = judge(row(&[])).unwrap();
        assert_eq!(
            (d.quantity, d.status, d.neutralised_on, d.extra.as_deref()),
            (1, Status::Detected, None, None)
        );
    }

    #[test]
    fn a_row_without_id_gets_one() {
        let mut raw = row(&[]);
        raw.id = Value::Null;
        assert_eq!(judge(raw).unwrap().id, Uuid::max());
    }

    #[test]
    fn a_disposal_date_alone_makes_it_neutralised() {
        let d = judge(row(&[("neutralised_on", "2023-03-15T08:00:00Z"), ("disposal", "burned")])).unwrap();
        assert_eq!((d.status, d.status_since().to_string().as_str()), (Status::Neutralised, "2023-03-15"));
    }

    #[test]
    fn rules_between_fields_are_told_with_field_value_and_reason() {
        check(
            &[("status", "neutralised")],
            "neutralised_on \"\" is missing: a neutralised detection has the date of its disposal",
        );
        check(
            &[("neutralised_on", "2023-03-13")],
            "neutralised_on \"2023-03-13\" lies before detected_on 2023-03-14",
        );
        check(&[("quantity", "0")], "quantity \"0\" is outside 1..1000000");
        check(&[("detected_on", "14.03.2023")], "detected_on \"14.03.2023\" is not a day as YYYY-MM-DD");
        check(&[("detected_on", "2023-02-30")], "detected_on \"2023-02-30\" is not a day as YYYY-MM-DD");
        check(
            &[("detected_on", "2024-01-12")],
            "detected_on \"2024-01-12\" lies in the future: today is 2024-01-10 UTC",
        );
        check(&[("accuracy_m", "NaN")], "accuracy_m \"NaN\" is not a finite number");
        check(&[("accuracy_m", "1e999")], "accuracy_m \"1e999\" is not a finite number");
    }

    #[test]
    fn a_day_may_have_a_time_behind_it_if_it_is_one() {
        for time in ["", "T08:00:00Z", "T23:59:59.5+04:00", " 08:00", " 08:00:00", "T08:00:00", "t08:00:00z"]
        {
            let given = format!("2023-03-14{time}");
            let judged = judge(row(&[("detected_on", &given)])).unwrap();
            assert_eq!(judged.detected_on, date(2023, 3, 14), "{given}");
        }
        for time in
            ["Tgarbage", "T25:99:99Z", "T08:00:00Zx", "T", " x", "x", "T08:61", "T08:00:00+99:00", "é"]
        {
            let given = format!("2023-03-14{time}");
            check(&[("detected_on", &given)], &format!("detected_on {given:?} is not a day as YYYY-MM-DD"));
        }
        for given in ["20230314T1", "20230314", "2023-3-14", "2023-073", "2023-W11-2"] {
            check(&[("detected_on", given)], &format!("detected_on {given:?} is not a day as YYYY-MM-DD"));
        }
    }

    #[test]
    fn a_day_of_grace_is_given_for_time_zones() {
        assert!(judge(row(&[("detected_on", "2024-01-11")])).is_ok());
    }

    #[test]
    fn all_problems_of_a_row_come_at_once() {
        let mut raw = row(&[("kind", "apm?"), ("quantity", "-1"), ("depth_cm", "-3")]);
        raw.id = Value::Text("17".into());
        raw.location = RawLocation::At { lon: 46.0, lat: 91.0, as_given: None, transform_accuracy_m: 0.0 };
        let fields: Vec<_> =
            judge(raw).unwrap_err().iter().map(|p| p.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(fields, ["id", "location", "kind", "quantity", "depth_cm"]);
    }

    #[test]
    fn names_of_photos_come_as_a_json_list_or_between_semicolons() {
        let photos = |value| {
            let mut raw = row(&[]);
            raw.properties.push(("photos".into(), value));
            judge(raw).map(|d| d.photos.clone())
        };
        let json = |text: &str| photos(Value::Json(text.into()));
        assert_eq!(
            json(r#"["a, \"b\"; c.jpg", " ", "K\u0259l.jpg"]"#).unwrap(),
            ["a, \"b\"; c.jpg", "Kəl.jpg"]
        );
        assert_eq!(photos(Value::Text("a.jpg; b.jpg;".into())).unwrap(), ["a.jpg", "b.jpg"]);
        assert_eq!(json("[1]").unwrap_err(), ["photos \"[1]\" is not a list of names"]);
        assert_eq!(json(r#"["a\nb"]"#).unwrap_err(), [r#"photos "[\"a\\nb\"]" holds a control character"#]);
    }

    #[test]
    fn unknown_properties_are_kept_in_order_and_derived_ones_are_not_believed() {
        let d = judge(row(&[("zone", "b\"1"), ("alpha", "1"), ("region", "AZ-BA")])).unwrap();
        assert_eq!(d.extra.as_deref(), Some(r#"{"alpha":"1","zone":"b\"1"}"#));
    }
}
