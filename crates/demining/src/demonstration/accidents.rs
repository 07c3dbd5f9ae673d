//! Made-up accidents, whose totals follow the published figures.
//!
//! Caspian News of 19 September 2023 counts the people caught in mine explosions since 10 November 2020, and
//! names two accidents of its own day. Both are among the accidents here, and their victims are part of the
//! totals: the road workers of the civilians, the police officers of the military, because one word of the
//! vocabulary stands for armed forces, border guard and police. As the figures count mines, nobody is hurt by
//! anything else.

use geometry::LonLat;
use jiff::{
    ToSpan,
    civil::{Date, Time, date, time},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Builder;

use super::{
    OPERATOR, PlanError, SHARES,
    circumstances::{Circumstance, OF_CIVILIANS, OF_MILITARY, OF_NOBODY},
    ground::{Ground, Line},
    item::team,
    survey,
    weighted::pick,
};
use crate::{
    Accident, AccidentClass, AccidentDetails, Activity, AgeGroup, Content, Fix, InformationReliability, Kind,
    Region, SetOff, Sex, SourceReliability, Victim, VictimOutcome, VictimStatus, YesNo, field::Rows,
    public_place,
};

/// The note of an invented accident.
const NOTE: &str =
    "Made up for the demonstration: the place, the day, the circumstances and the people are invented.";

/// The note of an accident that the article names.
const REPORTED_NOTE: &str = "Made up for the demonstration: the exact place is invented. Caspian News reported the \
    village, the day, the time, the anti-tank mine and the number of people killed on 19 September 2023.";

/// The first and last day of the published figures.
const DAYS: [Date; 2] = [date(2020, 11, 10), date(2023, 9, 19)];

/// People killed and injured.
#[derive(Debug, Clone, Copy)]
struct Toll {
    killed: u32,
    injured: u32,
}

/// The published figures: 61 killed and 253 injured.
const CIVILIANS: Toll = Toll { killed: 48, injured: 101 };
const MILITARY: Toll = Toll { killed: 13, injured: 152 };

/// An accident that the article names.
struct Reported {
    time: Time,
    killed: u32,
    status: VictimStatus,
}

const REPORTED: [Reported; 2] = [
    Reported { time: time(4, 0, 0, 0), killed: 2, status: VictimStatus::Civilian },
    Reported { time: time(4, 30, 0, 0), killed: 4, status: VictimStatus::MilitarySecurity },
];

/// Where Taghaverd is, to about a kilometre: in 1e-7 degrees. The article names only the village.
const TAGHAVERD_E7: [i32; 2] = [469_300_000, 396_680_000];

/// The number of accidents that hurt nobody.
const HARMLESS: u32 = 28;

/// The stream of random numbers: sets of detections use others.
const STREAM: u64 = u64::MAX;

/// The relative number of accidents in each district, in the order of [`SHARES`]. There are none in the two
/// cities: one or two would be withheld from the public, and with them the totals of the whole economic
/// region.
const LOAD: [u32; 13] = [15, 11, 20, 18, 11, 9, 9, 9, 0, 0, 16, 8, 7];

/// The number of lines through each district.
const LINES: usize = 4;

/// The number of places tried along the lines of a district.
const TRIES: u32 = 1_000;

/// Makes up accidents within the boundaries of the districts among `regions`, in order of time. Their victims
/// add up to the published totals from 10 November 2020 to 19 September 2023: 48 civilians killed and 101
/// injured, 13 of the military killed and 152 injured.
///
/// # Errors
/// Returns an error if a district is missing or too small.
///
/// # Example
/// ```no_run
/// use demining::demonstration::accidents;
/// # let regions: Vec<demining::Region> = Vec::new();
/// let killed: u32 = accidents(&regions, 7)?.iter().filter_map(|accident| accident.killed).sum();
/// assert_eq!(killed, 61);
/// # Ok::<(), demining::demonstration::PlanError>(())
/// ```
pub fn accidents(regions: &[Region], seed: u64) -> Result<Vec<Accident>, PlanError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    let mut districts = Vec::with_capacity(SHARES.len());
    for share in &SHARES {
        let (ground, line) = survey(regions, share, &mut rng)?;
        let mut lines = vec![line];
        lines.extend((1..LINES).filter_map(|_| ground.line(&mut rng)));
        districts.push(District { id: share.id, ground, lines });
    }
    let [lon, lat] = TAGHAVERD_E7.map(|at| at + rng.random_range(-30_000..30_000));
    let taghaverd = LonLat::from_e7(lon, lat).expect("the place is on the Earth");
    let mut all: Vec<_> = REPORTED.iter().map(|reported| reported.record(taghaverd, &mut rng)).collect();
    for (status, toll, circumstances) in [
        (VictimStatus::Civilian, CIVILIANS, OF_CIVILIANS),
        (VictimStatus::MilitarySecurity, MILITARY, OF_MILITARY),
    ] {
        let reported = REPORTED.iter().filter(|reported| reported.status == status);
        let mut left = Toll { killed: toll.killed - reported.map(|r| r.killed).sum::<u32>(), ..toll };
        while left.people() > 0 {
            let what = pick(circumstances, &mut rng);
            let victims = victims(what, status, &mut left, &mut rng);
            all.push(record(what, victims, place(&districts, &mut rng)?, &mut rng));
        }
    }
    for _ in 0..HARMLESS {
        let what = pick(OF_NOBODY, &mut rng);
        all.push(record(what, Vec::new(), place(&districts, &mut rng)?, &mut rng));
    }
    all.sort_by_key(|accident| (accident.occurred_on, accident.time));
    Ok(all)
}

