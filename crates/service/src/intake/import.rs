//! Imports a file into a store without a running server: one thread reads and judges, the other writes, a
//! slice at a time.

use std::{
    collections::HashMap,
    io::{self, Read},
    ops::ControlFlow,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use demining::{
    Action, Collection, Content, Expect, FieldProblem, Judged, Outcome, Revision, Write, for_collection,
};
use exchange::{Format, ReadError, ReadOptions, Row};
use jiff::{Timestamp, civil::Date};
use store::{Store, StoreError, Upload, UploadError};
use uuid::Uuid;

use super::{
    channel::{Channel, File},
    commit::told,
    derived::{Derived, claims},
    judge::{judge_row, today},
    options::UploadOptions,
    report::{Report, ReportedProblem, Verdict},
    sender::Sender,
    unreadable::Unreadable,
};
use crate::{collections::Served, fault::Fault, start_error::StartError};

/// Rows in one commit, with one fsync. A slice takes up to 25 MB of memory, and up to four exist at once.
const SLICE: usize = 20_000;

/// Why an import ended early. Earlier commits remain; repeating the same import changes nothing in them.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The regions of the store are not usable.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The store cannot hold a slice.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The report cannot be written.
    #[error("the report of the import cannot be written")]
    Report,
}

impl From<Fault> for ImportError {
    fn from(_: Fault) -> Self {
        Self::Report
    }
}

/// An import of a file.
#[derive(Debug)]
pub struct Import<'a> {
    /// The target store.
    pub store: &'a mut Store,
    /// The author in the history.
    pub by: &'a str,
    /// Options for the rows. `atomic` has no effect: an import is never rolled back as a whole.
    pub upload_options: &'a UploadOptions,
    /// Options for reading, with the collection.
    pub reading: &'a ReadOptions,
    /// The format of the file.
    pub format: Format,
}

impl Import<'_> {
    /// Reads a file to its end and commits its rows, a slice at a time. The inbox stores its name, size, hash
    /// and report; `trouble` is called with each problem as it is found. The second value is the reason if
    /// reading ended early.
    ///
    /// # Errors
    /// When the store fails.
    pub fn run(
        self,
        file: File,
        input: impl Read + Send,
        trouble: impl FnMut(&ReportedProblem),
    ) -> Result<(Report, Option<ReadError>), ImportError> {
        for_collection!(self.reading.collection, T => self.run_of::<T>(file, input, trouble))
    }

    fn run_of<T: Served>(
        self,
        file: File,
        input: impl Read + Send,
        trouble: impl FnMut(&ReportedProblem),
    ) -> Result<(Report, Option<ReadError>), ImportError> {
        let Self { store, by, upload_options, reading, format } = self;
        let last = store.reader()?.revision()?;
        let derived = Derived::of_store(store.reader()?)?;
        let mut input = Hashed { input, hash: blake3::Hasher::new() };
        let mut writing =
            Writing { store, by, upload_options, tried: HashMap::new(), report: Report::default(), trouble };
        let mut failure = None;
        // A slice waits while the previous one is written, so that reading does not run ahead of the disk.
        let (judged, slices) = sync_channel(1);
        let source = &mut input;
        let read = thread::scope(|scope| {
            let judging =
                Judging::<T> { upload_options, last, today: today(), derived, slice: Slice::new(), judged };
            let reading = scope.spawn(move || judging.read(format, source, reading));
            for slice in slices {
                if let Err(error) = writing.write(slice) {
                    failure = Some(error);
                    break;
                }
            }
            reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        let mut report = writing.report;
        report.sort();
        let broken = read.err();
        if let Some(error) = &broken {
            report.end_early(error.to_string());
        }
        // A file that this machine failed to read gets no report, because none of it was seen.
        let is_seen = report.rows > 0 || !broken.as_ref().is_some_and(ReadError::is_ours);
        if is_seen && !upload_options.dry_run {
            // The hash also covers the part after a break in the file.
            let _ = io::copy(&mut input, &mut io::sink());
            let verdict = match &broken {
                Some(error) if report.rows == 0 => Verdict::Unreadable(Unreadable::of(error)?),
                _ => Verdict::Judged(report.clone()),
            };
            keep(writing.store, by, file, *input.hash.finalize().as_bytes(), (T::COLLECTION, verdict))?;
        }
        Ok((report, broken))
    }
}

/// Stores the facts about a file, and its report.
fn keep(
    store: &mut Store,
    by: &str,
    file: File,
    hash: [u8; 32],
    (collection, verdict): (Collection, Verdict),
) -> Result<(), ImportError> {
    let id = Uuid::now_v7();
    let channel = Channel::Import(file);
    let received = store::Received {
        id,
        by: by.into(),
        proof: store::Proof::None,
        sender: serde_json::to_string(&Sender::unbound()).map_err(|_| ImportError::Report)?,
        door: channel.word().to_owned(),
        key: None,
        request_meta: channel.request_meta()?,
        bytes: bytes::Bytes::new(),
        hash: Some(hash),
    };
    let tell = move |done: &store::Committed| {
        let verdict = match verdict {
            Verdict::Judged(report) => {
                Verdict::Judged(Report { upload: Some(id), revision: done.revision.0, ..report })
            }
            unreadable @ Verdict::Unreadable(_) => unreadable,
        };
        told(&verdict, collection, false)
    };
    let report = Some(store::ReportMaker { id, tell: Box::new(tell) });
    let upload = Upload { receives: Some(received), report, ..Upload::new(by, store::Writes::default()) };
    for committed in store.commit(vec![upload], Timestamp::now())? {
        committed?;
    }
    Ok(())
}

/// Judged rows, in order.
struct Slice<T: Content> {
    rows: u64,
    writes: Vec<Write<Judged<T>>>,
    refused: Vec<Vec<FieldProblem>>,
    notices: Report,
}

impl<T: Content> Slice<T> {
    fn new() -> Self {
        Self { rows: 0, writes: Vec::with_capacity(SLICE), refused: Vec::new(), notices: Report::default() }
    }
}

/// Reads and judges rows.
struct Judging<'a, T: Content> {
    upload_options: &'a UploadOptions,
    /// The last revision before the import.
    last: Revision,
    today: Date,
    derived: Derived,
    slice: Slice<T>,
    judged: SyncSender<Slice<T>>,
}

