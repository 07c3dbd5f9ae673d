//! `clearline demo`

use std::{
    fs::File,
    io::{BufWriter, Write},
    process::ExitCode,
};

use demining::demonstration::{self, Plan};
use jiff::civil::{Date, date};

use super::Failure;
use crate::{args::Demo, reference::Reference};

/// The last day of a scaled demonstration: that of the published figures.
const LAST_DAY: Date = date(2023, 9, 18);

pub fn run(args: &Demo) -> Result<ExitCode, Failure> {
    let regions = Reference::built_in()?.regions;
    let cannot = |e| format!("cannot write {}: {e}", args.output.display());
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&args.output).map_err(cannot)?);
    let by_line = args.output.extension().is_some_and(|e| e.eq_ignore_ascii_case("geojsonl"));
    let (head, between, tail): (&[u8], &[u8], &[u8]) = if by_line {
        (b"", b"\n", b"\n")
    } else {
        (b"{\"type\":\"FeatureCollection\",\"features\":[\n", b",\n", b"\n]}\n")
    };
    file.write_all(head).map_err(cannot)?;
    let (mut n_records, mut feature) = (0_u64, Vec::with_capacity(512));
    let plan = args.records.map_or(Plan::Published, |records| Plan::Scaled { records, last_day: LAST_DAY });
    for detection in demonstration::generate(&regions, plan, args.seed)? {
        if n_records > 0 {
            file.write_all(between).map_err(cannot)?;
        }
        feature.clear();
        exchange::geojson::write_detection(&detection, &mut feature);
        file.write_all(&feature).map_err(cannot)?;
        n_records += 1;
    }
    file.write_all(tail).and_then(|()| file.flush()).map_err(cannot)?;
    eprintln!("{n_records} made-up records in {}", args.output.display());
    Ok(ExitCode::SUCCESS)
}
