//! `clearline export`

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use atlas::Scope;
use exchange::Format;
use server::Export;
use store::Reader;

use crate::failure::Failure;
use crate::{args, say};

pub fn run(args: &args::Export) -> Result<ExitCode, Failure> {
    let by_ending = args.output.as_deref().and_then(|path| Format::from_file_name(path.to_str()?));
    let format = args.format.or(by_ending).unwrap_or(Format::GeoJson);
    if args.bom && format != Format::Csv {
        return Err(format!("--bom requires the format csv, not {format}").into());
    }
    let open = || Reader::open(&args.store.store);
    // Open the store before creating the output, so that a missing store leaves no file behind.
    drop(open()?);
    let output: Box<dyn Write> = match &args.output {
        Some(path) => {
            Box::new(File::create(path).map_err(|e| format!("cannot write {}: {e}", path.display()))?)
        }
        None => Box::new(io::stdout().lock()),
    };
    let mut output = BufWriter::with_capacity(1 << 20, output);
    // A record's region follows from the boundaries, so the export uses the atlas, like the server.
    let view = service::replay(open)?.view(Scope::Full);
    let bom = if args.bom { exchange::csv::BYTE_ORDER_MARK } else { b"" };
    let written = Export::of_all(view.clone(), args.collection, format).and_then(|mut export| {
        output.write_all(bom)?;
        export.by_ref().try_for_each(|piece| output.write_all(&piece?))?;
        output.flush()?;
        Ok(export.n_records())
    });
    let n_records = written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => "the reader closed the export before its end".to_owned(),
        _ => format!("cannot write the export: {error}"),
    })?;
    let records = say::counted(n_records, "record");
    say::note(format_args!("{}: {records} at revision {}", args.collection, view.revision().0));
    Ok(ExitCode::SUCCESS)
}
