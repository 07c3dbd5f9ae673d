//! Maps the provider's claims to a role here.

use std::collections::BTreeMap;

use demining::Role;
use serde_json::{Map, Value};
use store::Bearer;

/// The longest name of a person or an operator, in characters.
const LONGEST: usize = 120;

/// Which claims to read. A nested claim is named by its path: `realm_access.roles`.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The claim that lists roles.
    pub role: String,
    /// The role here for each value of the role claim. A person with several gets the one with the most
    /// rights.
    pub roles: BTreeMap<String, Role>,
    /// The claim with the name shown in the history. It also identifies a field team's own records, so people
    /// must not be able to change it freely at the provider.
    pub name: String,
    /// The claim with a field team's operator; without it, a field team records for any operator.
    pub operator: Option<String>,
    /// The claim with the ids of the regions where field teams and managers may write; without it, they may
    /// write everywhere.
    pub regions: Option<String>,
}

/// Why a person known to the provider has no access here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stranger {
    /// The claim contains no configured role.
    #[error("your account has no role here; ask your account administrator for one (claim {0:?})")]
    Role(String),
    /// The claim contains no usable name.
    #[error("the provider sent no name of 1 to {LONGEST} characters for your account (claim {0:?})")]
    Name(String),
    /// The claim with a field team's operator is missing.
    #[error("the provider sent no operator for your account (claim {0:?})")]
    Operator(String),
}

impl Claims {
    /// Maps claims to a person. Unknown regions are ignored; a person without any known region may write
    /// nowhere.
    ///
    /// # Errors
    /// When the claims grant no access.
    pub fn person(
        &self,
        told: &Map<String, Value>,
        is_region: impl Fn(&str) -> bool,
    ) -> Result<Bearer, Stranger> {
        let words = texts(told, &self.role);
        let roles = words.iter().filter_map(|word| self.roles.get(*word).copied());
        let role = roles.max_by_key(|role| role.index()).ok_or_else(|| Stranger::Role(self.role.clone()))?;
        let name = one_line(told, &self.name).ok_or_else(|| Stranger::Name(self.name.clone()))?;
        let operator = self.operator.as_ref().and_then(|claim| one_line(told, claim));
        if let (Role::Field, Some(claim), None) = (role, &self.operator, &operator) {
            return Err(Stranger::Operator(claim.clone()));
        }
        let writes_somewhere = matches!(role, Role::Field | Role::Manager);
        let regions = self.regions.as_ref().filter(|_| writes_somewhere).map(|claim| {
            let known = texts(told, claim).into_iter().filter(|id| is_region(id));
            known.map(str::to_owned).collect()
        });
        Ok(Bearer { name, role, operator, regions })
    }
}

/// Finds a claim by its name, or else by its path.
fn find<'a>(told: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if let Some(value) = told.get(name) {
        return Some(value);
    }
    let (outer, inner) = name.split_once('.')?;
    find(told.get(outer)?.as_object()?, inner)
}

/// Returns the texts of a claim: one, or a list of them.
fn texts<'a>(told: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    match find(told, name) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the only text of a claim, if it can be displayed.
fn one_line(told: &Map<String, Value>, name: &str) -> Option<String> {
    let [text] = texts(told, name)[..] else { return None };
    let text = text.trim();
    let is_good = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    is_good.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn person(claims: &Claims, told: &Value) -> Result<Bearer, Stranger> {
        claims.person(told.as_object().unwrap(), |id| id.starts_with("AZ-"))
    }

    fn claims() -> Claims {
        let roles = [("team", Role::Field), ("boss", Role::Manager), ("root", Role::Admin)];
        Claims {
            role: "realm_access.roles".into(),
            roles: roles.map(|(word, role)| (word.to_owned(), role)).into(),
            name: "preferred_username".into(),
            operator: Some("org".into()),
            regions: Some("https://mines.example/regions".into()),
        }
    }

    fn told(role: &Value) -> Value {
        json!({
            "realm_access": {"roles": role}, "preferred_username": " team7 ", "org": ["ANAMA"],
            "https://mines.example/regions": ["AZ-LAC", "nowhere", 7],
        })
    }

    #[test]
    fn claims_make_somebody_with_the_role_that_may_most() {
        let bearer = person(&claims(), &told(&json!(["offline_access", "boss", "team"]))).unwrap();
        assert_eq!(bearer.role, Role::Manager);
        assert_eq!((bearer.name.as_str(), bearer.operator.as_deref()), ("team7", Some("ANAMA")));
        assert_eq!(bearer.regions, Some(vec!["AZ-LAC".to_owned()]));
        assert_eq!(person(&claims(), &told(&json!("team"))).unwrap().role, Role::Field);
        assert_eq!(person(&claims(), &told(&json!("root"))).unwrap().regions, None);
    }

    #[test]
    fn what_is_not_told_gives_no_rights() {
        for none in [json!([]), json!(["Boss"]), json!({"boss": true}), json!(null)] {
            assert_eq!(
                person(&claims(), &told(&none)),
                Err(Stranger::Role("realm_access.roles".into())),
                "{none}"
            );
        }
        let without = |name: &str| {
            let mut told = told(&json!("team"));
            told.as_object_mut().unwrap().remove(name);
            person(&claims(), &told)
        };
        assert_eq!(without("preferred_username"), Err(Stranger::Name("preferred_username".into())));
        assert_eq!(without("org"), Err(Stranger::Operator("org".into())));
        assert_eq!(without("https://mines.example/regions").unwrap().regions, Some(Vec::new()));
        let everywhere = Claims { operator: None, regions: None, ..claims() };
        let bearer = person(&everywhere, &told(&json!("team"))).unwrap();
        assert_eq!((bearer.operator, bearer.regions), (None, None));
    }
}
