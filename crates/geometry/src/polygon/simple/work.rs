//! Bounds the work for any input.

use super::fault::NotSimple;

/// The number of pairs of edges to check before polygons count as too entangled: one or two seconds.
pub(super) const MOST_WORK: usize = 30_000_000;

/// The remaining work.
pub(super) struct Work(pub(super) usize);

impl Work {
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), NotSimple> {
        self.0 = self.0.checked_sub(steps).ok_or(NotSimple::TooEntangled)?;
        Ok(())
    }
}
