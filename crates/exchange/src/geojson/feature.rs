//! Converts the text of one Feature to a row.

use demining::{FieldProblem, RawRecord, Value};

use super::{draft::Draft, features::Features, values::fault};
use crate::{
    json::{Cursor, Fault},
    rows::Row,
};

impl Features<'_> {
    /// Reads the text of one Feature. A reference system named in the pre-RFC 7946 way applies to its
    /// coordinates.
    pub(super) fn read_text(&mut self, text: &str, row: u64) -> Row {
        let mut draft = Draft::default();
        let mut cursor = Cursor::new(text);
        let read = draft.read(&mut cursor, self).and_then(|()| cursor.finish());
        draft.verdict(read, row, self)
    }

    /// Reads the Feature at the beginning of `text` and returns it with its length; `None` if it is invalid
    /// or incomplete.
    pub(super) fn read_leading(&mut self, text: &str, row: u64) -> Option<(Row, usize)> {
        let mut draft = Draft::default();
        let mut cursor = Cursor::new(text);
        draft.read(&mut cursor, self).ok()?;
        Some((draft.verdict(Ok(()), row, self), cursor.at()))
    }
}

impl Draft<'_> {
    /// Returns the row, or the problem that makes it unreadable.
    fn verdict(&mut self, read: Result<(), Fault>, row: u64, features: &mut Features<'_>) -> Row {
        read.and_then(|()| self.row(row, features)).map_err(|fault| {
            let id = if self.id.is_empty() { &self.id_property } else { &self.id };
            let id = (!id.is_empty()).then(|| id.as_text());
            FieldProblem::new(row, id, &fault.field, &fault.value, fault.reason)
        })
    }

    fn row(&mut self, row: u64, features: &mut Features<'_>) -> Result<RawRecord, Fault> {
        self.id = self.take_id(features)?;
        if !self.other_names.is_empty() {
            self.settle_names(features.naming)?;
        }
        let location = self.locate(features)?;
        for (name, value) in std::mem::take(&mut self.extra) {
            if name == "id"
                || self.properties.iter().any(|(known, given)| *known == name && *given != Value::Null)
            {
                return Err(fault(&name, value.as_text(), "is in extra and in a property".to_owned()));
            }
            self.properties.push((name, value));
        }
        let id = std::mem::replace(&mut self.id, Value::Null);
        Ok(RawRecord { row, id, location, properties: std::mem::take(&mut self.properties) })
    }
}
