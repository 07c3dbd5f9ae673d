//! Reads and writes 100,000 made-up records on one thread; reports bytes and rows per second.

use std::{hint::black_box, ops::ControlFlow};

use demining::{Detection, RawLocation, RawRecord, Record, Review, Revision, Value};
use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use exchange::{Format, ReadOptions, Writer};
use jiff::{Timestamp, civil::date};
use uuid::Uuid;

const ROWS: u64 = 100_000;

fn main() {
    divan::main();
}

/// Returns records that differ in place, quantity, day and text, from a fixed seed.
fn records() -> Vec<Record> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    (0..ROWS)
        .map(|nth| {
            let (lon, lat) = (45.4 + random(26_000_000) as f64 / 1e7, 38.7 + random(20_000_000) as f64 / 1e7);
            let mut texts = vec![
                ("kind", ["ap_mine", "av_mine", "uxo"][random(3) as usize].to_owned()),
                ("model", ["PMN-2", "TM-62M", "OG-7V"][random(3) as usize].to_owned()),
                ("detected_on", format!("2023-03-{:02}", 1 + random(14))),
                ("operator", "demonstration".to_owned()),
                ("team", format!("team {}", random(40))),
                ("fix", "gnss".to_owned()),
                ("note", "made up".to_owned()),
            ];
            if random(4) > 0 {
                texts.push(("neutralised_on", format!("2023-03-{:02}", 15 + random(14))));
                texts.push(("disposal", "destroyed_in_situ".to_owned()));
            }
            let mut properties: Vec<_> =
                texts.into_iter().map(|(name, text)| (RawRecord::name(name), Value::Text(text))).collect();
            properties.push(("quantity".into(), Value::Number((1 + random(3)).to_string())));
            properties.push(("accuracy_m".into(), Value::Number("2.5".to_owned())));
            let raw = RawRecord {
                row: nth,
                id: Value::Text(Uuid::from_u64_pair(nth, random(u64::MAX)).to_string()),
                location: RawLocation::At { lon, lat, as_given: None, transform_accuracy_m: 0.0 },
                properties,
            };
            Record {
                content: Detection::judge(raw, date(2024, 1, 1), Uuid::max).expect("made to be sound"),
                number: nth as u32,
                review: Review::Approved,
                revision: Revision(1 + nth / 1000),
                updated_at: Timestamp::UNIX_EPOCH,
                updated_by: String::new(),
            }
        })
        .collect()
}

fn write(format: Format, records: &[Record], out: &mut Vec<u8>) {
    let mut write = || {
        let mut writer = Writer::new(format)?;
        writer.head_to(out)?;
        for record in records {
            writer.record_to(record, Some("AZ-KAL"), out)?;
        }
        while writer.tail_to(out)? {}
        Ok::<(), std::io::Error>(())
    };
    write().expect("there is room for temporary files");
}

#[divan::bench(args = Format::written())]
fn writing(bencher: Bencher, format: Format) {
    let records = records();
    let mut out = Vec::new();
    write(format, &records, &mut out);
    bencher.counter(ItemsCount::new(ROWS)).counter(BytesCount::new(out.len())).bench_local(|| {
        out.clear();
        write(format, black_box(&records), &mut out);
    });
}

/// Returns the formats that are both written and read.
fn both() -> impl Iterator<Item = Format> {
    Format::written().filter(|format| format.is_read())
}

#[divan::bench(args = both())]
fn reading(bencher: Bencher, format: Format) {
    let mut body = Vec::new();
    write(format, &records(), &mut body);
    bencher.counter(ItemsCount::new(ROWS)).counter(BytesCount::new(body.len())).bench_local(|| {
        exchange::read(format, black_box(body.as_slice()), &ReadOptions::default(), |row| {
            drop(black_box(row));
            ControlFlow::Continue(())
        })
    });
}

#[divan::bench(args = both())]
fn reading_and_judging(bencher: Bencher, format: Format) {
    let mut body = Vec::new();
    write(format, &records(), &mut body);
    bencher.counter(ItemsCount::new(ROWS)).counter(BytesCount::new(body.len())).bench_local(|| {
        exchange::read(format, black_box(body.as_slice()), &ReadOptions::default(), |row| {
            let detection = row.map(|raw| Detection::judge(raw, date(2024, 1, 1), Uuid::max));
            drop(black_box(detection));
            ControlFlow::Continue(())
        })
    });
}

/// A lower bound: a typed `serde_json` parse of the same lines, with borrowed texts, numbers as `f64` and
/// unknown properties skipped; checks and keeps nothing.
#[divan::bench]
fn peer_serde_json_typed(bencher: Bencher) {
    #[derive(serde::Deserialize)]
    struct Feature<'a> {
        id: &'a str,
        geometry: Geometry,
        #[serde(borrow)]
        properties: Properties<'a>,
    }
    #[derive(serde::Deserialize)]
    struct Geometry {
        coordinates: [f64; 2],
    }
    #[derive(serde::Deserialize)]
    struct Properties<'a> {
        kind: &'a str,
        model: Option<&'a str>,
        quantity: u32,
        detected_on: &'a str,
        status: &'a str,
        neutralised_on: Option<&'a str>,
        disposal: Option<&'a str>,
        operator: Option<&'a str>,
        team: Option<&'a str>,
        accuracy_m: Option<f64>,
        fix: Option<&'a str>,
        note: Option<&'a str>,
    }
    let mut body = Vec::new();
    write(Format::GeoJsonLines, &records(), &mut body);
    let lines = String::from_utf8(body).expect("written as UTF-8");
    bencher.counter(ItemsCount::new(ROWS)).counter(BytesCount::new(lines.len())).bench_local(|| {
        for line in black_box(&lines).lines() {
            let Feature { id, geometry, properties: p } =
                serde_json::from_str(line).expect("written as JSON");
            black_box((id, geometry.coordinates, p.kind, p.model, p.quantity, p.detected_on, p.status));
            black_box((p.neutralised_on, p.disposal, p.operator, p.team, p.accuracy_m, p.fix, p.note));
        }
    });
}
