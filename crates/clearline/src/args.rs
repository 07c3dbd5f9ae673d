//! The command line. Every flag can also be set by an environment variable.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use demining::{Collection, DateOrder};
use exchange::Format;
use store::Head;

/// Clearline records explosive ordnance found and dealt with, and accidents, and shows the progress.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the map and the API
    Serve(Serve),
    /// Import files of detections or accidents into a store that no server is using
    Import(Import),
    /// Export the detections or accidents of a store
    Export(Export),
    /// Check that a store is intact and its log unchanged; the exit code reports the result. Works beside a
    /// running server and changes nothing
    Check(Check),
    /// Manage the tokens that identify callers
    Token {
        #[command(subcommand)]
        command: Token,
    },
    /// Write the detections or accidents of the demonstration to a file: made-up places, published totals
    Demo(Demo),
    /// Check whether a running server is ready; the exit code reports the result
    Healthcheck(Healthcheck),
}

/// The path of the store.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The store: a GeoPackage. Only serve and import create a missing one, and only in an existing folder
    #[arg(long, env = "CLEARLINE_STORE", value_name = "FILE", default_value = "clearline.gpkg")]
    pub store: PathBuf,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address and port to listen on, such as 127.0.0.1:8080, 0.0.0.0:8080 or localhost:8080; port 0 picks a
    /// free port
    #[arg(long, env = "CLEARLINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Load the demonstration into the store if it contains no records
    #[arg(long, env = "CLEARLINE_DEMO")]
    pub demo: bool,
    /// The address at which clients reach this server, such as <https://mines.example.org>, if it differs
    /// from their Host header
    #[arg(long, env = "CLEARLINE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The configuration file, see docs/running.md: what the public sees, what needs review and more
    #[arg(long, env = "CLEARLINE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The server's certificate and its chain to the root, in PEM; enables TLS. Overrides the configuration;
    /// SIGHUP reloads it
    #[arg(long, env = "CLEARLINE_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's key, in PEM
    #[arg(long, env = "CLEARLINE_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// What the public sees; overrides the configuration
    #[arg(long, env = "CLEARLINE_PUBLIC")]
    pub public: Option<Public>,
    /// The base map below the records: a PMTiles file of OpenStreetMap in the Protomaps schema, or the https
    /// address of a MapLibre style or of tiles ({z}/{x}/{y}) on another host, see docs/basemap.md. Overrides
    /// the configuration
    #[arg(long, env = "CLEARLINE_BASEMAP", value_name = "FILE|URL")]
    pub basemap: Option<String>,
    /// Heights for hillshade and contour lines: a PMTiles file in the terrarium encoding. Overrides the
    /// configuration
    #[arg(long, env = "CLEARLINE_TERRAIN", value_name = "FILE")]
    pub terrain: Option<PathBuf>,
    /// Memory for cached responses such as tiles, in MiB
    #[arg(long, env = "CLEARLINE_CACHE_MIB", default_value_t = 32, value_name = "MIB")]
    pub cache_mib: u64,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Files of records; the extension determines the format (.geojson .ndjson .geojsons .csv .tsv and more,
    /// see docs/uploading.md)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    /// What the files contain
    #[arg(long, env = "CLEARLINE_COLLECTION", default_value = "detections", value_parser = collections())]
    pub collection: Collection,
    /// Reference system of the coordinates if it is not WGS84, such as EPSG:28408; easting or longitude comes
    /// first, as GIS programs write it
    #[arg(long, env = "CLEARLINE_CRS", value_name = "EPSG:n")]
    pub crs: Option<String>,
    /// The field for a column or attribute with an unknown name, such as Cihaz=kind; - as the field ignores
    /// it. May be repeated
    #[arg(long = "column", value_name = "NAME=FIELD", value_parser = column)]
    pub columns: Vec<(String, String)>,
    /// The order of day, month and year in numeric dates, such as 03/04/2023: dmy, mdy or ymd
    #[arg(long, env = "CLEARLINE_DATES", value_name = "ORDER")]
    pub dates: Option<DateOrder>,
    /// Judge every row without writing
    #[arg(long, env = "CLEARLINE_DRY_RUN")]
    pub dry_run: bool,
    /// Replace existing records with different content, as new revisions
    #[arg(long, env = "CLEARLINE_UPDATE")]
    pub update: bool,
    /// The reason, stored in the history of changed records
    #[arg(long, env = "CLEARLINE_REASON")]
    pub reason: Option<String>,
    /// The name stored in the history
    #[arg(long, env = "CLEARLINE_BY", default_value = "import")]
    pub by: String,
}

