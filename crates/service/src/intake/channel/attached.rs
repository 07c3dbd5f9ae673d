//! The files of a submission.

use std::collections::BTreeMap;

/// The photos of a submission: from file name to photo name.
pub type Attached = BTreeMap<String, String>;
