//! The files of a submission.

use std::collections::BTreeMap;

use demining::{Collection, for_collection};

use crate::collections::photos_field;

/// The photos of a submission: from file name to photo name.
pub type Attached = BTreeMap<String, String>;

/// Returns whether the server keeps the files of a submission about a collection: only if its records have photos. The
/// picture of an accident could show a victim.
pub fn keeps_files(collection: Collection) -> bool {
    for_collection!(collection, T => photos_field::<T>().is_some())
}
