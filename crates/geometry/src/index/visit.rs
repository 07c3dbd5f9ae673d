//! Reading: one walk in Morton order that a visitor cuts short wherever a summary is enough.

use std::ops::RangeInclusive;

use super::leaf::partition_point;
use super::node::{Below, Branch};
use super::{Entry, Index, Leaf, LeafView};
use crate::MercatorBounds;

/// How to continue after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Show the entries below it.
    Enter,
    /// Skip them: the summary was enough, or nothing below matters.
    Done,
}

/// A visitor that walks an index in Morton order. It may keep what it is shown for the lifetime of the index.
pub trait Visitor<'a, E: Entry> {
    /// Shows a node, before the entries below it. All of its entries are in the requested range.
    fn node(&mut self, node: NodeView<'a, E>) -> Step;
    /// Shows entries in order: all of a leaf, right after its node, or the requested ones among them. Never
    /// empty.
    fn leaf(&mut self, entries: LeafView<'a, E>);
}

/// A node's information about the entries below it.
pub struct NodeView<'a, E: Entry> {
    /// Their summary.
    pub summary: &'a E::Summary,
    /// The smallest box that contains their places.
    pub bounds: MercatorBounds,
    /// The keys of the first and the last entry.
    pub keys: RangeInclusive<u64>,
    /// The number of entries, at least 1.
    pub len: usize,
}

impl<E: Entry> Index<E> {
    /// Shows the visitor all entries, in Morton order.
    pub fn visit<'a>(&'a self, visitor: &mut impl Visitor<'a, E>) {
        if let Some(root) = &self.root {
            root.visit(visitor, None);
        }
    }

    /// Shows the visitor the entries whose keys are in the range, both ends included, in Morton order.
    ///
    /// With the keys of a tile (see [`TileId::keys`](crate::TileId::keys)) these are the entries of the tile:
    /// its western and northern edges belong to it, the others to its neighbours. A node that is only partly
    /// in the range is entered without being shown, because its summary also counts other entries; there are
    /// at most two such nodes on each level.
    pub fn visit_keys<'a>(&'a self, keys: RangeInclusive<u64>, visitor: &mut impl Visitor<'a, E>) {
        if let Some(root) = &self.root {
            root.visit_keys(&keys, visitor);
        }
    }
}

impl<E: Entry> Branch<E> {
    /// Shows the visitor this node and the entries below it; `next` is its neighbour, where a visit may
    /// continue.
    fn visit<'a>(&'a self, visitor: &mut impl Visitor<'a, E>, next: Option<&Self>) {
        let view = NodeView {
            summary: &self.summary,
            bounds: self.bounds,
            keys: self.first.0..=self.last.0,
            len: self.len,
        };
        if visitor.node(view) == Step::Done {
            return;
        }
        match &self.below {
            Below::Leaf(leaf) => {
                if let Some(Self { below: Below::Leaf(next), .. }) = next {
                    next.fetch();
                }
                visitor.leaf(LeafView::new(leaf, 0..leaf.len()));
            }
            Below::Inner(children) => {
                for (child, next) in children.iter().zip(children[1..].iter().map(Some).chain([None])) {
                    child.visit(visitor, next);
                }
            }
        }
    }

    fn visit_keys<'a>(&'a self, keys: &RangeInclusive<u64>, visitor: &mut impl Visitor<'a, E>) {
        if keys.contains(&self.first.0) && keys.contains(&self.last.0) {
            return self.visit(visitor, None);
        }
        match &self.below {
            Below::Leaf(leaf) => {
                let from = partition_point(leaf.len(), |at| leaf.place(at).key() < *keys.start());
                let to = partition_point(leaf.len(), |at| leaf.place(at).key() <= *keys.end());
                // A range that ends before it starts is empty.
                if from < to {
                    visitor.leaf(LeafView::new(leaf, from..to));
                }
            }
            Below::Inner(children) => {
                let from = children.partition_point(|child| child.last.0 < *keys.start());
                let inside = children[from..].iter().take_while(|child| child.first.0 <= *keys.end());
                inside.for_each(|child| child.visit_keys(keys, visitor));
            }
        }
    }
}
