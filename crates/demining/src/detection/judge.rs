//! The judgement of a row: every problem at once.

use geometry::LonLat;
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use uuid::Uuid;

use super::{
    Details, Detection, LIMITS,
    fields::{Fields, parse_date, parse_number, parse_word},
};
use crate::{AsGiven, Kind, Problem, RawDetection, RawLocation, Status, Value};

/// Gathers the problems of one row.
pub(super) struct Judge {
    row: u64,
    id: Option<String>,
    problems: Vec<Problem>,
}

impl Judge {
    pub(super) fn new(row: u64, id: Option<String>) -> Self {
        Self { row, id, problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, field: &str, value: &str, reason: impl Into<String>) {
        self.problems.push(Problem::new(self.row, self.id.as_deref(), field, value, reason));
    }

    /// A problem that is met where records are made, and has a name.
    pub(super) fn called(&mut self, code: &'static str, field: &str, value: &str, reason: impl Into<String>) {
        self.problems.push(Problem::new(self.row, self.id.as_deref(), field, value, reason).called(code));
    }

    pub(super) fn verdict(self, details: Details) -> Result<Detection, Vec<Problem>> {
        if self.problems.is_empty() { Ok(Detection(details)) } else { Err(self.problems) }
    }

    /// Reads every field. One that is missing or unreadable leaves a problem, and a value in its
    /// place that breaks no further rule.
    pub(super) fn details(&mut self, raw: RawDetection, new_id: impl FnOnce() -> Uuid) -> Details {
        let id = self.id(&raw.id, new_id);
        let place = self.location(raw.location);
        let mut fields = Fields { judge: self, properties: raw.properties };

        let kind = fields.required("kind", parse_word::<Kind>);
        let detected_on = fields.required("detected_on", parse_date);
        let status = fields.optional("status", parse_word::<Status>);
        let neutralised_on = fields.optional("neutralised_on", parse_date);
        let quantity = fields.optional("quantity", parse_number::<u32>);
        let own_accuracy_m = fields.optional("accuracy_m", parse_number::<f64>).filter(is_known);
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
        let id = parse_id(given.as_text());
        if id.is_none() {
            let reason = "is not a UUID; a column or property that holds other ids is left out with \
                          columns={\"id\":\"-\"}";
            self.problem("id", given.as_text(), reason);
        }
        id
    }

    fn location(&mut self, given: RawLocation) -> Option<(LonLat, Option<AsGiven>, f64)> {
        match given {
            RawLocation::Missing => {
                self.called("no_value", "location", "", "is missing");
                None
            }
            RawLocation::Unreadable { value, reason } => {
                self.problem("location", &value, reason);
                None
            }
            RawLocation::At { as_given: Some(AsGiven { coordinates, .. }), .. }
                if coordinates.contains('\0') =>
            {
                self.problem("location", &coordinates, "holds a control character");
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
    pub(super) fn rules(&mut self, d: &Details, today: Date) {
        let latest = today.checked_add(1.day()).unwrap_or(today);
        for (field, date) in [("detected_on", Some(d.detected_on)), ("neutralised_on", d.neutralised_on)] {
            let Some(date) = date else { continue };
            if date > latest {
                let reason = format!("lies in the future: today is {today} UTC");
                self.called("in_future", field, &date.to_string(), reason);
            }
            if date.year() < LIMITS.first_year {
                let reason = format!("lies before {}", LIMITS.first_year);
                self.called("too_early", field, &date.to_string(), reason);
            }
        }
        if !(1..=LIMITS.quantity).contains(&d.quantity) {
            let reason = format!("is outside 1..{}", LIMITS.quantity);
            self.called("out_of_range", "quantity", &d.quantity.to_string(), reason);
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
                self.called(
                    "no_value",
                    "neutralised_on",
                    "",
                    "is missing: a neutralised detection has the date of its disposal",
                );
            }
            (Status::Neutralised, Some(on)) if on < d.detected_on => {
                let reason = format!("lies before detected_on {}", d.detected_on);
                self.called("before_detected", "neutralised_on", &on.to_string(), reason);
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
            let reason = format!("is outside {}..{}", range.start(), range.end());
            self.called("out_of_range", field, &value.to_string(), reason);
        }
    }
}

/// The id that a text names: a UUID, perhaps with `uuid:` in front, as `XForms` write it. The nil UUID names nothing.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let id = text.get(..5).filter(|start| start.eq_ignore_ascii_case("uuid:")).map_or(text, |_| &text[5..]);
    Uuid::try_parse(id).ok().filter(|id| !id.is_nil())
}

/// Whether an accuracy says anything: devices write 0 when they do not know it, and no position is exact.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a filter hands over a reference")]
pub(super) fn is_known(accuracy_m: &f64) -> bool {
    *accuracy_m != 0.0
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
