//! The error type of commands.

/// The error message is for the person who ran the command.
pub type Failure = Box<dyn std::error::Error>;
