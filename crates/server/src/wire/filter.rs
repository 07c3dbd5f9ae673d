//! The filters that records of every collection share, in items, tiles, summaries and exports.

use atlas::{Condition, Dates, DistrictSet, ReferenceData};
use jiff::civil::Date;

use crate::{
    http::{params::Params, problem::Answer},
    wire::{
        cql2::{self, Vocabulary},
        time,
    },
};

/// Properties of a record that are not parameters by their names: the first four are lists with more
/// meaning, and `revision` requests a response of that revision.
pub const NO_PARAMETERS: [&str; 6] = ["status", "kind", "region", "operator", "revision", "geometry"];

/// Reads `as_of`, the day at whose end the records are seen.
///
/// # Errors
/// 400 when it is not a day.
pub fn as_of(params: &mut Params) -> Answer<Option<Date>> {
    params.parse("as_of", time::day)
}

/// Reads `events`, the period whose finds and neutralisations are counted.
///
/// # Errors
/// 400 when it is neither a day nor an interval.
pub fn events(params: &mut Params) -> Answer<Option<Dates>> {
    params.parse("events", interval)
}

/// Reads `filter`, and parameters named like properties, whose values must match.
///
/// # Errors
/// 400 that names the parameter, its value and the problem.
pub fn condition<V: Vocabulary>(params: &mut Params, vocabulary: &V) -> Answer<Option<Condition<V::Of>>> {
    let mut all: Vec<_> = cql2::take(params, vocabulary)?.into_iter().collect();
    let names = vocabulary.fields().into_iter().filter(|(name, _)| !NO_PARAMETERS.contains(name));
    for (name, field) in names {
        all.extend(params.parse(name, |value| cql2::equals(field, value))?);
    }
    Ok(if all.len() > 1 { Some(Condition::All(all)) } else { all.pop() })
}

/// Reads `region`: the districts of the listed regions; `None` without the parameter.
///
/// # Errors
/// 400 when an id is empty.
pub fn regions(params: &mut Params, reference: &ReferenceData) -> Answer<Option<DistrictSet>> {
    let ids = params.list("region", |id| region(reference, id))?;
    Ok(ids.map(|ids| ids.iter().fold(DistrictSet::none(), DistrictSet::union)))
}

/// Returns the districts of a region, none for an unknown region; `null` means outside every region.
fn region(reference: &ReferenceData, id: &str) -> Result<DistrictSet, String> {
    match id {
        "" => Err("contains an empty region id".to_owned()),
        "null" => Ok(DistrictSet::outside()),
        id => Ok(reference.districts(id).cloned().unwrap_or_default()),
    }
}

/// Splits names at commas; a backslash escapes a comma or itself.
pub fn operators(list: &str) -> Vec<String> {
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

/// Parses an RFC 3339 day or instant, or an interval `a/b` whose ends may be open (`..` or empty). Both ends
/// are included; an instant counts as its day in UTC.
///
/// # Errors
/// When the text is invalid, or an interval ends before it begins.
pub fn interval(text: &str) -> Result<Dates, String> {
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
    let reason = |_| "is not YYYY-MM-DD, an RFC 3339 instant, or an interval of two of them".to_owned();
    time::day_of(text).map_err(reason)
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
        assert_eq!(text("2023-03-14/"), Ok((day("2023-03-14"), None)));
        assert_eq!(text("../2023-03-14"), Ok((None, day("2023-03-14"))));
        for bad in ["", "/", "14.03.2023", "2023-03-14/2023-03-13", "2023-13-01", "2023-03-14/x", "a/b/c"] {
            assert!(interval(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_end_that_is_far_away_leaves_the_interval_open_in_effect() {
        // As QGIS sends "from this date on" and "until this date".
        let from_on = interval("2023-01-01/9999-12-31T00:00:00Z").unwrap();
        assert!(from_on.to.unwrap().year() == 9999);
        let until = interval("0000-01-01T00:00:00Z/2023-01-01T00:00:00.000Z").unwrap();
        assert_eq!((until.from.unwrap().year(), until.to.unwrap().to_string()), (0, "2023-01-01".to_owned()));
        assert!(interval("-20000-01-01/20000-01-01T00:00:00Z").is_ok());
    }

    #[test]
    fn a_name_may_hold_a_comma_behind_a_backslash() {
        assert_eq!(operators("ANAMA, Halo"), ["ANAMA", "Halo"]);
        assert_eq!(operators(r"Smith\, Jones & Co,a\\b"), ["Smith, Jones & Co", r"a\b"]);
    }
}
