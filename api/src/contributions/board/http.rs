//! Routes of boards.

use actix_web::{HttpResponse, get, post, put};
use entity::board::Model;

use super::body::{BoardBody, SetBoard};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::{Call, Change};
use crate::kernel::error::{Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::reply::{Put, Reply};
use crate::workshops;
use crate::workshops::list::WorkshopPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(get_board)
        .service(set_board)
        .service(open_board)
        .service(close_board)
        .service(open_board_voting)
        .service(close_board_voting);
}

async fn shown(change: &Change, row: Model) -> Result<BoardBody> {
    let holds = store::holdings(&**change, row.workshop_id).await?;
    Ok(BoardBody::of(row, holds))
}

async fn tagged(change: &Change, row: Model) -> Result<Reply> {
    let body = shown(change, row).await?;
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

/// Read a workshop's board
///
/// How contributions are collected, grouped and voted on, and where that stands.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BoardBody)))]
#[get("/workshops/{workshop}/board")]
async fn get_board(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    let workshop = workshops::store::find(call.read(), &call.caller, path.workshop).await?;
    let row = store::of(call.read(), workshop.id).await?;
    let row = row.ok_or_else(|| Error::not_found("board: the workshop has none yet"))?;
    let holds = store::holdings(call.read(), workshop.id).await?;
    let body = BoardBody::of(row, holds);
    call.ok_tagged(body.tag(), &body)
}

/// Set a workshop's board
///
/// What people are asked, how many votes each has, and whether contributions are anonymous, which is
/// decided before the board is opened and never taken back once it was promised. Prompts and votes
/// can be changed until people vote. To change a board takes its ETag in `If-Match`; sent again, it
/// changes nothing.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), request_body = SetBoard, extensions(("x-if-match" = json!("to replace"))), security(("oauth2" = ["workshops:write"])), responses((status = 201, body = BoardBody), (status = 200, description = "There was one; it is as it was sent now", body = BoardBody)))]
#[put("/workshops/{workshop}/board")]
async fn set_board(
    call: Call,
    path: Path<WorkshopPath>,
    Body(given): Body<SetBoard>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        match service::set(change, path.workshop, &call.precondition, given).await? {
            Put::Created(row) => {
                let location = format!("/api/v1/workshops/{}/board", row.workshop_id);
                let body = shown(change, row).await?;
                Reply::created(location, body.tag(), &body)
            }
            Put::Stored(row) => tagged(change, row).await,
        }
    })
    .await
}

/// Open a board
///
/// Contributions are taken from now on. A board that is not anonymous can be opened again after it
/// was closed; one that is cannot, since what comes alone after the others would be known by that.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = BoardBody)))]
#[post("/workshops/{workshop}/board/open")]
async fn open_board(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::open(change, path.workshop, &call.precondition).await?;
        tagged(change, row).await
    })
    .await
}

/// Close a board
///
/// No more contributions are taken. Anonymous ones appear now, all at once and in no order; from now
/// on nothing that is kept can tell whose one is.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = BoardBody)))]
#[post("/workshops/{workshop}/board/close")]
async fn close_board(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::close(change, path.workshop, &call.precondition).await?;
        tagged(change, row).await
    })
    .await
}

/// Open the voting on a board
///
/// Everybody gives their votes to contributions and groups by `PUT …/ballot`. Nobody sees how often
/// something was voted for before the voting is closed.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = BoardBody)))]
#[post("/workshops/{workshop}/board/open-voting")]
async fn open_board_voting(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::open_voting(change, path.workshop, &call.precondition).await?;
        tagged(change, row).await
    })
    .await
}

/// Close the voting on a board
///
/// Counts the votes. What is kept is how many each contribution and group got, not whose they were.
#[utoipa::path(tag = "Contributions", params(WorkshopPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = BoardBody)))]
#[post("/workshops/{workshop}/board/close-voting")]
async fn close_board_voting(call: Call, path: Path<WorkshopPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::close_voting(change, path.workshop, &call.precondition).await?;
        tagged(change, row).await
    })
    .await
}
