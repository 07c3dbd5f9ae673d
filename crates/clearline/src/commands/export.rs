//! `clearline export`

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use atlas::{Filter, Scope};
use exchange::{Format, Writer};
use store::Reader;

use super::Failure;
use crate::args::{Collection, Export};

/// Records taken from the atlas at once.
const PAGE: usize = 10_000;

pub fn run(args: &Export) -> Result<ExitCode, Failure> {
    let Collection::Detections = args.collection;
    let open = || Reader::open(&args.store.store);
    // Before the output is made: a store that is not there leaves no file behind.
    drop(open()?);
    let output: Box<dyn Write> = match &args.output {
        Some(path) => {
            Box::new(File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?)
        }
        None => Box::new(io::stdout().lock()),
    };
    let mut output = BufWriter::with_capacity(1 << 20, output);
    // The region of a record follows from the boundaries, so the export asks the atlas as the server does.
    let view = server::replay(open)?.view(Scope::Full);
    let n_records =
        write(&view, args.format.into(), &mut output).map_err(|e| format!("cannot write the export: {e}"))?;
    eprintln!("{n_records} detections at revision {}", view.revision().0);
    Ok(ExitCode::SUCCESS)
}

fn write(view: &atlas::View, format: Format, output: &mut impl Write) -> io::Result<u64> {
    let (filter, mut writer) = (Filter::default(), Writer::new(format));
    let (mut n_records, mut after, mut bytes) = (0, None, Vec::with_capacity(PAGE * 512));
    writer.head_to(&mut bytes);
    loop {
        let page = view.page(&filter, after, PAGE);
        for found in &page.records {
            writer.record_to(&found.record, found.region.as_deref(), &mut bytes);
        }
        n_records += page.records.len() as u64;
        output.write_all(&bytes)?;
        bytes.clear();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    writer.tail_to(&mut bytes);
    output.write_all(&bytes)?;
    output.flush()?;
    Ok(n_records)
}
