//! Writes a command's output. The reader may close the pipe early, as in `clearline check | head -1`: `println!`
//! panics then; these functions end quietly.

use std::{
    fmt::Display,
    io::{self, Write},
};

/// Says a line on standard output.
///
/// # Errors
/// When it cannot be written for another reason than that nobody reads it any more, a full disk for instance.
pub fn line(line: impl Display) -> Result<(), String> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Says a line that must be seen, such as a secret that is never shown again.
///
/// # Errors
/// When it cannot be written.
pub fn secret(line: impl Display) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush())
}

/// Says a line on standard error, if anybody reads it.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
