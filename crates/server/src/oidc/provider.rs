//! The provider: where it is, and what it is asked.
//!
//! The crate `openidconnect` knows the protocol (OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3, with PKCE of
//! RFC 7636) and checks the token: its signature, issuer, audience, end and nonce.

use std::{
    error::Error,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, IssuerUrl, RedirectUrl,
    RequestTokenError, Scope,
    core::{CoreAuthenticationFlow, CoreClientAuthMethod, CoreProviderMetadata},
};
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, task::spawn_blocking};
use ureq::Agent;

use super::{
    Attempt, Claims,
    asking::{agent, ask, is_private},
    token::{Relying, believed, reason},
};

use crate::http::tls::TlsError;

/// How many conversations with the provider go on at once.
const AT_ONCE: usize = 16;

/// How long the provider's description of itself is believed, with its keys.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// The provider, and what its claims mean here.
pub struct OpenIdSettings {
    /// The provider's name, which is the address that its description is found under: `https`, or `http` on
    /// this machine.
    pub issuer: String,
    /// What the provider calls this server.
    pub client_id: String,
    /// By what the server shows the provider that it is itself; none where PKCE is enough for the provider.
    pub client_secret: Option<String>,
    /// The certificates that the provider's is held against, in a PEM file; those that browsers trust when none.
    pub certificates: Option<PathBuf>,
    /// What the claims mean.
    pub claims: Claims,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    /// The issuer is no address, or one that others could listen to.
    #[error("the issuer {0:?} is no https address")]
    Issuer(String),
    /// No word stands for a role.
    #[error("no word stands for a role: nobody could sign in")]
    NoRoles,
    /// The file of certificates cannot be read.
    #[error(transparent)]
    Certificates(#[from] TlsError),
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// As many sign in as can at once.
    #[error("too many sign in at this moment; try again")]
    Busy,
    /// The provider cannot be asked, or does not answer as one.
    #[error("the provider of identities cannot be asked just now; try again later")]
    Unreachable,
    /// The provider's answer proves nothing.
    #[error("the provider's answer is not believed: {0}; begin again on the page")]
    Refused(&'static str),
}

/// A provider of identities.
#[derive(Clone)]
pub struct OpenId(Arc<Inner>);

struct Inner {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    claims: Claims,
    agent: Agent,
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
    at_once: Semaphore,
}

impl OpenId {
    /// The provider of these settings. It is asked when the first one signs in.
    ///
    /// # Errors
    /// When something in the settings cannot be used.
    pub fn new(settings: OpenIdSettings) -> Result<Self, OpenIdError> {
        let OpenIdSettings { issuer, client_id, client_secret, certificates, claims } = settings;
        let wrong = || OpenIdError::Issuer(issuer.clone());
        let issuer = IssuerUrl::new(issuer.clone()).map_err(|_| wrong())?;
        if !is_private(issuer.url()) {
            return Err(wrong());
        }
        if claims.roles.is_empty() {
            return Err(OpenIdError::NoRoles);
        }
        Ok(Self(Arc::new(Inner {
            issuer,
            client_id: ClientId::new(client_id),
            client_secret: client_secret.map(ClientSecret::new),
            claims,
            agent: agent(certificates.as_deref())?,
            known: Mutex::new(None),
            at_once: Semaphore::new(AT_ONCE),
        })))
    }

    /// What the claims mean.
    pub fn claims(&self) -> &Claims {
        &self.0.claims
    }

    /// The provider's name.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Where a browser is sent to sign in, and what it keeps until it comes back to `callback`.
    ///
    /// # Errors
    /// When the provider cannot be asked.
    pub async fn begin(&self, callback: String) -> Result<(String, Attempt), Failure> {
        self.with(move |provider| {
            let client = provider.client(&provider.description()?, callback)?;
            let (attempt, challenge) = Attempt::new();
            let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
            let flow = CoreAuthenticationFlow::AuthorizationCode;
            let request = client.authorize_url(flow, move || state, move || nonce);
            let scopes = ["profile", "email"].map(|scope| Scope::new(scope.to_owned()));
            let (url, ..) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
            if !is_private(&url) {
                return Err(unreachable(&"the provider's page to sign in is not https"));
            }
            Ok((url.into(), attempt))
        })
        .await
    }

    /// The claims of whoever comes back with this code.
    ///
    /// # Errors
    /// When the provider cannot be asked, or its answer proves nothing.
    pub async fn finish(
        &self,
        callback: String,
        code: String,
        attempt: Attempt,
    ) -> Result<Map<String, Value>, Failure> {
        self.with(move |provider| {
            let client = provider.client(&provider.description()?, callback.clone())?;
            let Attempt { nonce, verifier, .. } = attempt;
            let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|e| unreachable(&e))?;
            let answered = request.set_pkce_verifier(verifier).request(&|asked| ask(&provider.agent, asked));
            let answered = answered.map_err(|error| match error {
                RequestTokenError::ServerResponse(told) => refused(&told, "it does not accept this sign-in"),
                // What could not be read may hold a token.
                error @ RequestTokenError::Parse(..) => unreachable(&error.to_string()),
                error => unreachable(&chain(&error)),
            })?;
            let checked = match believed(&client, &answered, &nonce) {
                // It may have new keys.
                Err(ClaimsVerificationError::SignatureVerification(_)) => {
                    believed(&provider.client(&provider.discover()?, callback)?, &answered, &nonce)
                }
                checked => checked,
            };
            checked.map_err(|error| refused(&chain(&error), reason(&error)))
        })
        .await
    }

    /// Does what waits for the provider, beside those who answer.
    async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Inner) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _one = self.0.at_once.try_acquire().map_err(|_| Failure::Busy)?;
        let provider = Arc::clone(&self.0);
        spawn_blocking(move || ask(&provider)).await.unwrap_or_else(|error| Err(unreachable(&error)))
    }
}

/// The secret is for nobody's eyes.
impl fmt::Debug for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenId").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}

impl Inner {
    /// What the provider said of itself lately.
    fn description(&self) -> Result<CoreProviderMetadata, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((since, description)) if since.elapsed() < GOOD_FOR => Ok(description),
            _ => self.discover(),
        }
    }

    /// What the provider says of itself now.
    fn discover(&self) -> Result<CoreProviderMetadata, Failure> {
        let description = CoreProviderMetadata::discover(&self.issuer, &|asked| ask(&self.agent, asked))
            .map_err(|error| unreachable(&chain(&error)))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), description.clone()));
        Ok(description)
    }

    fn client(&self, description: &CoreProviderMetadata, callback: String) -> Result<Relying, Failure> {
        let callback = RedirectUrl::new(callback).map_err(|error| unreachable(&error))?;
        let (id, secret) = (self.client_id.clone(), self.client_secret.clone());
        let client =
            Relying::from_provider_metadata(description.clone(), id, secret).set_redirect_uri(callback);
        // Without a word of it the standard means basic authentication.
        let ways = description.token_endpoint_auth_methods_supported();
        let takes_no_basic =
            ways.is_some_and(|ways| !ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        Ok(if takes_no_basic { client.set_auth_type(AuthType::RequestBody) } else { client })
    }
}

fn unreachable(cause: &dyn fmt::Display) -> Failure {
    tracing::warn!(%cause, "the provider of identities cannot be asked");
    Failure::Unreachable
}

fn refused(cause: &dyn fmt::Display, reason: &'static str) -> Failure {
    tracing::warn!(%cause, "an answer of the provider of identities is refused");
    Failure::Refused(reason)
}

/// An error with what caused it.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
