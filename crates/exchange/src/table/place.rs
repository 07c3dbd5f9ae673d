//! Determines where a row is, from every statement of its place.
//!
//! A row may state its place several times: as a geometry, as longitude and latitude, as a grid reference.
//! The first one present is used, and every other one must name the same place to within its own precision: a
//! row that contradicts itself is rejected. The coordinates as entered are kept unchanged.

use demining::RawLocation;
use geometry::{LonLat, distance_m};

use super::{shape::Shape, shield::with_decimal_point};
use crate::{
    as_given::as_given,
    column::{Pair, Part},
    position::{locate_pair, locate_text},
    reference::{AxisOrder, Reference, References},
};

/// All statements of a row's place in its cells.
#[derive(Debug, Default)]
pub(crate) struct Place<'a> {
    pairs: [(&'a str, &'a str); Pair::ALL.len()],
    mgrs: &'a str,
    position: &'a str,
    crs: &'a str,
    pub as_given: &'a str,
    pub as_given_crs: &'a str,
}

impl<'a> Place<'a> {
    /// Adds a cell that is not blank; returns false if the row already has a different value for the same
    /// part.
    pub(crate) fn put(&mut self, part: Part, text: &'a str) -> bool {
        let slot = match part {
            Part::East(pair) => &mut self.pairs[pair as usize].0,
            Part::North(pair) => &mut self.pairs[pair as usize].1,
            Part::Mgrs => &mut self.mgrs,
            Part::Position => &mut self.position,
            Part::Crs => &mut self.crs,
        };
        if slot.is_empty() {
            *slot = text;
        }
        *slot == text
    }

    /// Returns whether a position text is not a place, in a row that also states its place elsewhere.
    pub(crate) fn is_free_text(&self) -> bool {
        let says_otherwise = !self.mgrs.is_empty() || self.pairs != Self::default().pairs;
        says_otherwise
            && said(&locate_text(self.position), 0.0).is_none()
            && two_numbers(self.position).is_none()
    }

    fn pair(&self, pair: Pair) -> (&'a str, &'a str) {
        self.pairs[pair as usize]
    }
}

/// The field, value and reason of a problem.
pub(crate) type Wrong = (String, String, String);

/// The settings for places that the rows of a file share.
pub(crate) struct Places {
    /// The reference system of the geometries, or of the cells if there are none.
    pub reference: Reference,
    pub has_decimal_comma: bool,
    references: References,
}

/// A place as stated by one part of the row.
#[derive(Debug, Clone, Copy)]
struct Said {
    at: LonLat,
    /// The error from its limited precision and its transformation, metres.
    off_m: f64,
}

/// The additional distance that two statements of a place may differ by, metres.
const SLACK_M: f64 = 1.0;

impl Places {
    pub(crate) fn new(reference: Reference, has_decimal_comma: bool) -> Self {
        Self { reference, has_decimal_comma, references: References::default() }
    }

    /// Returns the place of a row, with the coordinates as entered. The flag tells whether it was read from
    /// cells.
    pub(crate) fn locate(&mut self, place: &Place<'_>, shape: Shape) -> Result<(RawLocation, bool), Wrong> {
        let (mut location, by, is_of_cells) = match shape {
            Shape::InCells => {
                let (location, by) = self.of_cells(place)?;
                (location, by, true)
            }
            Shape::Missing => {
                let (location, by) = self.of_cells_beside_geometry(place)?;
                let is_of_cells = location != RawLocation::Missing;
                (location, by, is_of_cells)
            }
            Shape::Point { x, y } => {
                (self.reference.locate(&x.to_string(), &y.to_string()), "the geometry", false)
            }
            Shape::Other(reason) => {
                let location = RawLocation::Unreadable { value: String::new(), reason: reason.to_owned() };
                (location, "the geometry", false)
            }
        };
        self.must_agree(place, &location, by)?;
        Self::complete(place, &mut location)?;
        Ok((location, is_of_cells))
    }

    /// Checks the place from a geometry against all other statements of the row, and adds the coordinates as
    /// entered.
    pub(crate) fn settle(&mut self, place: &Place<'_>, location: &mut RawLocation) -> Result<(), Wrong> {
        self.must_agree(place, location, "the geometry")?;
        Self::complete(place, location)
    }

    /// Returns the reference system that a row names.
    pub(crate) fn named(&mut self, name: &str) -> Result<&Reference, String> {
        self.references.get(name, AxisOrder::EastNorth)
    }

    /// Adds the coordinates as entered. They are not checked, because the position may have been corrected
    /// since.
    fn complete(place: &Place<'_>, location: &mut RawLocation) -> Result<(), Wrong> {
        let given = as_given(place.as_given, place.as_given_crs)
            .map_err(|reason| ("location_as_given".to_owned(), place.as_given.to_owned(), reason))?;
        if let (RawLocation::At { as_given, .. }, Some(given)) = (location, given) {
            *as_given = Some(given);
        }
        Ok(())
    }

