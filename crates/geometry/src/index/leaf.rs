//! Leaves: the memory layout of entries, and how visitors see them.

use std::{ops::Range, sync::Arc};

use super::{
    Entry,
    key::{Key, key_of},
};
use crate::Mercator;

/// The entries of a leaf, 1 to 256, in order. A clone shares them.
///
/// The speed of a visitor that scans millions of entries depends on their memory layout; all other code
/// accesses single entries.
pub trait Leaf<E>: Clone + Send + Sync + 'static {
    /// Creates a leaf of these entries.
    fn of(entries: &[E]) -> Self;

    /// Returns the number of entries.
    fn len(&self) -> usize;

    /// Returns whether the leaf is empty, which is never the case in an index.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the entry at a position. Panics if the position is out of range.
    fn get(&self, at: usize) -> E;

    /// Returns the place of the entry at a position.
    fn place(&self, at: usize) -> Mercator;

    /// Starts prefetching what a visitor reads of this leaf; called while it is still at the leaf before.
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

/// The entries of a leaf shown to a visitor: all, or the requested ones. Never empty.
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

    /// Returns the leaf that contains them.
    pub fn leaf(&self) -> &'a E::Leaf {
        self.leaf
    }

    /// Returns their positions in the leaf.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Returns whether they are all entries of the leaf. In that case its node was shown before.
    pub fn is_whole(&self) -> bool {
        self.range == (0..self.leaf.len())
    }

    /// Iterates over the entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = E> + use<'a, E> {
        let leaf = self.leaf;
        self.range().map(|at| leaf.get(at))
    }

    /// Returns the key of the first entry's place.
    pub fn first_key(&self) -> u64 {
        self.leaf.place(self.range.start).key()
    }

    /// Returns the positions of the entries from `from` on, up to and including this key.
    pub fn run(&self, from: usize, key: u64) -> Range<usize> {
        let is_in = |at: usize| self.leaf.place(at).key() <= key;
        // Usually all the rest.
        if from < self.range.end && is_in(self.range.end - 1) {
            return from..self.range.end;
        }
        from..from + partition_point(self.range.end - from, |i| is_in(from + i))
    }
}

/// Returns how many positions below `len` precede the first one for which `holds` is false.
pub(super) fn partition_point(len: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Returns the entry with this key.
pub(super) fn find<E: Entry>(leaf: &E::Leaf, key: Key) -> Option<E> {
    let at = partition_point(leaf.len(), |at| key_of(&leaf.get(at)) < key);
    (at < leaf.len()).then(|| leaf.get(at)).filter(|entry| key_of(entry) == key)
}

/// Iterates over all entries.
pub(super) fn entries<E: Entry>(leaf: &E::Leaf) -> impl DoubleEndedIterator<Item = E> {
    (0..leaf.len()).map(|at| leaf.get(at))
}
