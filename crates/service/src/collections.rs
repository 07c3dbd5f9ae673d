//! The collections that the service serves. Everything that lists them is in this file.

use std::sync::Arc;

use atlas::{Found, Located, ReferenceData, Small, View};
use demining::{
    AccidentDetails, Change, Collection, Content, Details, Judged, Record, Revision, Write,
    field::{Field, FieldKind, FieldValue},
};
use store::{ChangesOf, Stored, Writes};
use uuid::Uuid;

/// The field of the organisation that did the work, in every collection.
pub const OPERATOR: &str = "operator";

/// The content of a collection that the service serves.
pub trait Served: Stored {
    /// Whether a file of such records may identify people, by names of victims (which are refused) or by
    /// texts about them. Then its bytes are deleted as soon as it is judged.
    ///
    /// A phone that sent a form cannot be asked to send it again, so the bytes of a form remain, unless a name
    /// was refused.
    const IS_PERSONAL: bool = false;

    /// Returns the record with this id if the view shows it.
    fn find(view: &View, id: Uuid) -> Option<Found<Judged<Self>>>;

    /// Returns the record with this number if the view shows it.
    fn at_number(view: &View, number: u32) -> Option<Found<Judged<Self>>>;

    /// Wraps writes.
    fn wrap_writes(writes: Vec<Write<Judged<Self>>>) -> Writes;

    /// Wraps a record.
    fn wrap_found(found: Found<Judged<Self>>) -> FoundOf;
}

/// Defines the types that hold records of any collection: an entry for each, with the name of its changes in
/// [`atlas::Changes`], the type of its content, and how a view finds its records.
macro_rules! collections {
    ($($collection:ident, $changes:ident: $content:ty { $($more:tt)* })*) => {
        /// A record of one of the collections, with its district.
        #[derive(Clone, Debug, PartialEq)]
        pub enum FoundOf {
            $(#[doc = concat!("Of [`Collection::", stringify!($collection), "`].")]
            $collection(Found<Judged<$content>>),)*
        }

        impl FoundOf {
            /// Returns the collection.
            pub fn collection(&self) -> Collection {
                match self {
                    $(Self::$collection(_) => Collection::$collection,)*
                }
            }

            /// Returns the revision of the record.
            pub fn revision(&self) -> Revision {
                match self {
                    $(Self::$collection(found) => found.record.revision,)*
                }
            }
        }

        /// Changes of several uploads, by collection, each in the order of their revisions.
        #[derive(Debug, Default)]
        pub struct Gathered {
            $($changes: Vec<Change<Judged<$content>>>,)*
        }

        impl Gathered {
            /// Adds the changes of an upload.
            pub fn add(&mut self, changes: &ChangesOf) {
                match changes {
                    $(ChangesOf::$collection(changes) => self.$changes.extend_from_slice(changes),)*
                }
            }

            /// Returns `true` if there are none.
            pub fn is_empty(&self) -> bool {
                $(self.$changes.is_empty())&&*
            }

            /// Returns the changes of all collections.
            pub fn all(&self) -> atlas::Changes<'_> {
                atlas::Changes { $($changes: &self.$changes),* }
            }
        }

        $(impl Served for $content {
            fn wrap_writes(writes: Vec<Write<Judged<Self>>>) -> Writes {
                Writes::$collection(writes)
            }

            fn wrap_found(found: Found<Judged<Self>>) -> FoundOf {
                FoundOf::$collection(found)
            }

            $($more)*
        })*
    };
}

collections! {
    Detections, detections: Details {
        fn find(view: &View, id: Uuid) -> Option<Found> {
            view.get(id)
        }

        fn at_number(view: &View, number: u32) -> Option<Found> {
            view.at_number(number)
        }
    }
    Accidents, accidents: AccidentDetails {
        const IS_PERSONAL: bool = true;

        fn find(view: &View, id: Uuid) -> Option<Found<Judged<Self>>> {
            view.accidents().get(id).map(found)
        }

        fn at_number(view: &View, number: u32) -> Option<Found<Judged<Self>>> {
            view.accidents().at_number(number).map(found)
        }
    }
}

/// Returns a record of a small collection with its district.
pub fn found<T: Small>(located: &Located<T>) -> Found<Judged<T>> {
    Found { record: Arc::clone(&located.record), region: located.region.clone() }
}

/// Returns a record with its district.
pub fn located<T: Content>(reference: &ReferenceData, record: Arc<Record<Judged<T>>>) -> Found<Judged<T>> {
    let region = reference.locate(record.content.location()).map(Arc::from);
    Found { record, region }
}

/// Returns the field with the names of photos, if the collection has any.
pub fn photos_field<T: Content>() -> Option<&'static Field<T>> {
    T::FIELDS.iter().find(|field| field.kind == FieldKind::Texts)
}

/// Returns the operator of a record.
pub fn operator_of<T: Content>(content: &T) -> Option<&str> {
    let field = T::FIELDS.iter().find(|field| field.name == OPERATOR)?;
    match (field.get)(content) {
        FieldValue::Text(operator) => Some(operator),
        _ => None,
    }
}
