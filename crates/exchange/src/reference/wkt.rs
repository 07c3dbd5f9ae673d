//! Identifies the reference system of a well-known text, if that is possible without doubt.

/// Returns the name of the system, such as `EPSG:28408`: from the code in the text, or from ESRI's names for
/// systems of the region, provided that the central meridian or false easting agrees.
///
/// # Errors
/// Returns the beginning of a sentence, with the name, if the system cannot be identified.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let called = quoted(text).unwrap_or("").trim();
    own_code(text)
        .or_else(|| esri(called, text).map(|code| format!("EPSG:{code}")))
        .ok_or_else(|| format!("{:?}", called.chars().take(80).collect::<String>()))
}

/// Returns the first quoted text.
fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// Returns the code at the end of the outermost bracket: `AUTHORITY["EPSG","28408"]` or `ID["EPSG",28408]`.
/// Codes further inside belong to the parts.
fn own_code(text: &str) -> Option<String> {
    let inner = text.trim_end().strip_suffix([']', ')'])?.trim_end().strip_suffix([']', ')'])?;
    let start = inner.rfind(['[', '('])?;
    let (keyword, arguments) = (inner.get(..start)?.trim_end(), inner.get(start + 1..)?);
    let keyword = keyword.rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
    if !keyword.eq_ignore_ascii_case("AUTHORITY") && !keyword.eq_ignore_ascii_case("ID") {
        return None;
    }
    let mut parts = arguments.split(',').map(|part| part.trim().trim_matches('"'));
    let (organisation, code) = (parts.next()?, parts.next()?);
    let is_epsg = organisation.eq_ignore_ascii_case("EPSG") && code.bytes().all(|b| b.is_ascii_digit());
    is_epsg.then(|| format!("EPSG:{code}"))
}

/// Returns the code of a system from ESRI's name for it.
fn esri(called: &str, text: &str) -> Option<u32> {
    match called {
        "GCS_WGS_1984" | "WGS 84" | "WGS_1984" | "WGS84" => return Some(4326),
        "GCS_Pulkovo_1942" | "Pulkovo 1942" => return Some(4284),
        "WGS_1984_Web_Mercator_Auxiliary_Sphere" | "WGS 84 / Pseudo-Mercator" => return Some(3857),
        _ => {}
    }
    let zone = |prefix: &str, suffix: &str| -> Option<u32> {
        called.strip_prefix(prefix)?.strip_suffix(suffix)?.parse().ok().filter(|zone| (1..=60).contains(zone))
    };
    let is = |name: &str, value: f64| parameter(text, name).is_some_and(|given| (given - value).abs() < 1e-9);
    let meridian = |zone: u32| f64::from(zone) * 6.0 - 183.0;
    for (suffix, base, south) in [("N", 32600, 0.0), ("S", 32700, 10_000_000.0)] {
        for prefix in ["WGS_1984_UTM_Zone_", "WGS 84 / UTM zone "] {
            if let Some(zone) = zone(prefix, suffix) {
                let agrees = is("central_meridian", meridian(zone))
                    && is("false_easting", 500_000.0)
                    && is("false_northing", south);
                return agrees.then_some(base + zone);
            }
        }
    }
    let zone = zone("Pulkovo_1942_GK_Zone_", "").filter(|zone| (2..=32).contains(zone))?;
    let agrees = is("central_meridian", f64::from(zone) * 6.0 - 3.0)
        && is("false_easting", f64::from(zone) * 1e6 + 500_000.0);
    agrees.then_some(28400 + zone)
}

/// Returns the value of `PARAMETER["name",value]`.
fn parameter(text: &str, name: &str) -> Option<f64> {
    let mut parts = text.split('"');
    parts.by_ref().find(|part| part.eq_ignore_ascii_case(name))?;
    let number = parts.next()?.trim().strip_prefix(',')?.split([']', ')', ',']).next()?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::name;

    const PULKOVO: &str = r#"PROJCS["Pulkovo_1942_GK_Zone_8",GEOGCS["GCS_Pulkovo_1942",DATUM["D_Pulkovo_1942",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",8500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",45.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    const UTM: &str = r#"PROJCS["WGS_1984_UTM_Zone_38N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",45.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

    #[test]
    fn systems_are_known_by_the_names_that_esri_has_for_them() {
        let wgs84 = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert_eq!(name(wgs84), Ok("EPSG:4326".to_owned()));
        assert_eq!(name(PULKOVO), Ok("EPSG:28408".to_owned()));
        assert_eq!(name(UTM), Ok("EPSG:32638".to_owned()));
    }

    #[test]
    fn a_name_whose_figures_are_others_is_not_believed() {
        assert!(name(&PULKOVO.replace("8500000", "500000")).is_err());
        assert!(name(&UTM.replace("45.0", "51.0")).is_err());
        assert_eq!(name(&UTM.replace("Zone_38N", "Zone_99N")), Err("\"WGS_1984_UTM_Zone_99N\"".to_owned()));
    }

    #[test]
    fn the_code_of_the_whole_counts_and_not_that_of_a_part() {
        let part = r#"GEOGCS["x",DATUM["y",AUTHORITY["EPSG","6326"]],UNIT["degree",0.01745]]"#;
        assert_eq!(name(part), Err("\"x\"".to_owned()));
        let whole = r#"PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4284"]],AUTHORITY["EPSG","28408"]]"#;
        assert_eq!(name(whole), Ok("EPSG:28408".to_owned()));
        assert_eq!(name("PROJCRS[\"x\",ID[\"EPSG\",32638]]\n"), Ok("EPSG:32638".to_owned()));
        for text in ["", "]", "]]", "\"", "ID[]]", "GEOGCS[\"é", "PARAMETER[\"central_meridian\"]]"] {
            assert!(name(text).is_err(), "{text}");
        }
    }
}
