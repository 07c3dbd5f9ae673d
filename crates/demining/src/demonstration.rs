//! The demonstration: records made up from a seed.
//!
//! The locations behind the published figures were never published. Every place, day and model here is
//! therefore invented, and every record is marked as such: its operator is [`OPERATOR`] and its note is
//! [`NOTE`], or a note of its own that begins with the same words. Only the totals per region follow the
//! published figures. Items are laid out as in the field: in belts of several rows along lines through the
//! country, in strikes of submunitions, and as singles. [`accidents`] happen along such lines, too.
//!
//! The same regions, plan and seed give the same records on every machine: the generator is `ChaCha`, and
//! positions are computed with additions, multiplications and divisions only.

mod accidents;
mod circumstances;
mod course;
mod ground;
mod item;
mod site;
mod weighted;

use jiff::civil::{Date, date};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub use crate::made_up::{OPERATOR, is_made_up};
use crate::{Detection, Region};
pub use accidents::accidents;
use course::Course;
use ground::{Ground, Line};
use item::Count;
use site::{Form, Order, Track};

/// The note of every made-up detection.
pub const NOTE: &str = "Made up for the demonstration: the place, the days and the item are invented.";

/// The data set to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// The published totals: 1,119 mines neutralised in Kalbajar and Lachin and 1,609 in the districts of
    /// Karabakh, all found and neutralised from 1 August 2022 to 18 September 2023, and 430 items in eleven
    /// districts that are only detected.
    Published,
    /// An exact number of records for load tests, in the same districts, found from 1 December 2020 to
    /// `last_day`. Their totals follow no published figure.
    Scaled {
        /// The number of records.
        records: usize,
        /// The last day of a detection or disposal.
        last_day: Date,
    },
}

/// An error that occurs when a plan cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The regions lack a district of the plan, or its boundary.
    #[error("the regions have no boundary for district {0}")]
    NoBoundary(&'static str),
    /// The district is too small for a site.
    #[error("district {0} is too small for a line of {min} m", min = ground::SHORTEST_M)]
    NoRoom(&'static str),
    /// The plan has too few days.
    #[error("the period {first_day} to {last_day} is shorter than 60 days")]
    TooShort {
        /// The first day of the plan.
        first_day: Date,
        /// The last day, as specified.
        last_day: Date,
    },
}

/// A district's share of the published totals.
struct Share {
    id: &'static str,
    /// The number of items found and neutralised.
    neutralised: u32,
    /// The number of items only detected.
    detected: u32,
    /// The direction of its lines, metres to the east and to the north: roughly that of its valleys.
    grain: [f64; 2],
}

const fn share(id: &'static str, neutralised: u32, detected: u32, grain: [f64; 2]) -> Share {
    Share { id, neutralised, detected, grain }
}

/// Kalbajar and Lachin have 1,119 neutralised items, the districts of Karabakh 1,609, the others 0.
const SHARES: [Share; 13] = [
    share("AZ-KAL", 612, 9, [1.0, 0.25]),
    share("AZ-LAC", 507, 6, [0.35, -1.0]),
    share("AZ-AGM", 440, 64, [0.45, -1.0]),
    share("AZ-FUZ", 352, 116, [1.0, -0.35]),
    share("AZ-XVD", 331, 20, [1.0, -0.15]),
    share("AZ-TAR", 214, 46, [1.0, -0.1]),
    share("AZ-XCI", 142, 18, [1.0, 0.6]),
    share("AZ-SUS", 96, 3, [0.8, 1.0]),
    share("AZ-XA", 22, 0, [0.4, 1.0]),
    share("AZ-SUS-C", 12, 0, [1.0, 0.3]),
    share("AZ-CAB", 0, 74, [1.0, 0.45]),
    share("AZ-ZAN", 0, 44, [0.9, 1.0]),
    share("AZ-QBI", 0, 30, [0.5, -1.0]),
];

/// The relative load of each district in a scaled set, in the order of [`SHARES`].
const LOAD: [u32; 13] = [16, 12, 18, 15, 11, 8, 5, 3, 1, 1, 14, 6, 5];

/// The first and last day of the published figures.
const PUBLISHED_DAYS: [Date; 2] = [date(2022, 8, 1), date(2023, 9, 18)];

/// The first day of a scaled set.
const SCALED_FROM: Date = date(2020, 12, 1);

/// The number of sites in a row without a record after which a district counts as full.
const FRUITLESS: u32 = 1_000;

/// Makes up records by `plan`, within the boundaries of the districts among `regions`.
///
/// The iterator yields records site by site, in no order of time: a million takes no more memory than one.
///
/// # Errors
/// Returns an error if a district of the plan is missing or too small, or if the plan has too few days.
///
/// # Example
/// ```no_run
/// use demining::demonstration::{generate, Plan};
/// # let regions: Vec<demining::Region> = Vec::new();
/// let items: u32 = generate(&regions, Plan::Published, 7)?.map(|d| d.quantity).sum();
/// assert_eq!(items, 1_119 + 1_609 + 430);
/// # Ok::<(), demining::demonstration::PlanError>(())
/// ```
pub fn generate(regions: &[Region], plan: Plan, seed: u64) -> Result<Demonstration, PlanError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // Sets of different plans never share an id, so that one store can hold both.
    let (stream, [first_day, last_day], left) = match plan {
        Plan::Published => (0, PUBLISHED_DAYS, 0),
        Plan::Scaled { records, last_day } => (1 + records as u64, [SCALED_FROM, last_day], records),
    };
    rng.set_stream(stream);
    let course =
        Course::new(first_day, last_day, &mut rng).ok_or(PlanError::TooShort { first_day, last_day })?;
    let mut fields = Vec::with_capacity(SHARES.len());
    for share in &SHARES {
        let (ground, line) = survey(regions, share, &mut rng)?;
        fields.push(Field {
            track: Track::new(ground, line),
            dealt: share.neutralised,
            tails: share.detected / 2,
            open: share.detected - share.detected / 2,
        });
    }
    Ok(Demonstration { rng, plan, course, fields, left, ready: Vec::new() })
}

