//! Judges a file of a submission that is not a displayable photo.

use demining::FieldProblem;
use store::Writes;

use crate::intake::{
    JudgedMessage,
    channel::Attachment,
    report::{Notice, Report, Seen},
};

/// Refuses a photo that cannot be displayed: its bytes stay stored for a manager. For other files, such as a
/// video or Collect's `audit.csv`, the report notes that they are stored.
pub fn judge_attachment(attachment: &Attachment) -> JudgedMessage {
    let mut report = Report { rows: 1, ..Report::default() };
    if attachment.is_photo {
        let (id, reason) =
            (attachment.submission.to_string(), "must be a JPEG, PNG or WebP that can be displayed");
        report
            .refuse(vec![FieldProblem::new(1, Some(&id), "photo", &attachment.name, reason).called("photo")]);
    } else {
        let seen = Seen::NotShown { name: attachment.name.clone() };
        report.notice(Notice { row: 1, id: attachment.submission, seen });
    }
    JudgedMessage::new(Writes::default(), report)
}
