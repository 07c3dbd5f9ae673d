//! `clearline demo`

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use demining::{
    Collection, Content, Judged,
    demonstration::{self, Plan},
};
use exchange::{Format, Writer};
use jiff::civil::{Date, date};

use crate::failure::Failure;
use crate::{args::Demo, reference::Reference, say};

/// The last day of a scaled demonstration: the last day of the published figures.
const LAST_DAY: Date = date(2023, 9, 18);

pub fn run(args: &Demo) -> Result<ExitCode, Failure> {
    let regions = Reference::built_in()?.regions;
    let plan = args.records.map_or(Plan::Published, |records| Plan::Scaled { records, last_day: LAST_DAY });
    let n_records = match args.collection {
        Collection::Detections => write(&args.output, demonstration::generate(&regions, plan, args.seed)?)?,
        Collection::Accidents if args.records.is_some() => {
            return Err(
                "--records applies to detections: the accidents always follow the published figures".into()
            );
        }
        Collection::Accidents => write(&args.output, demonstration::accidents(&regions, args.seed)?)?,
    };
    say::note(format_args!("{} in {}", say::counted(n_records, "made-up record"), args.output.display()));
    Ok(ExitCode::SUCCESS)
}

/// Writes records to a file in the format of its extension, and returns their number.
fn write<T: Content>(output: &Path, records: impl IntoIterator<Item = Judged<T>>) -> Result<u64, Failure> {
    let cannot = |e| format!("cannot write {}: {e}", output.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(output).map_err(cannot)?);
    let named = output.to_str().and_then(Format::from_file_name);
    let mut writer = Writer::new(named.unwrap_or(Format::GeoJson)).map_err(cannot)?;
    let (mut n_records, mut bytes) = (0, Vec::with_capacity(1024));
    writer.head_to(&mut bytes).map_err(cannot)?;
    for record in records {
        writer.content_to(&record, &mut bytes).map_err(cannot)?;
        file.write_all(&bytes).map_err(cannot)?;
        bytes.clear();
        n_records += 1;
    }
    let mut goes_on = true;
    while goes_on {
        goes_on = writer.tail_to(&mut bytes).map_err(cannot)?;
        file.write_all(&bytes).map_err(cannot)?;
        bytes.clear();
    }
    file.flush().map_err(cannot)?;
    Ok(n_records)
}
