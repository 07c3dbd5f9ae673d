//! The configuration: a TOML file. Omitted settings take the safest value.

mod openid;

use std::{
    fmt::Display,
    fs,
    net::IpAddr,
    num::NonZero,
    path::{Path, PathBuf},
};

use demining::Review;
use serde::Deserialize;
use server::{About, BaseMap, BaseMapError, Bounds, Config, Tls};
use service::access::{Policy, PublicSees, Rate, RateLimits};

use self::openid::Provider;
use crate::failure::Failure;

/// The file's structure.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    public: Public,
    review: Starts,
    limits: Rates,
    cors: Cors,
    basemap: Below,
    about: Said,
    embed: Frames,
    tls: Option<Certificate>,
    openid: Option<Provider>,
}

/// The rate limits for one client.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rates {
    public_a_second: Option<NonZero<u32>>,
    public_at_once: Option<NonZero<u32>>,
    token_a_second: Option<NonZero<u32>>,
    token_at_once: Option<NonZero<u32>>,
    trusted_proxies: Vec<IpAddr>,
    connections: Option<NonZero<usize>>,
    connections_of_address: Option<NonZero<usize>>,
}

/// The origins whose pages may use the API.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cors {
    origins: Option<Vec<String>>,
}

/// What the page about the map says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Said {
    organisation: Option<String>,
    contact: Option<String>,
    records_licence: Option<String>,
}

/// The sites that may show the map in a frame.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Frames {
    origins: Vec<String>,
}

/// What the map draws below the records.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Below {
    source: Option<String>,
    terrain: Option<PathBuf>,
}

/// The server's certificate for TLS.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
}

/// The largest permitted minimum cell count.
const MOST_MIN_CELL_COUNT: u16 = 1_000;

/// What the public sees.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Public {
    sees: Option<Sees>,
    /// Earlier versions named it `fewest`.
    #[serde(alias = "fewest")]
    min_cell_count: u16,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sees {
    Cells,
    Exact,
    Nothing,
}

/// The review state in which new records start.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Starts {
    field_starts: Option<State>,
    manager_starts: Option<State>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Submitted,
    Approved,
}

impl From<State> for Review {
    fn from(state: State) -> Self {
        match state {
            State::Submitted => Self::Submitted,
            State::Approved => Self::Approved,
        }
    }
}

/// Reads a configuration and the files that it names; relative paths start at its folder.
///
/// # Errors
/// When a file is unreadable or contains an unknown key: a misspelt setting must not be mistaken for an
/// omitted one.
pub fn read(path: &Path) -> Result<Config, Failure> {
    let at = |error: &dyn Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|e| at(&e))?;
    let File { public, review, limits, cors, basemap, about, embed, tls, openid } =
        toml::from_str(&text).map_err(|e| at(&e))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let tls = tls.map(|tls| Tls::load(&folder.join(tls.certificate), &folder.join(tls.key)));
    let tls = tls.transpose().map_err(|e| at(&e))?;
    let openid = openid.map(|provider| provider.ready(folder)).transpose().map_err(|e| at(&e))?;
    let base_map = base_map(basemap, folder).map_err(|e| at(&e))?;
    let policy = policy(&public, &review).map_err(|e| at(&e))?;
    let cors_origins = cors.origins.map(|given| origins("cors.origins", given));
    let origins_of_pages = cors_origins.transpose().map_err(|e| at(&e))?;
    let embed_origins = origins("embed.origins", embed.origins).map_err(|e| at(&e))?;
    let Said { organisation, contact, records_licence } = about;
    let about = About { organisation, contact, records_licence };
    let trusted_proxies = limits.trusted_proxies.clone();
    let (bounds, limits) = (bounds_of(&limits), limits_of(&limits));
    Ok(Config {
        policy,
        limits,
        bounds,
        trusted_proxies,
        origins: origins_of_pages,
        tls,
        openid,
        base_map,
        about,
        embed_origins,
        ..Config::default()
    })
}

