//! Compares coordinates with values computed by another program.
//!
//! Reference values: GDAL 3.6.2 with PROJ 9.1.1 and its own database (Debian 12), by `gdaltransform -s_srs
//! OGC:CRS84 -t_srs EPSG:<code> -output_xy`, which writes x first.

use super::*;

const KALBAJAR: (f64, f64) = (46.3183, 40.0581);
const SHUSHA: (f64, f64) = (46.749, 39.758);

type Pair = (f64, f64);

/// Code, position, x and y, whether its own order is y first, accuracy.
const REFERENCES: [(&str, Pair, Pair, bool, f64); 9] = [
    ("EPSG:32638", KALBAJAR, (612_435.986_986, 4_435_038.314_374), false, 0.0),
    ("EPSG:32638", SHUSHA, (649_824.090_461, 4_402_360.880_813), false, 0.0),
    ("EPSG:32639", KALBAJAR, (100_633.475_194, 4_444_719.189_030), false, 0.0),
    ("EPSG:28408", KALBAJAR, (8_612_585.740_807, 4_436_903.401_747), true, 5.0),
    ("EPSG:28408", SHUSHA, (8_649_988.674_884, 4_404_212.795_509), true, 5.0),
    ("EPSG:3857", KALBAJAR, (5_156_129.570_410, 4_874_388.808_603), false, 0.0),
    ("EPSG:4284", KALBAJAR, (46.319_507_509_9, 40.058_193_410_1), true, 5.0),
    ("EPSG:4326", KALBAJAR, KALBAJAR, true, 0.0),
    ("OGC:CRS84", KALBAJAR, KALBAJAR, false, 0.0),
];

fn at((lon, lat): (f64, f64)) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn is_near(a: LonLat, b: LonLat) -> bool {
    (a.lon() - b.lon()).abs() < 1.5e-7 && (a.lat() - b.lat()).abs() < 1.5e-7
}

#[test]
fn coordinates_agree_with_another_program_in_both_orders() {
    for (name, place, (x, y), is_north_first, accuracy_m) in REFERENCES {
        let crs = Crs::parse(name).unwrap();
        let own = if is_north_first { (y, x) } else { (x, y) };
        assert!(is_near(crs.to_lonlat_xy(x, y).unwrap(), at(place)), "{name}");
        assert!(is_near(crs.to_lonlat(own.0, own.1).unwrap(), at(place)), "{name}");
        let (got_x, got_y) = crs.from_lonlat_xy(at(place)).unwrap();
        assert!((got_x - x).abs() < 2e-6 && (got_y - y).abs() < 2e-6, "{name}: {got_x}, {got_y}");
        let got = crs.from_lonlat(at(place)).unwrap();
        assert_eq!(got, if is_north_first { (got_y, got_x) } else { (got_x, got_y) });
        assert_eq!((crs.is_north_first(), crs.accuracy_m()), (is_north_first, accuracy_m), "{name}");
        assert_eq!(crs.to_string().parse::<Crs>().unwrap(), crs);
    }
}

#[test]
fn a_pulkovo_position_read_as_wgs84_is_about_100_metres_off() {
    let pulkovo = Crs::parse("EPSG:4284").unwrap();
    let (lon, lat) = pulkovo.from_lonlat_xy(at(KALBAJAR)).unwrap();
    let metres = crate::distance_m(at(KALBAJAR), at((lon, lat)));
    assert!((90.0..120.0).contains(&metres), "{metres}");
}

#[test]
fn a_name_may_be_long_or_short() {
    let pulkovo = Crs::parse("EPSG:28408").unwrap();
    for name in [
        "epsg:28408",
        " EPSG:28408 ",
        "[EPSG:28408]",
        "urn:ogc:def:crs:EPSG::28408",
        "urn:ogc:def:crs:EPSG:9.9.1:28408",
        "http://www.opengis.net/def/crs/EPSG/0/28408",
        "https://www.opengis.net/def/crs/EPSG/0/28408",
    ] {
        assert_eq!(Crs::parse(name).unwrap(), pulkovo, "{name}");
    }
    for name in [
        "CRS84",
        "OGC:CRS84",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ] {
        assert_eq!(Crs::parse(name).unwrap(), Crs::CRS84, "{name}");
    }
}

#[test]
fn what_is_no_name_is_refused_before_proj_sees_it() {
    for name in [
        "",
        "28408",
        "EPSG:",
        "EPSG:+28408",
        "EPSG:28408; drop",
        "EPSG:28408+5773",
        "EPSG:x/28408",
        "EPSG:99999999999",
        "+proj=longlat",
        "/etc/passwd",
        "ESRI:54009",
        "http://example.org/def/crs/EPSG/0/28408",
    ] {
        assert!(matches!(Crs::parse(name), Err(CrsError::Unreadable { .. })), "{name}");
    }
}

