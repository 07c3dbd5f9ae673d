//! Days and months as small numbers, for the rows of the index and the cells of the cube.

use std::fmt;

use jiff::civil::{Date, date};

/// Days from 1970-01-01 back to 1900-01-01.
const EPOCH: i32 = 25_567;

/// A day as the number of days since 1900-01-01, or no day.
///
/// The last representable day is 2079-06-05; later days become that one, and days before the first become the
/// first. The model has no dates before 1900 and none in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u16);

impl Day {
    /// No day.
    pub const NONE: Self = Self(u16::MAX);
    /// The first representable day: 1900-01-01.
    pub const FIRST: Self = Self(0);
    /// The last representable day.
    pub const LAST: Self = Self(u16::MAX - 1);

    /// Returns the date; `None` for [`Day::NONE`].
    pub fn date(self) -> Option<Date> {
        (self != Self::NONE).then(|| from_1900(i32::from(self.0)))
    }

    /// Returns the day as `YYYY-MM-DD`; `None` for [`Day::NONE`]. Tiles write thousands of these.
    pub fn digits(self) -> Option<[u8; 10]> {
        (self != Self::NONE).then(|| {
            let (year, month, day) = civil(i32::from(self.0) - EPOCH);
            let digit = |number: i16, place: i16| b'0' + (number / place % 10) as u8;
            let (month, day) = (i16::from(month), i16::from(day));
            let year = [1_000, 100, 10, 1].map(|place| digit(year, place));
            let [month, day] = [month, day].map(|number| [digit(number, 10), digit(number, 1)]);
            [year[0], year[1], year[2], year[3], b'-', month[0], month[1], b'-', day[0], day[1]]
        })
    }

    /// Returns the first day of its month; [`Day::NONE`] stays as it is.
    pub fn first_of_month(self) -> Self {
        if self == Self::NONE {
            return self;
        }
        let (_, _, day) = civil(i32::from(self.0) - EPOCH);
        Self(self.0 - (day - 1).unsigned_abs() as u16)
    }

    /// Returns its month; [`Month::NONE`] for [`Day::NONE`].
    pub fn month(self) -> Month {
        if self == Self::NONE {
            return Month::NONE;
        }
        let (year, month, _) = civil(i32::from(self.0) - EPOCH);
        Month::new(year, month)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(since_1900(date).clamp(0, i32::from(Self::LAST.0)) as u16)
    }
}

impl From<Option<Date>> for Day {
    fn from(date: Option<Date>) -> Self {
        date.map_or(Self::NONE, Self::from)
    }
}

/// A range of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Day,
    /// Number of days from the first to the last.
    pub width: u16,
}

impl Days {
    /// All representable days.
    pub const ALL: Self = Self { from: Day::FIRST, width: Day::LAST.0 };

    /// Creates the range from a day to another that is not before it.
    pub fn new(from: Day, to: Day) -> Self {
        Self { from, width: to.0 - from.0 }
    }

    /// Returns the last day.
    pub fn to(self) -> Day {
        Day(self.from.0 + self.width)
    }

    /// Returns `true` if the range contains the day. No range contains [`Day::NONE`], which is after the last
    /// day.
    pub fn contains(self, day: Day) -> bool {
        day.0.wrapping_sub(self.from.0) <= self.width
    }

    /// Returns the days in both ranges; `None` if there are none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to().min(other.to()));
        (from <= to).then(|| Self::new(from, to))
    }

    /// Returns the shortest range that contains both.
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.from.min(other.from), self.to().max(other.to()))
    }
}

/// A month of a year, `2022-08`. Ordered by time.
///
/// ```
/// let month = atlas::Month::from(jiff::civil::date(2022, 8, 17));
/// assert_eq!((month.year(), month.month(), month.to_string().as_str()), (2022, 8, "2022-08"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u16);

impl Month {
    /// No month: the month of [`Day::NONE`].
    pub(crate) const NONE: Self = Self(u16::MAX);

    fn new(year: i16, month: i8) -> Self {
        let months = (i32::from(year) - 1900) * 12 + i32::from(month) - 1;
        Self(months.clamp(0, i32::from(u16::MAX) - 1) as u16)
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        (self.0 / 12).cast_signed() + 1900
    }

    /// Returns the month of the year, 1 to 12.
    pub fn month(self) -> i8 {
        (self.0 % 12) as i8 + 1
    }

    /// Returns the months since January 1900.
    pub(crate) fn index(self) -> u16 {
        self.0
    }

    /// Returns the month this many months after January 1900.
    pub(crate) fn from_index(index: u16) -> Self {
        Self(index)
    }
}

impl From<Date> for Month {
    fn from(date: Date) -> Self {
        Self::new(date.year(), date.month())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns the days since 1900-01-01.
pub fn since_1900(date: Date) -> i32 {
    days(date.year(), date.month(), date.day()) + EPOCH
}

/// Returns the date this many days after 1900-01-01, the inverse of [`since_1900`].
pub fn from_1900(days: i32) -> Date {
    let (year, month, day) = civil(days - EPOCH);
    date(year, month, day)
}

/// Returns the days since 1970-01-01. Source: Hinnant, chrono-compatible low-level date algorithms, 2013.
fn days(year: i16, month: i8, day: i8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days`]: returns year, month and day.
fn civil(days: i32) -> (i16, i8, i8) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year as i16, month as i8, day as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back_as_it_was_given() {
        let mut day = date(1900, 1, 1);
        for number in 0..=Day::LAST.0 {
            assert_eq!(Day::from(day), Day(number));
            assert_eq!(Day(number).date(), Some(day));
            assert_eq!(Day(number).month(), Month::from(day));
            assert_eq!(Day(number).first_of_month(), Day::from(day.first_of_month()));
            assert_eq!(Day(number).digits().unwrap(), day.to_string().as_bytes());
            day = day.tomorrow().unwrap();
        }
        assert_eq!(Day::NONE.date(), None);
        assert_eq!(Day::from(date(2300, 1, 1)), Day::LAST);
        assert_eq!(Day::from(date(1800, 1, 1)), Day::FIRST);
    }
}
