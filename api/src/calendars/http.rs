//! Routes of calendars.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::calendar::Model;
use entity::policy::Period;

use super::body::{
    CalendarBody, CalendarList, CalendarPatch, CalendarPath, CountTime, DefineCalendar,
    DueDateBody, ListCalendars,
};
use super::{rules, service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::{Code, Fault, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_calendars)
        .service(define_calendar)
        .service(get_calendar)
        .service(update_calendar)
        .service(remove_calendar)
        .service(restore_calendar)
        .service(compute_due_date);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&CalendarBody::from(row))?.with_tag(tag))
}

/// List business calendars
#[utoipa::path(tag = "Calendars", params(ListCalendars, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CalendarList)))]
#[get("/calendars")]
async fn list_calendars(
    call: Call,
    Query(filter): Query<ListCalendars>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (organization, request) = (call.organization(), call.page(&paging));
    let page = store::list(call.read(), organization, &filter, &request).await?;
    call.list(page, CalendarBody::from)
}

/// Define a business calendar
#[utoipa::path(tag = "Calendars", request_body = DefineCalendar, security(("oauth2" = ["policies:manage"])), responses((status = 201, body = CalendarBody)))]
#[post("/calendars")]
async fn define_calendar(call: Call, Body(calendar): Body<DefineCalendar>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::define(change, calendar).await?;
        let location = format!("/api/v1/calendars/{}", row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &CalendarBody::from(row))
    })
    .await
}

/// Read a business calendar
///
/// `default` is the one that counts where none is named: the organisation's own default, or the
/// built-in one.
#[utoipa::path(tag = "Calendars", params(CalendarPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CalendarBody)))]
#[get("/calendars/{calendar}")]
async fn get_calendar(call: Call, path: Path<CalendarPath>) -> Result<HttpResponse> {
    let found = store::find(call.read(), call.organization(), &path.calendar).await?;
    let body = found.map_or_else(CalendarBody::built_in, CalendarBody::from);
    let variant = if path.calendar == store::DEFAULT {
        store::DEFAULT
    } else {
        ""
    };
    call.ok_tagged(etag::tag(body.version(), variant), &body)
}

/// Change a business calendar
///
/// What was computed by it before stays as it was. An archived one has to be restored first.
#[utoipa::path(tag = "Calendars", params(CalendarPath), request_body(content((CalendarPatch = "application/merge-patch+json"), (CalendarPatch = "application/json"))), security(("oauth2" = ["policies:manage"])), responses((status = 200, body = CalendarBody)))]
#[patch("/calendars/{calendar}")]
async fn update_calendar(
    call: Call,
    path: Path<CalendarPath>,
    patch: CalendarPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, &path.calendar, &call.precondition, &patch).await?)
    })
    .await
}

/// Remove a business calendar
///
/// One that a policy, a regime or an obligation counts by is archived instead: it stays readable and
/// still counts there, but nothing new can name it.
#[utoipa::path(tag = "Calendars", params(CalendarPath), security(("oauth2" = ["policies:manage"])), responses((status = 204)))]
#[delete("/calendars/{calendar}")]
async fn remove_calendar(call: Call, path: Path<CalendarPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, &path.calendar, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Restore an archived business calendar
#[utoipa::path(tag = "Calendars", params(CalendarPath), security(("oauth2" = ["policies:manage"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = CalendarBody)))]
#[post("/calendars/{calendar}/restore")]
async fn restore_calendar(call: Call, path: Path<CalendarPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::restore(change, &path.calendar, &call.precondition).await?)
    })
    .await
}

/// Compute when a period ends in a business calendar
///
/// Calendar hours pass on every day. Calendar days and months keep the time of day of the
/// calendar's time zone, and end where they end, also on a holiday; a month that has no such day
/// ends on its last. Business hours count within working hours only, and end at the close of a
/// stretch rather than at the opening of the next. Business days do not count the day they begin on,
/// and end with the working hours of the last: with work from 09:00 to 17:00 on Mondays to Fridays, 5
/// business days from Friday 16:00 end on the next Friday at 17:00, or on the Monday after it when
/// one of the days is a holiday. A time that clocks show twice means the first, one that they leave
/// out the first instant after it.
#[utoipa::path(tag = "Calendars", params(CalendarPath, CountTime), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = DueDateBody)))]
#[get("/calendars/{calendar}/due-date")]
async fn compute_due_date(
    call: Call,
    path: Path<CalendarPath>,
    Query(count): Query<CountTime>,
) -> Result<HttpResponse> {
    let found = store::find(call.read(), call.organization(), &path.calendar).await?;
    let counting = match found {
        Some(row) => store::read(row)?,
        None => rules::built_in(),
    };
    let from = count.from.unwrap_or(call.now);
    let period = Period {
        amount: count.amount,
        unit: count.unit,
    };
    let due_at = counting.work.after(from, period).ok_or_else(|| {
        let detail = "the period ends beyond the year 9999";
        let fault = Fault::parameter("from", "out_of_range", detail);
        Code::InvalidParameter
            .because(detail)
            .with_faults(vec![fault])
    })?;
    call.ok(&DueDateBody {
        calendar_id: counting.calendar.id,
        time_zone: counting.calendar.time_zone,
        from,
        period,
        due_at,
    })
}
