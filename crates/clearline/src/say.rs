//! Writes a command's output. The reader may close the pipe early, as in `clearline check | head -1`:
//! `println!` would panic, but these functions end quietly.

use std::{
    fmt::Display,
    io::{self, Write},
};

/// Prints a line on standard output.
///
/// # Errors
/// When writing fails, for example on a full disk. A closed pipe is not an error.
pub fn line(line: impl Display) -> Result<(), String> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Prints a line that must be seen, such as a secret that is shown only once.
///
/// # Errors
/// When writing fails.
pub fn secret(line: impl Display) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush())
}

/// Returns a number with its noun, such as "1 record" or "2 records".
pub fn counted(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}

/// Prints a line on standard error; ignores errors.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