/// Opens the base map; relative paths start at `folder`.
fn base_map(below: Below, folder: &Path) -> Result<BaseMap, BaseMapError> {
    let source = below.source.map(|given| {
        if given.contains("://") { given } else { folder.join(given).to_string_lossy().into_owned() }
    });
    let terrain = below.terrain.map(|path| folder.join(path));
    BaseMap::new(source.as_deref(), terrain.as_deref())
}

fn policy(public: &Public, review: &Starts) -> Result<Policy, String> {
    let careful = Policy::default();
    let sees = match public.sees {
        None | Some(Sees::Cells) => PublicSees::Cells,
        Some(Sees::Exact) => PublicSees::Exact,
        Some(Sees::Nothing) => PublicSees::Nothing,
    };
    if public.min_cell_count > MOST_MIN_CELL_COUNT {
        return Err(format!(
            "public.min_cell_count is {}, but must be at most {MOST_MIN_CELL_COUNT}",
            public.min_cell_count
        ));
    }
    let policy = Policy {
        public: sees,
        min_cell_count: public.min_cell_count,
        field_starts: review.field_starts.map_or(careful.field_starts, Review::from),
        manager_starts: review.manager_starts.map_or(careful.manager_starts, Review::from),
    };
    policy.is_sound()?;
    Ok(policy)
}

/// Validates that origins are written as browsers send them; others would never match.
fn origins(setting: &str, given: Vec<String>) -> Result<Vec<String>, String> {
    let is_origin = |origin: &&String| {
        origin.split_once("://").is_some_and(|(scheme, host)| {
            let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
            ["http", "https"].contains(&scheme) && !host.is_empty() && host.chars().all(is_host)
        })
    };
    match given.iter().find(|origin| !is_origin(origin)) {
        Some(wrong) => {
            Err(format!("{setting}: {wrong:?} must be https:// and a lower-case host, without a path"))
        }
        None => Ok(given),
    }
}

fn bounds_of(limits: &Rates) -> Bounds {
    let usual = Bounds::default();
    Bounds {
        most: limits.connections.map_or(usual.most, NonZero::get),
        most_of_address: limits.connections_of_address.map_or(usual.most_of_address, NonZero::get),
    }
}

fn limits_of(limits: &Rates) -> RateLimits {
    let limit = |a_second: Option<NonZero<u32>>, at_once: Option<NonZero<u32>>, usual: Rate| Rate {
        a_second: a_second.unwrap_or(usual.a_second),
        at_once: at_once.unwrap_or(usual.at_once),
    };
    let RateLimits { of_address, of_caller } = RateLimits::default();
    RateLimits {
        of_address: limit(limits.public_a_second, limits.public_at_once, of_address),
        of_caller: limit(limits.token_a_second, limits.token_at_once, of_caller),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use demining::Precision;

    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        let read =
            |origin: &str| origins("cors.origins", vec!["https://a.example:8443".into(), origin.into()]);
        assert!(read("http://[::1]:8080").is_ok() && origins("cors.origins", Vec::new()).is_ok());
        for bad in ["*", "nonsense", "https://a.example/", "https://A.example", "ftp://a.example", "https://"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_said_is_careful_and_what_is_misspelt_is_refused() {
        let parse = |text: &str| {
            let File { public, review, .. } = toml::from_str(text).map_err(|e| e.to_string())?;
            policy(&public, &review)
        };
        assert_eq!(parse("").unwrap(), Policy::default());
        let policy = parse("[public]\nsees = \"exact\"\n[review]\nmanager_starts = \"submitted\"").unwrap();
        assert_eq!(policy.public, PublicSees::Exact);
        assert_eq!(policy.manager_starts, Review::Submitted);
        assert_eq!(
            parse("[public]\nmin_cell_count = 5").unwrap().precision(),
            Precision::Cells { min_cell_count: 5 }
        );
        assert_eq!(parse("[public]\nfewest = 5"), parse("[public]\nmin_cell_count = 5"));
        for bad in [
            "[public]\nsees = \"all\"",
            "[public]\nsee = \"cells\"",
            "[public]\nfewest = 1001",
            "[public]\nfewest = -1",
            "[public]\nsees = \"exact\"\nfewest = 5",
            "[pubic]",
            "[tls]\ncertificate = \"chain.pem\"",
            "[review]\nfield_starts = \"rejected\"",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
