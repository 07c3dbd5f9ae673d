//! The author of a change.

use std::fmt;

/// The author of a change: the name on a token and the operator of that token. Only both together identify an
/// author, because two operators may each have a "Team 7". The token itself does not count: a team that loses
/// its phone gets a new token and keeps its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Author {
    /// The name on the token.
    pub name: String,
    /// The operator the author works for; `None` if no particular one.
    pub operator: Option<String>,
}

impl Author {
    /// Creates an author with this name who works for `operator`, if any.
    pub fn new(name: impl Into<String>, operator: Option<String>) -> Self {
        Self { name: name.into(), operator }
    }
}

/// Creates an author who works for no particular operator.
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
