#![no_main]

use clearline_fuzz::read;
use exchange::Format;

libfuzzer_sys::fuzz_target!(|file: &[u8]| read(Format::Kml, file));
