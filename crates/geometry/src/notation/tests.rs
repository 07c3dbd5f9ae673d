//! Tests valid and invalid written positions.

use proptest::prelude::*;

use super::*;

fn check(text: &str, lon: f64, lat: f64) {
    let written = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let at = written.at;
    assert!((at.lon() - lon).abs() <= 1e-7 && (at.lat() - lat).abs() <= 1e-7, "{text}: {at:?}");
}

#[test]
fn degrees_are_read_in_the_usual_spellings() {
    let (lon, lat) = (46.041_194_4, 40.106_305_6);
    for text in [
        "40°06'22.7\"N 46°02'28.3\"E",
        "40° 06′ 22.7″ N, 46° 02′ 28.3″ E",
        "40º06’22.7”N/46º02’28.3”E",
        "40°06'22.7''N 46°02'28.3''E",
        "40 06 22.7 N 46 02 28.3 E",
        "N 40 06 22.7; E 46 02 28.3",
        "N40 06 22.7 E46 02 28.3",
        "E 46°02'28.3\" N 40°06'22.7\"",
        "46°02'28.3\"E, 40°06'22.7\"N",
        "40:06:22.7N 46:02:28.3E",
        "40d06m22.7s N 46d02m28.3s E",
        "40D06M22.7SN 46D02M28.3SE",
        "N40d06m22.7s, E46d02m28.3s",
        "46d02m28.3sE 40d06m22.7N",
        "40°06'22,7\"N 46°02'28,3\"E",
        "  40°06'22.7\"n 46°02'28.3\"e ",
    ] {
        check(text, lon, lat);
    }
    check("40°06.379'N 46°02.472'E", 46.0412, 40.106_316_7);
    check("40.0581N 46.3183E", 46.3183, 40.0581);
    check("40.0581° N, 46.3183° E", 46.3183, 40.0581);
    check("N40.0581,E46.3183", 46.3183, 40.0581);
    check("46,3183 E 40,0581 N", 46.3183, 40.0581);
    check("33 52 10 S, 151 12 30 W", -151.208_333_3, -33.869_444_4);
    check("33d52m10S 151d12m30W", -151.208_333_3, -33.869_444_4);
    check("33d 52m 10s S, 151d 12m 30s W", -151.208_333_3, -33.869_444_4);
    check("0N 180E", 180.0, 0.0);
}

#[test]
fn what_the_writing_leaves_open_is_told() {
    let precision = |text| format!("{:.2} m", read(text).unwrap().precision_m);
    assert_eq!(precision("40°06'22.7\"N 46°02'28.3\"E"), "1.56 m");
    assert_eq!(precision("40°06'N 46°02'28.3\"E"), "930.79 m");
    assert_eq!(precision("40.0581N 46.3183E"), "5.59 m");
    assert_eq!(precision("38TPK1203"), "500.00 m");
}

#[test]
fn a_pair_without_letters_is_never_guessed_at() {
    for text in ["40.0581 46.3183", "46.3183, 40.0581", "40°06'22.7\" 46°02'28.3\"", "40"] {
        assert!(matches!(read(text), Err(NotationError::NoHemisphere { .. })), "{text}");
    }
    assert_eq!(
        read("40.0581 46.3183").unwrap_err().to_string(),
        "\"40.0581 46.3183\" does not state which number is the latitude: add N or S and E or W, \
         as in 40.0581 N 46.3183 E"
    );
}