    /// Returns the place from the first statement present, and the name of that statement.
    fn of_cells(&mut self, place: &Place<'_>) -> Result<(RawLocation, &'static str), Wrong> {
        let wrong =
            |field: &str, value: &str, reason: &str| (field.to_owned(), value.to_owned(), reason.to_owned());
        let pair = Pair::ALL.into_iter().find(|pair| place.pair(*pair) != ("", ""));
        let has_decimal_comma = self.has_decimal_comma;
        let reference = match place.crs {
            "" if pair == Some(Pair::Plane) && self.reference.is_lon_lat() => {
                return Err(wrong("crs", "", "is required with easting and northing"));
            }
            "" => &self.reference,
            name => {
                let named = self.references.get(name, AxisOrder::EastNorth);
                named.map_err(|reason| wrong("crs", name, &reason))?
            }
        };
        if pair == Some(Pair::Degrees) && !reference.is_in_degrees() {
            let reason = "uses easting and northing, but the columns are longitude and latitude";
            return Err(wrong("crs", place.crs, reason));
        }
        Ok(match pair {
            Some(pair) => (in_pair(reference, place.pair(pair), has_decimal_comma), pair.names()),
            None if !place.mgrs.is_empty() => (locate_text(place.mgrs), "mgrs"),
            None if !place.position.is_empty() => (locate_text(place.position), "position"),
            None => (RawLocation::Missing, ""),
        })
    }

    /// As `of_cells`, for a row without a geometry in a format that has them: unreadable statements are no
    /// place.
    fn of_cells_beside_geometry(&mut self, place: &Place<'_>) -> Result<(RawLocation, &'static str), Wrong> {
        let mut only = Place { crs: place.crs, mgrs: place.mgrs, ..Place::default() };
        for pair in Pair::ALL {
            let (east, north) = place.pair(pair);
            let is_meant = match pair {
                Pair::Degrees => true,
                Pair::Plane => !place.crs.is_empty() || !self.reference.is_in_degrees(),
                Pair::Open => false,
            };
            if is_meant && !east.is_empty() && !north.is_empty() {
                only.pairs[pair as usize] = (east, north);
            }
        }
        // Longitude and latitude are degrees even if the coordinates of the geometries are metres.
        if only.crs.is_empty() && only.pair(Pair::Degrees) != ("", "") && !self.reference.is_in_degrees() {
            let location = in_pair(&Reference::default(), only.pair(Pair::Degrees), self.has_decimal_comma);
            return Ok((location, Pair::Degrees.names()));
        }
        if only.pairs == Place::default().pairs && only.mgrs.is_empty() {
            return Ok((RawLocation::Missing, ""));
        }
        self.of_cells(&only)
    }

