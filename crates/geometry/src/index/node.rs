//! Nodes: their content, and how they are split and joined. Independent of edits and queries.

use std::sync::Arc;

use super::{
    Entry, Leaf, Summary,
    key::{Key, key_of},
    leaf::{entries, find},
};
use crate::MercatorBounds;

/// The maximum number of entries of a leaf. A leaf with less than a quarter of it is thin.
pub(super) const LEAF_MAX: usize = 256;
const LEAF_MIN: usize = LEAF_MAX / 4;
/// The maximum number of children of an inner node.
pub(super) const INNER_MAX: usize = 32;
const INNER_MIN: usize = INNER_MAX / 2;

/// A node as stored in its parent: its summary is stored beside those of its siblings, so that a visit that
/// stops here never touches the node itself.
pub(super) struct Branch<E: Entry> {
    pub summary: E::Summary,
    pub bounds: MercatorBounds,
    pub first: Key,
    pub last: Key,
    pub len: usize,
    pub below: Below<E>,
}

/// All leaves are at the same depth.
pub(super) enum Below<E: Entry> {
    Leaf(E::Leaf),
    Inner(Arc<[Branch<E>]>),
}

impl<E: Entry> Clone for Branch<E> {
    fn clone(&self) -> Self {
        Self {
            summary: self.summary.clone(),
            bounds: self.bounds,
            first: self.first,
            last: self.last,
            len: self.len,
            below: match &self.below {
                Below::Leaf(leaf) => Below::Leaf(leaf.clone()),
                Below::Inner(children) => Below::Inner(Arc::clone(children)),
            },
        }
    }
}

impl<E: Entry> Branch<E> {
    /// Creates a leaf of these entries: 1 to [`LEAF_MAX`], in order.
    pub fn leaf(entries: &[E]) -> Self {
        let mut summary = E::Summary::default();
        let mut bounds = MercatorBounds::of(entries[0].place());
        for entry in entries {
            summary.add(entry);
            bounds = bounds.union(&MercatorBounds::of(entry.place()));
        }
        let (first, last) = (key_of(&entries[0]), key_of(&entries[entries.len() - 1]));
        Self { summary, bounds, first, last, len: entries.len(), below: Below::Leaf(E::Leaf::of(entries)) }
    }

    /// Creates an inner node of these children: 1 to [`INNER_MAX`], in order.
    fn inner(children: Arc<[Self]>) -> Self {
        let mut summary = E::Summary::default();
        let mut bounds = children[0].bounds;
        let mut len = 0;
        for child in children.iter() {
            summary.merge(&child.summary);
            bounds = bounds.union(&child.bounds);
            len += child.len;
        }
        let (first, last) = (children[0].first, children[children.len() - 1].last);
        Self { summary, bounds, first, last, len, below: Below::Inner(children) }
    }

    pub fn get(&self, key: Key) -> Option<E> {
        let mut branch = self;
        loop {
            match &branch.below {
                Below::Inner(children) => {
                    branch = children.get(children.partition_point(|child| child.last < key))?;
                }
                Below::Leaf(leaf) => return find(leaf, key),
            }
        }
    }

    fn is_thin(&self) -> bool {
        match &self.below {
            Below::Leaf(leaf) => leaf.len() < LEAF_MIN,
            Below::Inner(children) => children.len() < INNER_MIN,
        }
    }

    /// Joins two neighbours on one level into one node, or into two of about equal size.
    fn join(&self, next: &Self) -> Vec<Self> {
        match (&self.below, &next.below) {
            (Below::Leaf(a), Below::Leaf(b)) => leaves(&entries(a).chain(entries(b)).collect::<Vec<E>>()),
            (Below::Inner(a), Below::Inner(b)) => {
                let mut children: Vec<_> = a.iter().chain(b.iter()).cloned().collect();
                // An only child could not be joined before; now it has neighbours.
                join_thin(&mut children);
                inner_nodes(children)
            }
            _ => unreachable!("all leaves are at the same depth"),
        }
    }
}

/// Distributes the entries, in order, over leaves of about equal size.
pub(super) fn leaves<E: Entry>(entries: &[E]) -> Vec<Branch<E>> {
    let parts = entries.len().div_ceil(LEAF_MAX);
    (0..parts).map(|i| Branch::leaf(&entries[part(entries.len(), parts, i)])).collect()
}

/// Distributes the children, in order, over inner nodes of about equal size.
pub(super) fn inner_nodes<E: Entry>(children: Vec<Branch<E>>) -> Vec<Branch<E>> {
    let (len, parts) = (children.len(), children.len().div_ceil(INNER_MAX));
    let mut children = children.into_iter();
    (0..parts).map(|i| Branch::inner(children.by_ref().take(part(len, parts, i).len()).collect())).collect()
}

/// Returns the `i`th of `parts` almost equal ranges of `len` items.
fn part(len: usize, parts: usize, i: usize) -> std::ops::Range<usize> {
    len * i / parts..len * (i + 1) / parts
}

/// Joins each thin node with a neighbour, as long as it has one.
pub(super) fn join_thin<E: Entry>(nodes: &mut Vec<Branch<E>>) {
    let mut i = 0;
    while i < nodes.len() && nodes.len() > 1 {
        if nodes[i].is_thin() {
            let left = i.saturating_sub(1);
            let joined = nodes[left].join(&nodes[left + 1]);
            nodes.splice(left..=left + 1, joined);
            i = left;
        } else {
            i += 1;
        }
    }
}

/// Adds levels above the nodes until one node is left, and removes levels with only one child.
pub(super) fn root_of<E: Entry>(mut nodes: Vec<Branch<E>>) -> Option<Arc<Branch<E>>> {
    while nodes.len() > 1 {
        nodes = inner_nodes(nodes);
    }
    let mut root = nodes.pop()?;
    loop {
        let only = match &root.below {
            Below::Inner(children) if children.len() == 1 => children[0].clone(),
            _ => return Some(Arc::new(root)),
        };
        root = only;
    }
}
