//! The requests of a cell of the table.

use super::{Parameter, wanted::Wanted};
use crate::doors::{
    entry::{Entry, Language},
    row::{Check, PLACE, Parcel},
};

impl Parameter {
    /// Returns the requests of this cell of the table, or why there are none.
    pub fn cell(self, language: Language, entry: Entry) -> Result<Vec<Parcel>, &'static str> {
        entry.takes(language)?;
        let wanted = self.wanted(entry)?;
        if self == Self::ByteOrderMark && !is_text(language) {
            return Err("the format is binary");
        }
        let name = self.name();
        let mut parcels = self.parcels(language, entry);
        if wanted == Wanted::Refused {
            parcels.retain(|parcel| parcel.states(name));
        }
        for parcel in &mut parcels {
            for row in &mut parcel.rows {
                if wanted == Wanted::Refused {
                    row.checks = vec![Check::Refused(name)];
                }
                if parcel.entry == Entry::Held || parcel.entry == Entry::Refused {
                    row.place = PLACE;
                }
            }
        }
        Ok(parcels)
    }
}

fn is_text(language: Language) -> bool {
    match language {
        Language::File(format) => format.is_text(),
        Language::XForm | Language::KoboJson | Language::Decision => true,
        Language::Nothing => false,
    }
}
