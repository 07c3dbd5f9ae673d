//! The state in a shared address.

use atlas::Dates;
use axum::http::{StatusCode, Uri};
use jiff::civil::Date;

use crate::{
    http::{
        params::Params,
        problem::{Answer, Problem},
    },
    wire::lang::Lang,
};

/// The longest query of a shared address, in bytes.
const LONGEST: usize = 256;

/// What the query may name.
const KEYS: &str = "region, at, from, to, lang";

/// A place on the map, rounded: the zoom to a tenth, the position to a hundredth of a degree, about a kilometre.
/// A shared address is sent to strangers, and need not tell them which house its sender looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    zoom: f64,
    lat: f64,
    lon: f64,
}

/// What a shared address shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The chosen region; the whole country if `None`.
    pub region: Option<String>,
    pub(super) at: Option<Place>,
    /// The period, both days included.
    pub dates: Dates,
    /// The language of texts and names.
    pub lang: Lang,
}

impl Shared {
    /// Reads the query of an address; `knows` tells whether a region exists.
    ///
    /// # Errors
    /// 400 when it is longer than 256 bytes, names anything else, or a value is invalid.
    pub fn of(uri: &Uri, knows: impl Fn(&str) -> bool) -> Answer<Self> {
        let query = uri.query().unwrap_or("");
        if query.len() > LONGEST {
            let detail = format!("the query has {} bytes; at most {LONGEST} are allowed", query.len());
            return Err(Problem::new(StatusCode::BAD_REQUEST, "query", detail));
        }
        let mut params = Params::read(query)?;
        let region = params.parse("region", |id| {
            let known = knows(id).then(|| id.to_owned());
            known.ok_or_else(|| "is not a region; /summary/regions lists all".to_owned())
        })?;
        let at = params.parse("at", place)?;
        let (from, to) = (params.parse("from", day)?, params.parse("to", day)?);
        let lang = params.parse("lang", str::parse)?.unwrap_or_default();
        params.finish(KEYS)?;
        let (from, to) = match (from, to) {
            (Some(from), Some(to)) if from > to => (Some(to), Some(from)),
            as_given => as_given,
        };
        Ok(Self { region, at, dates: Dates { from, to }, lang })
    }

    /// Returns whether a period is chosen.
    pub fn has_period(&self) -> bool {
        self.dates.from.is_some() || self.dates.to.is_some()
    }

    /// Returns the state as the query of an address, in a fixed order, and as what the page has behind `#`: both have the
    /// same form.
    pub fn query(&self) -> String {
        let mut parts = Vec::new();
        if let Some(region) = &self.region {
            parts.push(format!("region={region}"));
        }
        if let Some(day) = self.dates.from {
            parts.push(format!("from={day}"));
        }
        if let Some(day) = self.dates.to {
            parts.push(format!("to={day}"));
        }
        parts.push(format!("lang={}", self.lang.word()));
        if let Some(Place { zoom, lat, lon }) = self.at {
            parts.push(format!("at={zoom}/{lat}/{lon}"));
        }
        parts.join("&")
    }
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "is not a day, such as 2024-05-31".to_owned())
}

fn place(text: &str) -> Result<Place, String> {
    let wrong = || "is not zoom/latitude/longitude, such as 9.5/39.8/46.7".to_owned();
    let numbers: Vec<f64> =
        text.split('/').map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let [zoom, lat, lon] = numbers[..] else { return Err(wrong()) };
    let is_inside = (0.0..=22.0).contains(&zoom) && lat.abs() <= 85.06 && lon.abs() <= 180.0;
    let rounded = |value: f64, digits: f64| (value * digits).round() / digits;
    let place = Place { zoom: rounded(zoom, 10.0), lat: rounded(lat, 100.0), lon: rounded(lon, 100.0) };
    if is_inside { Ok(place) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Answer<Shared> {
        Shared::of(&format!("/share?{query}").parse().unwrap(), |id| id == "AZ-KAL")
    }

    #[test]
    fn a_place_is_rounded_and_the_order_is_fixed() {
        let shared = read("at=11.26/39.76543/46.71234&to=2023-09-30&from=2023-09-01&lang=ru").unwrap();
        assert_eq!(shared.query(), "from=2023-09-01&to=2023-09-30&lang=ru&at=11.3/39.77/46.71");
        let again = read(&shared.query()).unwrap();
        assert_eq!(again, shared);
        assert_eq!(read("").unwrap().query(), "lang=en");
        assert_eq!(read("region=AZ-KAL").unwrap().region.as_deref(), Some("AZ-KAL"));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "f=html",
            "at=1/2",
            "at=NaN/1/2",
            "at=9/100/46",
            "from=yesterday",
            "lang=de",
            "region=XX",
            "from=2023-01-01&from=2023-01-02",
            &format!("region={}", "A".repeat(300)),
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