#[derive(Debug, Args)]
pub struct Export {
    /// What to export
    #[arg(value_parser = collections())]
    pub collection: Collection,
    #[command(flatten)]
    pub store: StoreArgs,
    /// The format; by default that of the file's extension, or else geojson
    #[arg(long, env = "CLEARLINE_FORMAT", value_parser = written_formats())]
    pub format: Option<Format>,
    /// CSV only: begin with a byte order mark, so that Excel reads the text as UTF-8
    #[arg(long, env = "CLEARLINE_BOM")]
    pub bom: bool,
    /// The file to write; standard output by default
    #[arg(long, short, env = "CLEARLINE_OUTPUT", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub store: StoreArgs,
    /// A head that an earlier check printed: the log must still contain it
    #[arg(long, env = "CLEARLINE_HEAD", value_name = "REVISION:HASH")]
    pub head: Option<Head>,
    /// Print the result as JSON
    #[arg(long, env = "CLEARLINE_JSON")]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Create a token and print only the token; the store keeps only its hash. Works beside a running server
    Create {
        #[command(flatten)]
        store: StoreArgs,
        /// The role of its holder
        #[arg(long, env = "CLEARLINE_ROLE")]
        role: Role,
        /// The name of its holder, stored in the history
        #[arg(long, env = "CLEARLINE_NAME")]
        name: String,
        /// The organisation of its holder; a field team's records belong to it
        #[arg(long, env = "CLEARLINE_OPERATOR")]
        operator: Option<String>,
        /// Id of a region where its holder may write, such as AZ-KAL; may be repeated
        #[arg(long = "region", value_name = "ID")]
        regions: Vec<String>,
        /// Its holder may write in every region and outside of all regions
        #[arg(long, conflicts_with = "regions")]
        everywhere: bool,
        /// Number of days until it expires
        #[arg(long, env = "CLEARLINE_DAYS", default_value_t = 365, value_name = "N",
              value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
    },
    /// Read a token from standard input and print the settings of ODK Collect and KoBoCollect for it, as the
    /// text of their QR code
    Qr {
        /// The address at which phones reach the server
        #[arg(long, env = "CLEARLINE_PUBLIC_URL", value_name = "URL")]
        url: String,
        /// Also write the QR code to this file. Anyone who sees it has the token
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// List all tokens ever created, without their secrets
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Revoke a token at once, also in a running server
    Revoke {
        #[command(flatten)]
        store: StoreArgs,
        /// The token's id, from the list
        id: uuid::Uuid,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Sees the records
    Viewer,
    /// Creates records, and corrects its own until they are approved
    Field,
    /// Reviews and edits records
    Manager,
    /// Does everything, and manages tokens
    Admin,
}

impl From<Role> for demining::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Field => Self::Field,
            Role::Manager => Self::Manager,
            Role::Admin => Self::Admin,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Public {
    /// Cleared records, and counts of uncleared ones in cells of about a kilometre
    Cells,
    /// All approved records at their exact places
    Exact,
    /// Nothing
    Nothing,
}

impl From<Public> for service::access::PublicSees {
    fn from(public: Public) -> Self {
        match public {
            Public::Cells => Self::Cells,
            Public::Exact => Self::Exact,
            Public::Nothing => Self::Nothing,
        }
    }
}

#[derive(Debug, Args)]
pub struct Demo {
    /// What to write
    #[arg(long, env = "CLEARLINE_COLLECTION", value_name = "COLLECTION", default_value_t = Collection::Detections, value_parser = collections())]
    pub collection: Collection,
    /// Number of detections to generate, for load tests; by default, the demonstration whose totals follow
    /// the published figures
    #[arg(long, env = "CLEARLINE_RECORDS", value_name = "N")]
    pub records: Option<usize>,
    /// The same seed generates the same records
    #[arg(long, env = "CLEARLINE_SEED", default_value_t = 2023, value_name = "S")]
    pub seed: u64,
    /// The file to write; the extension determines the format, as for import
    #[arg(long, short, env = "CLEARLINE_OUTPUT", value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// The server's address
    #[arg(long, env = "CLEARLINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Connect with TLS, accepting any certificate
    #[arg(long, env = "CLEARLINE_TLS")]
    pub tls: bool,
}

/// Parses an address and a port; the host may be a name that means only this machine.
fn address(text: &str) -> Result<SocketAddr, String> {
    const SUCH_AS: &str = "use an address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or localhost:8080";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let known = text.to_socket_addrs().map_err(|error| format!("{error}; {SUCH_AS}"))?;
    let known: Vec<SocketAddr> = known.collect();
    if !known.iter().all(|address| address.ip().is_loopback()) {
        return Err(format!("a name must mean only this machine, like localhost; {SUCH_AS}"));
    }
    let found = known.iter().find(|address| address.is_ipv4()).or(known.first());
    found.copied().ok_or_else(|| format!("the name has no address; {SUCH_AS}"))
}

/// Parses a column's name and its field.
fn column(text: &str) -> Result<(String, String), String> {
    let (name, field) = text.rsplit_once('=').ok_or("is not NAME=FIELD")?;
    Ok((name.to_owned(), field.to_owned()))
}

/// Parses the name of a collection.
fn collections() -> impl TypedValueParser<Value = Collection> {
    let names = Collection::ALL.iter().map(|collection| collection.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Collection>())
}

/// Parses the name of an export format.
fn written_formats() -> impl TypedValueParser<Value = Format> {
    let words = Format::exported().map(|f| PossibleValue::new(f.word()).aliases(&f.words()[1..]));
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Format>())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::address;

    #[test]
    fn an_address_may_be_a_name_of_this_machine_and_what_is_none_is_told_what_would_be() {
        assert_eq!(address("0.0.0.0:80").unwrap().to_string(), "0.0.0.0:80");
        let local = address("localhost:8302").unwrap();
        assert!(local.ip().is_loopback() && local.port() == 8302, "{local}");
        for bad in ["8302", ":8302", "localhost", "127.0.0.1", "127.0.0.1:99999", ""] {
            let told = address(bad).unwrap_err();
            assert!(told.contains("such as 127.0.0.1:8080"), "{bad}: {told}");
        }
    }
}
