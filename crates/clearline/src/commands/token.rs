//! `clearline token`

use std::process::ExitCode;

use demining::LIMITS;
use jiff::Timestamp;

use super::Failure;
use crate::args::Token;

pub fn run(command: Token) -> Result<ExitCode, Failure> {
    let Token::Create { store, role, name } = command;
    let name = name.trim();
    let n_chars = name.chars().count();
    if n_chars == 0 {
        return Err("a token needs the name of who bears it: --name".into());
    }
    if n_chars > LIMITS.name_chars {
        return Err(format!(
            "the name of a token has at most {} characters, this one has {n_chars}",
            LIMITS.name_chars
        )
        .into());
    }
    if name.chars().any(char::is_control) {
        return Err("the name of a token holds a control character".into());
    }
    let token = store::create_token(&store.store, name, role.word(), Timestamp::now())?;
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
