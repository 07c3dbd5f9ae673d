//! Who is asking.

use std::sync::Arc;

use atlas::{Atlas, ReferenceData, Scope, View};
use demining::{Author, Role};
use geometry::LonLat;
use jiff::Timestamp;
use store::{Bearer, Proof};
use uuid::Uuid;

use super::Grant;
use crate::{fault::Fault, readers::Readers};

/// How long a session lasts.
pub const SESSION_HOURS: i64 = 12;

/// How long one lasts that was begun with a token. A field team's lasts until it is back from where there is
/// no network: what it recorded there is to be sent without anybody's typing a token in the rain. It ends with
/// the token.
pub fn session_hours(role: Role) -> i64 {
    if role == Role::Field { 14 * 24 } else { SESSION_HOURS }
}

/// The caller of a request.
#[derive(Clone, Debug)]
pub struct Caller {
    who: Option<Arc<Bearer>>,
    proof: Proof,
    /// The token that it showed, or began its session with.
    token: Option<Uuid>,
    /// When the credential expires.
    expires_at: Option<Timestamp>,
    /// What the route grants to the role.
    grant: Grant,
}

impl Caller {
    /// Nobody in particular.
    pub fn public() -> Self {
        Self { who: None, proof: Proof::None, token: None, expires_at: None, grant: Grant::No }
    }

    /// Who bears a token; none when the token grants no access.
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

    /// Who began a session. A session that has ended is nobody's.
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

    /// Who sent something that is looked at later.
    pub fn sender(bearer: Bearer, grant: Grant) -> Self {
        Self { who: Some(Arc::new(bearer)), grant, ..Self::public() }
    }

    /// The same where a route grants this.
    #[must_use]
    pub fn granted(self, grant: Grant) -> Self {
        Self { grant, ..self }
    }

    /// What the route grants.
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// Whether it is a field team, which writes its own records and leaves the others to a manager.
    pub fn is_field_team(&self) -> bool {
        self.grant == Grant::Own
    }

    /// What it may do.
    pub fn role(&self) -> Role {
        self.who.as_ref().map_or(Role::Public, |who| who.role)
    }

    /// Who it is, as the author of what it writes; none for the public, which writes nothing.
    pub fn author(&self) -> Option<Author> {
        self.bearer().map(Bearer::author)
    }

    /// Its name: the `by` of what it writes. Empty for the public, which writes nothing.
    pub fn name(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.name)
    }

    /// Who it is; none for the public.
    pub fn bearer(&self) -> Option<&Bearer> {
        self.who.as_deref()
    }

    /// By what that is known.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The token that it showed, or began its session with.
    pub fn token(&self) -> Option<Uuid> {
        self.token
    }

    /// The same as the sender of what is kept: that is judged whatever becomes of its token.
    #[must_use]
    pub fn as_sender(&self) -> Self {
        Self { proof: Proof::None, token: None, ..self.clone() }
    }

    /// When the credential expires; never when none.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// What it sees of the records.
    pub fn scope(&self) -> Scope {
        if self.role() == Role::Public { Scope::Public } else { Scope::Full }
    }

    /// What it sees now.
    pub fn view(&self, atlas: &Atlas) -> View {
        atlas.view(self.scope())
    }

    /// Whether nothing that it writes has to be held to a place or a maker.
    pub fn may_write_everything(&self) -> bool {
        let everywhere = self.bearer().is_some_and(|bearer| bearer.regions.is_none());
        self.grant == Grant::Yes || self.grant == Grant::Regions && everywhere
    }

    /// Whether it may write at a place.
    pub fn may_write_at(&self, place: LonLat, reference: &ReferenceData) -> bool {
        match (self.grant, self.bearer()) {
            (Grant::Yes, _) | (Grant::Own | Grant::Regions, Some(Bearer { regions: None, .. })) => true,
            (Grant::Own | Grant::Regions, Some(Bearer { regions: Some(ids), .. })) => {
                ids.iter().any(|id| reference.lies_in(place, id))
            }
            _ => false,
        }
    }

    /// Whether the same proof still stands.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn still_stands(&self, readers: &Readers) -> Result<bool, Fault> {
        let (proof, now) = (self.proof.clone(), Timestamp::now());
        readers.run(move |reader| reader.stands(&proof, now)).await
    }

    /// Looks once more whether the proof stands, now that a body has come to its end. What the store commits looks
    /// by itself; this is for what is written or told beside it.
    ///
    /// # Errors
    /// When it does not, or the store cannot be read.
    pub async fn confirm(&self, readers: &Readers) -> Result<(), Fault> {
        if self.still_stands(readers).await? { Ok(()) } else { Err(Fault::Revoked) }
    }
}
