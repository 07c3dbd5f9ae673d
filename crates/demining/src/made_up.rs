//! The mark of records made up for the demonstration.

/// The operator of every made-up record.
pub const OPERATOR: &str = "demonstration";

/// Returns whether this is the operator of made-up records.
pub fn is_made_up(operator: Option<&str>) -> bool {
    operator == Some(OPERATOR)
}
