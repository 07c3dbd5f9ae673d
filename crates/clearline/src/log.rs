//! What is logged, and how.

use std::{env, io};

use tracing_subscriber::EnvFilter;

/// The variable of the environment that says what is logged.
const VARIABLE: &str = "CLEARLINE_LOG";

/// What is logged when it does not say.
const USUAL: &str = "info";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The parts of the program that have something to tell.
const PARTS: [&str; 8] =
    ["clearline", "server", "service", "store", "atlas", "exchange", "demining", "geometry"];

/// Begins to log to standard error.
///
/// # Errors
/// When the environment asks for what means nothing.
pub fn begin() -> Result<(), String> {
    let asked = match env::var(VARIABLE) {
        Ok(asked) => asked,
        Err(env::VarError::NotPresent) => String::new(),
        Err(error) => return Err(format!("{VARIABLE}: {error}")),
    };
    let filter = filter(&asked).map_err(|reason| {
        format!(
            "{VARIABLE}={asked:?}: {reason}; one of {} is needed, or such levels by part of the program as in \
             warn,server=debug",
            LEVELS.join(", ")
        )
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .with_writer(io::stderr)
        // It would say on standard error that it cannot write to standard error, and panic.
        .log_internal_errors(false)
        .init();
    Ok(())
}

/// `service` was once a part of `server`, so a level for `server` applies to `service` too.
fn with_service(asked: &str) -> String {
    let named_before =
        asked.split(',').filter_map(|d| Some(format!("service{}", d.trim().strip_prefix("server")?)));
    // Directives for `service` itself come last and win.
    named_before.chain([asked.to_owned()]).collect::<Vec<_>>().join(",")
}

/// A filter of levels, perhaps by part of the program. A word that is no level would be taken for a part, and
/// silence all others.
fn filter(asked: &str) -> Result<EnvFilter, String> {
    let asked = if asked.trim().is_empty() { USUAL } else { asked };
    let is_level = |word: &str| LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
    let mut means_something = false;
    for directive in asked.split(',').map(str::trim) {
        let (part, level) =
            directive.rsplit_once('=').map_or((None, directive), |(p, l)| (Some(p.trim()), l.trim()));
        if !is_level(level) {
            return Err(format!("{level:?} is no level"));
        }
        let is_ours = |part: &str| PARTS.iter().any(|ours| part.split("::").next() == Some(*ours));
        means_something |= part.is_none_or(is_ours);
    }
    if !means_something {
        return Err(format!("it names no part of the program, which are {}", PARTS.join(", ")));
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