/// Returns the ground of a district and a first line through it.
fn survey(regions: &[Region], share: &Share, rng: &mut impl Rng) -> Result<(Ground, Line), PlanError> {
    let region = regions.iter().find(|r| r.id == share.id);
    let ground = region.and_then(|r| Ground::new(r, share.grain, rng.random()));
    let ground = ground.ok_or(PlanError::NoBoundary(share.id))?;
    let line = ground.line(rng).ok_or(PlanError::NoRoom(share.id))?;
    Ok((ground, line))
}

/// An iterator over made-up records; see [`generate`].
#[derive(Debug)]
pub struct Demonstration {
    rng: ChaCha8Rng,
    plan: Plan,
    course: Course,
    fields: Vec<Field>,
    /// The records that a scaled set still lacks.
    left: usize,
    /// The records of the current site, in reverse order of output.
    ready: Vec<Detection>,
}

/// A district and the items still to be laid in it.
#[derive(Debug)]
struct Field {
    track: Track,
    /// Items to be neutralised.
    dealt: u32,
    /// Items only detected, at the far ends of belts.
    tails: u32,
    /// Items only detected, at separate sites.
    open: u32,
}

impl Iterator for Demonstration {
    type Item = Detection;

    fn next(&mut self) -> Option<Detection> {
        for _ in 0..FRUITLESS {
            if let Some(detection) = self.ready.pop() {
                return Some(detection);
            }
            match self.plan {
                Plan::Published => self.lay_published()?,
                Plan::Scaled { .. } => self.lay_scaled()?,
            }
            self.ready.reverse();
        }
        None
    }
}

impl Demonstration {
    /// Lays the next site of the published totals; `None` once they are reached.
    fn lay_published(&mut self) -> Option<()> {
        let rng = &mut self.rng;
        let field = self.fields.iter_mut().find(|f| f.dealt + f.tails + f.open > 0)?;
        let order = if field.dealt > 0 {
            if field.dealt > 20 && rng.random_bool(0.15) {
                Order { form: Form::Singles, dealt: rng.random_range(2..=6), open: 0 }
            } else {
                let size = rng.random_range(12..=46);
                // A remainder too small for a separate belt is added to this one.
                let dealt = if field.dealt < size + 12 { field.dealt } else { size };
                let last = dealt == field.dealt;
                let tail = if last || rng.random_bool(0.3) { rng.random_range(4..=14) } else { 0 };
                let open = if last { field.tails } else { tail.min(field.tails) };
                Order { form: Form::Belt, dealt, open }
            }
        } else {
            // A district without neutralised items has no belts with tails, so all its items are open.
            field.open += std::mem::take(&mut field.tails);
            let (form, size) = match rng.random_range(0..100) {
                0..45 => (Form::Belt, rng.random_range(8..=26)),
                45..65 => (Form::Strike, rng.random_range(6..=18)),
                65..90 => (Form::Singles, rng.random_range(2..=6)),
                _ => (Form::Traps, rng.random_range(2..=4)),
            };
            Order { form, dealt: 0, open: field.open.min(size) }
        };
        let laid = field.track.lay(order, Count::Items, &self.course, rng, &mut self.ready);
        field.dealt -= laid.dealt;
        if order.dealt > 0 {
            field.tails -= laid.open;
        } else {
            field.open -= laid.open;
        }
        Some(())
    }

    /// Lays the next site of a scaled set; `None` once it is full.
    fn lay_scaled(&mut self) -> Option<()> {
        let rng = &mut self.rng;
        let left = u32::try_from(self.left).unwrap_or(u32::MAX);
        if left == 0 {
            return None;
        }
        let mut pick = rng.random_range(0..LOAD.iter().sum());
        let at = LOAD.iter().position(|load| {
            let here = pick < *load;
            pick = pick.saturating_sub(*load);
            here
        });
        let field = self.fields.get_mut(at.unwrap_or(0))?;
        let (form, size) = match rng.random_range(0..100) {
            0..72 => (Form::Belt, rng.random_range(40..=220)),
            72..80 => (Form::Strike, rng.random_range(15..=90)),
            80..96 => (Form::Singles, rng.random_range(3..=12)),
            _ => (Form::Traps, rng.random_range(2..=6)),
        };
        let size = size.min(left);
        let open = match rng.random_range(0..100) {
            0..70 => 0,
            70..88 => rng.random_range(0..=size),
            _ => size,
        };
        let order = Order { form, dealt: size - open, open };
        field.track.lay(order, Count::Records, &self.course, rng, &mut self.ready);
        self.left = self.left.saturating_sub(self.ready.len());
        Some(())
    }
}

#[cfg(test)]
mod tests;
