//! The command `clearline`: composes the crates.
// These macros panic when the reader is gone; see `say`.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod commands;
mod configuration;
mod failure;
mod log;
mod reference;
mod say;

use std::process::ExitCode;

use clap::Parser;
use tikv_jemallocator::Jemalloc;

/// The threads that load records differ from those that change them later. The system's allocator gives each
/// thread its own heap, and memory freed by one is not reused by the other: usage would double with the first
/// changes.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let command = args::Arguments::parse().command;
    let done = log::begin().map_err(Into::into).and_then(|()| commands::run(command));
    done.unwrap_or_else(|error| {
        say::note(format_args!("clearline: {error}"));
        ExitCode::FAILURE
    })
}
