//! `clearline token`

use std::process::ExitCode;

use jiff::Timestamp;

use super::Failure;
use crate::args::Token;

pub fn run(command: Token) -> Result<ExitCode, Failure> {
    let Token::Create { store, role, name } = command;
    let token = store::create_token(&store.store, &name, role.word(), Timestamp::now())?;
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