#[test]
fn what_is_no_pair_of_angles_is_refused_with_the_reason() {
    let error = |text: &str| read(text).unwrap_err();
    for text in
        ["40 N", "40 N 46 N", "40 E 46 W", "40 N 46", "N 40 46 E", "N E", "40 N E 46", "40 N 46 E 5", "N40 E"]
    {
        assert!(matches!(error(text), NotationError::NoPair { .. }), "{text}: {}", error(text));
    }
    for text in ["-40.1 N 46 E", "40.1 N −46 E", "+40 N 46 E"] {
        assert!(matches!(error(text), NotationError::Sign { .. }), "{text}");
    }
    assert_eq!(error("40 60 0 N 46 0 0 E"), NotationError::Sixty { value: 60.0 });
    assert_eq!(error("40 59 60.5 N 46 0 0 E"), NotationError::Sixty { value: 60.5 });
    assert_eq!(error("40.5 30 0 N 46 0 0 E"), NotationError::Fraction { value: 40.5 });
    assert_eq!(error("91 N 46 E"), NotationError::Position(LonLatError::Latitude(91.0)));
    assert_eq!(error("40 N 181 E"), NotationError::Position(LonLatError::Longitude(181.0)));
    for text in [
        "40 1 2 3 N 46 E",
        "40'06°N 46 E",
        "40.1.2 N 46 E",
        "40°° N 46 E",
        "40 06\" N 46 E",
        "40, 06 N 46 E",
        "about 40 N 46 E",
        "40 N 46 E!",
        "40:: N 46 E",
        "٤٠ N 46 E",
    ] {
        assert!(matches!(error(text), NotationError::Unexpected { .. }), "{text}: {}", error(text));
    }
    assert_eq!(error(" "), NotationError::Length { n_chars: 1 });
    assert_eq!(error(&"4".repeat(101)), NotationError::Length { n_chars: 101 });
}

#[test]
fn mgrs_squares_are_read_on_both_sides_of_the_fortieth_parallel() {
    // Kalbajar is in band T and Shusha in band S of the same column. The eastings and northings are those of
    // EPSG:32638 by GDAL 3.6.2: 612435.99 4435038.31 and 649824.09 4402360.88.
    for (text, lon, lat) in [
        ("38T PK 12435 35038", 46.3183, 40.0581),
        ("38TPK1243535038", 46.3183, 40.0581),
        ("38s pk 49824 02360", 46.749, 39.758),
        ("38SPK4982402360", 46.749, 39.758),
    ] {
        let written = read(text).unwrap();
        let metres = crate::distance_m(written.at, LonLat::new(lon, lat).unwrap());
        assert!(metres < 0.8, "{text}: {metres} m");
        assert_eq!((written.notation, written.precision_m), (Notation::Mgrs, 0.5));
    }
}

#[test]
fn the_middle_of_a_wide_square_is_taken() {
    let wide = read("38T PK 1 3").unwrap();
    let middle = read("38T PK 15000 35000").unwrap();
    assert!(crate::distance_m(wide.at, middle.at) < 1.0);
    assert!((wide.precision_m - 5_000.0).abs() < 1e-9);
}

#[test]
fn what_looks_like_mgrs_and_is_not_is_refused_with_the_reason() {
    for text in [
        "38T PK 1243 35038",
        "38T PK",
        "38T PK 124353503812",
        "61T PK 12435 35038",
        "38I PK 12435 35038",
        "38T AK 12435 35038",
        "38C PK 12435 35038",
        "38T PK 12435 3503x",
        "ZAH 12345 12345",
    ] {
        let error = read(text).unwrap_err();
        assert!(matches!(error, NotationError::Mgrs { .. }), "{text}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "[0-9NSEWTPKdms°'\" :,.+-]{0,30}|\\PC{0,30}|[0-9]{1,2}[A-Z]{3}[0-9]{0,12}") {
        if let Ok(written) = read(&text) {
            prop_assert!(written.precision_m >= 0.0);
        }
    }

    #[test]
    fn a_position_written_in_degrees_is_read_back(lon in -1_800_000_000_i32..=1_800_000_000, lat in -900_000_000_i32..=900_000_000) {
        let at = LonLat::from_e7(lon, lat).unwrap();
        let (ns, ew) = (if lat < 0 { 'S' } else { 'N' }, if lon < 0 { 'W' } else { 'E' });
        let text = format!("{:.7}{ns} {:.7}{ew}", at.lat().abs(), at.lon().abs());
        prop_assert_eq!(read(&text).unwrap().at, at);
    }
}
