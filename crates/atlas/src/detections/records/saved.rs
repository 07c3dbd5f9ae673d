//! Shelves as bytes that outlive the program: their content is already packed, so there is little to do.
//!
//! A shelf consists of the texts that its chunks share, then the chunks. A chunk consists of the length of
//! each slot, the indexes of its shared texts, its commits, and the bytes of its records.

use std::{collections::HashMap, sync::Arc};

use demining::Revision;
use jiff::Timestamp;

use super::{
    bytes::{In, Out},
    chunk::{Chunk, SLOTS},
    ends::Ends,
    shared::Shared,
    shelf::{SHELF, Shelf},
};

impl Shelf {
    /// Appends the shelf to the bytes.
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

    /// Reads what [`Shelf::save`] wrote; `None` if the bytes are something else.
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
    for slot in chunk.ends.ranges() {
        out.number(slot.len() as u64);
    }
    out.number(chunk.shared.texts.len() as u64);
    for text in &chunk.shared.texts {
        out.number(at(text));
    }
    out.number(chunk.shared.commits().len() as u64);
    for (commit, by) in chunk.shared.commits() {
        out.number(commit.revision().0);
        out.signed(commit.at().as_millisecond());
        out.number(at(by));
    }
    out.0.extend_from_slice(&chunk.bytes);
}

fn read_chunk(read: &mut In<'_>, all_texts: &[Arc<str>]) -> Option<Chunk> {
    let n_slots = usize::try_from(read.number()).ok().filter(|n| *n <= SLOTS)?;
    let mut end = 0_usize;
    let mut ends = Ends::default();
    for slot in 0..n_slots {
        let len = read.number_within(u32::MAX as usize - end)?;
        ends.set_len(slot, len);
        end += len;
    }
    let text = |at: u64| all_texts.get(usize::try_from(at).ok()?);
    let n_texts = read.number_within(read.0.len())?;
    let texts = (0..n_texts).map(|_| text(read.number()).cloned()).collect::<Option<Vec<_>>>()?;
    let mut shared = Shared::of(texts);
    let n_commits = read.number_within(read.0.len())?;
    for _ in 0..n_commits {
        let revision = Revision(read.number());
        let at = Timestamp::from_millisecond(read.signed()).ok()?;
        let by = text(read.number())?;
        shared.add_commit(revision, at, by, || Arc::clone(by));
    }
    ends.shrink();
    shared.shrink();
    let (bytes, rest) = read.0.split_at_checked(end)?;
    read.0 = rest;
    Some(Chunk { ends, bytes: bytes.to_vec(), shared })
}
