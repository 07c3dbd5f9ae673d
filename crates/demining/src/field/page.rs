//! Writes the field table as TypeScript for the map page.

use std::fmt::Write;

use super::{FieldKind, FieldRole, FieldSpec, Titles};

/// Returns the fields of a collection and the words of their vocabularies, as TypeScript.
pub fn page_source(fields: impl Iterator<Item = &'static FieldSpec> + Clone) -> String {
    let mut out = String::from(
        "/** The fields of a detection, from the program's own table: `make openapi` writes this file. */\n\n\
         export interface Titles {\n  en: string;\n  az: string;\n  ru: string;\n}\n\n\
         export interface FieldSpec {\n  name: string;\n  kind: \"text\" | \"word\" | \"number\" | \"day\" | \"other\";\n  \
         role: \"place\" | \"required\" | \"given\" | \"derived\" | \"sent\";\n  titles: Titles;\n}\n\n\
         export const FIELDS: readonly FieldSpec[] = [\n",
    );
    // Writing to a String cannot fail.
    for field in fields.clone() {
        let Some(role) = role(field.role) else { continue };
        let (name, kind, titles) = (field.name, kind(field.kind), titles(field.titles));
        let _ =
            writeln!(out, "  {{ name: \"{name}\", kind: \"{kind}\", role: \"{role}\", titles: {titles} }},");
    }
    out.push_str("];\n\n/** The words of each vocabulary. */\nexport const WORDS = {\n");
    let words = |field: &'static FieldSpec| match field.kind {
        FieldKind::Word(words) => Some((field.name, words)),
        _ => None,
    };
    for (name, words) in fields.clone().filter_map(words) {
        let all: Vec<String> = words.all.iter().map(|word| format!("\"{word}\"")).collect();
        let _ = writeln!(out, "  {name}: [{}],", all.join(", "));
    }
    out.push_str(
        "} as const;\n\n/** The titles of the words. For the other vocabularies the page has its own texts. */\n",
    );
    out.push_str("export const WORD_TITLES = {\n");
    for (name, words) in fields.filter_map(words) {
        if words.titles.is_empty() {
            continue;
        }
        let _ = writeln!(out, "  {name}: {{");
        for (word, text) in words.all.iter().zip(words.titles) {
            let _ = writeln!(out, "    {word}: {},", titles(*text));
        }
        out.push_str("  },\n");
    }
    out.push_str("} as const satisfies Record<string, Record<string, Titles>>;\n");
    out
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
