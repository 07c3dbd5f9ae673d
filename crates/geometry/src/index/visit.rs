//! Reading: one walk in Morton order that a visitor cuts short wherever a summary is enough.

use std::ops::RangeInclusive;

use super::leaf::partition_point;
use super::node::{Below, Branch};
use super::{Entry, Index, Leaf, LeafView};
use crate::MercatorBounds;

/// What a visitor wants of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To see what is below.
    Enter,
    /// Nothing more: its summary was enough, or nothing below matters.
    Done,
}

/// Somebody who walks an index in Morton order. It may keep what it is shown for as long as the index lives.
pub trait Visitor<'a, E: Entry> {
    /// A node, before what is below it. All of its entries belong to what was asked for.
    fn node(&mut self, node: NodeView<'a, E>) -> Step;
    /// Entries in order: all of a leaf, right after its node, or those of its entries that were asked
    /// for. Never none.
    fn leaf(&mut self, entries: LeafView<'a, E>);
}

/// What a node says about the entries below it.
pub struct NodeView<'a, E: Entry> {
    /// Their summary.
    pub summary: &'a E::Summary,
    /// The smallest box that holds their places.
    pub bounds: MercatorBounds,
    /// From the first of their keys to the last.
    pub keys: RangeInclusive<u64>,
    /// How many they are; at least one.
    pub len: usize,
}

impl<E: Entry> Index<E> {
    /// Shows the visitor all entries, in Morton order.
    pub fn visit<'a>(&'a self, visitor: &mut impl Visitor<'a, E>) {
        if let Some(root) = &self.root {
            root.visit(visitor, None);
        }
    }

    /// Shows the visitor the entries whose keys lie in the range, in Morton order; both ends are inside.
    ///
    /// With the keys of a tile (see [`TileId::keys`](crate::TileId::keys)) these are the entries of
    /// the tile: its western and northern edges belong to it, the others to its neighbours.
    /// A node that lies only partly in the range is entered without being shown, because its
    /// summary counts what was not asked for; there are at most two of these on each level.
    pub fn visit_keys<'a>(&'a self, keys: RangeInclusive<u64>, visitor: &mut impl Visitor<'a, E>) {
        if let Some(root) = &self.root {
            root.visit_keys(&keys, visitor);
        }
    }
}

impl<E: Entry> Branch<E> {
    /// Shows the visitor this node and what is below it; `next` is its neighbour, where a visit may go on.
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
                // A range that ends before it starts holds nothing.
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
