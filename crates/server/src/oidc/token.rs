//! Verifies the provider's token.

use openidconnect::{
    AccessTokenHash, AdditionalClaims, ClaimsVerificationError, Client, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, Nonce, OAuth2TokenResponse,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All claims of a token that the standard does not name.
#[derive(Debug, Deserialize, Serialize)]
pub struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

/// The fields that this standard adds to an OAuth 2.0 token response.
type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The provider's response to a code.
pub type Answered = StandardTokenResponse<Fields, CoreTokenType>;

/// This server as the protocol's relying party.
pub type Relying = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answered,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Returns the claims of the provider's token if it is valid: issued by this provider, for this server and
/// this sign-in, not expired, and matching the access token sent with it.
pub fn believed(
    client: &Relying,
    answered: &Answered,
    nonce: &Nonce,
) -> Result<Map<String, Value>, ClaimsVerificationError> {
    let other = |text: String| ClaimsVerificationError::Other(text);
    let token = answered.id_token().ok_or_else(|| other("the token is missing".to_owned()))?;
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, nonce)?;
    if let Some(hash) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|e| other(e.to_string()))?;
        let key = token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        let made = AccessTokenHash::from_token(answered.access_token(), algorithm, key)
            .map_err(|e| other(e.to_string()))?;
        if made != *hash {
            return Err(other("the access token does not match the ID token".to_owned()));
        }
    }
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => Ok(claims),
        Ok(_) => Err(other("the claims are not an object".to_owned())),
        Err(error) => Err(other(error.to_string())),
    }
}

/// Explains to the person who signs in why a token is invalid.
pub fn reason(error: &ClaimsVerificationError) -> &'static str {
    use ClaimsVerificationError as E;
    match error {
        E::Expired(_) => "its token has expired",
        E::InvalidAudience(_) => "its token is meant for another server",
        E::InvalidIssuer(_) => "its token was issued by another provider",
        E::InvalidNonce(_) => "its token belongs to another sign-in",
        E::SignatureVerification(_) => "its token is not signed by one of its keys",
        _ => "its token is invalid",
    }
}
