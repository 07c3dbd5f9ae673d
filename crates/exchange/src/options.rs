//! Options for reading a file.

use demining::{Collection, folded_name};

use crate::{
    collections::{FieldTable, field_table},
    column::is_field,
    error::ReadError,
    limits::ReadLimits,
    reference::Reference,
};

/// Options for reading a file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The collection of the records, which gives the names of columns and properties their meanings.
    pub collection: Collection,
    /// The reference system of the coordinates if the file does not name one. A file that names a different
    /// one is rejected. The default is WGS84 longitude and latitude.
    pub crs: Option<Reference>,
    /// The meanings of columns whose names are unknown or have another meaning.
    pub columns: Mapping,
    /// The order of day, month and year in numeric dates, in every format. Without it, only unambiguous dates
    /// are read: see [`demining::read_day`].
    pub dates: Option<demining::DateOrder>,
    /// See [`ReadLimits::rows`].
    pub max_rows: u64,
    /// See [`ReadLimits::row_bytes`].
    pub max_row_bytes: usize,
    /// See [`ReadLimits::spooled_bytes`].
    pub max_spooled_bytes: u64,
    /// See [`ReadLimits::unpacked_bytes`].
    pub max_unpacked_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            collection: Collection::Detections,
            crs: None,
            columns: Mapping::default(),
            dates: None,
            max_rows: ReadLimits::DEFAULT.rows,
            max_row_bytes: ReadLimits::DEFAULT.row_bytes,
            max_spooled_bytes: ReadLimits::DEFAULT.spooled_bytes,
            max_unpacked_bytes: ReadLimits::DEFAULT.unpacked_bytes,
        }
    }
}

impl ReadOptions {
    /// Returns what names mean in the file.
    pub(crate) fn naming(&self) -> Naming<'_> {
        Naming { table: field_table(self.collection), mapping: &self.columns }
    }
}

/// What the names of columns, attributes and properties mean in a file.
#[derive(Clone, Copy)]
pub(crate) struct Naming<'a> {
    /// The fields of the collection.
    pub table: &'static FieldTable,
    /// The mapping in the request.
    pub mapping: &'a Mapping,
}

/// Maps the names of columns or attributes in a file to fields.
///
/// ```
/// use demining::Collection;
/// use exchange::Mapping;
/// let columns = [("Cihaz", "kind"), ("Tarix", "detected_on"), ("Sahə", "-")];
/// let mapping = Mapping::new(Collection::Detections, columns)?;
/// assert!(Mapping::new(Collection::Detections, [("Cihaz", "knid")]).is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, String)>);

impl Mapping {
    /// Creates a mapping from column names to fields of a collection, by any name that a field has in a
    /// table; `-` ignores a column. Case, spaces and punctuation in names do not matter.
    ///
    /// # Errors
    /// Returns the end of a sentence if a field is unknown, a name is blank, or a name occurs twice.
    pub fn new(
        collection: Collection,
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Self, String> {
        let table = field_table(collection);
        let mut mapping: Vec<(String, String)> = Vec::new();
        for (name, field) in pairs {
            let (name, field) = (name.into(), field.into());
            let name_folded = folded_name(&name);
            if name_folded.is_empty() {
                return Err("has a column without a name".to_owned());
            }
            if !is_field(table, &field) {
                return Err(format!("maps {name:?} to {field:?}, which is not a field"));
            }
            if mapping.iter().any(|(earlier, _)| *earlier == name_folded) {
                return Err(format!("names the column {name:?} twice"));
            }
            mapping.push((name_folded, field));
        }
        Ok(Self(mapping))
    }

    /// Returns whether the mapping is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the field that a column is mapped to, if any.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let name = folded_name(name);
        self.0.iter().find(|(given, _)| *given == name).map(|(_, field)| field.as_str())
    }
}

/// Resolves the reference system named in the file. An unknown system is accepted if the request names one.
pub(crate) fn own_or_asked(
    own: Result<Option<Reference>, String>,
    options: &ReadOptions,
) -> Result<Option<Reference>, ReadError> {
    match own {
        Ok(own) => Ok(own),
        Err(_) if options.crs.is_some() => Ok(None),
        Err(reason) => Err(ReadError::Reference(format!(
            "the reference system of the file is unknown: {reason}; specify it in the request"
        ))),
    }
}
