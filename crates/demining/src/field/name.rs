//! How names of columns and properties are compared.

/// A name as it is compared with the names of fields: small letters and digits, with one underscore for
/// everything between them.
///
/// ```
/// assert_eq!(demining::folded_name(" Depth (cm)"), "depth_cm");
/// ```
pub fn folded_name(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}
