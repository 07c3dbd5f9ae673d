//! Determines the place of a find from the answers of a form: a geopoint, or a bearing and a distance from
//! one.

use demining::{AsGiven, Fix, Value, read_day};
use geometry::{DECLINATION_YEARS, FARTHEST_M, LonLat, declination, destination, destination_accuracy_m};
use jiff::civil::Date;

use super::{answers::Answers, form::Form};
use crate::table::Shape;

/// A problem with an answer: the question, the answer and the reason.
pub(super) type Wrong = (&'static str, String, String);

/// The place of a find, and the values that follow from how it was determined.
#[derive(Debug)]
pub(super) struct Placed {
    pub shape: Shape,
    pub accuracy_m: Option<String>,
    pub fix: Option<Fix>,
    pub as_given: Option<AsGiven>,
}

/// Removes the place from the answers and returns it.
///
/// If `bearing` and `distance_m` are answered, the geopoint is where they were measured. This applies to
/// forms, which ask for both in sequence; a table column with such a name may contain anything.
pub(super) fn place(form: &Form, answers: &mut Answers) -> Result<Placed, Wrong> {
    if is_away(answers) {
        return away(form, answers);
    }
    let (shape, accuracy_m) = match answers.location.as_deref().map(geopoint) {
        None => (Shape::Missing, None),
        Some(Ok(Geopoint { lon, lat, accuracy_m })) => (Shape::Point { x: lon, y: lat }, accuracy_m),
        Some(Err(reason)) => (Shape::Other(reason), None),
    };
    let fix = if answers.is_on_map { Some(Fix::Map) } else { accuracy_m.map(|_| Fix::Gnss) };
    Ok(Placed { shape, accuracy_m: accuracy_m.map(|metres| metres.to_string()), fix, as_given: None })
}

/// Returns whether the find is away from the stated place.
fn is_away(answers: &Answers) -> bool {
    let (bearing, distance_m) = (answers.get("bearing"), answers.get("distance_m"));
    match answers.get("fix") {
        Some(fix) if fix == Fix::BearingDistance.word() => {
            answers.start.is_some() || bearing.is_some() || distance_m.is_some()
        }
        Some(_) => false,
        // Other forms may use these names for anything: unless the form has a start point, the stated place
        // is the place.
        None => answers.start.is_some(),
    }
}

/// Returns the place at the bearing and distance. A magnetic bearing is corrected by the declination at that
/// place on the day of the record, unless the form states the declination.
fn away(form: &Form, answers: &mut Answers) -> Result<Placed, Wrong> {
    let start = answers.start.take().or_else(|| answers.location.take()).unwrap_or_default();
    let from = geopoint(&start).map_err(|reason| ("start_location", start.clone(), reason.to_owned()))?;
    let at = LonLat::new(from.lon, from.lat)
        .map_err(|error| ("start_location", start.clone(), error.to_string()))?;
    let bearing = measured(answers, "bearing", 0.0..=360.0)?;
    let distance_m = measured(answers, "distance_m", 0.0..=FARTHEST_M)?;
    let north = answers.take("bearing_north");
    let stated = match answers.get("declination") {
        Some(_) => Some(measured(answers, "declination", -180.0..=180.0)?),
        None => None,
    };
    let (turn, north) = match north.as_deref() {
        Some("true") => (0.0, "true".to_owned()),
        None | Some("magnetic") => {
            let turn = stated.map_or_else(|| declination_there(at, form.day, answers.get(form.day)), Ok)?;
            (turn, format!("magnetic, declination {}", tenths(turn)))
        }
        Some(other) => return Err(("bearing_north", other.to_owned(), "is not magnetic or true".to_owned())),
    };
    let end = destination(at, bearing + turn, distance_m)
        .map_err(|error| ("bearing", bearing.to_string(), error.to_string()))?;
    let accuracy_m =
        from.accuracy_m.map(|from_m| tenths(destination_accuracy_m(from_m, distance_m)).to_string());
    let coordinates = format!(
        "{bearing} degrees ({north}), {distance_m} m from {} {}",
        rounded(from.lon),
        rounded(from.lat)
    );
    Ok(Placed {
        shape: Shape::Point { x: end.lon(), y: end.lat() },
        accuracy_m,
        fix: Some(Fix::BearingDistance),
        as_given: Some(AsGiven { coordinates, crs: "bearing and distance".to_owned() }),
    })
}

/// Removes a number from the answers and returns it.
fn measured(
    answers: &mut Answers,
    name: &'static str,
    range: std::ops::RangeInclusive<f64>,
) -> Result<f64, Wrong> {
    let given = answers.take(name).ok_or_else(|| (name, String::new(), "is missing".to_owned()))?;
    let number = given.replace(',', ".").parse::<f64>().ok();
    number.filter(|number| range.contains(number)).ok_or_else(|| {
        let reason = format!("is not a number in {}..{}", range.start(), range.end());
        (name, given, reason)
    })
}

fn declination_there(at: LonLat, question: &'static str, day: Option<&str>) -> Result<f64, Wrong> {
    let day: Date = match day {
        None => return Err((question, String::new(), "is missing".to_owned())),
        Some(given) => read_day(&Value::Text(given.to_owned()), None)
            .map_err(|reason| (question, given.to_owned(), reason))?,
    };
    declination(at, day.year(), day.day_of_year().unsigned_abs()).ok_or_else(|| {
        let (first, last) = (DECLINATION_YEARS.start(), DECLINATION_YEARS.end());
        let reason = format!(
            "needs the declination of {day}, which is known from {first} to {last} only: state the bearing from \
             true north, or the declination"
        );
        ("bearing_north", "magnetic".to_owned(), reason)
    })
}

/// Latitude, longitude and accuracy. An accuracy of 0 means that the point was set by hand on a map: it is
/// unknown.
struct Geopoint {
    lon: f64,
    lat: f64,
    accuracy_m: Option<f64>,
}

/// Reads a geopoint: latitude, longitude, altitude and accuracy in metres.
fn geopoint(text: &str) -> Result<Geopoint, &'static str> {
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let number = |nth: usize| parts.get(nth).and_then(|part| part.parse::<f64>().ok());
    match (number(0), number(1), parts.len()) {
        (Some(lat), Some(lon), 2..=4) => {
            Ok(Geopoint { lon, lat, accuracy_m: number(3).filter(|metres| *metres > 0.0) })
        }
        _ => Err("is not a geopoint: latitude, longitude, altitude and accuracy"),
    }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Rounds degrees to the stored precision of about a centimetre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
