//! Writes the field table of a collection as TypeScript for the map page.

use std::fmt::Write;

use crate::{
    Content, Judged,
    field::{FieldKind, FieldRole, FieldSpec, Group, Titles, Words},
};

/// Returns the fields of a collection, the words of their vocabularies and its repeated groups, as
/// TypeScript.
pub fn page_source<T: Content>() -> String {
    let specs = Judged::<T>::specs();
    let name = T::COLLECTION.name();
    let groups: Vec<_> = specs.clone().filter_map(group).collect();
    let types = if groups.is_empty() { "FieldSpec, WordTitles" } else { "FieldSpec, Groups, WordTitles" };
    let mut out = format!(
        "/** The fields of {name}, from the program's own table: `make openapi` writes this file. */\n\n\
         import type {{ {types} }} from \"../fields.ts\";\n\n\
         export const FIELDS: readonly FieldSpec[] = [\n"
    );
    fields(&mut out, "  ", specs.clone());
    out.push_str("];\n\n/** The words of each vocabulary. */\nexport const WORDS = {\n");
    // Writing to a String cannot fail.
    for (name, words) in specs.clone().filter_map(words) {
        let all: Vec<String> = words.all.iter().map(|word| format!("\"{word}\"")).collect();
        let _ = writeln!(out, "  {name}: [{}],", all.join(", "));
    }
    out.push_str(
        "} as const;\n\n/** The titles of the words. For the other vocabularies the page has its own texts. */\n",
    );
    out.push_str("export const WORD_TITLES = {\n");
    word_titles(&mut out, "  ", specs);
    out.push_str("} as const satisfies WordTitles;\n");
    if groups.is_empty() {
        return out;
    }
    out.push_str("\n/** The fields of the rows of each repeated group, and the titles of their words. */\n");
    out.push_str("export const GROUPS = {\n");
    for (name, group) in groups {
        let _ = writeln!(out, "  {name}: {{\n    fields: [");
        fields(&mut out, "      ", group.fields.iter());
        out.push_str("    ],\n    titles: {\n");
        word_titles(&mut out, "      ", group.fields.iter());
        out.push_str("    },\n  },\n");
    }
    out.push_str("} as const satisfies Groups;\n");
    out
}

/// Writes a line for each field that the page shows.
fn fields(out: &mut String, indent: &str, specs: impl Iterator<Item = &'static FieldSpec>) {
    for field in specs {
        let Some(role) = role(field.role) else { continue };
        let (name, kind, titles) = (field.name, kind(field.kind), titles(field.titles));
        let _ = writeln!(
            out,
            "{indent}{{ name: \"{name}\", kind: \"{kind}\", role: \"{role}\", titles: {titles} }},"
        );
    }
}

/// Writes the titles of the words of each vocabulary that has titles.
fn word_titles(out: &mut String, indent: &str, specs: impl Iterator<Item = &'static FieldSpec>) {
    for (name, words) in specs.filter_map(words).filter(|(_, words)| !words.titles.is_empty()) {
        let _ = writeln!(out, "{indent}{name}: {{");
        for (word, text) in words.all.iter().zip(words.titles) {
            let _ = writeln!(out, "{indent}  {word}: {},", titles(*text));
        }
        let _ = writeln!(out, "{indent}}},");
    }
}

fn words(field: &'static FieldSpec) -> Option<(&'static str, &'static Words)> {
    match field.kind {
        FieldKind::Word(words) => Some((field.name, words)),
        _ => None,
    }
}

fn group(field: &'static FieldSpec) -> Option<(&'static str, &'static Group)> {
    match field.kind {
        FieldKind::Rows(group) => Some((field.name, group)),
        _ => None,
    }
}

fn titles(Titles { en, az, ru }: Titles) -> String {
    format!("{{ en: {en:?}, az: {az:?}, ru: {ru:?} }}")
}

fn role(role: FieldRole) -> Option<&'static str> {
    match role {
        FieldRole::Id | FieldRole::Rest => None,
        FieldRole::Place => Some("place"),
        FieldRole::Required => Some("required"),
        FieldRole::Given => Some("given"),
        FieldRole::Derived => Some("derived"),
        FieldRole::Sent => Some("sent"),
    }
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::Word(_) => "word",
        FieldKind::Whole { .. } | FieldKind::Year | FieldKind::Measure { .. } => "number",
        FieldKind::Day => "day",
        FieldKind::Id
        | FieldKind::Position
        | FieldKind::Instant
        | FieldKind::Texts
        | FieldKind::Object
        | FieldKind::Time
        | FieldKind::Rows(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Collection, for_collection};

    #[test]
    fn the_page_has_the_fields_of_every_collection_and_their_texts() {
        for collection in Collection::ALL {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/collections");
            let page = std::fs::read_to_string(format!("{folder}/{collection}/fields.ts")).unwrap();
            assert_eq!(page, for_collection!(*collection, T => page_source::<T>()), "run `make openapi`");
        }
    }
}
