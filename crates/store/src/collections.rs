//! The collections that a store keeps. Everything that lists them is in this file.

use std::sync::LazyLock;

use demining::{Change, Collection, Disclose, Judged, Write, for_collection};

use crate::fields::{FieldColumn, Fields};

/// The content of a collection that a store keeps.
pub trait Stored: Disclose {
    /// Its fields.
    #[doc(hidden)]
    fn fields() -> &'static Fields<Self>;

    /// Returns the writes of this collection; none if they are of another.
    #[doc(hidden)]
    fn writes(writes: Writes) -> Vec<Write<Judged<Self>>>;

    /// Returns the changes of this collection; none if they are of another.
    #[doc(hidden)]
    fn changes(changes: &ChangesOf) -> &[Change<Judged<Self>>];

    /// Wraps changes.
    #[doc(hidden)]
    fn wrap(changes: Vec<Change<Judged<Self>>>) -> ChangesOf;

    /// Returns the names of the record's photos.
    #[doc(hidden)]
    fn photos(&self) -> &[String] {
        &[]
    }
}

/// Defines the types that hold records of any one collection: a line for each, with the type of its content.
macro_rules! collections {
    ($($collection:ident: $content:ty { $($more:tt)* })*) => {
        /// The writes of an upload, which are all of one collection.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Writes {
            $(#[doc = concat!("Of [`Collection::", stringify!($collection), "`].")]
            $collection(Vec<Write<Judged<$content>>>),)*
        }

        /// Changes that follow each other in the log and are all of one collection.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ChangesOf {
            $(#[doc = concat!("Of [`Collection::", stringify!($collection), "`].")]
            $collection(Vec<Change<Judged<$content>>>),)*
        }

        impl Writes {
            /// Returns their collection.
            pub fn collection(&self) -> Collection {
                match self {
                    $(Self::$collection(_) => Collection::$collection,)*
                }
            }

            /// Returns how many there are.
            pub fn len(&self) -> usize {
                match self {
                    $(Self::$collection(writes) => writes.len(),)*
                }
            }
        }

        impl ChangesOf {
            /// Returns their collection.
            pub fn collection(&self) -> Collection {
                match self {
                    $(Self::$collection(_) => Collection::$collection,)*
                }
            }

            /// Returns how many there are.
            pub fn len(&self) -> usize {
                match self {
                    $(Self::$collection(changes) => changes.len(),)*
                }
            }

            /// Keeps the first `len` changes.
            pub(crate) fn truncate(&mut self, len: usize) {
                match self {
                    $(Self::$collection(changes) => changes.truncate(len),)*
                }
            }
        }

        $(impl From<Vec<Write<Judged<$content>>>> for Writes {
            fn from(writes: Vec<Write<Judged<$content>>>) -> Self {
                Self::$collection(writes)
            }
        }

        impl From<Vec<Change<Judged<$content>>>> for ChangesOf {
            fn from(changes: Vec<Change<Judged<$content>>>) -> Self {
                Self::$collection(changes)
            }
        }

        impl Stored for $content {
            fn fields() -> &'static Fields<Self> {
                static FIELDS: LazyLock<Fields<$content>> = LazyLock::new(Fields::new);
                &FIELDS
            }

            fn writes(writes: Writes) -> Vec<Write<Judged<Self>>> {
                match writes {
                    Writes::$collection(writes) => writes,
                    _ => Vec::new(),
                }
            }

            fn changes(changes: &ChangesOf) -> &[Change<Judged<Self>>] {
                match changes {
                    ChangesOf::$collection(changes) => changes,
                    _ => &[],
                }
            }

            fn wrap(changes: Vec<Change<Judged<Self>>>) -> ChangesOf {
                ChangesOf::$collection(changes)
            }

            $($more)*
        })*
    };
}

collections! {
    Detections: demining::Details {
        fn photos(&self) -> &[String] {
            &self.photos
        }
    }
    Accidents: demining::AccidentDetails {}
}

impl Default for Writes {
    fn default() -> Self {
        Self::Detections(Vec::new())
    }
}

impl Writes {
    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for ChangesOf {
    fn default() -> Self {
        Self::Detections(Vec::new())
    }
}

impl ChangesOf {
    /// Returns `true` if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the changes of one collection; none if they are of another.
    pub fn of<T: Stored>(&self) -> &[Change<Judged<T>>] {
        T::changes(self)
    }
}

/// Returns the columns of a collection's content.
pub(crate) fn columns(collection: Collection) -> &'static [FieldColumn] {
    for_collection!(collection, T => T::fields().columns())
}
