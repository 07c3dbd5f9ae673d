//! The content of a detection as columns, the same in `detections` and in `change_log`.
//!
//! Reading goes by the position of a column: a store is replayed at every start, a million rows in a
//! second or two.

use demining::{AsGiven, Details, Disposal, Fix, Kind, Review, SourceReliability, Status};
use geometry::LonLat;
use jiff::{Timestamp, civil::Date};
use rusqlite::{Row, ToSql, types::ValueRef};
use uuid::Uuid;

/// The columns, in the order of [`each_value`] and [`read`].
pub(crate) const CONTENT: &str = "kind, model, made_in_year, quantity, depth_cm, detected_on, status, \
     neutralised_on, disposal, operator, team, hazard_area, accuracy_m, fix, source_reliability, note, \
     photos, extra, location_as_given, crs_as_given";

/// How many there are.
pub(crate) const N_CONTENT: usize = 20;

/// Tells the value of each column, in order.
pub(crate) fn each_value(
    d: &Details,
    tell: impl FnMut(&dyn ToSql) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let given = d.location_as_given.as_ref();
    let photos = (!d.photos.is_empty()).then(|| json_list(&d.photos));
    let detected_on = day_text(d.detected_on);
    let neutralised_on = d.neutralised_on.map(day_text);
    let values: [&dyn ToSql; N_CONTENT] = [
        &d.kind.word(),
        &d.model,
        &d.made_in_year,
        &d.quantity,
        &d.depth_cm,
        &as_text(&detected_on),
        &d.status.word(),
        &neutralised_on.as_ref().map(as_text),
        &d.disposal.map(Disposal::word),
        &d.operator,
        &d.team,
        &d.hazard_area,
        &d.accuracy_m,
        &d.fix.map(Fix::word),
        &d.source_reliability.map(SourceReliability::word),
        &d.note,
        &photos,
        &d.extra,
        &given.map(|g| g.coordinates.as_str()),
        &given.map(|g| g.crs.as_str()),
    ];
    values.into_iter().try_for_each(tell)
}

/// Reads the content from the columns from number `first` on.
///
/// # Errors
/// What is wrong with which column.
pub(crate) fn read(row: &Row<'_>, first: usize, id: Uuid, location: LonLat) -> Result<Details, String> {
    let col = Columns(row);
    let text = |k: usize, name: &str| col.text(first + k, name);
    let kept = |k: usize, name: &str| Ok::<_, String>(text(k, name)?.map(str::to_owned));
    let needed = |k: usize, name: &str| text(k, name)?.ok_or_else(|| format!("{name} is empty"));
    Ok(Details {
        id,
        location,
        kind: one_of(needed(0, "kind")?, "kind", Kind::ALL, Kind::word)?,
        model: kept(1, "model")?,
        made_in_year: col.whole(first + 2, "made_in_year")?,
        quantity: col.whole(first + 3, "quantity")?.ok_or("quantity is empty")?,
        depth_cm: col.real(first + 4, "depth_cm")?,
        detected_on: day(needed(5, "detected_on")?, "detected_on")?,
        status: one_of(needed(6, "status")?, "status", Status::ALL, Status::word)?,
        neutralised_on: text(7, "neutralised_on")?.map(|t| day(t, "neutralised_on")).transpose()?,
        disposal: text(8, "disposal")?
            .map(|t| one_of(t, "disposal", Disposal::ALL, Disposal::word))
            .transpose()?,
        operator: kept(9, "operator")?,
        team: kept(10, "team")?,
        hazard_area: kept(11, "hazard_area")?,
        accuracy_m: col.real(first + 12, "accuracy_m")?,
        fix: text(13, "fix")?.map(|t| one_of(t, "fix", Fix::ALL, Fix::word)).transpose()?,
        source_reliability: text(14, "source_reliability")?
            .map(|t| one_of(t, "source_reliability", SourceReliability::ALL, SourceReliability::word))
            .transpose()?,
        note: kept(15, "note")?,
        photos: text(16, "photos")?.map(|t| read_json(t, "photos")).transpose()?.unwrap_or_default(),
        extra: kept(17, "extra")?,
        location_as_given: match (kept(18, "location_as_given")?, kept(19, "crs_as_given")?) {
            (Some(coordinates), Some(crs)) => Some(AsGiven { coordinates, crs }),
            _ => None,
        },
    })
}

/// The columns of a row, by number; every error names the column.
pub(crate) struct Columns<'r, 's>(pub &'r Row<'s>);

