//! What a command fails with.

/// The message is for the person who typed the command.
pub type Failure = Box<dyn std::error::Error>;
