//! The commands, one module each.

mod check;
mod collect;
mod demo;
mod export;
mod healthcheck;
mod import;
mod serve;
mod token;

use std::process::ExitCode;

use crate::{args::Command, failure::Failure};

/// Runs a command.
///
/// # Errors
/// The reason why the command failed.
pub fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(args) => serve::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Token { command } => token::run(command),
        Command::Demo(args) => demo::run(&args),
        Command::Healthcheck(args) => healthcheck::run(&args),
    }
}
