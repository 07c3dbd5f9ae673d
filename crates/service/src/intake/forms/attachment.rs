//! What becomes of a file that comes with a submission and is no photo that can be shown.

use demining::FieldProblem;

use crate::intake::{
    Judged,
    channel::Attachment,
    report::{Notice, Report, Seen},
};

/// A photo that cannot be shown is refused: its bytes stay where they are, for a manager. Of anything else, such as
/// a film or Collect's `audit.csv`, the report says that it is kept.
pub fn judge_attachment(attachment: &Attachment) -> Judged {
    let mut report = Report { rows: 1, ..Report::default() };
    if attachment.is_photo {
        let (id, reason) = (attachment.submission.to_string(), "is no JPEG, PNG or WebP that can be shown");
        report
            .refuse(vec![FieldProblem::new(1, Some(&id), "photo", &attachment.name, reason).called("photo")]);
    } else {
        let seen = Seen::NotShown { name: attachment.name.clone() };
        report.notice(Notice { row: 1, id: attachment.submission, seen });
    }
    Judged::new(Vec::new(), report)
}
