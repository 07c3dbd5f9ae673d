//! Writing: bulk load, import, insert, change and deletion are all one merge of sorted edits into the tree.

use super::key::{Key, key_of};
use super::leaf::partition_point;
use super::node::{Below, Branch, inner_nodes, join_thin, leaves, root_of};
use super::{Edit, Entry, Index, Leaf};

/// The new value of a key: an entry, or `None` to remove it.
struct Change<E> {
    key: Key,
    entry: Option<E>,
}

impl<E: Entry> Index<E> {
    /// Creates an index of these entries, in any order; of entries with the same place and number the last
    /// one is kept.
    ///
    /// O(n log n); needs 16 additional bytes per entry while it runs.
    pub fn build(entries: Vec<E>) -> Self {
        // Sorting wide integers is faster than sorting entries whose keys are derived at every comparison.
        // The position in the low bits keeps the order of equal keys.
        let mut order: Vec<u128> = entries
            .iter()
            .enumerate()
            .map(|(i, entry)| {
                let (key, number) = key_of(entry);
                u128::from(key) << 64 | u128::from(number) << 32 | i as u128
            })
            .collect();
        order.sort_unstable();
        let mut sorted: Vec<E> = Vec::with_capacity(entries.len());
        for (i, at) in order.iter().enumerate() {
            if order.get(i + 1).is_none_or(|next| next >> 32 != at >> 32) {
                sorted.push(entries[*at as u32 as usize]);
            }
        }
        drop((order, entries));
        Self { root: root_of(leaves(&sorted)) }
    }

    /// Returns the index after these edits; this one is unchanged.
    ///
    /// Of edits with the same place and number, the last one applies. Only the nodes on the paths to the
    /// edits are copied: O(log n) for one edit, and less per edit for a batch.
    #[must_use]
    pub fn commit(&self, edits: Vec<Edit<E>>) -> Self {
        let changes = in_order(edits);
        let nodes = match &self.root {
            _ if changes.is_empty() => return self.clone(),
            Some(root) => apply(root, &changes),
            None => leaves(&changes.iter().filter_map(|change| change.entry).collect::<Vec<_>>()),
        };
        Self { root: root_of(nodes) }
    }
}

/// Returns the edits sorted by key, keeping only the last of each key.
fn in_order<E: Entry>(edits: Vec<Edit<E>>) -> Vec<Change<E>> {
    let mut changes: Vec<_> = edits
        .into_iter()
        .map(|edit| match edit {
            Edit::Put(entry) => Change { key: key_of(&entry), entry: Some(entry) },
            Edit::Remove { place, number } => Change { key: (place.key(), number), entry: None },
        })
        .collect();
    // The sort is stable, so the last of equal keys is the last one passed.
    changes.sort_by_key(|change| change.key);
    changes.dedup_by(|later, kept| {
        let same = later.key == kept.key;
        if same {
            kept.entry = later.entry;
        }
        same
    });
    changes
}

/// Returns the nodes that replace the node after the changes, on the same level: none, one or more.
fn apply<E: Entry>(node: &Branch<E>, changes: &[Change<E>]) -> Vec<Branch<E>> {
    let children = match &node.below {
        Below::Leaf(leaf) => return leaves(&merged(leaf, changes)),
        Below::Inner(children) => children,
    };
    let mut rest = changes;
    let mut nodes = Vec::with_capacity(children.len() + 2);
    for (i, child) in children.iter().enumerate() {
        let n_mine = match children.get(i + 1) {
            Some(next) => rest.partition_point(|change| change.key < next.first),
            None => rest.len(),
        };
        let (mine, later) = rest.split_at(n_mine);
        rest = later;
        if mine.is_empty() {
            nodes.push(child.clone());
        } else {
            nodes.extend(apply(child, mine));
        }
    }
    join_thin(&mut nodes);
    inner_nodes(nodes)
}

/// Returns the entries of a leaf after the changes.
fn merged<E: Entry>(leaf: &E::Leaf, changes: &[Change<E>]) -> Vec<E> {
    let mut merged = Vec::with_capacity(leaf.len() + changes.len());
    let mut next = 0;
    for change in changes {
        let before = partition_point(leaf.len() - next, |i| key_of(&leaf.get(next + i)) < change.key);
        merged.extend((next..next + before).map(|at| leaf.get(at)));
        next += before;
        merged.extend(change.entry);
        let replaced = next < leaf.len() && key_of(&leaf.get(next)) == change.key;
        next += usize::from(replaced);
    }
    merged.extend((next..leaf.len()).map(|at| leaf.get(at)));
    merged
}
