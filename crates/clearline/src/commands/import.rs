//! `clearline import`

use std::{
    fs::File as OpenFile,
    io::{BufRead, BufReader},
    path::Path,
    process::ExitCode,
};

use exchange::{AxisOrder, Format, Mapping, ReadOptions, Reference};
use indicatif::{ProgressBar, ProgressStyle};
use server::{RowNotice, RowProblem};
use service::intake::{File, Import, Report, UploadOptions, reason_of};
use store::Store;

use super::serve;
use crate::failure::Failure;
use crate::{args::Import as Arguments, say};

/// The most problems printed for a file; further ones are only counted.
const MOST_PROBLEMS: u64 = 100;

pub fn run(args: &Arguments) -> Result<ExitCode, Failure> {
    let crs = args.crs.as_deref().map(|crs| Reference::parse(crs, AxisOrder::EastNorth)).transpose()?;
    let columns = Mapping::new(args.collection, args.columns.iter().cloned())
        .map_err(|reason| format!("--column {reason}"))?;
    let options = ReadOptions {
        collection: args.collection,
        crs,
        columns,
        dates: args.dates,
        ..ReadOptions::default()
    };
    let reason = args.reason.as_deref().map(reason_of).transpose();
    let upload_options = UploadOptions {
        dry_run: args.dry_run,
        update: args.update,
        reason: reason.map_err(|reason| format!("--reason {reason}"))?,
        ..UploadOptions::default()
    };
    // Open every file first, so that an unreadable one leaves no new store behind.
    let inputs = args.files.iter().map(|path| Input::open(path)).collect::<Result<Vec<_>, _>>()?;
    let path = &args.store.store;
    serve::require_folder(path)?;
    // A dry run without a store uses an empty temporary one.
    let passing = if args.dry_run && !path.exists() { Some(tempfile::tempdir()?) } else { None };
    let mut store = match &passing {
        Some(folder) => Store::open(folder.path().join("empty.gpkg"))?,
        None => serve::open(path)?,
    };
    let mut all_stand = true;
    for input in inputs {
        all_stand &= import(&mut store, input, (&upload_options, &options), &args.by)?;
    }
    Ok(if all_stand { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An open file to import.
struct Input<'a> {
    path: &'a Path,
    format: Format,
    file: BufReader<OpenFile>,
    n_bytes: u64,
}

impl<'a> Input<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let shown = path.display();
        let named = path.to_str().and_then(Format::from_file_name).filter(|format| format.is_read());
        let format = named.ok_or_else(|| {
            let endings: Vec<_> = Format::read().map(|format| format!(".{}", format.file_ending())).collect();
            format!("{shown}: unknown file extension; use one of {}", endings.join(" "))
        })?;
        let unreadable = |error| format!("cannot read {shown}: {error}");
        let file = OpenFile::open(path).map_err(unreadable)?;
        let n_bytes = file.metadata().map_or(0, |m| m.len());
        let mut file = BufReader::new(file);
        let head = file.fill_buf().map_err(unreadable)?;
        if let Some(packer) = packer_of(head).filter(|packer| *packer != "zip" || format.is_text()) {
            return Err(format!(
                "{shown} is compressed with {packer}, which import does not read: decompress it first"
            )
            .into());
        }
        Ok(Self { path, format, file, n_bytes })
    }
}

/// Returns the program that compressed a file, by its first bytes, with which no text begins.
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

fn import(
    store: &mut Store,
    input: Input<'_>,
    (upload_options, reading): (&UploadOptions, &ReadOptions),
    by: &str,
) -> Result<bool, Failure> {
    let Input { path, format, file, n_bytes } = input;
    let shown = path.display();
    let progress = ProgressBar::new(n_bytes);
    progress.set_style(
        ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    progress.set_message(shown.to_string());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut n_troubles = 0;
    let import = Import { store, by, upload_options, reading, format };
    let done = import.run(File { name, bytes: n_bytes }, progress.wrap_read(file), |trouble| {
        n_troubles += 1;
        if n_troubles <= MOST_PROBLEMS {
            let RowProblem { row, field, value, reason, .. } = trouble.clone().into();
            progress.suspend(|| say::note(format_args!("  row {row}: {field} {value:?}: {reason}")));
        }
    });
    progress.finish_and_clear();
    let (report, broken) = done?;
    if n_troubles > MOST_PROBLEMS {
        say::note(format_args!("  and {}", say::counted(n_troubles - MOST_PROBLEMS, "more problem")));
    }
    for notice in report.notices.iter().take(MOST_PROBLEMS as usize) {
        let RowNotice { row, message, .. } = notice.clone().into();
        say::note(format_args!("  row {row}: note: {message}"));
    }
    let tried = if upload_options.dry_run { " (dry run, nothing written)" } else { "" };
    let Report { rows, created, updated, unchanged, refused, .. } = report;
    let rows = say::counted(rows, "row");
    say::line(format_args!(
        "{shown}: {rows}: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused{tried}"
    ))?;
    match broken {
        Some(error) => Err(format!("{shown}: {error}").into()),
        None => Ok(refused == 0),
    }
}
