//! `clearline token`

use std::{fs, io, path::Path, process::ExitCode};

use demining::{RECORD_LIMITS, Role};
use jiff::{SignedDuration, Timestamp};
use store::{Bearer, Reader};
use uuid::Uuid;

use super::collect;
use crate::failure::Failure;
use crate::{args::Token, say};

pub fn run(command: Token) -> Result<ExitCode, Failure> {
    match command {
        Token::Create { store, role, name, operator, regions, everywhere, days } => {
            let role = Role::from(role);
            let regions = regions_of(&store.store, role, regions, everywhere)?;
            let bearer = Bearer { name: checked(&name)?, role, operator, regions };
            let now = Timestamp::now();
            let expires_at = now + SignedDuration::from_hours(24 * i64::from(days));
            let (id, token) = store::create_token(&store.store, &bearer, Some(expires_at), now)?;
            shown(&store.store, id, &token)?;
        }
        Token::Qr { url, svg } => qr(&url, svg.as_deref())?,
        Token::List { store } => list(&store.store)?,
        Token::Revoke { store, id } => revoke(&store.store, id)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a token once. If printing fails, revokes the token, because nobody can know it.
fn shown(store: &Path, id: Uuid, token: &str) -> Result<(), Failure> {
    let Err(error) = say::secret(token) else { return Ok(()) };
    let revoked = store::revoke_token(store, id, Timestamp::now());
    let told = match revoked {
        Ok(_) => "it was revoked".to_owned(),
        Err(error) => format!("revoking it failed: {error}"),
    };
    Err(format!("the token {id} could not be shown: {error}; {told}").into())
}

fn checked(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    let n_chars = name.chars().count();
    if n_chars == 0 {
        return Err("a token needs the name of its holder: --name".into());
    }
    if n_chars > RECORD_LIMITS.name_chars {
        return Err(format!(
            "the name of a token may have at most {} characters, not {n_chars}",
            RECORD_LIMITS.name_chars
        )
        .into());
    }
    if name.chars().any(char::is_control) {
        return Err("the name of a token must not contain control characters".into());
    }
    Ok(name.to_owned())
}

/// Returns where the holder of a token may write. Roles that write need an explicit choice.
fn regions_of(
    store: &Path,
    role: Role,
    regions: Vec<String>,
    everywhere: bool,
) -> Result<Option<Vec<String>>, Failure> {
    if regions.is_empty() {
        let is_said = everywhere || matches!(role, Role::Viewer | Role::Admin);
        return if is_said {
            Ok(None)
        } else {
            Err("state where the holder may write: --region ID, or --everywhere".into())
        };
    }
    let known = Reader::open(store)?.regions()?;
    match regions.iter().find(|id| !known.iter().any(|region| region.id == **id)) {
        Some(unknown) => Err(format!("{unknown:?} is not a region of this store").into()),
        None => Ok(Some(regions)),
    }
}

/// Reads the token from standard input, so that it appears neither in the process list nor in a shell's
/// history.
fn qr(url: &str, svg: Option<&Path>) -> Result<(), Failure> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(format!(
            "{url:?} is not the address of a server: it must begin with https:// or http://"
        )
        .into());
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let token = line.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
        return Err("pass a token on standard input, as clearline token create prints it".into());
    }
    let settings = collect::settings(url, token)?;
    if let Some(path) = svg {
        fs::write(path, collect::qr_svg(&settings)?)?;
    }
    Ok(say::line(settings)?)
}

fn list(store: &Path) -> Result<(), Failure> {
    let now = Timestamp::now();
    for token in Reader::open(store)?.tokens()? {
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("revoked {at:.0}"),
            (None, Some(at)) if at <= now => format!("expired {at:.0}"),
            (None, Some(at)) => format!("until {at:.0}"),
            (None, None) => "valid".to_owned(),
        };
        let Bearer { name, role, operator, regions } = token.bearer;
        let regions = regions.map_or_else(|| "everywhere".to_owned(), |ids| ids.join(","));
        let operator = operator.unwrap_or_default();
        say::line(format_args!("{}\t{role}\t{name}\t{operator}\t{regions}\t{state}", token.id))?;
    }
    Ok(())
}

fn revoke(store: &Path, id: Uuid) -> Result<(), Failure> {
    if store::revoke_token(store, id, Timestamp::now())? {
        Ok(())
    } else {
        Err(format!("no valid token has the id {id}").into())
    }
}