impl Toll {
    fn people(self) -> u32 {
        self.killed + self.injured
    }

    /// Draws one of the people who are left, each with the same probability.
    fn draw(&mut self, rng: &mut impl Rng) -> Option<VictimOutcome> {
        if self.people() == 0 {
            return None;
        }
        let is_killed = rng.random_range(0..self.people()) < self.killed;
        let (left, outcome) = if is_killed {
            (&mut self.killed, VictimOutcome::Killed)
        } else {
            (&mut self.injured, VictimOutcome::Injured)
        };
        *left -= 1;
        Some(outcome)
    }
}

impl Reported {
    fn record(&self, location: LonLat, rng: &mut impl Rng) -> Accident {
        let id = Builder::from_custom_bytes(rng.random()).into_uuid();
        let is_civilian = self.status == VictimStatus::Civilian;
        let victim = Victim {
            outcome: Some(VictimOutcome::Killed),
            sex: Some(Sex::Unknown),
            age_group: Some(AgeGroup::Adult),
            status: Some(self.status),
            activity: Some(if is_civilian { Activity::Other } else { Activity::Unknown }),
            touched: Some(YesNo::Unknown),
            risk_education_received: Some(YesNo::Unknown),
        };
        valid(AccidentDetails {
            accuracy_m: Some(1_000.0),
            fix: Some(Fix::Map),
            class: AccidentClass::Mine,
            occurred_on: DAYS[1],
            time: Some(self.time),
            device: Some(Kind::AvMine),
            area_marked: Some(YesNo::Unknown),
            set_off: Some(SetOff::Unknown),
            victims: Rows::new(vec![victim; self.killed as usize]),
            source_reliability: Some(SourceReliability::Report),
            note: Some(REPORTED_NOTE.to_owned()),
            ..AccidentDetails::blank(id, location)
        })
    }
}

/// A district and lines through it.
struct District {
    id: &'static str,
    ground: Ground,
    lines: Vec<Line>,
}

impl District {
    /// Returns a place near one of the lines, in the district also for the public, which knows its cell.
    fn place(&self, rng: &mut impl Rng) -> Option<LonLat> {
        let line = self.lines.get(rng.random_range(0..self.lines.len()))?;
        let [along, across] = [rng.random_range(0.0..line.length_m()), rng.random_range(-40.0..40.0)];
        let place = self.ground.position(line.place(along, across))?;
        self.ground.contains(public_place(place.into()).into()).then_some(place)
    }
}

/// Returns a place in one of the districts.
fn place(districts: &[District], rng: &mut impl Rng) -> Result<LonLat, PlanError> {
    let weighted: Vec<_> = districts.iter().zip(LOAD).collect();
    let district = pick(&weighted, rng);
    (0..TRIES).find_map(|_| district.place(rng)).ok_or(PlanError::NoRoom(district.id))
}

/// Takes the victims of an accident from the people who are left.
fn victims(what: Circumstance, status: VictimStatus, left: &mut Toll, rng: &mut impl Rng) -> Vec<Victim> {
    let people = what.people(rng);
    let victim = |n| left.draw(rng).map(|outcome| what.victim(status, outcome, n == 0, rng));
    (0..people).map_while(victim).collect()
}

fn record(what: Circumstance, victims: Vec<Victim>, location: LonLat, rng: &mut impl Rng) -> Accident {
    let id = Builder::from_custom_bytes(rng.random()).into_uuid();
    let known = victims.is_empty().then_some(0);
    valid(AccidentDetails {
        accuracy_m: Some(f64::from(rng.random_range(5..=60_u8))),
        fix: Some(Fix::Gnss),
        class: what.class,
        occurred_on: day(rng),
        time: rng.random_bool(0.6).then(|| time(rng.random_range(6..=19), rng.random_range(0..12) * 5, 0, 0)),
        device: Some(what.device),
        model: what.model(rng).map(str::to_owned),
        area_marked: Some(pick(&[(YesNo::No, 60), (YesNo::Unknown, 28), (YesNo::Yes, 12)], rng)),
        set_off: Some(what.set_off),
        killed: known,
        injured: known,
        victims: Rows::new(victims),
        team: Some(team(rng)),
        source_reliability: Some(pick(
            &[(SourceReliability::Report, 65), (SourceReliability::Direct, 35)],
            rng,
        )),
        information_reliability: Some(InformationReliability::Confirmed),
        note: Some(NOTE.to_owned()),
        ..AccidentDetails::blank(id, location)
    })
}

/// Returns a day before the last one, on which the article reports all accidents. The smaller of two draws:
/// the earlier a day, the more accidents.
fn day(rng: &mut impl Rng) -> Date {
    let days = i64::from((DAYS[1] - DAYS[0]).get_days());
    let mut draw = || rng.random_range(0..days);
    DAYS[0] + draw().min(draw()).days()
}

/// Counts the victims and marks the accident.
fn valid(mut details: AccidentDetails) -> Accident {
    details.operator = Some(OPERATOR.to_owned());
    details.certified_on = Some(DAYS[1]);
    details.complete(|_| false);
    Accident::new(details, DAYS[1]).expect("made-up records are valid")
}

#[cfg(test)]
mod tests;
