//! Roles, regions and sessions, cell by cell of the table in the manual.
//!
//! The modules, lowest first:
//! - `world` provides a server with a token of each role.
//! - `table` tests each cell of the table in the manual.
//! - `regions` tests who may write where.
//! - `sessions` tests revoked tokens, sessions and what the public sees.

mod regions;
mod sessions;
mod table;
mod world;
