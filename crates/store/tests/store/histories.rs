//! Repeating, reordering, splitting and mixing the messages of field teams has the same result as sending
//! each once, in order.

use std::collections::{BTreeMap, BTreeSet};

use demining::{Details, Expect, Outcome, Review, Revision, Write};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use store::{Reader, Store, Upload};

use crate::samples::*;

const HISTORIES: u64 = 10_000;

/// Histories in progress at once, so that they share commits.
const AT_ONCE: u64 = 1_000;

/// Maximum number of records in one history.
const RECORDS: u64 = 4;

const TEAMS: [&str; 2] = ["Team 7", "Team 8"];

/// A message of a team about a record.
#[derive(Clone, Debug)]
struct Message {
    team: usize,
    record: u64,
    /// The message whose outcome the team saw last; `None` if it believes that the record is new.
    base: Option<usize>,
    quantity: u32,
    is_neutralised: bool,
}

impl Message {
    fn details(&self, first: u64) -> Details {
        let n = first + self.record;
        let details = if self.is_neutralised { neutralised(n) } else { plain(n) };
        Details { quantity: self.quantity, ..details }
    }
}

/// Returns the messages of the teams, in the order of events.
fn messages(random: &mut ChaCha8Rng) -> Vec<Message> {
    let n = random.random_range(1..=10);
    let mut said: Vec<Message> = Vec::with_capacity(n);
    for _ in 0..n {
        let record = random.random_range(0..RECORDS);
        let of_record: Vec<usize> = (0..said.len()).filter(|at| said[*at].record == record).collect();
        // Mostly based on the latest message, sometimes on an old one, or on none.
        let base = match random.random_range(0..10) {
            0 => None,
            1 | 2 => of_record.choose(random).copied(),
            _ => of_record.last().copied(),
        };
        said.push(Message {
            team: random.random_range(0..2),
            record,
            base,
            quantity: random.random_range(1..4),
            is_neutralised: random.random_bool(0.3),
        });
    }
    said
}

/// The uploads in which messages arrive: the sender, and the messages.
type Sends = Vec<(usize, Vec<usize>)>;

fn orderly(said: &[Message]) -> Sends {
    said.iter().enumerate().map(|(at, message)| (message.team, vec![at])).collect()
}

/// Keeps the order of messages about one record; mixes, merges, splits and repeats everything else.
fn disturbed(said: &[Message], random: &mut ChaCha8Rng) -> Sends {
    let mut queues: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, message) in said.iter().enumerate().rev() {
        queues.entry(message.record).or_default().push(at);
    }
    let (mut sends, mut arrived): (Sends, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let left: Vec<u64> =
            queues.iter().filter(|(_, queue)| !queue.is_empty()).map(|(record, _)| *record).collect();
        let Some(record) = left.choose(random) else { break };
        let Some(at) = queues.get_mut(record).and_then(Vec::pop) else { break };
        let team = said[at].team;
        // A message cannot build on one without a response.
        let joins = |(sender, batch): &&mut (usize, Vec<usize>)| {
            *sender == team && !batch.iter().any(|other| said[at].base == Some(*other))
        };
        match sends.last_mut().filter(joins) {
            Some((_, batch)) if random.random_bool(0.4) => batch.push(at),
            _ => sends.push((team, vec![at])),
        }
        arrived.push(at);
        while random.random_bool(0.3) {
            let again = *arrived.choose(random).unwrap_or(&at);
            sends.push((said[again].team, vec![again]));
        }
    }
    sends
}

/// One history on its way into a store.
struct Run {
    said: Vec<Message>,
    sends: Sends,
    /// The first of its records.
    first: u64,
    /// The revision of the record after each message with a response.
    seen: Vec<Option<Revision>>,
    answered: BTreeSet<usize>,
}

impl Run {
    fn new(said: &[Message], sends: Sends, first: u64) -> Self {
        Self { said: said.to_vec(), sends, first, seen: vec![None; said.len()], answered: BTreeSet::new() }
    }

