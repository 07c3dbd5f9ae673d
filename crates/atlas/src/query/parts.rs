//! Splits a walk over cores: into parts of the index with about equally many rows.

use std::{ops::RangeInclusive, panic::resume_unwind, sync::LazyLock, thread};

use geometry::index::{Index, LeafView, NodeView, Step, Visitor};

use crate::detections::row::Row;

/// Rows below which a second core costs more than it saves.
const WORTH_IT: usize = 200_000;
/// Maximum number of cores for one walk: leave some for others.
const MOST_CORES: usize = 8;

static CORES: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from).min(MOST_CORES));

/// Runs the walk on each part of the range and returns the results in order. The parts cover the range.
pub fn each_part<T: Send>(
    index: &Index<Row>,
    keys: RangeInclusive<u64>,
    walk: impl Fn(RangeInclusive<u64>) -> T + Sync,
) -> Vec<T> {
    let parts = parts(index, keys, *CORES);
    let Some((last, others)) = parts.split_last() else { return Vec::new() };
    thread::scope(|scope| {
        let walk = &walk;
        let others: Vec<_> = others.iter().map(|part| scope.spawn(move || walk(part.clone()))).collect();
        let last = walk(last.clone());
        let done = others.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.chain([last]).collect()
    })
}

/// Splits the range into at most `n` parts with about equally many rows.
fn parts(index: &Index<Row>, keys: RangeInclusive<u64>, n: usize) -> Vec<RangeInclusive<u64>> {
    let mut size = Pieces { most: usize::MAX, pieces: Vec::new() };
    if n > 1 {
        index.visit_keys(keys.clone(), &mut size);
    }
    let len: usize = size.pieces.iter().map(|(_, len)| len).sum();
    if len < WORTH_IT {
        return vec![keys];
    }
    let mut fine = Pieces { most: len / (8 * n), pieces: Vec::new() };
    index.visit_keys(keys.clone(), &mut fine);
    let (mut parts, mut from, mut before) = (Vec::with_capacity(n), *keys.start(), 0);
    for (first, len_of_piece) in fine.pieces {
        // Cut before this piece once the part has its share, but never before the first key.
        if before >= len * (parts.len() + 1) / n && first > from {
            parts.push(from..=first - 1);
            from = first;
        }
        before += len_of_piece;
    }
    parts.push(from..=*keys.end());
    parts
}

/// First keys and lengths of nodes of at most `most` rows.
struct Pieces {
    most: usize,
    pieces: Vec<(u64, usize)>,
}

impl<'a> Visitor<'a, Row> for Pieces {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        if node.len > self.most {
            return Step::Enter;
        }
        self.pieces.push((*node.keys.start(), node.len));
        Step::Done
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        self.pieces.push((rows.first_key(), rows.range().len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detections::day::Day;
    use geometry::Mercator;

    #[test]
    fn parts_follow_each_other_and_share_the_rows() {
        let row = |number: u32| Row {
            // Many rows per place: no cut may separate them.
            place: Mercator {
                x: (number / 7).wrapping_mul(0x9e37_79b9),
                y: (number / 7).wrapping_mul(0x85eb_ca6b),
            },
            number,
            quantity: 1,
            operator: 0,
            detected_on: Day::FIRST,
            neutralised_on: Day::NONE,
            region: 0,
            kind: 0,
            status: 0,
            review: 0,
        };
        let index = Index::build((0..300_000).map(row).collect());
        let parts = parts(&index, 0..=u64::MAX, 4);
        assert_eq!((parts.len(), *parts[0].start(), *parts[3].end()), (4, 0, u64::MAX));
        for pair in parts.windows(2) {
            assert_eq!(pair[0].end() + 1, *pair[1].start());
        }
        let lens = each_part(&index, 0..=u64::MAX, |part| {
            let mut pieces = Pieces { most: usize::MAX, pieces: Vec::new() };
            index.visit_keys(part, &mut pieces);
            pieces.pieces.iter().map(|(_, len)| len).sum::<usize>()
        });
        assert_eq!(lens.iter().sum::<usize>(), 300_000);
        let few = Index::build((0..1_000).map(row).collect());
        assert_eq!(super::parts(&few, 5..=99, 4), [5..=99]);
    }
}
