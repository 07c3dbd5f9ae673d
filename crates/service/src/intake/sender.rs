//! The stored sender of a message: judging it later applies the same rights as judging it at once.

use atlas::ReferenceData;
use demining::{Author, Role};
use serde::{Deserialize, Serialize};
use store::Bearer;

use crate::{
    access::{ADD, Caller},
    fault::Fault,
};

/// Returns `true` if a caller may see what a sender sent; `sender` is the inbox's record of that sender.
pub fn may_look_into(caller: &Caller, reference: &ReferenceData, by: &Author, sender: Option<&str>) -> bool {
    let regions = sender.and_then(|sender| serde_json::from_str::<Sender>(sender).ok()?.regions);
    caller.may_look_into(by, regions.as_deref(), reference)
}

/// The sender of an upload, stored with it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sender {
    role: String,
    operator: Option<String>,
    regions: Option<Vec<String>>,
}

impl Sender {
    /// Returns the sender of a request.
    pub fn of(caller: &Caller) -> Self {
        let bearer = caller.bearer();
        Self {
            role: caller.role().word().to_owned(),
            operator: bearer.and_then(|bearer| bearer.operator.clone()),
            regions: bearer.and_then(|bearer| bearer.regions.clone()),
        }
    }

    /// Returns a sender without restrictions, for the machine of the store.
    pub fn unbound() -> Self {
        Self { role: Role::Admin.word().to_owned(), operator: None, regions: None }
    }

    /// Restores the sender as a caller.
    ///
    /// # Errors
    /// If the role is unknown.
    pub fn caller(self, by: Author) -> Result<Caller, Fault> {
        let role: Role = self.role.parse().map_err(|error| Fault::internal(&error))?;
        let bearer = Bearer { name: by.name, role, operator: by.operator, regions: self.regions };
        let grant = ADD[bearer.role.index()];
        Ok(Caller::sender(bearer, grant))
    }
}
