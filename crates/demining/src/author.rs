//! Who writes.

use std::fmt;

/// Who writes: the name on a token and the operator it works for. Only both together identify an author, because
/// two operators may each have a "Team 7". The token itself does not count: a team that loses its phone gets a new
/// token and keeps its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Author {
    /// The name on the token.
    pub name: String,
    /// The operator that it works for; none when it works for none in particular.
    pub operator: Option<String>,
}

impl Author {
    /// Somebody of this name, who works for an operator if one is given.
    pub fn new(name: impl Into<String>, operator: Option<String>) -> Self {
        Self { name: name.into(), operator }
    }
}

/// Somebody who works for no operator in particular.
impl From<&str> for Author {
    fn from(name: &str) -> Self {
        Self::new(name, None)
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.operator {
            Some(operator) => write!(f, "{} ({operator})", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_of_one_name_and_two_operators_are_two() {
        let of = |operator: &str| Author::new("Team 7", Some(operator.to_owned()));
        assert_ne!(of("ANAMA"), of("HALO"));
        assert_ne!(of("ANAMA"), Author::from("Team 7"));
        assert_eq!(of("ANAMA"), of("ANAMA"));
        assert_eq!(
            [of("ANAMA").to_string(), Author::from("Team 7").to_string()],
            ["Team 7 (ANAMA)", "Team 7"]
        );
    }
}
