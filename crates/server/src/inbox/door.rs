//! The ways in, and how what came is judged.

use exchange::{Submission, read_submission};
use serde::de::DeserializeOwned;

use super::{Envelope, Turn, envelope::Asked};
use crate::{
    access::Caller,
    app::App,
    body::Received,
    hooks::{self, Hook},
    openrosa::{self, Attached, Earlier},
    problem::{Answer, Problem},
    upload::{self, Judged, Wishes, read_problem},
};

/// The way that something comes in, which says how it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A file of records. Its envelope is an [`Envelope`].
    Uploads,
    /// The answers of a form. Its envelope names the photos that came with it.
    OpenRosa,
    /// A file that came with a form and is no photo: a manager looks at it. Its envelope says of which form.
    Attachment,
    /// What another server received and sends on. Its envelope is a [`Hook`].
    Hook,
}

impl Door {
    const ALL: [Self; 4] = [Self::Uploads, Self::OpenRosa, Self::Attachment, Self::Hook];

    /// As the inbox keeps it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uploads => "uploads",
            Self::OpenRosa => "openrosa",
            Self::Attachment => "attachment",
            Self::Hook => "hook",
        }
    }

    /// The door of this word.
    ///
    /// # Errors
    /// When there is none: the store is from a later version.
    pub fn from_word(word: &str) -> Answer<Self> {
        let known = Self::ALL.into_iter().find(|door| door.word() == word);
        known.ok_or_else(|| Problem::internal(&format!("{word:?} is no door of the inbox")))
    }

    /// Whether submissions of forms come in here.
    pub fn is_of_forms(self) -> bool {
        matches!(self, Self::OpenRosa | Self::Hook)
    }

    /// Judges what came in. What is judged of a form has to be committed within its turn.
    ///
    /// # Errors
    /// 400, 413 and 415 for what cannot be read; 503 when the store cannot be.
    pub async fn judge<'a>(
        self,
        (app, caller): (&'a App, &Caller),
        envelope: &str,
        bytes: Received,
    ) -> Answer<(Judged, Option<Turn<'a>>)> {
        match self {
            Self::Uploads => {
                let envelope: Envelope = read_envelope(envelope)?;
                let Asked { wishes, options, format } = envelope.asked()?;
                let judged =
                    upload::judge((app, caller), &envelope.headers(), bytes, format, options, &wishes)
                        .await?;
                Ok((judged, None))
            }
            Self::Attachment => Ok((openrosa::judge_attachment(&read_envelope(envelope)?), None)),
            Self::OpenRosa | Self::Hook => {
                let (submission, attached) = self.submission(envelope, &bytes)?;
                let earlier = Earlier::of((app, caller), &submission).await?;
                let record = openrosa::record_of(&submission, earlier.as_ref());
                let turn = app.inbox.turn(record).await;
                let judged = openrosa::judge((app, caller), submission, earlier.as_ref(), &attached).await?;
                Ok((judged, Some(turn)))
            }
        }
    }

    /// The submission that came in, and the photos that came with it.
    ///
    /// # Errors
    /// 400 when it is none.
    pub fn submission(self, envelope: &str, bytes: &[u8]) -> Answer<(Submission, Attached)> {
        match self {
            Self::OpenRosa => {
                let submission = read_submission(bytes).map_err(|error| read_problem(&error))?;
                Ok((submission, read_envelope(envelope)?))
            }
            Self::Hook => {
                let sent =
                    hooks::read(read_envelope::<Hook>(envelope)?, bytes).map_err(|e| read_problem(&e))?;
                let submission =
                    sent.ok_or_else(|| Problem::internal(&"an event of no interest was kept"))?;
                Ok((submission, Attached::new()))
            }
            Self::Uploads | Self::Attachment => Err(Problem::internal(&"no submission came in at this door")),
        }
    }

    /// How the rows of what came in are treated.
    ///
    /// # Errors
    /// As [`Envelope::asked`].
    pub fn wishes(self, envelope: &str) -> Answer<Wishes> {
        match self {
            Self::Uploads => Ok(read_envelope::<Envelope>(envelope)?.asked()?.wishes),
            Self::OpenRosa | Self::Attachment | Self::Hook => Ok(openrosa::wishes()),
        }
    }
}

fn read_envelope<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|e| Problem::internal(&e))
}
