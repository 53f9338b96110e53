//! The gate before every operation, passed before any body is read: which operation, how often,
//! who, with which right, and with which parameters.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, IF_MATCH};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, ResponseError as _, web};

use super::access::{Caller, Scope, ScopeSet, missing_scope};
use super::body::Unfit;
use super::contract::Operation;
use super::credential::bearer;
use super::error::{Code, Error, Result};
use super::query::JudgedQuery;
use super::rate::{Allowance, Counted};
use super::state::State;
use super::telemetry::Route;

/// Bytes of path and query at most. What the protocol layer reads ends at 64 KiB.
const LONGEST_ADDRESS: usize = 32 * 1024;

/// The middleware of the API's routes.
pub async fn gate(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(state) = request
        .app_data::<web::Data<State>>()
        .map(|state| state.get_ref().clone())
    else {
        let error = Error::Internal("the application has no state".to_owned());
        return Ok(request.into_response(error.error_response()));
    };
    let mut allowance = None;
    let mut response = match pass(&mut request, &state, &mut allowance).await {
        Ok(()) => refused_if_unfit(next.call(request).await?.map_into_boxed_body()),
        Err(error) => request.into_response(error.error_response()),
    };
    if let Some(allowance) = allowance {
        allowance.write_to(response.headers_mut());
    }
    Ok(response)
}

/// What is answered to a body that breaks its schema is that it does.
fn refused_if_unfit(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    match Unfit::taken_from(response.request()) {
        Some(unfit) => response.into_response(unfit.refusal(None).error_response()),
        None => response,
    }
}

/// Lets a request pass; what is left to its caller is known as soon as it was counted.
async fn pass(
    request: &mut ServiceRequest,
    state: &State,
    allowance: &mut Option<Allowance>,
) -> Result<()> {
    check_length(request)?;
    // The path as the router reads it: `/%61pi` is `/api` to both or to neither.
    let path = request.match_info().as_str();
    let operation = state.contract.operation(request.method(), path);
    // What is not documented is not there; the documentation's own page goes on.
    let Some(operation) = operation else {
        let undocumented = path.starts_with("/api/") || !state.contract.methods_of(path).is_empty();
        return if undocumented {
            Err(state.contract.nothing_here(path))
        } else {
            Ok(())
        };
    };
    request
        .extensions_mut()
        .insert(Route(operation.route.clone()));
    request.extensions_mut().insert(operation.asked.clone());
    if let Some(needed) = operation.scopes {
        let caller = counted(request, state, allowance).await?;
        request.extensions_mut().insert(Arc::clone(&caller));
        authorize(&caller, operation, needed)?;
    }
    if path.starts_with("/api/") {
        check_accept(request, operation)?;
    }
    // As it was sent: what is no text is still to be seen in it.
    operation.check_path(request.path())?;
    if operation.needs_if_match && !request.headers().contains_key(IF_MATCH) {
        let missing = "If-Match with the current ETag is required";
        return Err(Code::PreconditionRequired.because(missing).into());
    }
    let query = operation.read_query(request.query_string())?;
    request.extensions_mut().insert(JudgedQuery(query));
    // Which operation it is, is known: the router need not read the path that was sent.
    request.match_info_mut().set(operation.shown.clone());
    Ok(())
}

fn check_length(request: &ServiceRequest) -> Result<()> {
    let address = request.head().uri.path_and_query();
    if address.is_none_or(|sent| sent.as_str().len() <= LONGEST_ADDRESS) {
        return Ok(());
    }
    let longest = format!("path and query may have {LONGEST_ADDRESS} bytes as they are sent");
    Err(Code::UriTooLong.because(longest).into())
}

/// Who calls, counted by their credential; who is nobody is counted by their address.
async fn counted(
    request: &ServiceRequest,
    state: &State,
    allowance: &mut Option<Allowance>,
) -> Result<Arc<Caller>> {
    let caller = match authenticate(request, state).await {
        // Behind a proxy everybody has one address: only who is nobody is counted by it.
        Err(refusal) if is_nobody(&refusal) => {
            if let Some(address) = request.peer_addr() {
                *allowance = state.rate.count(&Counted::Address(address.ip()))?;
            }
            return Err(refusal);
        }
        caller => caller?,
    };
    let counted = Counted::Credential(caller.organization.0, caller.subject.clone());
    *allowance = state.rate.count(&counted)?;
    Ok(caller)
}

fn is_nobody(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if refusal.code == Code::Unauthenticated)
}

async fn authenticate(request: &ServiceRequest, state: &State) -> Result<Arc<Caller>> {
    let missing = || {
        Error::from(
            Code::Unauthenticated
                .because("send `Authorization: Bearer` with an API key or a token")
                .with_header("www-authenticate", "Bearer realm=\"debrief\""),
        )
    };
    let credential = bearer(request.headers())?.ok_or_else(missing)?;
    let now = state.clock.now();
    if let Some(known) = state.credentials.known(credential, now).await? {
        return Ok(known);
    }
    // To find out costs more than to refuse.
    if let Some(address) = request.peer_addr() {
        state.rate.check_address(address.ip())?;
    }
    state.credentials.caller(credential, now).await
}

fn authorize(caller: &Caller, operation: &Operation, needed: ScopeSet) -> Result<()> {
    if caller.scopes.contains_all(needed) {
        return Ok(());
    }
    let missing: Vec<&str> = needed
        .iter()
        .filter(|scope| !caller.scopes.contains(*scope))
        .map(Scope::as_str)
        .collect();
    Err(missing_scope(
        &operation.asked.operation,
        &missing.join(" "),
    ))
}

/// An `Accept` that excludes everything that the operation answers with is refused.
fn check_accept(request: &ServiceRequest, operation: &Operation) -> Result<()> {
    let Some(accept) = request.headers().get(ACCEPT) else {
        return Ok(());
    };
    let accept = accept.to_str().unwrap_or_default().to_ascii_lowercase();
    let takes = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let excluded = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let fits = |kind: &String| match name.strip_suffix("/*") {
            Some("*") => true,
            Some(group) => kind.split('/').next() == Some(group),
            None => name.is_empty() || name == kind,
        };
        !excluded && operation.media_types.iter().any(fits)
    };
    if accept.split(',').any(takes) {
        Ok(())
    } else {
        let answers = operation.media_types.join(" or ");
        Err(Code::NotAcceptable
            .because(format!("answers are {answers}"))
            .into())
    }
}
