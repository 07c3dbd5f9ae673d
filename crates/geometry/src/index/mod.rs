//! The index of records: a persistent R-tree in Morton order whose nodes have summaries.
//!
//! The order is that of [`Mercator::key`], so a tile of any zoom is one contiguous range of keys; the number
//! distinguishes entries at the same place. A commit copies the nodes on its paths and shares the rest, so a
//! clone of an [`Index`] is an immutable snapshot.
//!
//! After Kamel and Faloutsos, Hilbert R-tree, 1994 (an R-tree in the order of a space-filling curve) and
//! Papadias and others, Efficient OLAP operations in spatial data warehouses, 2001 (an R-tree whose nodes
//! have aggregates).

mod bound;
mod commit;
mod key;
mod leaf;
mod near;
mod node;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;

use crate::{Mercator, MercatorBounds};
pub use leaf::{Leaf, LeafView};
use node::Branch;
pub use visit::{NodeView, Step, Visitor};

/// An entry of the index: a small plain struct with a place and a number.
///
/// Place and number together are its key: an index has at most one entry with the same place and number.
pub trait Entry: Copy + Send + Sync + 'static {
    /// The summary that a node has of all entries below it.
    type Summary: Summary<Self>;
    /// The memory layout of a leaf's entries: `Arc<[Self]>`, unless another one is faster.
    type Leaf: Leaf<Self>;
    /// Returns the place of the entry.
    fn place(&self) -> Mercator;
    /// Returns the number, which distinguishes entries at the same place.
    fn number(&self) -> u32;
}

/// A summary of a set of entries that can be merged: counts, ranges, the newest change.
///
/// It need not be invertible: when an entry is removed, the summaries above it are recomputed. The order of
/// additions must not matter.
pub trait Summary<E>: Clone + Default + Send + Sync + 'static {
    /// Adds one entry.
    fn add(&mut self, entry: &E);
    /// Adds all entries of the other summary.
    fn merge(&mut self, other: &Self);
}

/// One change of an index.
#[derive(Clone, Copy, Debug)]
pub enum Edit<E> {
    /// Adds the entry, or replaces the one with its place and number.
    Put(E),
    /// Removes the entry with this place and number, if present.
    Remove {
        /// Its place.
        place: Mercator,
        /// Its number.
        number: u32,
    },
}

/// A persistent R-tree of entries in Morton order. A clone is a snapshot, at no cost.
///
/// Memory: the entries, plus one node with its summary for every 128 to 256 of them.
///
/// ```
/// use std::sync::Arc;
/// use geometry::{LonLat, Mercator};
/// use geometry::index::{Edit, Entry, Index, Summary};
///
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Find { place: Mercator, number: u32, quantity: u32 }
/// #[derive(Clone, Default)]
/// struct Items(u64);
/// impl Summary<Find> for Items {
///     fn add(&mut self, find: &Find) { self.0 += u64::from(find.quantity); }
///     fn merge(&mut self, other: &Self) { self.0 += other.0; }
/// }
/// impl Entry for Find {
///     type Summary = Items;
///     type Leaf = Arc<[Find]>;
///     fn place(&self) -> Mercator { self.place }
///     fn number(&self) -> u32 { self.number }
/// }
///
/// let at = LonLat::new(46.75, 39.82)?;
/// let before: Index<Find> = Index::new();
/// let after = before.commit(vec![Edit::Put(Find { place: at.into(), number: 7, quantity: 3 })]);
/// assert_eq!((before.len(), after.len(), after.summary().0), (0, 1, 3));
/// let (nearest, metres) = after.nearest(at, |_| true).next().unwrap();
/// assert!(nearest.number == 7 && metres < 0.02);
/// # Ok::<(), geometry::LonLatError>(())
/// ```
pub struct Index<E: Entry> {
    root: Option<Arc<Branch<E>>>,
}

impl<E: Entry> Clone for Index<E> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<E: Entry> Default for Index<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Entry> std::fmt::Debug for Index<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<E: Entry> Index<E> {
    /// Creates an index without entries.
    pub fn new() -> Self {
        Self { root: None }
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.root.as_ref().map_or(0, |root| root.len)
    }

    /// Returns whether the index is empty.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Returns the smallest box that contains the places of all entries; `None` if the index is empty.
    pub fn bounds(&self) -> Option<MercatorBounds> {
        self.root.as_ref().map(|root| root.bounds)
    }

    /// Returns the summary of all entries.
    pub fn summary(&self) -> E::Summary {
        self.root.as_ref().map(|root| root.summary.clone()).unwrap_or_default()
    }

    /// Returns the entry with this place and number.
    pub fn get(&self, place: Mercator, number: u32) -> Option<E> {
        self.root.as_ref()?.get((place.key(), number))
    }
}
