//! The filters that items, tiles, summaries and exports share.

use std::{str::FromStr, sync::Arc};

use atlas::{Dates, DistrictSet, Field, Filter, Ground, Set, TextField, View};
use demining::{Kind, Status};
use geometry::Bounds;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{params::Params, problem::Answer, wire::cql2};

/// The names of the filters, for messages about unknown parameters.
pub const NAMES: &str = "bbox, datetime, status, kind, region, operator, filter, filter-lang, filter-crs";

/// The names of the parameters of what counts records: the filters, and the day at whose end they are counted.
pub const NAMES_AS_OF: &str =
    "bbox, datetime, status, kind, region, operator, filter, filter-lang, filter-crs, as_of";

/// Takes the filters and `as_of` out of the parameters.
///
/// # Errors
/// As [`take`].
pub fn take_as_of(params: &mut Params, view: &View) -> Answer<Filter> {
    Ok(Filter { as_of: as_of(params)?, ..take(params, view)? })
}

/// Takes `as_of` out of the parameters: the day at whose end the records are seen.
///
/// # Errors
/// 400 when it is no day.
pub fn as_of(params: &mut Params) -> Answer<Option<Date>> {
    params.parse("as_of", |text| {
        let is_day = text.len() == "2023-03-14".len();
        text.parse().ok().filter(|_| is_day).ok_or_else(|| "is no day, YYYY-MM-DD".to_owned())
    })
}

/// Takes the filters out of the parameters.
///
/// # Errors
/// 400 that names the parameter, its value and what is wrong with it.
pub fn take(params: &mut Params, view: &View) -> Answer<Filter> {
    let ground = view.ground();
    let mut filter = Filter::default();
    if let Some(condition) = cql2::take(params, ground, view.scope())? {
        // Who asks for a status by name sees the discounted ones too, when that is what is asked for.
        if condition.names(Field::Text(TextField::Status)) {
            filter.statuses = Set::all();
        }
        filter.condition = Some(Arc::new(condition));
    }
    if let Some(statuses) = params.list("status", word::<Status>)? {
        filter.statuses = Set::of(statuses);
    }
    if let Some(kinds) = params.list("kind", word::<Kind>)? {
        filter.kinds = Set::of(kinds);
    }
    if let Some(ids) = params.list("region", |id| region(ground, id))? {
        filter.regions = Some(ids.iter().fold(DistrictSet::none(), DistrictSet::union));
    }
    filter.operators = params.take("operator").map(|list| operators(&list));
    if let Some(dates) = params.parse("datetime", interval)? {
        filter.dates = dates;
    }
    if let Some(boxes) = params.parse("bbox", bbox)? {
        filter.bounds = boxes;
    }
    Ok(filter)
}

/// The districts of a region; `null` is what lies outside every region.
fn region(ground: &Ground, id: &str) -> Result<DistrictSet, String> {
    if id == "null" {
        return Ok(DistrictSet::outside());
    }
    ground
        .districts(id)
        .cloned()
        .ok_or_else(|| "is no region; /collections/regions/items lists them".to_owned())
}

/// Names separated by commas; a backslash takes a comma, or itself, into a name.
fn operators(list: &str) -> Vec<String> {
    let (mut names, mut name, mut chars) = (Vec::new(), String::new(), list.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => name.extend(chars.next()),
            ',' => names.push(std::mem::take(&mut name)),
            c => name.push(c),
        }
    }
    names.push(name);
    names.iter().map(|name| name.trim().to_owned()).collect()
}

fn word<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e: T::Err| e.to_string())
}

/// The days of an RFC 3339 day or instant, or of an interval `a/b` whose ends may be open (`..` or
/// nothing). Both ends belong to it; an instant counts with its day in UTC.
fn interval(text: &str) -> Result<Dates, String> {
    let Some((from, to)) = text.split_once('/') else {
        let on = day(text)?;
        return Ok(Dates { from: Some(on), to: Some(on) });
    };
    let end = |text: &str| if matches!(text, "" | "..") { Ok(None) } else { day(text).map(Some) };
    let (from, to) = (end(from)?, end(to)?);
    match (from, to) {
        (Some(a), Some(b)) if a > b => Err(format!("begins on {a}, after its end {b}")),
        (None, None) if !text.contains("..") => Err("is an interval without ends".to_owned()),
        (from, to) => Ok(Dates { from, to }),
    }
}

