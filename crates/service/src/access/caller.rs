//! The caller of a request.

use std::sync::Arc;

use atlas::{Atlas, ReferenceData, Scope, View};
use demining::{Author, Role};
use geometry::LonLat;
use jiff::Timestamp;
use store::{Bearer, Proof};
use uuid::Uuid;

use super::Grant;
use crate::{fault::Fault, readers::Readers};

/// Lifetime of a session, in hours.
pub const SESSION_HOURS: i64 = 12;

/// Lifetime of a session that began with a token, in hours. A field team works offline for days: it must be
/// able to send its records when it returns, without typing a token in the rain. The session ends with its
/// token at the latest.
pub fn session_hours(role: Role) -> i64 {
    if role == Role::Field { 14 * 24 } else { SESSION_HOURS }
}

/// The caller of a request.
#[derive(Clone, Debug)]
pub struct Caller {
    who: Option<Arc<Bearer>>,
    proof: Proof,
    /// The token that the caller presented, or began its session with.
    token: Option<Uuid>,
    /// When the credential expires.
    expires_at: Option<Timestamp>,
    /// What the route grants to the caller's role.
    grant: Grant,
}

impl Caller {
    /// An anonymous caller.
    pub fn public() -> Self {
        Self { who: None, proof: Proof::None, token: None, expires_at: None, grant: Grant::No }
    }

    /// Returns the bearer of a token, or `None` if the token grants no access.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of_token(readers: &Readers, token: String) -> Result<Option<Self>, Fault> {
        let now = Timestamp::now();
        let found = readers.run(move |reader| reader.find_token(&token, now)).await?;
        Ok(found.map(|token| Self {
            who: Some(Arc::new(token.bearer)),
            proof: Proof::Token(token.id),
            token: Some(token.id),
            expires_at: token.expires_at,
            ..Self::public()
        }))
    }

    /// Returns the holder of a session, or an anonymous caller if the session has ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of_session(readers: &Readers, secret: &str) -> Result<Self, Fault> {
        let (wanted, now) = (secret.to_owned(), Timestamp::now());
        let found = readers.run(move |reader| reader.find_session(&wanted, now)).await?;
        Ok(found.map_or_else(Self::public, |session| Self {
            who: Some(Arc::new(session.bearer)),
            proof: Proof::Session(secret.into()),
            token: session.token,
            expires_at: Some(session.expires_at),
            ..Self::public()
        }))
    }

    /// The sender of a message that is judged later.
    pub fn sender(bearer: Bearer, grant: Grant) -> Self {
        Self { who: Some(Arc::new(bearer)), grant, ..Self::public() }
    }

    /// Returns the same caller with what another route grants.
    #[must_use]
    pub fn granted(self, grant: Grant) -> Self {
        Self { grant, ..self }
    }

    /// Returns what the route grants.
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// Returns `true` for a field team, which writes its own records and leaves the others to a manager.
    pub fn is_field_team(&self) -> bool {
        self.grant == Grant::Own
    }

    /// Returns the role, which decides what the caller may do.
    pub fn role(&self) -> Role {
        self.who.as_ref().map_or(Role::Public, |who| who.role)
    }

    /// Returns the caller as the author of its writes; `None` for the public, which writes nothing.
    pub fn author(&self) -> Option<Author> {
        self.bearer().map(Bearer::author)
    }

    /// Returns the caller's name, the `by` of its writes. Empty for the public, which writes nothing.
    pub fn name(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.name)
    }

    /// Returns the bearer; `None` for the public.
    pub fn bearer(&self) -> Option<&Bearer> {
        self.who.as_deref()
    }

    /// Returns the credential that identified the caller.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Returns the token that the caller presented, or began its session with.
    pub fn token(&self) -> Option<Uuid> {
        self.token
    }

    /// Returns the same caller without its credential. A stored message is judged even if its sender's token
    /// has been revoked since.
    #[must_use]
    pub fn as_sender(&self) -> Self {
        Self { proof: Proof::None, token: None, ..self.clone() }
    }

    /// Returns when the credential expires; `None` if it never does.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Returns the scope of records that the caller sees.
    pub fn scope(&self) -> Scope {
        if self.role() == Role::Public { Scope::Public } else { Scope::Full }
    }

    /// Returns the caller's current view.
    pub fn view(&self, atlas: &Atlas) -> View {
        atlas.view(self.scope())
    }

    /// Returns `true` if neither a place nor an author restricts the caller's writes.
    pub fn may_write_everything(&self) -> bool {
        let everywhere = self.bearer().is_some_and(|bearer| bearer.regions.is_none());
        self.grant == Grant::Yes || self.grant == Grant::Regions && everywhere
    }

    /// Returns `true` if the caller may write at a place.
    pub fn may_write_at(&self, place: LonLat, reference: &ReferenceData) -> bool {
        match (self.grant, self.bearer()) {
            (Grant::Yes, _) | (Grant::Own | Grant::Regions, Some(Bearer { regions: None, .. })) => true,
            (Grant::Own | Grant::Regions, Some(Bearer { regions: Some(ids), .. })) => {
                ids.iter().any(|id| reference.lies_in(place, id))
            }
            _ => false,
        }
    }

    /// Returns `true` if the credential is still valid.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn still_stands(&self, readers: &Readers) -> Result<bool, Fault> {
        let (proof, now) = (self.proof.clone(), Timestamp::now());
        readers.run(move |reader| reader.stands(&proof, now)).await
    }

    /// Checks the credential again after the whole body has arrived. The store makes this check itself for
    /// each commit; call this before writing or returning anything else.
    ///
    /// # Errors
    /// [`Fault::Revoked`] if the credential is no longer valid, or a fault if the store cannot be read.
    pub async fn confirm(&self, readers: &Readers) -> Result<(), Fault> {
        if self.still_stands(readers).await? { Ok(()) } else { Err(Fault::Revoked) }
    }
}
