//! The command `clearline`: it composes the rooms and nothing else.
// They panic when nobody reads; see `say`.
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

/// The threads that load records are not those that change them later. The system's allocator gives each
/// its own heap, and what one frees the other cannot use: memory would double with the first changes.
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