    fn upload(&self, step: usize) -> Option<Upload> {
        let (team, batch) = self.sends.get(step)?;
        let writes = batch.iter().map(|&at| {
            let message = &self.said[at];
            let expect =
                message.base.map_or(Expect::Same, |base| Expect::At(self.seen[base].unwrap_or(Revision(1))));
            put_as(message.details(self.first), expect)
        });
        let (review, writes): (_, Vec<Write>) = (Review::Submitted, writes.collect());
        let own = Upload {
            review,
            review_of_changed: Some(review),
            sets_aside: true,
            ..Upload::new(TEAMS[*team], writes)
        };
        Some(own)
    }

    fn note(&mut self, step: usize, outcomes: &[Outcome], reader: &Reader) {
        for (&at, outcome) in self.sends[step].1.iter().zip(outcomes) {
            assert!(!outcome.is_refusal(), "{outcome:?}: what is valid is taken");
            if self.answered.insert(at) {
                let record = reader.find::<Details>(id(self.first + self.said[at].record)).unwrap();
                self.seen[at] = record.map(|record| record.revision);
            }
        }
    }

    /// Returns the result: for each record its content, the number of its changes, and its quarantined
    /// writes.
    fn end(&self, reader: &Reader, held: &BTreeMap<uuid::Uuid, Vec<String>>) -> Vec<String> {
        let told = (0..RECORDS).map(|n| {
            let id = id(self.first + n);
            let record = reader.find::<Details>(id).unwrap();
            let content = record.map(|r| (r.content.quantity, r.content.status, r.review, r.updated_by));
            let mut aside = held.get(&id).cloned().unwrap_or_default();
            aside.sort();
            format!("{content:?}, {} changes, aside {aside:?}", reader.history::<Details>(id).unwrap().len())
        });
        told.collect()
    }
}

fn play(store: &mut Store, reader: &Reader, runs: &mut [Run], n: &mut i64) {
    for step in 0.. {
        let (sending, uploads): (Vec<usize>, Vec<Upload>) =
            runs.iter().enumerate().filter_map(|(at, run)| Some((at, run.upload(step)?))).unzip();
        if uploads.is_empty() {
            return;
        }
        *n += 1;
        let committed = store.commit(uploads, at(*n)).unwrap();
        for (run, committed) in sending.into_iter().zip(committed) {
            runs[run].note(step, &committed.unwrap().outcomes, reader);
        }
    }
}

#[test]
fn ten_thousand_histories_end_as_the_orderly_ones() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let (mut n, mut n_held, mut n_replayed) = (0, 0, 0);
    for _ in 0..HISTORIES / AT_ONCE {
        let (_folder, mut store) = new_store();
        let reader = store.reader().unwrap();
        let (mut straight, mut mixed) = (Vec::new(), Vec::new());
        for nth in 0..AT_ONCE {
            let said = messages(&mut random);
            let sends = disturbed(&said, &mut random);
            n_replayed += sends.iter().map(|(_, batch)| batch.len()).sum::<usize>() - said.len();
            straight.push(Run::new(&said, orderly(&said), 2 * nth * RECORDS));
            mixed.push(Run::new(&said, sends, (2 * nth + 1) * RECORDS));
        }
        play(&mut store, &reader, &mut straight, &mut n);
        play(&mut store, &reader, &mut mixed, &mut n);
        let mut held: BTreeMap<uuid::Uuid, Vec<String>> = BTreeMap::new();
        for one in reader.quarantined::<Details>(0, usize::MAX >> 1).unwrap() {
            let told = format!("{} {:?} {} {}", one.by, one.why, one.wanted.quantity, one.wanted.status);
            held.entry(one.wanted.id).or_default().push(told);
            n_held += 1;
        }
        for (straight, mixed) in straight.iter().zip(&mixed) {
            let ends = [straight, mixed].map(|run| run.end(&reader, &held));
            assert_eq!(ends[0], ends[1], "{:?}\nsent as {:?}", straight.said, mixed.sends);
        }
    }
    assert!(n_held > 1_000 && n_replayed > 10_000, "{n_held} set aside, {n_replayed} sent again");
}
