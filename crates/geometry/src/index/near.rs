//! What is near: best-first search and radius search, in metres on the ellipsoid.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::bound::Origin;
use super::leaf::entries;
use super::node::{Below, Branch};
use super::{Entry, Index};
use crate::{LonLat, distance_m};

impl<E: Entry> Index<E> {
    /// The accepted entries, nearest first, with their distance in metres; equally far ones by number.
    ///
    /// The iterator does only the work that is asked of it: `.take(k)`, or `.take_while` for a reach.
    /// Distances are geodesic and go across the antimeridian and the poles. They are measured to
    /// the entry's [`Mercator`](crate::Mercator) place, so to a centimetre, and an entry that lies beyond 85.05° is
    /// taken to lie on the edge of the square.
    pub fn nearest<F: FnMut(&E) -> bool>(
        &self,
        at: LonLat,
        accept: F,
    ) -> impl Iterator<Item = (E, f64)> + use<'_, E, F> {
        let from = Origin::new(at);
        let queue = self.root.iter().map(|root| Candidate::node(&from, root)).collect();
        Nearest { at, from, accept, queue }
    }

    /// Shows the entries within `radius_m` metres, edge included, with their distance, in Morton order.
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
                // The exact distance costs ten times the bound, so few entries come to it.
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

/// Something to look at, and the least distance (or the distance) of what is in it.
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

    /// At one distance what is still open goes first, so that equally far entries come out by number.
    fn rank(&self) -> (u8, u32) {
        match &self.what {
            What::Node(_) => (0, 0),
            What::Bounded(_) => (1, 0),
            What::Measured(entry) => (2, entry.number()),
        }
    }
}

impl<E: Entry> Ord for Candidate<'_, E> {
    /// Greatest is nearest: the heap gives its greatest first.
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
