//! Leaves: how entries lie in memory, and what a visitor sees of them.

use std::{ops::Range, sync::Arc};

use super::{
    Entry,
    key::{Key, key_of},
};
use crate::Mercator;

/// The entries of a leaf, 1 to 256, in order. A clone shares them.
///
/// A visitor that goes through millions of entries lives by how they lie in memory; everything else
/// asks for one entry at a time.
pub trait Leaf<E>: Clone + Send + Sync + 'static {
    /// A leaf of these entries.
    fn of(entries: &[E]) -> Self;

    /// How many they are.
    fn len(&self) -> usize;

    /// Whether there are none: never so in an index.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of them, by its position. Panics when it is beyond the last.
    fn get(&self, at: usize) -> E;

    /// Where it lies.
    fn place(&self, at: usize) -> Mercator;

    /// Begins to fetch what a visitor reads, who comes to this leaf after the one he is at.
    fn fetch(&self) {}
}

impl<E: Entry> Leaf<E> for Arc<[E]> {
    fn of(entries: &[E]) -> Self {
        entries.into()
    }

    fn len(&self) -> usize {
        <[E]>::len(self)
    }

    fn get(&self, at: usize) -> E {
        self[at]
    }

    fn place(&self, at: usize) -> Mercator {
        self[at].place()
    }
}

/// Entries of a leaf, as a visitor sees them: all, or those that were asked for. Never none.
pub struct LeafView<'a, E: Entry> {
    leaf: &'a E::Leaf,
    range: Range<usize>,
}

impl<E: Entry> Clone for LeafView<'_, E> {
    fn clone(&self) -> Self {
        Self { leaf: self.leaf, range: self.range.clone() }
    }
}

impl<'a, E: Entry> LeafView<'a, E> {
    pub(super) fn new(leaf: &'a E::Leaf, range: Range<usize>) -> Self {
        Self { leaf, range }
    }

    /// The leaf that holds them.
    pub fn leaf(&self) -> &'a E::Leaf {
        self.leaf
    }

    /// Which of the leaf's entries they are.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether they are all entries of the leaf. Then its node was shown before.
    pub fn is_whole(&self) -> bool {
        self.range == (0..self.leaf.len())
    }

    /// The entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = E> + use<'a, E> {
        let leaf = self.leaf;
        self.range().map(|at| leaf.get(at))
    }

    /// The key of the first one's place.
    pub fn first_key(&self) -> u64 {
        self.leaf.place(self.range.start).key()
    }

    /// The entries from a position of the range on, up to this key.
    pub fn run(&self, from: usize, key: u64) -> Range<usize> {
        let is_in = |at: usize| self.leaf.place(at).key() <= key;
        // Most often it is the rest.
        if from < self.range.end && is_in(self.range.end - 1) {
            return from..self.range.end;
        }
        from..from + partition_point(self.range.end - from, |i| is_in(from + i))
    }
}

/// How many of the positions below `len` come before the first for which it does not hold.
pub(super) fn partition_point(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// The entry with this key.
pub(super) fn find<E: Entry>(leaf: &E::Leaf, key: Key) -> Option<E> {
    let at = partition_point(leaf.len(), |at| key_of(&leaf.get(at)) < key);
    (at < leaf.len()).then(|| leaf.get(at)).filter(|entry| key_of(entry) == key)
}

/// All entries.
pub(super) fn entries<E: Entry>(leaf: &E::Leaf) -> impl DoubleEndedIterator<Item = E> {
    (0..leaf.len()).map(|at| leaf.get(at))
}
