//! The identity provider: its address, and the requests sent to it.
//!
//! The crate `openidconnect` implements the protocol (OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3, with
//! PKCE of RFC 7636) and verifies the token: its signature, issuer, audience, expiry and nonce.

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

/// How many requests to the provider may run at once.
const AT_ONCE: usize = 16;

/// How long the provider's metadata and keys are cached.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// The provider, and how its claims map to roles here.
pub struct OpenIdSettings {
    /// The provider's name, which is also the address of its metadata: `https`, or `http` on this machine.
    pub issuer: String,
    /// The client id that the provider assigned to this server.
    pub client_id: String,
    /// The secret that authenticates this server to the provider; `None` where PKCE alone suffices.
    pub client_secret: Option<String>,
    /// A PEM file of certificate authorities to trust; those that browsers trust if `None`.
    pub certificates: Option<PathBuf>,
    /// How claims map to roles.
    pub claims: Claims,
}

/// Why settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    /// The issuer is not an address, or connections to it could be intercepted.
    #[error("the issuer {0:?} is not an https address")]
    Issuer(String),
    /// No role is configured.
    #[error("no role is mapped, so nobody could sign in")]
    NoRoles,
    /// The certificate file cannot be read.
    #[error(transparent)]
    Certificates(#[from] TlsError),
}

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Too many sign-ins are in progress.
    #[error("too many sign-ins are in progress; try again")]
    Busy,
    /// The provider is unreachable or its response is invalid.
    #[error("the identity provider is unavailable; try again later")]
    Unreachable,
    /// The provider's response failed verification.
    #[error("the identity provider's response was refused: {0}; sign in again")]
    Refused(&'static str),
}

/// An identity provider.
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
    /// Creates a provider from settings. The first request is sent at the first sign-in.
    ///
    /// # Errors
    /// When a setting is invalid.
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

    /// Returns how claims map to roles.
    pub fn claims(&self) -> &Claims {
        &self.0.claims
    }

    /// Returns the provider's name.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Returns the address of the provider's sign-in page, and the attempt that the browser stores until it
    /// returns to `callback`.
    ///
    /// # Errors
    /// When the provider is unavailable.
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
                return Err(unreachable(&"the provider's sign-in page is not https"));
            }
            Ok((url.into(), attempt))
        })
        .await
    }

    /// Redeems a code for the person's claims.
    ///
    /// # Errors
    /// When the provider is unavailable, or its response fails verification.
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
                RequestTokenError::ServerResponse(told) => {
                    refused(&told, "the provider rejected this sign-in")
                }
                // An unparsable response may contain a token, so its text is not logged.
                error @ RequestTokenError::Parse(..) => unreachable(&error.to_string()),
                error => unreachable(&chain(&error)),
            })?;
            let checked = match believed(&client, &answered, &nonce) {
                // The provider may have new keys.
                Err(ClaimsVerificationError::SignatureVerification(_)) => {
                    believed(&provider.client(&provider.discover()?, callback)?, &answered, &nonce)
                }
                checked => checked,
            };
            checked.map_err(|error| refused(&chain(&error), reason(&error)))
        })
        .await
    }

    /// Runs a blocking conversation with the provider on its own thread.
    async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Inner) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _one = self.0.at_once.try_acquire().map_err(|_| Failure::Busy)?;
        let provider = Arc::clone(&self.0);
        spawn_blocking(move || ask(&provider)).await.unwrap_or_else(|error| Err(unreachable(&error)))
    }
}

/// Omits the client secret.
impl fmt::Debug for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenId").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}

impl Inner {
    /// Returns the provider's metadata, from the cache if it is fresh.
    fn description(&self) -> Result<CoreProviderMetadata, Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((since, description)) if since.elapsed() < GOOD_FOR => Ok(description),
            _ => self.discover(),
        }
    }

    /// Fetches the provider's metadata.
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
        // If the metadata lists no methods, the standard means basic authentication.
        let ways = description.token_endpoint_auth_methods_supported();
        let takes_no_basic =
            ways.is_some_and(|ways| !ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        Ok(if takes_no_basic { client.set_auth_type(AuthType::RequestBody) } else { client })
    }
}

fn unreachable(cause: &dyn fmt::Display) -> Failure {
    tracing::warn!(%cause, "the identity provider is unavailable");
    Failure::Unreachable
}

fn refused(cause: &dyn fmt::Display, reason: &'static str) -> Failure {
    tracing::warn!(%cause, "refused a response of the identity provider");
    Failure::Refused(reason)
}

/// Joins an error and its causes.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
