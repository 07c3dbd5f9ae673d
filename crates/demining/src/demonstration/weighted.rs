//! Draws from lists with weights.

use rand::Rng;

/// Returns one of the items, each as often as its weight says. The weights must not all be 0.
pub(super) fn pick<T: Copy>(weighted: &[(T, u32)], rng: &mut impl Rng) -> T {
    let mut at = rng.random_range(0..weighted.iter().map(|(_, weight)| weight).sum());
    let drawn = weighted.iter().find(|(_, weight)| {
        let is_here = at < *weight;
        at = at.saturating_sub(*weight);
        is_here
    });
    drawn.expect("the draw is below the sum of the weights").0
}
