//! How to read a file.

use demining::folded_name;

use crate::{column::is_field, error::ReadError, limits::ReadLimits, reference::Reference};

/// How to read a file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The reference system of the coordinates, when the file does not say it. A file that says
    /// another one is refused. WGS84 longitude and latitude when neither says any.
    pub crs: Option<Reference>,
    /// What columns mean whose names are not known, or mean something else.
    pub columns: Mapping,
    /// The order of day, month and year in dates that are written in digits, in every format. Without it only
    /// dates with one reading are understood: see [`demining::read_day`].
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

/// From names of columns or attributes, as a file has them, to fields.
///
/// ```
/// use exchange::Mapping;
/// let mapping = Mapping::new([("Cihaz", "kind"), ("Tarix", "detected_on"), ("Sahə", "-")])?;
/// assert!(Mapping::new([("Cihaz", "knid")]).is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, String)>);

impl Mapping {
    /// Names and the fields they stand for, by any name that a field has in a table; `-` leaves a
    /// column out. Case, spaces and signs in names do not matter.
    ///
    /// # Errors
    /// A sentence's end when a field is unknown, a name is blank, or one stands twice.
    pub fn new(
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Self, String> {
        let mut mapping: Vec<(String, String)> = Vec::new();
        for (name, field) in pairs {
            let (name, field) = (name.into(), field.into());
            let name_folded = folded_name(&name);
            if name_folded.is_empty() {
                return Err("has a column without a name".to_owned());
            }
            if !is_field(&field) {
                return Err(format!("gives {name:?} the meaning {field:?}, which is no field"));
            }
            if mapping.iter().any(|(earlier, _)| *earlier == name_folded) {
                return Err(format!("names the column {name:?} twice"));
            }
            mapping.push((name_folded, field));
        }
        Ok(Self(mapping))
    }

    /// Whether it names nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The field that a column stands for, if it is named here.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let name = folded_name(name);
        self.0.iter().find(|(given, _)| *given == name).map(|(_, field)| field.as_str())
    }
}

/// The system that a file names for itself. One that is not known here does not matter when the
/// request names one.
pub(crate) fn own_or_asked(
    own: Result<Option<Reference>, String>,
    options: &ReadOptions,
) -> Result<Option<Reference>, ReadError> {
    match own {
        Ok(own) => Ok(own),
        Err(_) if options.crs.is_some() => Ok(None),
        Err(reason) => Err(ReadError::Reference(format!(
            "the reference system of the file is not known here: {reason}; name it in the request"
        ))),
    }
}