    /// Rejects a row with a statement of a different place.
    fn must_agree(&mut self, place: &Place<'_>, location: &RawLocation, by: &str) -> Result<(), Wrong> {
        let is_geometry = by == "the geometry";
        let Some(at) = said(location, 0.0) else { return Ok(()) };
        // Skip the pair from which the place was read.
        for pair in Pair::ALL.into_iter().filter(|pair| pair.names() != by) {
            let (east, north) = place.pair(pair);
            if east.is_empty() || north.is_empty() {
                continue;
            }
            let all = self.pair_says(pair, (east, north), place.crs);
            agree(pair.names(), &format!("{east} {north}"), &all, at, by)?;
        }
        for (name, text) in [("mgrs", place.mgrs), ("position", place.position)] {
            if name == by || text.is_empty() {
                continue;
            }
            let read = locate_text(text);
            match (said(&read, 0.0), two_numbers(text)) {
                (Some(said), _) => agree(name, text, &[said], at, by)?,
                (None, Some((first, second))) => {
                    agree(name, text, &either_order(&Reference::default(), first, second), at, by)?;
                }
                (None, None) => {
                    // The text in a geometry's attribute may be anything; a grid reference in a table may
                    // not.
                    if let (RawLocation::Unreadable { reason, .. }, "mgrs", false) = (read, name, is_geometry)
                    {
                        return Err((name.to_owned(), text.to_owned(), reason));
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the places that a pair of columns may name; empty if its numbers may be in any system.
    fn pair_says(&mut self, pair: Pair, (east, north): (&str, &str), crs: &str) -> Vec<Said> {
        let east = with_decimal_point(east, self.has_decimal_comma).into_owned();
        let north = with_decimal_point(north, self.has_decimal_comma).into_owned();
        let Some((first, second)) = numbers(&east, &north) else {
            let is_degrees =
                pair == Pair::Degrees && east.contains(DEGREE_MARKS) && north.contains(DEGREE_MARKS);
            return is_degrees
                .then(|| said(&locate_pair(&north, &east), 0.0))
                .flatten()
                .into_iter()
                .collect();
        };
        if !crs.is_empty() {
            let Ok(reference) = self.named(crs) else { return Vec::new() };
            return said(&reference.east_north().locate(first, second), off_of(reference, first, second))
                .into_iter()
                .collect();
        }
        let own = self.reference.east_north();
        let degrees = Reference::default();
        let is_in_range =
            |text: &str, most: f64| text.parse::<f64>().is_ok_and(|number| number.abs() <= most);
        let mut all = Vec::new();
        let could_be_degrees = pair != Pair::Plane && is_in_range(first, 180.0) && is_in_range(second, 180.0);
        if could_be_degrees && pair == Pair::Degrees {
            all.extend(said(&degrees.locate(first, second), off_of(&degrees, first, second)));
        } else if could_be_degrees {
            all.extend(either_order(&degrees, first, second));
        }
        if !own.is_lon_lat() && (pair != Pair::Plane || !own.is_in_degrees()) {
            let of_own = either_order(&own, first, second);
            // Numbers that are not degrees may be in any other system, so they contradict nothing.
            if !all.is_empty() || pair == Pair::Degrees {
                all.extend(of_own);
            }
        }
        all
    }
}

impl Said {
    fn agrees_with(&self, other: Self) -> bool {
        distance_m(self.at, other.at) <= 1.5 * (self.off_m + other.off_m) + SLACK_M
    }
}

fn agree(name: &str, value: &str, all: &[Said], at: Said, by: &str) -> Result<(), Wrong> {
    if all.is_empty() || all.iter().any(|said| said.agrees_with(at)) {
        return Ok(());
    }
    Err((name.to_owned(), value.to_owned(), contradiction(by, at, all)))
}

/// Returns the reason why two statements of a place cannot both be right.
fn contradiction(by: &str, at: Said, all: &[Said]) -> String {
    let apart = all.iter().map(|said| distance_m(said.at, at.at)).fold(f64::INFINITY, f64::min);
    let apart = if apart < 1_000.0 { format!("{apart:.0} m") } else { format!("{:.1} km", apart / 1_000.0) };
    let (lon, lat) = (at.at.lon(), at.at.lat());
    format!(
        "contradicts {by}, which is at longitude {lon}, latitude {lat}: they are {apart} apart; correct one, or leave \
         one out"
    )
}

/// Returns the place of a pair of cells. Columns of degrees may also contain minutes and seconds.
fn in_pair(reference: &Reference, (east, north): (&str, &str), has_decimal_comma: bool) -> RawLocation {
    if east.is_empty() || north.is_empty() {
        let (longitude, latitude) =
            if reference.is_in_degrees() { ("longitude", "latitude") } else { ("easting", "northing") };
        return RawLocation::Unreadable {
            value: format!("{east} {north}"),
            reason: format!("{longitude} or {latitude} is missing"),
        };
    }
    let east = with_decimal_point(east, has_decimal_comma);
    let north = with_decimal_point(north, has_decimal_comma);
    let is_text = |cell: &str| cell.parse::<f64>().is_err() && cell.contains(DEGREE_MARKS);
    if reference.is_lon_lat() && (is_text(&east) || is_text(&north)) {
        locate_pair(&north, &east)
    } else {
        reference.locate(&east, &north)
    }
}

/// Returns the statement for a place that was read; `off_m` is the error from its limited precision, without
/// its transformation.
fn said(location: &RawLocation, off_m: f64) -> Option<Said> {
    match location {
        RawLocation::At { lon, lat, transform_accuracy_m, .. } => {
            Some(Said { at: LonLat::new(*lon, *lat).ok()?, off_m: off_m + transform_accuracy_m })
        }
        _ => None,
    }
}

/// Returns the places of two numbers in a system, in both axis orders.
fn either_order(reference: &Reference, first: &str, second: &str) -> Vec<Said> {
    let reference = reference.east_north();
    let off_m = off_of(&reference, first, second);
    [(first, second), (second, first)]
        .into_iter()
        .filter_map(|(east, north)| said(&reference.locate(east, north), off_m))
        .collect()
}

/// Returns the error from the limited digits of two coordinates, metres: half of the last digit's unit.
fn off_of(reference: &Reference, first: &str, second: &str) -> f64 {
    /// Metres per degree of latitude.
    const DEGREE_M: f64 = 111_320.0;
    let unit_m = if reference.is_in_degrees() { DEGREE_M } else { 1.0 };
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len().min(15));
    let least = decimals(first).min(decimals(second));
    unit_m * 0.5 * 10_f64.powi(-i32::try_from(least).unwrap_or(15))
}

/// Returns two numbers at the beginning of a text, such as a geopoint or coordinates separated by a comma.
fn two_numbers(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
    numbers(parts.next()?, parts.next()?)
}

fn numbers<'a>(first: &'a str, second: &'a str) -> Option<(&'a str, &'a str)> {
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    (is_number(first) && is_number(second)).then_some((first, second))
}

/// Characters that occur in degrees with minutes, seconds or letters, but not in numbers.
const DEGREE_MARKS: [char; 13] = ['°', 'º', '′', '″', '’', '”', '\'', '"', ':', 'N', 'S', 'E', 'W'];
