//! `clearline import`: one thread reads and judges, this one writes.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Read},
    ops::ControlFlow,
    path::Path,
    process::ExitCode,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use demining::{Action, Detection, Expect, Outcome, Problem, Write};
use exchange::{AxisOrder, Format, Mapping, ReadError, ReadOptions, Reference, Row};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::{Store, Upload};
use uuid::Uuid;

use super::{Failure, serve};
use crate::args::Import;

/// Rows in one commit, with one fsync: up to 25 MB of memory each, and up to four are about.
const BATCH: usize = 20_000;

/// Problems printed for a file; the others are counted.
const MOST_PROBLEMS: u64 = 100;

pub fn run(args: &Import) -> Result<ExitCode, Failure> {
    let crs = args.crs.as_deref().map(|crs| Reference::parse(crs, AxisOrder::EastNorth)).transpose()?;
    let columns =
        Mapping::new(args.columns.iter().cloned()).map_err(|reason| format!("--column {reason}"))?;
    let options = ReadOptions { crs, columns, ..ReadOptions::default() };
    // Every file first: one that cannot be read leaves no new store behind.
    let inputs = args.files.iter().map(|path| Input::open(path)).collect::<Result<Vec<_>, _>>()?;
    let path = &args.store.store;
    // A try against a store that is not there is one against an empty one, which goes away again.
    let passing = if args.dry_run && !path.exists() { Some(tempfile::tempdir()?) } else { None };
    let mut store = match &passing {
        Some(folder) => Store::open(folder.path().join("empty.gpkg"))?,
        None => serve::open(path)?,
    };
    let mut all_stand = true;
    for input in inputs {
        all_stand &= import(&mut store, input, options.clone(), args)?;
    }
    Ok(if all_stand { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A file to import, opened.
struct Input<'a> {
    path: &'a Path,
    format: Format,
    file: BufReader<File>,
    n_bytes: u64,
}

impl<'a> Input<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let shown = path.display();
        let named = path.to_str().and_then(Format::from_file_name).filter(|format| format.is_read());
        let format = named.ok_or_else(|| {
            let endings: Vec<_> = Format::read().map(|format| format!(".{}", format.file_ending())).collect();
            format!("{shown}: the ending says no format that is read; {} do", endings.join(" "))
        })?;
        let unreadable = |error| format!("cannot read {shown}: {error}");
        let file = File::open(path).map_err(unreadable)?;
        let n_bytes = file.metadata().map_or(0, |m| m.len());
        let mut file = BufReader::new(file);
        let head = file.fill_buf().map_err(unreadable)?;
        if let Some(packer) = packer_of(head).filter(|packer| *packer != "zip" || format.is_text()) {
            return Err(format!(
                "{shown} is compressed with {packer}; compressed files are not read: unpack it first"
            )
            .into());
        }
        Ok(Self { path, format, file, n_bytes })
    }
}

/// The program that packed a file, by its first bytes, which no text begins with.
fn packer_of(head: &[u8]) -> Option<&'static str> {
    const PACKERS: [(&[u8], &str); 5] = [
        (b"\x1f\x8b", "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"PK\x03\x04", "zip"),
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
    ];
    PACKERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, packer)| *packer)
}

/// Rows that were judged, in their order.
struct Batch {
    rows: usize,
    writes: Vec<Write>,
    refused: Vec<Vec<Problem>>,
}

impl Batch {
    fn new() -> Self {
        Self { rows: 0, writes: Vec::with_capacity(BATCH), refused: Vec::new() }
    }
}

/// Reads rows and judges them.
struct Judging<'a> {
    args: &'a Import,
    today: Date,
    batch: Batch,
    judged: SyncSender<Batch>,
}

/// Writes what was judged, and counts.
struct Importing<'a> {
    store: &'a mut Store,
    args: &'a Import,
    /// Ids seen in a dry run, which leaves no trace in the store.
    tried: HashMap<Uuid, u64>,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: u64,
    problems: u64,
}

