//! The collections of records.

pub(crate) mod accident;
pub(crate) mod detection;
mod judged;
mod names;
mod place;
pub(crate) mod shared;

pub use judged::Judged;

/// Evaluates an expression for a [`Collection`](crate::Collection), with a name for the type of its content.
/// Use it once for a batch of records, never for each of them.
///
/// ```
/// # use demining::{Collection, Content, for_collection};
/// let n_fields = for_collection!(Collection::Accidents, T => T::FIELDS.len());
/// assert!(n_fields > 10);
/// ```
#[macro_export]
macro_rules! for_collection {
    ($collection:expr, $content:ident => $body:expr) => {
        match $collection {
            $crate::Collection::Detections => {
                type $content = $crate::Details;
                $body
            }
            $crate::Collection::Accidents => {
                type $content = $crate::AccidentDetails;
                $body
            }
        }
    };
}
