//! Magnetic declination.

use world_magnetic_model::{
    GeomagneticField,
    time::Date,
    uom::si::{
        angle::degree,
        f32::{Angle, Length},
        length::meter,
    },
};

use crate::LonLat;

/// The years for which the declination is known: those of the models WMM2020 and WMM2025.
pub const DECLINATION_YEARS: std::ops::RangeInclusive<i16> = 2020..=2029;

/// Returns the declination at sea level, in degrees: the direction of a compass needle, east of true north.
/// `None` if it is unknown, see [`DECLINATION_YEARS`]. `day_of_year` counts from 1.
///
/// Source: the World Magnetic Model of that day, NOAA National Centers for Environmental Information and
/// British Geological Survey. A height of 3 km changes it by less than 0.01 degree.
pub fn declination(at: LonLat, year: i16, day_of_year: u16) -> Option<f64> {
    let date = Date::from_ordinal_date(i32::from(year), day_of_year).ok()?;
    let [lat, lon] = [at.lat(), at.lon()].map(|degrees| Angle::new::<degree>(degrees as f32));
    let field = GeomagneticField::new(Length::new::<meter>(0.0), lat, lon, date).ok()?;
    Some(f64::from(field.declination().get::<degree>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compass_in_lachin_points_seven_degrees_east_of_north() {
        let lachin = LonLat::new(46.296, 39.7011).unwrap();
        let then = declination(lachin, 2023, 73).unwrap();
        assert!((6.0..8.0).contains(&then), "{then}");
        assert!(declination(lachin, 2029, 365).unwrap() > then, "it keeps moving east");
        for (year, day) in
            [(*DECLINATION_YEARS.start() - 1, 365), (*DECLINATION_YEARS.end() + 1, 1), (2023, 366), (2023, 0)]
        {
            assert_eq!(declination(lachin, year, day), None, "{year} {day}");
        }
        for year in DECLINATION_YEARS {
            assert!(declination(lachin, year, 1).is_some() && declination(lachin, year, 365).is_some());
        }
    }

    #[test]
    fn declinations_are_those_of_another_program() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/magnetic.json")).unwrap();
        let vectors = vectors.as_array().unwrap();
        assert!(vectors.len() >= 40);
        for vector in vectors {
            let number = |name: &str| vector[name].as_f64().unwrap();
            let at = LonLat::new(number("lon"), number("lat")).unwrap();
            let day: Vec<u16> =
                vector["day"].as_str().unwrap().split('-').map(|part| part.parse().unwrap()).collect();
            let ours = declination(at, day[0].cast_signed(), day_of_year(day[0], day[1], day[2])).unwrap();
            // A tenth of half the precision of a hand compass: 0.05 degree.
            assert!((ours - number("declination")).abs() < 0.05, "{vector}: {ours}");
        }
    }

    fn day_of_year(year: u16, month: u16, day: u16) -> u16 {
        let leap = u16::from(year.is_multiple_of(4));
        let lengths = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        lengths[..usize::from(month) - 1].iter().sum::<u16>() + day
    }
}