fn day(text: &str) -> Result<Date, String> {
    let reason = || "is not YYYY-MM-DD, an RFC 3339 instant, or an interval of two of them".to_owned();
    if text.len() == "2023-03-14".len() {
        return text.parse().map_err(|_| reason());
    }
    let instant: Timestamp = text.parse().map_err(|_| reason())?;
    Ok(instant.to_zoned(TimeZone::UTC).date())
}

/// West, south, east, north in degrees, or with a lowest and highest height that does not matter.
/// West beyond east crosses the antimeridian. What lies outside the world is cut off.
pub fn bbox(text: &str) -> Result<Vec<Bounds>, String> {
    let [w, s, e, n] = four_numbers(text)?;
    if s > n {
        return Err(format!("south {s} is greater than north {n}"));
    }
    let (s, n) = (s.clamp(-90.0, 90.0), n.clamp(-90.0, 90.0));
    let part = |w: f64, e: f64| {
        Bounds::new(w.clamp(-180.0, 180.0), s, e.clamp(-180.0, 180.0), n).map_err(|error| error.to_string())
    };
    if w <= e { Ok(vec![part(w, e)?]) } else { Ok(vec![part(w, 180.0)?, part(-180.0, e)?]) }
}

/// The two corners of a box in the plane: four numbers, or six with heights, which do not matter.
///
/// # Errors
/// When they are others.
pub fn four_numbers(text: &str) -> Result<[f64; 4], String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|n| n.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect::<Option<_>>()
        .ok_or("is not four numbers: west,south,east,north")?;
    let ([w, s, e, n] | [w, s, _, e, n, _]) = numbers[..] else {
        return Err(format!("has {} numbers; four are expected: west,south,east,north", numbers.len()));
    };
    Ok([w, s, e, n])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_may_be_a_day_an_instant_or_open_at_an_end() {
        let text =
            |t: &str| interval(t).map(|d| (d.from.map(|d| d.to_string()), d.to.map(|d| d.to_string())));
        let day = |d: &str| Some(d.to_owned());
        assert_eq!(text("2023-03-14"), Ok((day("2023-03-14"), day("2023-03-14"))));
        assert_eq!(text("2023-03-14T22:00:00Z"), Ok((day("2023-03-14"), day("2023-03-14"))));
        assert_eq!(text("2023-03-14/.."), Ok((day("2023-03-14"), None)));
        assert_eq!(text("/2023-03-14"), Ok((None, day("2023-03-14"))));
        for bad in ["", "/", "14.03.2023", "2023-03-14/2023-03-13", "2023-13-01", "2023-03-14/x"] {
            assert!(interval(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_name_may_hold_a_comma_behind_a_backslash() {
        assert_eq!(operators("ANAMA, Halo"), ["ANAMA", "Halo"]);
        assert_eq!(operators(r"Smith\, Jones & Co,a\\b"), ["Smith, Jones & Co", r"a\b"]);
    }

    #[test]
    fn a_box_across_the_antimeridian_is_two_and_one_beyond_the_world_is_cut() {
        assert_eq!(bbox("170,-10,-170,10").unwrap().len(), 2);
        assert_eq!(bbox("-200,-100,200,100").unwrap()[0], Bounds::WORLD);
        assert_eq!(bbox("46,39,0,47,40,100").unwrap(), bbox("46,39,47,40").unwrap());
        for bad in ["", "1,2,3", "a,b,c,d", "46,41,47,40", "NaN,0,1,1", "1,2,3,4,5"] {
            assert!(bbox(bad).is_err(), "{bad:?}");
        }
    }
}