fn import(store: &mut Store, input: Input<'_>, options: ReadOptions, args: &Import) -> Result<bool, Failure> {
    let Input { path, format, file, n_bytes } = input;
    let shown = path.display();
    let progress = ProgressBar::new(n_bytes);
    progress.set_style(
        ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    progress.set_message(shown.to_string());
    let input = progress.wrap_read(file);
    let mut importing = Importing { store, args, tried: HashMap::new(), tally: Tally::default() };
    let mut failure: Option<Failure> = None;
    // A batch waits while the one before is written: reading does not run ahead of the disk.
    let (judged, batches) = sync_channel(1);
    let read = thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
            Judging { args, today, batch: Batch::new(), judged }.read(format, input, &options)
        });
        for batch in batches {
            if let Err(error) = importing.write(batch) {
                failure = Some(error);
                break;
            }
        }
        reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    progress.finish_and_clear();
    let Tally { rows, created, updated, unchanged, refused, problems } = importing.tally;
    if problems > MOST_PROBLEMS {
        eprintln!("  and {} more problems", problems - MOST_PROBLEMS);
    }
    let tried = if args.dry_run { " (tried only, nothing is written)" } else { "" };
    println!(
        "{shown}: {rows} rows: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused{tried}"
    );
    if let Some(failure) = failure {
        return Err(failure);
    }
    read.map_err(|error| format!("{shown}: {error}"))?;
    Ok(refused == 0)
}

impl Judging<'_> {
    /// Reads a file to its end, or until nobody wants more of it. What was read before a break in the
    /// file is handed on: the same import again changes nothing of it.
    fn read(mut self, format: Format, input: impl Read, options: &ReadOptions) -> Result<(), ReadError> {
        let read = exchange::read(format, input, options, |row| {
            self.judge(row);
            if self.batch.rows == BATCH { self.hand_on() } else { ControlFlow::Continue(()) }
        });
        let _ = self.hand_on();
        read.map(drop)
    }

    fn judge(&mut self, row: Row) {
        self.batch.rows += 1;
        let judged = row.map_err(|problem| vec![problem]).and_then(|raw| {
            let row = raw.row;
            let detection = Detection::judge(raw, self.today, Uuid::now_v7)?;
            let expect = if self.args.update { Expect::Any } else { Expect::Same };
            Ok(Write {
                row,
                action: Action::Put(Box::new(detection)),
                expect,
                reason: self.args.reason.clone(),
            })
        });
        match judged {
            Ok(write) => self.batch.writes.push(write),
            Err(problems) => self.batch.refused.push(problems),
        }
    }

    fn hand_on(&mut self) -> ControlFlow<()> {
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        match self.judged.send(batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl Importing<'_> {
    fn refuse(&mut self, problems: Vec<Problem>) {
        self.tally.refused += 1;
        for problem in problems {
            self.tally.problems += 1;
            if self.tally.problems <= MOST_PROBLEMS {
                eprintln!("  row {}: {} {:?}: {}", problem.row, problem.field, problem.value, problem.reason);
            }
        }
    }

    fn write(&mut self, batch: Batch) -> Result<(), Failure> {
        let Batch { rows, writes, refused } = batch;
        self.tally.rows += rows as u64;
        for problems in refused {
            self.refuse(problems);
        }
        if writes.is_empty() {
            return Ok(());
        }
        let rows: Vec<(u64, Uuid)> = writes.iter().map(|w| (w.row, w.id())).collect();
        let outcomes = if self.args.dry_run {
            self.store.attempt(Upload::new("import", writes), Timestamp::now())??
        } else {
            let upload = Upload::new(&self.args.by, writes);
            match self.store.commit(vec![upload], Timestamp::now())?.pop() {
                Some(committed) => committed?.outcomes,
                None => Vec::new(),
            }
        };
        for ((row, id), outcome) in rows.into_iter().zip(outcomes) {
            self.count(row, id, outcome);
        }
        Ok(())
    }

    fn count(&mut self, row: u64, id: Uuid, outcome: Outcome) {
        let tally = &mut self.tally;
        match outcome {
            Outcome::Created if self.args.dry_run && self.tried.insert(id, row).is_some() => {
                tally.unchanged += 1;
            }
            Outcome::Created => tally.created += 1,
            Outcome::Updated | Outcome::Deleted => tally.updated += 1,
            Outcome::Unchanged => tally.unchanged += 1,
            Outcome::Conflict { current } => {
                let reason = format!(
                    "is there with other content, at revision {}; --update makes a new revision of it",
                    current.0
                );
                self.refuse(vec![Problem::new(row, Some(&id.to_string()), "id", &id.to_string(), reason)]);
            }
            // An import sets nothing aside.
            Outcome::Held(_) | Outcome::Missing => {
                self.refuse(vec![Problem::new(row, None, "id", &id.to_string(), "is not there")]);
            }
            Outcome::NeedsReason => {
                let reason = "goes back from neutralised or discounted: --reason says why";
                self.refuse(vec![Problem::new(row, Some(&id.to_string()), "status", "", reason)]);
            }
            Outcome::IllegalChange { from, to } => {
                let reason = format!("goes from {from} to {to}: it must go back to detected first");
                self.refuse(vec![Problem::new(row, Some(&id.to_string()), "status", to.word(), reason)]);
            }
        }
    }
}
