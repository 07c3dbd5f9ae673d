//! Who may see what a sender sent: the upload as received, its report and its photos.

use atlas::ReferenceData;
use demining::Author;
use store::{PhotoUse, QuarantinedWrite};

use super::{ADD, Caller, Grant};

impl Caller {
    /// Returns `true` if the caller may see a photo. Signed-in callers see every record and its photos.
    /// Photos of quarantined writes are visible to their sender and to managers of that place. Nobody sees a
    /// photo that no record names yet.
    pub fn may_see(&self, photo: &PhotoUse, reference: &ReferenceData) -> bool {
        // Use the grant of the write routes, whatever the current route grants.
        let writer = self.clone().granted(ADD[self.role().index()]);
        let author = self.author();
        let is_of_held = |held: &QuarantinedWrite| {
            author.as_ref() == Some(&held.by)
                || writer.grant() == Grant::Regions && writer.may_write_at(held.wanted.location, reference)
        };
        photo.is_in_log || writer.may_write_everything() || photo.held.iter().any(is_of_held)
    }

    /// Returns `true` if the caller may see an upload by this author, who could write in these regions only;
    /// `None` means everywhere or unknown.
    ///
    /// An upload may contain places anywhere in its sender's regions, and an unreadable upload has no place
    /// at all. A manager therefore sees uploads of senders whose regions are all its own; a field team sees
    /// its own uploads.
    pub fn may_look_into(&self, by: &Author, regions: Option<&[String]>, reference: &ReferenceData) -> bool {
        if self.may_write_everything() || self.author().as_ref() == Some(by) {
            return true;
        }
        let own = self.bearer().and_then(|bearer| bearer.regions.as_deref()).unwrap_or_default();
        let is_own = |region: &String| own.iter().any(|own| reference.is_within(region, own));
        let of_sender = regions.unwrap_or_default();
        self.grant() == Grant::Regions && !of_sender.is_empty() && of_sender.iter().all(is_own)
    }
}
