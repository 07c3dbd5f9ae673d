//! Boxes of four numbers, or six with heights, which are ignored.

use geometry::Bounds;

/// Parses west, south, east and north in degrees, or six numbers with a lowest and a highest height, which
/// are ignored. A box whose west exceeds its east crosses the antimeridian. The part outside the world is cut
/// off.
pub fn bbox(text: &str) -> Result<Vec<Bounds>, String> {
    let [w, s, e, n] = four_numbers(text)?;
    if s > n {
        return Err(format!("south {s} is greater than north {n}"));
    }
    let (s, n) = (s.clamp(-90.0, 90.0), n.clamp(-90.0, 90.0));
    let part = |w: f64, e: f64| {
        Bounds::new(w.clamp(-180.0, 180.0), s, e.clamp(-180.0, 180.0), n).map_err(|error| error.to_string())
    };
    if w <= e { Ok(vec![part(w, e)?]) } else { Ok(vec![part(w, 180.0)?, part(-180.0, e)?]) }
}

/// Parses two corners of a box in the plane: four numbers, or six with heights, which are ignored.
///
/// # Errors
/// When the numbers are invalid.
pub fn four_numbers(text: &str) -> Result<[f64; 4], String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|n| n.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect::<Option<_>>()
        .ok_or("is not four numbers: west,south,east,north")?;
    let ([w, s, e, n] | [w, s, _, e, n, _]) = numbers[..] else {
        return Err(format!("has {} numbers; four are expected: west,south,east,north", numbers.len()));
    };
    Ok([w, s, e, n])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_across_the_antimeridian_is_two_and_one_beyond_the_world_is_cut() {
        assert_eq!(bbox("170,-10,-170,10").unwrap().len(), 2);
        assert_eq!(bbox("-200,-100,200,100").unwrap()[0], Bounds::WORLD);
        assert_eq!(bbox("46,39,0,47,40,100").unwrap(), bbox("46,39,47,40").unwrap());
        for bad in ["", "1,2,3", "a,b,c,d", "46,41,47,40", "NaN,0,1,1", "1,2,3,4,5"] {
            assert!(bbox(bad).is_err(), "{bad:?}");
        }
    }
}
