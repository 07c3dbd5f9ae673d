//! The command line. Every flag can be given in the environment too.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use demining::DateOrder;
use exchange::Format;
use store::Head;

/// Clearline keeps the record of explosive ordnance found and dealt with, and shows the progress.
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
    /// Read files of detections into a store that no server is using
    Import(Import),
    /// Write what a store holds
    Export(Export),
    /// Check that a store is whole and its log is what was written; the exit code says it. Works beside a running
    /// server and changes nothing
    Check(Check),
    /// Manage the tokens by which it is known who is asking
    Token {
        #[command(subcommand)]
        command: Token,
    },
    /// Write the demonstration as GeoJSON: made-up places, published totals
    Demo(Demo),
    /// Ask a running server whether it is ready; the exit code says it
    Healthcheck(Healthcheck),
}

/// Where the store is.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The store: a GeoPackage. Only serve and import make one when there is none, and only in a folder that is there
    #[arg(long, env = "CLEARLINE_STORE", value_name = "FILE", default_value = "clearline.gpkg")]
    pub store: PathBuf,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address and port to listen on, such as 127.0.0.1:8080, 0.0.0.0:8080 or localhost:8080; port 0 takes a free
    /// one
    #[arg(long, env = "CLEARLINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Put the demonstration into the store if it holds no records
    #[arg(long, env = "CLEARLINE_DEMO")]
    pub demo: bool,
    /// The address that clients reach this server at, such as <https://mines.example.org>, when it
    /// is not what they put into the Host header
    #[arg(long, env = "CLEARLINE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The configuration, see docs/running.md: what the public sees, what needs review and more
    #[arg(long, env = "CLEARLINE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The server's certificate and those that lead to its root, in PEM: the server speaks TLS itself then. It
    /// comes before what the configuration says; SIGHUP reads it anew
    #[arg(long, env = "CLEARLINE_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The key of the certificate, in PEM
    #[arg(long, env = "CLEARLINE_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// What the public sees, before what the configuration says: records that are dealt with and cells of
    /// about a kilometre of those that are not, all approved records, or nothing
    #[arg(long, env = "CLEARLINE_PUBLIC")]
    pub public: Option<Public>,
    /// Memory for ready answers such as tiles, in MiB
    #[arg(long, env = "CLEARLINE_CACHE_MIB", default_value_t = 32, value_name = "MIB")]
    pub cache_mib: u64,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Files of records; the ending says the format (.geojson .ndjson .geojsons .csv .tsv and more, see
    /// docs/uploading.md)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    /// Reference system of the coordinates when it is not WGS84, such as EPSG:28408; easting or
    /// longitude comes first, as GIS programs write it
    #[arg(long, env = "CLEARLINE_CRS", value_name = "EPSG:n")]
    pub crs: Option<String>,
    /// What a column or attribute means whose name is not known, such as Cihaz=kind; - for the field
    /// leaves it out. May be given many times
    #[arg(long = "column", value_name = "NAME=FIELD", value_parser = column)]
    pub columns: Vec<(String, String)>,
    /// The order of day, month and year in dates in digits, such as 03/04/2023: dmy, mdy or ymd
    #[arg(long, env = "CLEARLINE_DATES", value_name = "ORDER")]
    pub dates: Option<DateOrder>,
    /// Judge every row and write nothing
    #[arg(long, env = "CLEARLINE_DRY_RUN")]
    pub dry_run: bool,
    /// Replace records that are there with other content, as new revisions
    #[arg(long, env = "CLEARLINE_UPDATE")]
    pub update: bool,
    /// Why, for the history of the records that change
    #[arg(long, env = "CLEARLINE_REASON")]
    pub reason: Option<String>,
    /// The name in the history
    #[arg(long, env = "CLEARLINE_BY", default_value = "import")]
    pub by: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Collection {
    /// Detections of explosive ordnance
    Detections,
}

#[derive(Debug, Args)]
pub struct Export {
    /// What to write
    pub collection: Collection,
    #[command(flatten)]
    pub store: StoreArgs,
    /// The format; without it the ending of the file says it, and else it is geojson
    #[arg(long, env = "CLEARLINE_FORMAT", value_parser = written_formats())]
    pub format: Option<Format>,
    /// CSV only: begin with a byte order mark, by which Excel knows that the text is UTF-8
    #[arg(long, env = "CLEARLINE_BOM")]
    pub bom: bool,
    /// The file to write; standard output when absent
    #[arg(long, short, env = "CLEARLINE_OUTPUT", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub store: StoreArgs,
    /// A head that an earlier check printed: the log must still hold it
    #[arg(long, env = "CLEARLINE_HEAD", value_name = "REVISION:HASH")]
    pub head: Option<Head>,
    /// Say it as JSON
    #[arg(long, env = "CLEARLINE_JSON")]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token and print it alone; only its hash is kept. Works beside a running server
    Create {
        #[command(flatten)]
        store: StoreArgs,
        /// What its bearer may do
        #[arg(long, env = "CLEARLINE_ROLE")]
        role: Role,
        /// Who bears it: the name in the history of what is written with it
        #[arg(long, env = "CLEARLINE_NAME")]
        name: String,
        /// The organisation that its bearer works for; what a field team records is of it
        #[arg(long, env = "CLEARLINE_OPERATOR")]
        operator: Option<String>,
        /// Id of a region that it may write in, such as AZ-KAL; may be given many times
        #[arg(long = "region", value_name = "ID")]
        regions: Vec<String>,
        /// It may write in every region, and outside all of them
        #[arg(long, conflicts_with = "regions")]
        everywhere: bool,
        /// Days that it is good for
        #[arg(long, env = "CLEARLINE_DAYS", default_value_t = 365, value_name = "N",
              value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
    },
    /// Read a token from standard input and print the settings of ODK Collect and KoBoCollect for it, as the
    /// text of their QR code
    Qr {
        /// The address of the server as phones reach it
        #[arg(long, env = "CLEARLINE_PUBLIC_URL", value_name = "URL")]
        url: String,
        /// Write the QR code too, to this file. Whoever sees it has the token
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// List every token ever made, without what it is shown by
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Make a token good for nothing, at once, also in a running server
    Revoke {
        #[command(flatten)]
        store: StoreArgs,
        /// Its id, as the list shows it
        id: uuid::Uuid,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Sees the records
    Viewer,
    /// Records, and corrects its own records until they are approved
    Field,
    /// Reviews and edits records
    Manager,
    /// Does everything, and says who may do what
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
    /// Records that are dealt with; of the others their number in cells of about a kilometre
    Cells,
    /// All approved records where they lie
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
    /// Records to make, for trying out load; without it, the demonstration whose totals follow the
    /// published figures
    #[arg(long, env = "CLEARLINE_RECORDS", value_name = "N")]
    pub records: Option<usize>,
    /// The same seed makes the same records
    #[arg(long, env = "CLEARLINE_SEED", default_value_t = 2023, value_name = "S")]
    pub seed: u64,
    /// The file to write; its ending says the format, as for import
    #[arg(long, short, env = "CLEARLINE_OUTPUT", value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// The server's address
    #[arg(long, env = "CLEARLINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,
    /// Ask by TLS, whatever certificate the server shows
    #[arg(long, env = "CLEARLINE_TLS")]
    pub tls: bool,
}

/// An address and a port, or a name of this machine alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    const SUCH_AS: &str =
        "give an address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or localhost:8080";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let known = text.to_socket_addrs().map_err(|error| format!("{error}; {SUCH_AS}"))?;
    let known: Vec<SocketAddr> = known.collect();
    if !known.iter().all(|address| address.ip().is_loopback()) {
        return Err(format!("it is no name of this machine alone, as localhost is; {SUCH_AS}"));
    }
    let found = known.iter().find(|address| address.is_ipv4()).or(known.first());
    found.copied().ok_or_else(|| format!("it is the name of nothing; {SUCH_AS}"))
}

/// A column's name and the field that it stands for.
fn column(text: &str) -> Result<(String, String), String> {
    let (name, field) = text.rsplit_once('=').ok_or("is not NAME=FIELD")?;
    Ok((name.to_owned(), field.to_owned()))
}

/// The formats to write, by their words.
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
