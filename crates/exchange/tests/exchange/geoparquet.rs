//! GeoParquet, which can be exported but not imported.

use exchange::Format::GeoParquet;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

use crate::binary::written;

#[test]
fn a_file_holds_typed_columns_and_says_where_its_points_are() {
    let body = written(GeoParquet, 3);
    assert_eq!(written(GeoParquet, 3), body);
    let reader = SerializedFileReader::new(bytes::Bytes::from(body)).unwrap();
    let metadata = reader.metadata().file_metadata();
    let geo = metadata.key_value_metadata().unwrap().iter().find(|entry| entry.key == "geo").unwrap();
    let geo: serde_json::Value = serde_json::from_str(geo.value.as_deref().unwrap()).unwrap();
    assert_eq!(geo["version"], "1.1.0");
    assert_eq!(geo["primary_column"], "geometry");
    let points = serde_json::json!({"encoding": "WKB", "geometry_types": ["Point"], "bbox": [46.1, 40.2, 46.12, 40.2]});
    assert_eq!(geo["columns"]["geometry"], points);
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    let value = |name: &str| rows[1].get_column_iter().find(|(found, _)| *found == name).unwrap().1.clone();
    let Field::Bytes(point) = value("geometry") else { panic!("{:?}", value("geometry")) };
    let point = point.data();
    assert_eq!(point[..5], [1, 1, 0, 0, 0]);
    assert_eq!(point[5..13], 46.11_f64.to_le_bytes());
    assert_eq!(point[13..], 40.2_f64.to_le_bytes());
    assert_eq!(value("id"), Field::Str("00000000-0000-0000-0000-000000000002".to_owned()));
    assert_eq!(value("quantity"), Field::Long(3));
    assert_eq!(value("depth_cm"), Field::Double(12.5));
    // 2023-03-14.
    assert_eq!(value("detected_on"), Field::Date(19_430));
    assert_eq!(value("neutralised_on"), Field::Null);
    // 2023-03-16T08:00:00.25Z.
    assert_eq!(value("updated_at"), Field::TimestampMicros(1_678_953_600_250_000));
    assert_eq!(value("extra"), Field::Str("{\"zone\":\"=1\"}".to_owned()));
}

#[test]
fn rows_come_in_groups_and_none_is_lost_between_them() {
    let reader = SerializedFileReader::new(bytes::Bytes::from(written(GeoParquet, 40_001))).unwrap();
    assert_eq!(reader.num_row_groups(), 3);
    let ids = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let id = row.get_column_iter().find(|(name, _)| *name == "id").unwrap().1.to_string();
        id.trim_matches('"').parse::<uuid::Uuid>().unwrap().as_u128()
    });
    assert!(ids.eq(1..=40_001));
}

#[test]
fn a_file_of_no_records_is_sound() {
    let reader = SerializedFileReader::new(bytes::Bytes::from(written(GeoParquet, 0))).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
}
