//! The identity provider in the configuration.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use demining::Role;
use serde::Deserialize;
use server::{Claims, OpenId, OpenIdSettings};

use crate::failure::Failure;

/// An identity provider, and how its claims map to roles.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    /// The authorities to trust, if browsers do not know the one of the provider's certificate.
    certificates: Option<PathBuf>,
    /// The role here for each value of the role claim.
    roles: BTreeMap<String, String>,
    role_claim: Option<String>,
    name_claim: Option<String>,
    operator_claim: Option<String>,
    regions_claim: Option<String>,
}

impl Provider {
    /// Loads the provider; relative paths start at `folder`.
    ///
    /// # Errors
    /// When a file is unreadable or a setting is invalid.
    pub fn ready(self, folder: &Path) -> Result<OpenId, Failure> {
        let roles = self.roles.into_iter().map(|(word, role)| Ok((word, known(&role)?)));
        let claims = Claims {
            roles: roles.collect::<Result<_, Failure>>()?,
            role: self.role_claim.unwrap_or_else(|| "roles".to_owned()),
            name: self.name_claim.unwrap_or_else(|| "preferred_username".to_owned()),
            operator: self.operator_claim,
            regions: self.regions_claim,
        };
        let secret = self.client_secret_file.map(|path| secret(&folder.join(path))).transpose()?;
        let settings = OpenIdSettings {
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret: secret,
            certificates: self.certificates.map(|path| folder.join(path)),
            claims,
        };
        OpenId::new(settings).map_err(|error| format!("openid: {error}").into())
    }
}

fn known(role: &str) -> Result<Role, Failure> {
    match role.parse() {
        Ok(Role::Public) | Err(_) => {
            Err(format!("openid.roles: {role:?} is not viewer, field, manager or admin").into())
        }
        Ok(role) => Ok(role),
    }
}

fn secret(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    match text.trim() {
        "" => Err(format!("{}: contains no secret", path.display()).into()),
        secret => Ok(secret.to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const GOOD: &str = "issuer = \"https://id.example.org\"\nclient_id = \"clearline\"\n";

    #[test]
    fn a_provider_that_would_not_do_is_refused() {
        let ready = |text: &str| -> Result<OpenId, Failure> {
            toml::from_str::<Provider>(text)?.ready(Path::new("/nowhere"))
        };
        ready(&format!("{GOOD}[roles]\nboss = \"manager\"")).unwrap();
        for (bad, told) in [
            (format!("{GOOD}[roles]\nboss = \"boss\""), "boss"),
            (format!("{GOOD}[roles]\neverybody = \"public\""), "public"),
            (format!("{GOOD}[roles]"), "nobody"),
            (GOOD.to_owned(), "roles"),
            (format!("{GOOD}client_secret = \"s\"\n[roles]\nboss = \"manager\""), "client_secret"),
            (format!("{GOOD}client_secret_file = \"s\"\n[roles]\nboss = \"manager\""), "/nowhere/s"),
            (format!("{GOOD}certificates = \"c\"\n[roles]\nboss = \"manager\""), "/nowhere/c"),
            (format!("{GOOD}[roles]\nboss = \"manager\"").replace("https", "http"), "http://id"),
        ] {
            let error = ready(&bad).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
