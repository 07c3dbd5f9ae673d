//! The limits of a record's fields.

/// The limits of a record's fields.
#[derive(Debug, Clone, Copy)]
pub struct RecordLimits {
    /// The maximum number of items in a record.
    pub quantity: u32,
    /// The maximum length of a name (model, operator, team, hazardous area), characters.
    pub name_chars: usize,
    /// The maximum length of a note, characters.
    pub note_chars: usize,
    /// The maximum size of the unknown properties, bytes of JSON.
    pub extra_bytes: usize,
    /// The maximum number of photos of a record.
    pub photos: usize,
    /// The maximum number of victims that an accident lists.
    pub victims: usize,
    /// The maximum number of people killed, and of people injured, in an accident.
    pub people: u32,
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
    victims: 1_000,
    people: 100_000,
    first_year: 1900,
};
