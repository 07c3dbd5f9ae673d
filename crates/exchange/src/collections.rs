//! The fields of each collection, by the names that columns and properties have for them.

use std::sync::LazyLock;

use demining::{
    AccidentDetails, COMMON_FIELDS, Collection, Content, Details,
    field::{FieldKind, FieldRole, FieldSpec, Group},
};

/// Returns the fields of a collection.
pub(crate) fn field_table(collection: Collection) -> &'static FieldTable {
    static DETECTIONS: LazyLock<FieldTable> = LazyLock::new(FieldTable::of::<Details>);
    static ACCIDENTS: LazyLock<FieldTable> = LazyLock::new(FieldTable::of::<AccidentDetails>);
    match collection {
        Collection::Detections => &DETECTIONS,
        Collection::Accidents => &ACCIDENTS,
    }
}

/// The fields of a collection.
pub(crate) struct FieldTable {
    all: Vec<&'static FieldSpec>,
    properties: Vec<&'static str>,
}

impl FieldTable {
    fn of<T: Content>() -> Self {
        let all: Vec<&FieldSpec> = T::FIELDS.iter().map(|field| &field.spec).collect();
        let is_property = |role| matches!(role, FieldRole::Required | FieldRole::Given | FieldRole::Derived);
        let properties = all.iter().copied().chain(COMMON_FIELDS).filter(|field| is_property(field.role));
        let properties = properties.map(|field| field.name).collect();
        Self { all, properties }
    }

    /// Iterates over the fields of the collection, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static FieldSpec> + Clone {
        self.all.iter().copied()
    }

    /// Returns the name of a property that a sender or the server uses, if `name` is exactly that. The search
    /// begins at `next`, the position after the property before: files have them in the order of the table.
    #[inline]
    pub(crate) fn property(&self, name: &str, next: &mut usize) -> Option<&'static str> {
        let (before, after) = self.properties.split_at(*next);
        let is_called = |own: &&str| *own == name;
        let at = match after.iter().position(is_called) {
            Some(at) => *next + at,
            None => before.iter().position(is_called)?,
        };
        *next = at + 1;
        Some(self.properties[at])
    }

    /// Returns the field that a folded name or alias refers to, if a sender may use it.
    pub(crate) fn find(&self, folded: &str) -> Option<&'static FieldSpec> {
        let is_called = |field: &&FieldSpec| field.name == folded || field.aliases.contains(&folded);
        let sent = COMMON_FIELDS.iter().filter(|field| field.role == FieldRole::Sent);
        self.iter().chain(sent).find(is_called)
    }

    /// Returns whether the field with this name has values of a kind.
    pub(crate) fn is(&self, name: &str, is: impl Fn(FieldKind) -> bool) -> bool {
        self.iter().any(|field| is(field.kind) && field.name == name)
    }

    /// Returns the field that says what a record is about: the first required word.
    pub(crate) fn class(&self) -> Option<&'static FieldSpec> {
        let is_word = |field: &&FieldSpec| matches!(field.kind, FieldKind::Word(_));
        self.required().find(is_word)
    }

    /// Returns whether a text is a word of [`class`](Self::class).
    pub(crate) fn is_class(&self, text: &str) -> bool {
        matches!(self.class().map(|field| field.kind), Some(FieldKind::Word(words)) if words.knows(text))
    }

    /// Returns the field with the day of a record: the first required day.
    pub(crate) fn day(&self) -> Option<&'static FieldSpec> {
        self.required().find(|field| field.kind == FieldKind::Day)
    }

    fn required(&self) -> impl Iterator<Item = &'static FieldSpec> {
        self.iter().filter(|field| field.role == FieldRole::Required)
    }

    /// Returns the repeated group of which a table has a line for each row, and its field: the first one.
    pub(crate) fn group(&self) -> Option<(&'static str, &'static Group)> {
        self.iter().find_map(|field| match field.kind {
            FieldKind::Rows(group) => Some((field.name, group)),
            _ => None,
        })
    }
}
