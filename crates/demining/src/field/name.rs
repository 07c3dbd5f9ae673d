//! Normalises column and property names for comparison.

/// Returns the normalised name, as compared with the names of fields: lower-case letters and digits, with one
/// underscore for every run of other characters.
///
/// ```
/// assert_eq!(demining::folded_name(" Depth (cm)"), "depth_cm");
/// ```
pub fn folded_name(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Returns whether two texts are equal. Length and first letter tell nearly all names apart without a call to
/// compare them, which counts where each field of each row is looked up.
pub(crate) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.first() == b.first() && a == b
}
