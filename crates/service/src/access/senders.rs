//! Who may look into what somebody sent: an upload as it came, the report on it, and photos.

use atlas::ReferenceData;
use demining::Author;
use store::{PhotoUse, QuarantinedWrite};

use super::{ADD, Caller, Grant};

impl Caller {
    /// Whether it may see a photo. Whoever is signed in sees every record, and so the photos of records; what was set
    /// aside is seen where it lies and by who sent it. A photo that nobody has named yet is nobody's to see.
    pub fn may_see(&self, photo: &PhotoUse, reference: &ReferenceData) -> bool {
        // As on the routes by which it writes, whatever the one by which it reads grants.
        let writer = self.clone().granted(ADD[self.role().index()]);
        let author = self.author();
        let is_of_held = |held: &QuarantinedWrite| {
            author.as_ref() == Some(&held.by)
                || writer.grant() == Grant::Regions && writer.may_write_at(held.wanted.location, reference)
        };
        photo.is_in_log || writer.may_write_everything() || photo.held.iter().any(is_of_held)
    }

    /// Whether it may look into an upload by this author, who could write in these regions only; none when that one
    /// could write everywhere, or where is not known.
    ///
    /// What was sent may lie anywhere where its sender may write, and what could not be read lies nowhere. So a
    /// manager looks into what came from senders whose regions are all its own, and a field team into its own.
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
