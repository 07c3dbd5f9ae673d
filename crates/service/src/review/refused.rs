//! Uploads that could not be read and that their senders cannot fix.

use std::sync::Arc;

use demining::Details;
use jiff::Timestamp;
use store::{Reader, Refused, Settlement, StoreError, Upload, Writes};
use uuid::Uuid;

use super::{
    LIMIT,
    waiting::{Waiting, may_look, waiting},
};
use crate::{Fault, Service, access::Caller, intake::upload_of, journal};

/// A page of refused uploads, oldest first.
pub struct Page {
    /// The uploads.
    pub uploads: Vec<Refused>,
    /// The number after which the next page begins.
    pub next: Option<i64>,
    /// How much waits for a manager.
    pub waiting: Waiting,
}

/// Returns the refused uploads that the caller may see, after this number.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(service: &Service, caller: Caller, after: i64, limit: usize) -> Result<Page, Fault> {
    let view = caller.view(&service.atlas);
    let work = move |reader: &mut Reader| {
        let (uploads, next) = read_page(reader, |refused| may_look(refused, &view, &caller), after, limit)?;
        Ok(Page { uploads, next, waiting: waiting::<Details>(reader, &view, &caller, None)? })
    };
    service.readers.run(work).await
}

fn read_page(
    reader: &Reader,
    is_shown: impl Fn(&Refused) -> bool,
    mut after: i64,
    limit: usize,
) -> Result<(Vec<Refused>, Option<i64>), StoreError> {
    let mut shown: Vec<Refused> = Vec::new();
    loop {
        let refused = reader.refused(after, LIMIT.1)?;
        let Some(last) = refused.last().map(|refused| refused.number) else { return Ok((shown, None)) };
        shown.extend(refused.into_iter().filter(&is_shown));
        if shown.len() > limit {
            shown.truncate(limit);
            let next = shown.last().map(|refused| refused.number);
            return Ok((shown, next));
        }
        after = last;
    }
}

/// Why a refused upload could not be settled.
pub enum NotSettled {
    /// No refused upload that the caller may see has this id.
    Missing,
    /// Somebody settled it earlier.
    Before {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// Returns the refused upload if the caller may settle it.
///
/// # Errors
/// Why not; a fault if the store cannot be read.
pub async fn find(
    service: &Service,
    caller: &Caller,
    upload: Uuid,
) -> Result<Result<Refused, NotSettled>, Fault> {
    let refused = service.readers.run(move |reader| reader.find_refused(upload)).await?;
    let view = caller.view(&service.atlas);
    let refused = refused.filter(|refused| may_look(refused, &view, caller));
    Ok(refused.ok_or(NotSettled::Missing))
}

/// Settles an upload, which removes it from the queue; `how` describes the action taken.
///
/// # Errors
/// Why not; a fault if the store cannot be written.
pub async fn settle(
    service: &Arc<Service>,
    caller: &Caller,
    refused: Refused,
    how: String,
) -> Result<Result<(), NotSettled>, Fault> {
    if let Some(settled) = refused.settled {
        return Ok(Err(NotSettled::Before { by: settled.by.clone(), at: settled.at }));
    }
    let settles = vec![Settlement { upload: refused.upload, how }];
    let upload = Upload { settles, ..upload_of(&service.intake, caller, Writes::default()) };
    let done = service.writer.commit(upload).await?;
    journal::decided(caller, "refused", "settled", 1, 0, done.revision);
    Ok(Ok(()))
}
