//! Logging.

use std::{env, io};

use tracing_subscriber::EnvFilter;

/// The environment variable that sets the log filter.
const VARIABLE: &str = "CLEARLINE_LOG";

/// The default filter.
const USUAL: &str = "info";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The parts of the program that write logs.
const PARTS: [&str; 8] =
    ["clearline", "server", "service", "store", "atlas", "exchange", "demining", "geometry"];

/// Starts logging to standard error.
///
/// # Errors
/// When the environment variable is invalid.
pub fn begin() -> Result<(), String> {
    let asked = match env::var(VARIABLE) {
        Ok(asked) => asked,
        Err(env::VarError::NotPresent) => String::new(),
        Err(error) => return Err(format!("{VARIABLE}: {error}")),
    };
    let filter = filter(&asked).map_err(|reason| {
        format!(
            "{VARIABLE}={asked:?}: {reason}; use one of {}, or levels for parts of the program, such as \
             warn,server=debug",
            LEVELS.join(", ")
        )
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .with_writer(io::stderr)
        // With this, an error writing to standard error would itself be written there, and panic.
        .log_internal_errors(false)
        .init();
    Ok(())
}

/// Applies a level for `server` also to `service`, which was once part of `server`.
fn with_service(asked: &str) -> String {
    let named_before =
        asked.split(',').filter_map(|d| Some(format!("service{}", d.trim().strip_prefix("server")?)));
    // Directives that name `service` come last and take precedence.
    named_before.chain([asked.to_owned()]).collect::<Vec<_>>().join(",")
}

/// Parses levels, optionally for parts of the program. A misspelt level would be mistaken for a part and
/// silence all others.
fn filter(asked: &str) -> Result<EnvFilter, String> {
    let asked = if asked.trim().is_empty() { USUAL } else { asked };
    let is_level = |word: &str| LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
    let mut means_something = false;
    for directive in asked.split(',').map(str::trim) {
        let (part, level) =
            directive.rsplit_once('=').map_or((None, directive), |(p, l)| (Some(p.trim()), l.trim()));
        if !is_level(level) {
            return Err(format!("{level:?} is not a level"));
        }
        let is_ours = |part: &str| PARTS.iter().any(|ours| part.split("::").next() == Some(*ours));
        means_something |= part.is_none_or(is_ours);
    }
    if !means_something {
        return Err(format!("it names no part of the program; the parts are {}", PARTS.join(", ")));
    }
    EnvFilter::builder().parse(with_service(asked)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_for_the_server_applies_to_the_service() {
        assert_eq!(with_service("warn,server=debug"), "service=debug,warn,server=debug");
        assert_eq!(with_service("server::intake=trace"), "service::intake=trace,server::intake=trace");
        assert_eq!(with_service("info"), "info");
    }

    #[test]
    fn a_filter_that_would_silence_everything_by_mistake_is_refused() {
        for good in
            ["", " ", "info", "WARN", "off", "warn,server=debug", "server::intake=trace", "info,hyper=debug"]
        {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in
            ["foo", "inof", "info,foo", "info debug", "server", "foo=debug", "info=foo", "hyper=debug", ","]
        {
            assert!(filter(bad).is_err(), "{bad}");
        }
    }
}
