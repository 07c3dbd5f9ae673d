//! `clearline demo`

use std::{
    fs::File,
    io::{BufWriter, Write},
    process::ExitCode,
};

use demining::demonstration::{self, Plan};
use exchange::{Format, Writer};
use jiff::civil::{Date, date};

use crate::failure::Failure;
use crate::{args::Demo, reference::Reference, say};

/// The last day of a scaled demonstration: the last day of the published figures.
const LAST_DAY: Date = date(2023, 9, 18);

pub fn run(args: &Demo) -> Result<ExitCode, Failure> {
    let regions = Reference::built_in()?.regions;
    let cannot = |e| format!("cannot write {}: {e}", args.output.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&args.output).map_err(cannot)?);
    let named = args.output.to_str().and_then(Format::from_file_name);
    let mut writer = Writer::new(named.unwrap_or(Format::GeoJson)).map_err(cannot)?;
    let plan = args.records.map_or(Plan::Published, |records| Plan::Scaled { records, last_day: LAST_DAY });
    let (mut n_records, mut bytes) = (0_u64, Vec::with_capacity(1024));
    writer.head_to(&mut bytes).map_err(cannot)?;
    for detection in demonstration::generate(&regions, plan, args.seed)? {
        writer.content_to(&detection, &mut bytes).map_err(cannot)?;
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
    say::note(format_args!("{n_records} made-up records in {}", args.output.display()));
    Ok(ExitCode::SUCCESS)
}
