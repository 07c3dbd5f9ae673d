//! The limits of a record's fields.

/// The limits of a record's fields.
#[derive(Debug, Clone, Copy)]
pub struct RecordLimits {
    /// Items in one record, at most.
    pub quantity: u32,
    /// Characters in a name: model, operator, team, hazardous area.
    pub name_chars: usize,
    /// Characters in a note.
    pub note_chars: usize,
    /// Bytes of JSON in the properties that the model does not know.
    pub extra_bytes: usize,
    /// Photos of a record.
    pub photos: usize,
    /// The earliest year of a date.
    pub first_year: i16,
}

/// The limits in force.
pub const RECORD_LIMITS: RecordLimits = RecordLimits {
    quantity: 1_000_000,
    name_chars: 120,
    note_chars: 4_000,
    extra_bytes: 16 * 1024,
    photos: 50,
    first_year: 1900,
};
