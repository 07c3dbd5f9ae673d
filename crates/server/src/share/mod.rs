//! A view of the map that readers send to each other: a page with the tags that other sites show as a preview, and its
//! picture.
//!
//! The page's own state is behind `#`, which neither crawlers nor this server ever see. So a shared address has the state
//! in its query: [`state`] reads it, [`facts`] takes the figures from the public view, [`words`] says them in the
//! reader's language, [`picture`] draws them, and [`paint`] turns the drawing into a PNG.

mod facts;
mod paint;
mod picture;
pub mod routes;
mod state;
mod words;
