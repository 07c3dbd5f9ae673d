//! `clearline export`

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use atlas::{Filter, Scope};
use store::Reader;

use super::Failure;
use crate::args::{Collection, Export, ExportFormat};

/// Records taken from the atlas at once.
const PAGE: usize = 10_000;

pub fn run(args: &Export) -> Result<ExitCode, Failure> {
    let Collection::Detections = args.collection;
    let reader = Reader::open(&args.store.store)?;
    let output: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?),
        None => Box::new(io::stdout().lock()),
    };
    let mut output = BufWriter::with_capacity(1 << 20, output);
    // The region of a record follows from the boundaries, so the export asks the atlas as the server does.
    let view = server::replay(&reader)?.view(Scope::Full);
    let n_records = write(&view, args.format, &mut output).map_err(|e| format!("cannot write the export: {e}"))?;
    eprintln!("{n_records} detections at revision {}", view.revision().0);
    Ok(ExitCode::SUCCESS)
}

fn write(view: &atlas::View, format: ExportFormat, output: &mut impl Write) -> io::Result<u64> {
    let filter = Filter::default();
    let (head, between, tail): (&[u8], &[u8], &[u8]) = match format {
        ExportFormat::Geojson => (b"{\"type\":\"FeatureCollection\",\"features\":[\n", b",\n", b"\n]}\n"),
        ExportFormat::Geojsonl => (b"", b"\n", b"\n"),
        ExportFormat::Csv => (exchange::csv::HEADER, b"", b""),
    };
    output.write_all(head)?;
    let (mut n_records, mut after, mut row) = (0, None, Vec::with_capacity(512));
    loop {
        let page = view.page(&filter, after, PAGE);
        for found in &page.records {
            if n_records > 0 {
                output.write_all(between)?;
            }
            row.clear();
            let region = found.region.as_deref();
            match format {
                ExportFormat::Csv => exchange::csv::write_row(&found.record, region, &mut row),
                _ => exchange::geojson::write_feature(&found.record, region, &mut row),
            }
            output.write_all(&row)?;
            n_records += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    output.write_all(tail)?;
    output.flush()?;
    Ok(n_records)
}
