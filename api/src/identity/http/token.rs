//! `/oauth/token` and the public half of the key that its tokens are signed with.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::identity::oauth::{self, Failure, OAuthError, OAuthErrorCode};
use crate::kernel::body;
use crate::kernel::error::{Error, Problem, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::rate::Counted;
use crate::kernel::state::State;

/// The largest request for a token, in bytes.
const MAX_FORM: usize = 16 * 1024;
/// The media type of a request for a token.
const FORM: &str = "application/x-www-form-urlencoded";

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(issue_token).service(get_jwks);
}

/// The one grant that there is.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum GrantType {
    /// The client's own rights.
    ClientCredentials,
}

/// A request for a token (RFC 6749, section 4.4.2). Other fields are ignored, as that RFC wants.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "stands for a schema: the form is read by its own rules"
)]
pub struct TokenRequest {
    /// The grant.
    grant_type: GrantType,
    /// The scopes wanted, separated by spaces; without it, every scope of the key.
    #[schema(
        max_length = 1024,
        nullable = false,
        example = "incidents:write events:write"
    )]
    scope: Option<String>,
    /// Id of the API key, unless it is sent as the name of HTTP Basic authentication.
    #[schema(nullable = false)]
    client_id: Option<Uuid>,
    /// The API key, unless it is sent as the password of HTTP Basic authentication.
    #[schema(
        max_length = 512,
        format = "password",
        nullable = false,
        example = "dbf_Zk3v9QmAexampleexampleexampleexampleexampl1"
    )]
    client_secret: Option<String>,
}

/// A token (RFC 6749, section 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenBody {
    /// The token, to be sent as `Authorization: Bearer`: a JWT that the keys of
    /// `/.well-known/jwks.json` verify.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.eyJpc3MiOiIuLi4ifQ.c2ln")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it ends.
    #[schema(minimum = 1, example = 900)]
    expires_in: i64,
    /// The scopes that it has, separated by spaces.
    #[schema(example = "incidents:write events:write")]
    scope: String,
}

/// A refusal in the form of RFC 6749, section 5.2.
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthErrorBody {
    /// What kind it is.
    error: OAuthErrorCode,
    /// What is wrong, for people.
    #[schema(example = "the client is not known or its secret is wrong")]
    error_description: &'static str,
}

/// Issue a token
///
/// OAuth 2.0 client credentials (RFC 6749, section 4.4): the client is an API key, with its id as
/// client id and the key as secret, by HTTP Basic authentication or in the form. The token has no
/// more rights than the key and ends with it.
#[utoipa::path(
    tag = "Identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = TokenBody),
        (status = 400, description = "The request or its scope is not valid", content((OAuthErrorBody = "application/json"), (Problem = "application/problem+json"))),
        (status = 401, description = "The client is not known or its secret is wrong", body = OAuthErrorBody),
        (status = 429, description = "Too many requests from this address", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/oauth/token")]
async fn issue_token(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse> {
    if let Some(address) = request.peer_addr() {
        state.rate.count(&Counted::Address(address.ip()))?;
    }
    let form = body::read(&request, payload.into_inner(), MAX_FORM, &[FORM]).await?;
    let authorization = request.headers().get(AUTHORIZATION);
    let authorization = authorization.map(|value| value.to_str().unwrap_or_default());
    let pairs = read_form(&form);
    match oauth::issue(&state, authorization, &pairs).await {
        Ok(issued) => Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(TokenBody {
                access_token: issued.token,
                token_type: "Bearer",
                expires_in: issued.seconds,
                scope: issued.scope,
            })),
        Err(Failure::Refused(refusal)) => Ok(refused(refusal)),
        Err(Failure::Failed(error)) => Err(error),
    }
}

/// What is not form-encoded has no parameter that could be missed.
fn read_form(form: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(form).unwrap_or_default();
    web::Query::from_query(text).map_or_else(|_| Vec::new(), web::Query::into_inner)
}

fn refused(refusal: OAuthError) -> HttpResponse {
    let mut response = if refusal.error == OAuthErrorCode::InvalidClient {
        let mut response = HttpResponse::build(StatusCode::UNAUTHORIZED);
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"debrief\""));
        response
    } else {
        HttpResponse::build(StatusCode::BAD_REQUEST)
    };
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(OAuthErrorBody {
            error: refusal.error,
            error_description: refusal.description,
        })
}

/// A public key (RFC 7517, RFC 8037).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct JwkBody {
    /// Its family.
    #[schema(example = "OKP")]
    kty: String,
    /// Its curve.
    #[schema(example = "Ed25519")]
    crv: String,
    /// The key, in base64url.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
    /// Its name in the header of a token.
    #[schema(example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    kid: String,
    /// The algorithm that it is for.
    #[schema(example = "EdDSA")]
    alg: String,
    /// What it is for.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: String,
}

/// A set of public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct JwksBody {
    /// The keys.
    keys: Vec<JwkBody>,
}

/// The keys that verify the tokens of this service
#[utoipa::path(tag = "Identity", responses((status = 200, description = "The keys", body = JwksBody)))]
#[get("/.well-known/jwks.json")]
async fn get_jwks(state: web::Data<State>) -> Result<HttpResponse> {
    let key = serde_json::from_value(state.credentials.signing().public_jwk())
        .map_err(|error| Error::Internal(format!("the public key cannot be told: {error}")))?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .json(JwksBody { keys: vec![key] }))
}
