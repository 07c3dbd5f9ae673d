//! Seeded accidents.

use atlas::{Atlas, Scope, SmallFilter, View};
use demining::{
    Accident, AccidentClass, AccidentDetails, AgeGroup, Content, Kind, Precision, Record, Review, Revision,
    Sex, Victim, VictimOutcome, VictimStatus, field::Rows,
};
use geometry::LonLat;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};
use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::world::{Maker, places, regions, some};

pub type Filter = SmallFilter<AccidentDetails>;

/// The policies that matter to accidents.
pub const POLICIES: [Precision; 3] =
    [Precision::Cells { min_cell_count: 1 }, Precision::Cells { min_cell_count: 3 }, Precision::Exact];

pub fn atlas_of(records: &[Record<Accident>], precision: Precision) -> Atlas {
    let atlas = Atlas::new(regions(), places(), Vec::new()).unwrap().disclosing(precision);
    atlas.load_all([], records.iter().cloned(), Revision(1));
    atlas
}

pub fn full(records: &[Record<Accident>]) -> View {
    atlas_of(records, Precision::default()).view(Scope::Full)
}

pub fn public(records: &[Record<Accident>], min_cell_count: u16) -> View {
    atlas_of(records, Precision::Cells { min_cell_count }).view(Scope::Public)
}

/// Returns a copy with other content.
pub fn with(record: &Record<Accident>, change: impl FnOnce(&mut AccidentDetails)) -> Record<Accident> {
    let mut details = record.content.clone().into_details();
    change(&mut details);
    Record { content: valid(details), ..record.clone() }
}

fn valid(details: AccidentDetails) -> Accident {
    Accident::new(details, date(2030, 1, 1)).unwrap()
}

/// Returns an approved accident.
pub fn approved(number: u32, at: LonLat, on: Date, people: [u32; 2]) -> Record<Accident> {
    let mut details = AccidentDetails::blank(Uuid::from_u128(u128::from(number) + 1_000), at);
    (details.occurred_on, details.killed, details.injured) = (on, Some(people[0]), Some(people[1]));
    Record {
        content: valid(details),
        number,
        review: Review::Approved,
        revision: Revision(1),
        updated_at: Timestamp::UNIX_EPOCH,
        updated_by: "a token".into(),
    }
}

fn victim(rng: &mut ChaCha8Rng) -> Victim {
    Victim {
        outcome: VictimOutcome::ALL.choose(rng).copied(),
        sex: some(rng, |rng| *Sex::ALL.choose(rng).unwrap()),
        age_group: some(rng, |rng| *AgeGroup::ALL.choose(rng).unwrap()),
        status: some(rng, |rng| *VictimStatus::ALL.choose(rng).unwrap()),
        ..Victim::default()
    }
}

/// Returns an accident with this number, of any review.
pub fn accident(maker: &mut Maker, number: u32, revision: u64) -> Record<Accident> {
    let location = maker.place();
    let rng = &mut maker.0;
    let mut details = AccidentDetails::blank(Uuid::from_u128(u128::from(number) * 0x9e37_0001 + 1), location);
    details.occurred_on = date(2021, 1, 1) + i64::from(rng.random_range(0..400)).days();
    details.class = *AccidentClass::ALL.choose(rng).unwrap();
    details.device = some(rng, |rng| *Kind::ALL.choose(rng).unwrap());
    details.operator = some(rng, |rng| (*["ANAMA", "Əməliyyat"].choose(rng).unwrap()).to_owned());
    details.team = some(rng, |rng| format!("Dəstə {}", rng.random_range(0..9)));
    details.accuracy_m = some(rng, |rng| f64::from(rng.random_range(1..500)) / 10.0);
    details.note = some(rng, |_| "Qeyd ✓".into());
    details.victims =
        Rows::new((0..rng.random_range(0..4_u32).saturating_sub(1)).map(|_| victim(rng)).collect());
    if details.victims.is_empty() {
        details.killed = some(rng, |rng| rng.random_range(0..3));
        details.injured = some(rng, |rng| rng.random_range(0..3));
    } else {
        details.complete(|_| false);
    }
    let review = *[Review::Approved, Review::Approved, Review::Approved]
        .iter()
        .chain(Review::ALL)
        .collect::<Vec<_>>()
        .choose(rng)
        .unwrap();
    Record {
        content: valid(details),
        number,
        review: *review,
        revision: Revision(revision),
        updated_at: Timestamp::new(1_700_000_000 + revision.cast_signed(), 0).unwrap(),
        updated_by: format!("token {}", rng.random_range(0..3)),
    }
}

pub fn accidents(maker: &mut Maker, n: u32) -> Vec<Record<Accident>> {
    (1..=n).map(|number| accident(maker, number, 1)).collect()
}
