//! The work calendar of the demonstration: less work in winter, none on Sundays.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use rand::Rng;

/// Working days in a hundred, from January to December: snow closes the high ground.
const DAYS_OF_WORK: [u32; 12] = [16, 20, 45, 70, 85, 92, 78, 95, 90, 82, 52, 24];

/// A shorter period holds no working season.
const FEWEST_DAYS: usize = 60;

/// The days on which teams work.
#[derive(Debug)]
pub(super) struct Course {
    days: Vec<Date>,
    last_day: Date,
}

impl Course {
    /// Returns the working days from `first_day` to `last_day`, both included; `None` if there are too few.
    pub(super) fn new(first_day: Date, last_day: Date, rng: &mut impl Rng) -> Option<Self> {
        let all = || first_day.series(1.day()).take_while(|day| *day <= last_day);
        if all().take(FEWEST_DAYS).count() < FEWEST_DAYS {
            return None;
        }
        let mut works = |day: &Date| {
            let share = DAYS_OF_WORK[usize::from(day.month().unsigned_abs().saturating_sub(1)) % 12];
            // Draw first, so that every day consumes one random number.
            rng.random_range(0..100) < share && day.weekday() != Weekday::Sunday
        };
        let mut days: Vec<_> = all().filter(&mut works).collect();
        days.push(last_day);
        Some(Self { days, last_day })
    }

    /// Returns the number of the day on which work of `length` days begins, chosen so that it ends in time.
    pub(super) fn begin(&self, length: u32, rng: &mut impl Rng) -> u32 {
        let room = (self.days.len() as u32).saturating_sub(length).max(1);
        rng.random_range(0..room)
    }

    /// Returns the day with this number, or the last day if the number is past the end.
    pub(super) fn day(&self, number: u32) -> Date {
        self.days.get(number as usize).copied().unwrap_or(self.last_day)
    }

    /// Returns the day of disposal of an item found on `detected_on`: 0 to 14 days later.
    pub(super) fn disposal(&self, detected_on: Date, rng: &mut impl Rng) -> Date {
        let delay: i64 = match rng.random_range(0..100) {
            0..36 => 0,
            36..62 => 1,
            62..75 => 2,
            75..92 => rng.random_range(3..=6),
            _ => rng.random_range(7..=14),
        };
        detected_on.checked_add(delay.days()).unwrap_or(self.last_day).min(self.last_day)
    }
}
