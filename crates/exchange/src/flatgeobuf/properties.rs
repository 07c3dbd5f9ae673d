//! The attributes of a feature: pairs of a column number and a value.

use flatgeobuf::ColumnType;

use crate::table::Attribute;

/// A column: its name and the type of its values.
pub(super) type Column = (String, ColumnType);

/// Returns the attributes in the order of the columns.
///
/// # Errors
/// Returns the end of a sentence if the bytes end inside a value or refer to a missing column.
pub(super) fn attributes<'a>(bytes: &'a [u8], columns: &[Column]) -> Result<Vec<Attribute<'a>>, String> {
    let mut all = vec![Attribute::Blank; columns.len()];
    let mut values = Values(bytes);
    while !values.0.is_empty() {
        let nth = usize::from(u16::from_le_bytes(values.take()?));
        let (Some((name, kind)), Some(attribute)) = (columns.get(nth), all.get_mut(nth)) else {
            return Err(format!("has a value for column {nth} of {}", columns.len()));
        };
        if *attribute != Attribute::Blank {
            return Err(format!("has two values for {name}"));
        }
        *attribute = values.next(*kind)?;
    }
    Ok(all)
}

/// The remaining bytes.
struct Values<'a>(&'a [u8]);

const CUT: &str = "has truncated attributes";

impl<'a> Values<'a> {
    fn next(&mut self, kind: ColumnType) -> Result<Attribute<'a>, String> {
        Ok(match kind {
            ColumnType::Byte => whole(&i8::from_le_bytes(self.take()?)),
            ColumnType::UByte => whole(&u8::from_le_bytes(self.take()?)),
            ColumnType::Bool => Attribute::Bool(self.take()? != [0]),
            ColumnType::Short => whole(&i16::from_le_bytes(self.take()?)),
            ColumnType::UShort => whole(&u16::from_le_bytes(self.take()?)),
            ColumnType::Int => whole(&i32::from_le_bytes(self.take()?)),
            ColumnType::UInt => whole(&u32::from_le_bytes(self.take()?)),
            ColumnType::Long => whole(&i64::from_le_bytes(self.take()?)),
            ColumnType::ULong => whole(&u64::from_le_bytes(self.take()?)),
            // Convert by way of decimal digits, so that 0.1 stays 0.1.
            ColumnType::Float => {
                let number = f32::from_le_bytes(self.take()?);
                number.to_string().parse().map_or(Attribute::Blank, Attribute::real)
            }
            ColumnType::Double => Attribute::real(f64::from_le_bytes(self.take()?)),
            ColumnType::String | ColumnType::DateTime => Attribute::text(self.long()?),
            ColumnType::Json => match std::str::from_utf8(self.long()?) {
                Ok(json) => Attribute::Json(json),
                Err(_) => Attribute::bad("", "is not UTF-8"),
            },
            ColumnType::Binary => match self.long()? {
                [] => Attribute::Blank,
                bytes => Attribute::bad(format!("{} bytes", bytes.len()), "is binary data, not text"),
            },
            _ => return Err("has a value of an unknown type".to_owned()),
        })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(CUT)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn long(&mut self) -> Result<&'a [u8], String> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }
}

fn whole(number: &impl ToString) -> Attribute<'static> {
    Attribute::Number(number.to_string())
}