impl<T: Served> Judging<'_, T> {
    /// Reads a file to its end, or until the receiver stops. Rows before a break in the file are handed on.
    fn read(mut self, format: Format, input: impl Read, reading: &ReadOptions) -> Result<(), ReadError> {
        let read = exchange::read(format, input, reading, |row| {
            self.judge(row);
            if self.slice.rows == SLICE as u64 { self.hand_on() } else { ControlFlow::Continue(()) }
        });
        let _ = self.hand_on();
        read.map(drop)
    }

    fn judge(&mut self, row: Row) {
        self.slice.rows += 1;
        let mut claimed = Vec::new();
        let judged = row.map_err(|problem| vec![problem]).and_then(|raw| {
            claimed = claims(&raw);
            judge_row::<T>(raw, self.today, self.upload_options)
        });
        match judged {
            Ok(mut write) => {
                if let Action::Put(content) = &write.action {
                    self.derived.note::<T>(claimed, write.row, content, &mut self.slice.notices);
                }
                if write.expect == Expect::Any {
                    // A later row must not replace what an earlier row of the file has written.
                    write.expect = Expect::UpTo(self.last);
                }
                self.slice.writes.push(write);
            }
            Err(problems) => self.slice.refused.push(problems),
        }
    }

    fn hand_on(&mut self) -> ControlFlow<()> {
        let slice = std::mem::replace(&mut self.slice, Slice::new());
        match self.judged.send(slice) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// Writes judged rows and counts the outcomes.
struct Writing<'a, F> {
    store: &'a mut Store,
    by: &'a str,
    upload_options: &'a UploadOptions,
    /// Ids seen in a dry run, which writes nothing to the store.
    tried: HashMap<Uuid, u64>,
    report: Report,
    trouble: F,
}

impl<F: FnMut(&ReportedProblem)> Writing<'_, F> {
    fn write<T: Served>(&mut self, slice: Slice<T>) -> Result<(), ImportError> {
        let Slice { rows, writes, refused, notices } = slice;
        for notice in notices.notices {
            self.report.notice(notice);
        }
        self.report.rows += rows;
        for problems in refused {
            for problem in &problems {
                (self.trouble)(&problem.clone().into());
            }
            self.report.refuse(problems);
        }
        if writes.is_empty() {
            return Ok(());
        }
        let rows: Vec<(u64, Uuid)> = writes.iter().map(|w| (w.row, w.id())).collect();
        let upload = Upload::new(self.by, T::wrap_writes(writes));
        let outcomes = if self.upload_options.dry_run {
            self.store.attempt(upload, Timestamp::now())??
        } else {
            let committed = self.store.commit(vec![upload], Timestamp::now())?.pop().transpose()?;
            committed.map_or_else(Vec::new, |committed| committed.outcomes)
        };
        for ((row, id), outcome) in rows.into_iter().zip(outcomes) {
            let outcome = match outcome {
                Outcome::Created if self.upload_options.dry_run && self.tried.insert(id, row).is_some() => {
                    Outcome::Unchanged
                }
                outcome => outcome,
            };
            if let Some(trouble) = ReportedProblem::of(row, id, outcome) {
                (self.trouble)(&trouble);
            }
            self.report.count(row, id, outcome);
        }
        // Do not list the ids: there may be millions.
        self.report.ids.clear();
        Ok(())
    }
}

/// A reader that hashes the bytes passing through it.
struct Hashed<R> {
    input: R,
    hash: blake3::Hasher,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.hash.update(&buffer[..n]);
        Ok(n)
    }
}
