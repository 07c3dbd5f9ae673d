//! The command `clearline`: it composes the rooms and nothing else.

mod args;
mod commands;
mod configuration;
mod reference;

use std::process::ExitCode;

use clap::Parser;
use tikv_jemallocator::Jemalloc;
use tracing_subscriber::EnvFilter;

/// The threads that load records are not those that change them later. The system's allocator gives each
/// its own heap, and what one frees the other cannot use: memory would double with the first changes.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let command = args::Arguments::parse().command;
    let filter = EnvFilter::try_from_env("CLEARLINE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let on_screen = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(on_screen)
        .with_writer(std::io::stderr)
        .init();
    match commands::run(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("clearline: {error}");
            ExitCode::FAILURE
        }
    }
}
