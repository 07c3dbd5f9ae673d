//! A bound on the work, for input of any sort.

use super::fault::NotSimple;

/// Pairs of edges looked at before polygons are said to be too entangled: a second, or two.
pub(super) const MOST_WORK: usize = 30_000_000;

/// What may still be spent.
pub(super) struct Work(pub(super) usize);

impl Work {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), NotSimple> {
        self.0 = self.0.checked_sub(steps).ok_or(NotSimple::TooEntangled)?;
        Ok(())
    }
}