#[test]
fn a_code_that_is_unknown_or_no_horizontal_system_is_refused() {
    assert_eq!(Crs::parse("EPSG:1"), Err(CrsError::Unknown { code: 1 }));
    assert_eq!(
        Crs::parse("EPSG:999999").unwrap_err().to_string(),
        "EPSG:999999 is not a known coordinate reference system"
    );
    // A vertical, a geocentric and an engineering system.
    for code in [5773, 4978, 5800] {
        assert_eq!(Crs::parse(&format!("EPSG:{code}")), Err(CrsError::NoTransformation { code }));
    }
}

#[test]
fn coordinates_far_outside_the_area_of_use_are_refused_with_the_reason() {
    let pulkovo = Crs::parse("EPSG:28408").unwrap();
    // The easting lacks the zone; the axes are swapped.
    for (north, east) in [(4_436_903.4, 612_585.7), (8_612_585.7, 4_436_903.4)] {
        let error = pulkovo.to_lonlat(north, east).unwrap_err();
        assert!(matches!(error, CrsError::OutsideArea { .. } | CrsError::NoPosition { .. }), "{error}");
        assert!(error.to_string().contains("whose axes are northing, easting"), "{error}");
    }
    let utm = Crs::parse("EPSG:32638").unwrap();
    assert!(matches!(utm.to_lonlat(4_435_038.3, 612_436.0), Err(CrsError::OutsideArea { .. })));
    assert!(matches!(utm.from_lonlat(at((61.0, 40.0))), Err(CrsError::OutsideArea { .. })));
    // Positions a little beyond the zone are common practice, and output may be farther outside; but input
    // that far away is usually a mistake.
    let (east, north) = utm.from_lonlat(at((52.0, 40.0))).unwrap();
    assert!(matches!(utm.to_lonlat(east, north), Err(CrsError::OutsideArea { .. })));
    let (east, north) = utm.from_lonlat(at((49.5, 40.0))).unwrap();
    assert!(is_near(utm.to_lonlat(east, north).unwrap(), at((49.5, 40.0))));
}

#[test]
fn what_is_no_number_or_no_position_is_refused() {
    for crs in ["EPSG:32638", "EPSG:28408", "EPSG:3857", "EPSG:4326", "EPSG:4284", "OGC:CRS84"] {
        let crs = Crs::parse(crs).unwrap();
        for (x, y) in [(f64::NAN, 4e6), (5e5, f64::NAN), (f64::INFINITY, 4e6), (1e300, 1e300), (5e5, -1e12)] {
            assert!(crs.to_lonlat_xy(x, y).is_err(), "{crs} {x} {y}");
        }
    }
    assert_eq!(
        Crs::EPSG_4326.to_lonlat(139.7, 35.6).unwrap_err().to_string(),
        "139.7, 35.6 is not a position in EPSG:4326, whose axes are latitude, longitude"
    );
}

#[test]
fn a_system_across_the_antimeridian_takes_both_sides() {
    // New Zealand and its surrounding islands.
    let crs = Crs::parse("EPSG:3851").unwrap();
    for lon in [170.0, 179.9, -178.0] {
        let place = at((lon, -40.0));
        let (x, y) = crs.from_lonlat_xy(place).unwrap();
        assert!(is_near(crs.to_lonlat_xy(x, y).unwrap(), place));
    }
    assert!(crs.from_lonlat(at((0.0, -40.0))).is_err());
}

#[test]
fn threads_and_many_systems_in_turn_give_the_same_answers() {
    let zones: Vec<Crs> = (32631..=32642).map(|code| Crs::parse(&format!("EPSG:{code}")).unwrap()).collect();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..2 {
                    for (k, crs) in (0..).zip(&zones) {
                        let place = at((f64::from(k) * 6.0 + 3.5, 40.0));
                        let (x, y) = crs.from_lonlat_xy(place).unwrap();
                        assert!(is_near(crs.to_lonlat_xy(x, y).unwrap(), place));
                    }
                }
            });
        }
    });
}

#[test]
fn a_database_on_the_machine_is_never_used() {
    const INSIDE: &str = "CLEARLINE_TEST_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        assert!(Crs::parse("EPSG:28408").is_ok());
        return;
    }
    // The environment cannot be changed for one test alone, so the test starts itself again.
    for folder in [std::env::temp_dir(), "/nonexistent".into()] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crs::tests::a_database_on_the_machine_is_never_used"])
            .envs([("PROJ_DATA", &folder), ("PROJ_LIB", &folder)])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
        assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"));
    }
}
