//! Every limit of what is read, in one place.

use demining::folded_name;

use crate::{
    json::{MAX_DEPTH, MAX_MEMBERS},
    table::is_field,
};

/// What one upload or file may hold. What goes beyond a limit on the file as a whole is a
/// [`ReadError`](crate::ReadError); what goes beyond one inside a row is a problem of that row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a file.
    pub rows: u64,
    /// Bytes of one Feature, or of one line of a table with its quoted line breaks; also of
    /// everything that a `FeatureCollection` holds beside its features. It bounds the memory
    /// that reading takes, to about twice this and 512 KiB.
    pub row_bytes: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Members of one JSON object.
    pub members: usize,
    /// Objects and arrays within each other, counted from the Feature.
    pub depth: usize,
    /// Different reference systems that the rows of one file may name.
    pub systems: usize,
    /// Characters of `location_as_given` and of the name of its reference system.
    pub as_given_chars: usize,
    /// Bytes of a file in a format that cannot be read from front to back: it is put down in a
    /// temporary file first.
    pub spooled_bytes: u64,
    /// Bytes of all that is unpacked of one archive (XLSX, KMZ, zipped Shapefile).
    pub unpacked_bytes: u64,
    /// Bytes of those of them that are held in memory: the texts and styles of a workbook.
    pub held_bytes: u64,
    /// Steps of SQLite's machine for opening a `GeoPackage`, and again for each of its rows; some
    /// 10 are taken for each table, index or trigger, and for each column.
    pub sqlite_steps: u32,
    /// Bytes of the definition of a table, index or trigger in a `GeoPackage`.
    pub sqlite_definition_bytes: usize,
    /// Files in an archive.
    pub archive_entries: usize,
}

impl Limits {
    /// The limits in force. Some can be set with [`ReadOptions`], the others are the same everywhere.
    pub const DEFAULT: Self = Self {
        rows: 50_000_000,
        row_bytes: 1024 * 1024,
        columns: 256,
        members: MAX_MEMBERS,
        depth: MAX_DEPTH,
        systems: 16,
        as_given_chars: 200,
        spooled_bytes: 16 << 30,
        unpacked_bytes: 16 << 30,
        held_bytes: 256 << 20,
        sqlite_steps: 100_000,
        sqlite_definition_bytes: 32 << 10,
        archive_entries: 10_000,
    };
}

/// How to read a file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The reference system of the coordinates, when the file does not say it. A file that says
    /// another one is refused. WGS84 longitude and latitude when neither says any.
    pub crs: Option<crate::Reference>,
    /// What columns mean whose names are not known, or mean something else.
    pub columns: Mapping,
    /// The order of day, month and year in dates that are written in digits, in every format. Without it only
    /// dates with one reading are understood: see [`demining::read_day`].
    pub dates: Option<demining::DateOrder>,
    /// See [`Limits::rows`].
    pub max_rows: u64,
    /// See [`Limits::row_bytes`].
    pub max_row_bytes: usize,
    /// See [`Limits::spooled_bytes`].
    pub max_spooled_bytes: u64,
    /// See [`Limits::unpacked_bytes`].
    pub max_unpacked_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            crs: None,
            columns: Mapping::default(),
            dates: None,
            max_rows: Limits::DEFAULT.rows,
            max_row_bytes: Limits::DEFAULT.row_bytes,
            max_spooled_bytes: Limits::DEFAULT.spooled_bytes,
            max_unpacked_bytes: Limits::DEFAULT.unpacked_bytes,
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
