//! The configuration: a TOML file. What is not in it is as careful as it can be.

use std::{net::IpAddr, num::NonZero, path::Path};

use demining::Review;
use serde::Deserialize;
use server::{Config, Limit, Limits, Policy, PublicSees};

use crate::commands::Failure;

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    public: Public,
    review: Starts,
    limits: Rates,
    cors: Cors,
}

/// How much one client may ask.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rates {
    public_a_second: Option<NonZero<u32>>,
    public_at_once: Option<NonZero<u32>>,
    token_a_second: Option<NonZero<u32>>,
    token_at_once: Option<NonZero<u32>>,
    trusted_proxies: Vec<IpAddr>,
}

/// Whose pages may ask.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cors {
    origins: Option<Vec<String>>,
}

/// What the public sees.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Public {
    sees: Option<Sees>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sees {
    Cells,
    Exact,
    Nothing,
}

/// Where records start in review.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Starts {
    field_starts: Option<State>,
    manager_starts: Option<State>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Submitted,
    Approved,
}

impl From<State> for Review {
    fn from(state: State) -> Self {
        match state {
            State::Submitted => Self::Submitted,
            State::Approved => Self::Approved,
        }
    }
}

/// Reads a configuration.
///
/// # Errors
/// When the file cannot be read, or something in it is not understood: a setting that is misspelt must
/// not be taken for one that is not there.
pub fn read(path: &Path) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    parse(&text).map_err(|e| format!("{}: {e}", path.display()).into())
}

fn parse(text: &str) -> Result<Config, toml::de::Error> {
    let File { public, review, limits, cors } = toml::from_str(text)?;
    let careful = Config::default();
    let policy = Policy {
        public: match public.sees {
            None | Some(Sees::Cells) => PublicSees::Cells,
            Some(Sees::Exact) => PublicSees::Exact,
            Some(Sees::Nothing) => PublicSees::Nothing,
        },
        field_starts: review.field_starts.map_or(careful.policy.field_starts, Review::from),
        manager_starts: review.manager_starts.map_or(careful.policy.manager_starts, Review::from),
    };
    let limit = |a_second: Option<NonZero<u32>>, at_once: Option<NonZero<u32>>, usual: Limit| Limit {
        a_second: a_second.unwrap_or(usual.a_second),
        at_once: at_once.unwrap_or(usual.at_once),
    };
    let Limits { of_address, of_caller, .. } = careful.limits;
    let limits = Limits {
        of_address: limit(limits.public_a_second, limits.public_at_once, of_address),
        of_caller: limit(limits.token_a_second, limits.token_at_once, of_caller),
        trusted_proxies: limits.trusted_proxies,
    };
    Ok(Config { policy, limits, origins: cors.origins, ..careful })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_careful_and_what_is_misspelt_is_refused() {
        assert_eq!(parse("").unwrap().policy, Policy::default());
        let policy =
            parse("[public]\nsees = \"exact\"\n[review]\nmanager_starts = \"submitted\"").unwrap().policy;
        assert_eq!(policy.public, PublicSees::Exact);
        assert_eq!(policy.manager_starts, Review::Submitted);
        for bad in [
            "[public]\nsees = \"all\"",
            "[public]\nsee = \"cells\"",
            "[pubic]",
            "[review]\nfield_starts = \"rejected\"",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