impl<'r> Columns<'r, '_> {
    fn get(&self, at: usize, name: &str) -> Result<ValueRef<'r>, String> {
        self.0.get_ref(at).map_err(|error| format!("{name} cannot be read: {error}"))
    }

    pub(crate) fn text(&self, at: usize, name: &str) -> Result<Option<&'r str>, String> {
        match self.get(at, name)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map(Some).map_err(|_| format!("{name} is no UTF-8"))
            }
            other => Err(format!("{name} is {}, not text", other.data_type())),
        }
    }

    pub(crate) fn needed(&self, at: usize, name: &str) -> Result<&'r str, String> {
        self.text(at, name)?.ok_or_else(|| format!("{name} is empty"))
    }

    pub(crate) fn blob(&self, at: usize, name: &str) -> Result<&'r [u8], String> {
        match self.get(at, name)? {
            ValueRef::Blob(bytes) => Ok(bytes),
            other => Err(format!("{name} is {}, not a blob", other.data_type())),
        }
    }

    pub(crate) fn whole<T: TryFrom<i64>>(&self, at: usize, name: &str) -> Result<Option<T>, String> {
        match self.get(at, name)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => {
                T::try_from(number).map(Some).map_err(|_| format!("{name} {number} is out of range"))
            }
            other => Err(format!("{name} is {}, not a whole number", other.data_type())),
        }
    }

    pub(crate) fn needed_whole<T: TryFrom<i64>>(&self, at: usize, name: &str) -> Result<T, String> {
        self.whole(at, name)?.ok_or_else(|| format!("{name} is empty"))
    }

    pub(crate) fn real(&self, at: usize, name: &str) -> Result<Option<f64>, String> {
        match self.get(at, name)? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(number) => Ok(Some(number)),
            ValueRef::Integer(number) => Ok(Some(number as f64)),
            other => Err(format!("{name} is {}, not a number", other.data_type())),
        }
    }

    pub(crate) fn id(&self, at: usize) -> Result<Uuid, String> {
        let text = self.needed(at, "id")?;
        Uuid::try_parse(text).map_err(|_| format!("id {text:?} is not a UUID"))
    }

    pub(crate) fn review(&self, at: usize) -> Result<Review, String> {
        one_of(self.needed(at, "review")?, "review", Review::ALL, Review::word)
    }
}

fn one_of<T: Copy>(text: &str, name: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().find(|value| word(**value) == text);
    found.copied().ok_or_else(|| format!("{name} {text:?} is unknown"))
}

/// The columns of an id: lower case with hyphens, as everybody writes it.
pub(crate) fn id_text(id: Uuid, buffer: &mut [u8; uuid::fmt::Hyphenated::LENGTH]) -> &str {
    id.hyphenated().encode_lower(buffer)
}

/// A day as `YYYY-MM-DD`.
fn day_text(day: Date) -> [u8; 10] {
    let digits = |number: i16, place: i16| b'0' + (number / place % 10) as u8;
    let (year, month, day) = (day.year().max(0), i16::from(day.month()), i16::from(day.day()));
    [
        digits(year, 1000),
        digits(year, 100),
        digits(year, 10),
        digits(year, 1),
        b'-',
        digits(month, 10),
        digits(month, 1),
        b'-',
        digits(day, 10),
        digits(day, 1),
    ]
}

fn as_text(day: &[u8; 10]) -> &str {
    std::str::from_utf8(day).unwrap_or_default()
}

/// Reads a day, `YYYY-MM-DD`.
pub(crate) fn day(text: &str, name: &str) -> Result<Date, String> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let parsed = match text.as_bytes() {
        &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] => {
            match (number(&[y0, y1, y2, y3]), number(&[m0, m1]), number(&[d0, d1])) {
                (Some(year), Some(month), Some(day)) => Date::new(year, month as i8, day as i8).ok(),
                _ => None,
            }
        }
        _ => None,
    };
    parsed.ok_or_else(|| format!("{name} {text:?} is no day"))
}

/// An instant as `GeoPackage` has it: UTC, milliseconds.
pub(crate) fn instant_text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Reads an instant.
pub(crate) fn instant(text: &str, name: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{name} {text:?} is no instant"))
}

/// A list of texts as JSON.
pub(crate) fn json_list(list: &[String]) -> String {
    serde_json::Value::from(list).to_string()
}

/// Reads JSON.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(text: &str, name: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("{name} is not the JSON it should be: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_written_and_read_as_the_calendar_has_them() {
        for d in [date(1900, 1, 1), date(2023, 9, 18), date(2024, 2, 29), date(9999, 12, 31)] {
            assert_eq!(as_text(&day_text(d)), d.to_string());
            assert_eq!(day(&d.to_string(), "x"), Ok(d));
        }
        for wrong in ["2023-02-30", "2023-2-3", "14.03.2023", "2023-13-01", "+023-01-01", ""] {
            assert!(day(wrong, "x").is_err(), "{wrong}");
        }
    }

    #[test]
    fn instants_keep_their_milliseconds() {
        let at = Timestamp::from_millisecond(1_700_000_000_120).unwrap();
        assert_eq!(instant_text(at), "2023-11-14T22:13:20.120Z");
        assert_eq!(instant(&instant_text(at), "x"), Ok(at));
    }
}
