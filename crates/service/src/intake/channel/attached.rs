//! What came with a submission beside its answers.

use std::collections::BTreeMap;

/// The photos that came with a submission: the names of their files, and their own.
pub type Attached = BTreeMap<String, String>;
