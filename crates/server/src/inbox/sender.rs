//! Who sent something, as it is kept with it: what is judged later is judged as if it were at once.

use serde::{Deserialize, Serialize};
use store::Bearer;

use crate::{
    access::Caller,
    problem::{Answer, Problem},
    routes::uploads,
};

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

    /// The sender, of this name, once more.
    ///
    /// # Errors
    /// When it has a role that is not known here.
    pub fn caller(self, name: &str) -> Answer<Caller> {
        let role = self.role.parse().map_err(|error| Problem::internal(&error))?;
        let Self { operator, regions, .. } = self;
        Ok(Caller::sender(Bearer { name: name.to_owned(), role, operator, regions }, uploads::grant(role)))
    }
}
