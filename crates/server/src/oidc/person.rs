//! Who somebody is here, by what the provider says.

use std::collections::BTreeMap;

use demining::Role;
use serde_json::{Map, Value};
use store::Bearer;

/// The longest name of a person or an operator, in characters.
const LONGEST: usize = 120;

/// Which claims say what. A claim within others is named by its path: `realm_access.roles`.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The claim with the words for roles.
    pub role: String,
    /// What the words stand for. Whoever has several gets the one that may most.
    pub roles: BTreeMap<String, Role>,
    /// The claim with the name that stands in the history. It tells a field team's own records too, so nobody
    /// may choose it freely at the provider.
    pub name: String,
    /// The claim with the operator of a field team; without it a field team records for any.
    pub operator: Option<String>,
    /// The claim with the ids of the regions where field teams and managers write; without it they write
    /// everywhere.
    pub regions: Option<String>,
}

/// Why somebody whom the provider knows is nobody here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stranger {
    /// The claim names no role that stands for something.
    #[error("your account has no role here; whoever administers accounts can give it one (claim {0:?})")]
    Role(String),
    /// There is no name to put into the history.
    #[error("the provider tells no name of 1 to {LONGEST} characters for your account (claim {0:?})")]
    Name(String),
    /// A field team has to work for an operator.
    #[error("the provider does not tell for which operator your account works (claim {0:?})")]
    Operator(String),
}

impl Claims {
    /// Somebody with these claims. Regions that are none are left out, and who has none writes nowhere.
    ///
    /// # Errors
    /// When the claims make nobody of it.
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

/// The claim of this name, or else what its path leads to.
fn find<'a>(told: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if let Some(value) = told.get(name) {
        return Some(value);
    }
    let (outer, inner) = name.split_once('.')?;
    find(told.get(outer)?.as_object()?, inner)
}

/// The texts of a claim: one, or a list of them.
fn texts<'a>(told: &'a Map<String, Value>, name: &str) -> Vec<&'a str> {
    match find(told, name) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The only text of a claim, if it is one that can be shown.
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
