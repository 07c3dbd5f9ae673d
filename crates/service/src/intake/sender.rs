//! Who sent something, as it is kept with it: what is judged later is judged as if it were at once.

use atlas::ReferenceData;
use demining::{Author, Role};
use serde::{Deserialize, Serialize};
use store::Bearer;

use crate::{
    access::{ADD, Caller},
    fault::Fault,
};

/// Whether a caller may look into what somebody sent; `sender` is what the inbox kept of that one.
pub fn may_look_into(caller: &Caller, reference: &ReferenceData, by: &Author, sender: Option<&str>) -> bool {
    let regions = sender.and_then(|sender| serde_json::from_str::<Sender>(sender).ok()?.regions);
    caller.may_look_into(by, regions.as_deref(), reference)
}

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

    /// The sender once more.
    ///
    /// # Errors
    /// When it has a role that is not known here.
    pub fn caller(self, by: Author) -> Result<Caller, Fault> {
        let role: Role = self.role.parse().map_err(|error| Fault::internal(&error))?;
        let bearer = Bearer { name: by.name, role, operator: by.operator, regions: self.regions };
        let grant = ADD[bearer.role.index()];
        Ok(Caller::sender(bearer, grant))
    }
}
