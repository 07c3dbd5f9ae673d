//! Nearest-neighbour search (best first) and radius search, in metres on the ellipsoid.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::bound::Origin;
use super::leaf::entries;
use super::node::{Below, Branch};
use super::{Entry, Index};
use crate::{LonLat, distance_m};

impl<E: Entry> Index<E> {
    /// Iterates over the accepted entries, nearest first, with their distance in metres; entries at the same
    /// distance are ordered by number.
    ///
    /// The iterator is lazy: use `.take(k)`, or `.take_while` for a maximum distance. Distances are geodesic
    /// and cross the antimeridian and the poles. They are measured to the entry's
    /// [`Mercator`](crate::Mercator) place, so they are accurate to a centimetre, and an entry beyond 85.05°
    /// counts as on the edge of the square.
    pub fn nearest<F: FnMut(&E) -> bool>(
        &self,
        at: LonLat,
        accept: F,
    ) -> impl Iterator<Item = (E, f64)> + use<'_, E, F> {
        let from = Origin::new(at);
        let queue = self.root.iter().map(|root| Candidate::node(&from, root)).collect();
        Nearest { at, from, accept, queue }
    }

    /// Calls `found` with the entries within `radius_m` metres, including the edge, and their distance, in
    /// Morton order.
    pub fn within(&self, at: LonLat, radius_m: f64, mut found: impl FnMut(&E, f64)) {
        let from = Origin::new(at);
        let mut open: Vec<&Branch<E>> = self.root.as_deref().into_iter().collect();
        while let Some(node) = open.pop() {
            if from.least_to_box(&node.bounds) > radius_m {
                continue;
            }
            match &node.below {
                Below::Inner(children) => open.extend(children.iter().rev()),
                Below::Leaf(leaf) => {
                    for entry in entries(leaf).filter(|e: &E| from.least_to_place(e.place()) <= radius_m) {
                        let metres = distance_m(at, entry.place().into());
                        if metres <= radius_m {
                            found(&entry, metres);
                        }
                    }
                }
            }
        }
    }
}

struct Nearest<'a, E: Entry, F> {
    at: LonLat,
    from: Origin,
    accept: F,
    queue: BinaryHeap<Candidate<'a, E>>,
}

impl<E: Entry, F: FnMut(&E) -> bool> Iterator for Nearest<'_, E, F> {
    type Item = (E, f64);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(Candidate { metres, what }) = self.queue.pop() {
            match what {
                What::Node(node) => match &node.below {
                    Below::Inner(children) => {
                        self.queue.extend(children.iter().map(|child| Candidate::node(&self.from, child)));
                    }
                    Below::Leaf(leaf) => {
                        let accepted = entries(leaf).filter(|entry| (self.accept)(entry));
                        self.queue.extend(accepted.map(|entry| Candidate {
                            metres: self.from.least_to_place(entry.place()),
                            what: What::Bounded(entry),
                        }));
                    }
                },
                // The exact distance costs ten times as much as the bound, so compute it only for the few
                // entries that get here.
                What::Bounded(entry) => self.queue.push(Candidate {
                    metres: distance_m(self.at, entry.place().into()),
                    what: What::Measured(entry),
                }),
                What::Measured(entry) => return Some((entry, metres)),
            }
        }
        None
    }
}

/// A node or entry to examine, with its distance or a lower bound of it.
struct Candidate<'a, E: Entry> {
    metres: f64,
    what: What<'a, E>,
}

enum What<'a, E: Entry> {
    Node(&'a Branch<E>),
    Bounded(E),
    Measured(E),
}

impl<'a, E: Entry> Candidate<'a, E> {
    fn node(from: &Origin, node: &'a Branch<E>) -> Self {
        Self { metres: from.least_to_box(&node.bounds), what: What::Node(node) }
    }

    /// At equal distances, unexamined candidates come first, so that entries at the same distance are
    /// returned by number.
    fn rank(&self) -> (u8, u32) {
        match &self.what {
            What::Node(_) => (0, 0),
            What::Bounded(_) => (1, 0),
            What::Measured(entry) => (2, entry.number()),
        }
    }
}

impl<E: Entry> Ord for Candidate<'_, E> {
    /// The greatest candidate is the nearest, because the heap returns its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.metres.total_cmp(&self.metres).then_with(|| other.rank().cmp(&self.rank()))
    }
}

impl<E: Entry> PartialOrd for Candidate<'_, E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E: Entry> PartialEq for Candidate<'_, E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E: Entry> Eq for Candidate<'_, E> {}
