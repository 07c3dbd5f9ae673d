//! Who sent something, as it is kept with it: what is judged later is judged as if it were at once.

use demining::Role;
use serde::{Deserialize, Serialize};
use store::Bearer;

use super::Fault;
use crate::access::{ADD, Caller};

/// Who sent an upload, as it is kept with it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sender {
    role: String,
    operator: Option<String>,
    regions: Option<Vec<String>>,
}

impl Sender {
    /// The sender of a request.
    pub fn of(caller: &Caller) -> Self {
        let bearer = caller.bearer();
        Self {
            role: caller.role().word().to_owned(),
            operator: bearer.and_then(|bearer| bearer.operator.clone()),
            regions: bearer.and_then(|bearer| bearer.regions.clone()),
        }
    }

    /// Somebody who may write everything, on the machine of the store.
    pub fn unbound() -> Self {
        Self { role: Role::Admin.word().to_owned(), operator: None, regions: None }
    }

    /// The sender, of this name, once more.
    ///
    /// # Errors
    /// When it has a role that is not known here.
    pub fn caller(self, name: &str) -> Result<Caller, Fault> {
        let role: Role = self.role.parse().map_err(|error| Fault::internal(&error))?;
        let Self { operator, regions, .. } = self;
        let bearer = Bearer { name: name.to_owned(), role, operator, regions };
        let grant = ADD[bearer.role.index()];
        Ok(Caller::sender(bearer, grant))
    }
}
