//! Shelves as bytes that outlive the program: what they hold is packed already, so little is done.
//!
//! A shelf: the texts that its chunks share, then the chunks. A chunk: the length of each slot; which
//! of the texts it shares; its commits; the bytes of its records as they are.

use std::{collections::HashMap, sync::Arc};

use demining::Revision;
use jiff::Timestamp;

use super::{
    SHELF,
    bytes::{In, Out},
    chunk::{Chunk, SLOTS},
    shared::{Commit, Shared},
    shelf::Shelf,
};

impl Shelf {
    /// Writes it at the end of the bytes.
    pub fn save(&self, bytes: &mut Vec<u8>) {
        let mut texts: Vec<&Arc<str>> = Vec::new();
        let mut at: HashMap<&str, u64> = HashMap::new();
        for text in self.chunks.iter().flat_map(|chunk| chunk.shared.all_texts()) {
            at.entry(text).or_insert_with(|| {
                texts.push(text);
                texts.len() as u64 - 1
            });
        }
        let mut out = Out(bytes);
        out.number(texts.len() as u64);
        for text in &texts {
            out.text(text);
        }
        out.number(self.chunks.len() as u64);
        for chunk in &self.chunks {
            save_chunk(chunk, |text| at[text], &mut out);
        }
    }

    /// Reads what [`Shelf::save`] wrote; none when it did not write it.
    pub fn read(read: &mut In<'_>, pool: &mut impl FnMut(&str) -> Arc<str>) -> Option<Self> {
        let n_texts = read.number();
        let mut texts = Vec::new();
        for _ in 0..n_texts {
            if read.0.is_empty() {
                return None;
            }
            texts.push(pool(read.whole_text()?));
        }
        let n_chunks = usize::try_from(read.number()).ok().filter(|n| *n <= SHELF)?;
        let mut chunks = Vec::with_capacity(n_chunks);
        for _ in 0..n_chunks {
            chunks.push(Arc::new(read_chunk(read, &texts)?));
        }
        Some(Self { chunks })
    }
}

fn save_chunk(chunk: &Chunk, at: impl Fn(&str) -> u64, out: &mut Out<'_>) {
    out.number(chunk.ends.len() as u64);
    let mut start = 0;
    for end in &chunk.ends {
        out.number(u64::from(end - start));
        start = *end;
    }
    out.number(chunk.shared.texts.len() as u64);
    for text in &chunk.shared.texts {
        out.number(at(text));
    }
    out.number(chunk.shared.commits.len() as u64);
    for commit in &chunk.shared.commits {
        out.number(commit.revision.0);
        out.signed(commit.at.as_second());
        out.signed(i64::from(commit.at.subsec_nanosecond()));
        out.number(at(&commit.by));
    }
    out.0.extend_from_slice(&chunk.bytes);
}

fn read_chunk(read: &mut In<'_>, all_texts: &[Arc<str>]) -> Option<Chunk> {
    let n_slots = usize::try_from(read.number()).ok().filter(|n| *n <= SLOTS)?;
    let mut end = 0_u32;
    let mut ends = Vec::with_capacity(n_slots);
    for _ in 0..n_slots {
        end = end.checked_add(u32::try_from(read.number()).ok()?)?;
        ends.push(end);
    }
    let text = |at: u64| all_texts.get(usize::try_from(at).ok()?).cloned();
    let n_texts = read.number_within(read.0.len())?;
    let texts = (0..n_texts).map(|_| text(read.number())).collect::<Option<Vec<_>>>()?;
    let n_commits = read.number_within(read.0.len())?;
    let mut commits = Vec::with_capacity(n_commits);
    for _ in 0..n_commits {
        let revision = Revision(read.number());
        let at = Timestamp::new(read.signed(), i32::try_from(read.signed()).ok()?).ok()?;
        commits.push(Commit { revision, at, by: text(read.number())? });
    }
    let (bytes, rest) = read.0.split_at_checked(end as usize)?;
    read.0 = rest;
    Some(Chunk { ends, bytes: bytes.to_vec(), shared: Shared { texts, commits, last_own: 0 } })
}
