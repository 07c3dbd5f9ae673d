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
