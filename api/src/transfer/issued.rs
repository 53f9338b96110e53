//! What the briefings of a document must be: frozen whole from the moment that they are issued, and not
//! before. Pure. That they are what they were frozen as, `judge` finds by their hashes.

use entity::briefing::Model;
use entity::vocabulary::BriefingStatus;

use crate::briefings::delivery::MOST;
use crate::kernel::error::Fault;
use crate::whole::rows::Rows;

/// Every fault of the briefings.
pub fn faults(rows: &Rows) -> Vec<Fault> {
    let briefings = rows.briefings.iter().enumerate();
    let faults = briefings.flat_map(|(at, row)| {
        let own = of_briefing(row).into_iter();
        own.map(move |fault| fault.under(&format!("/briefings/{at}")))
    });
    faults.collect()
}

fn of_briefing(row: &Model) -> Vec<Fault> {
    let issued = row.status != BriefingStatus::Draft;
    let superseded = row.status == BriefingStatus::Superseded;
    let columns = [
        ("content", row.content.is_some(), issued),
        ("markdown", row.markdown.is_some(), issued),
        ("sha256", row.sha256.is_some(), issued),
        ("markdown_sha256", row.markdown_sha256.is_some(), issued),
        ("issued_at", row.issued_at.is_some(), issued),
        ("issued_by", row.issued_by.is_some(), issued),
        (
            "superseded_by_id",
            row.superseded_by_id.is_some(),
            superseded,
        ),
    ];
    let wrong = columns.into_iter().filter(|(_, is, should)| is != should);
    let mut faults: Vec<Fault> = wrong
        .map(|(column, _, should)| {
            let code = if should { "required" } else { "not_allowed" };
            let detail = format!("does not go with a briefing that is {}", row.status);
            Fault::at(format!("/{column}"), code, detail)
        })
        .collect();
    for (list, count) in [
        ("deliveries", row.deliveries.0.len()),
        ("acknowledgements", row.acknowledgements.0.len()),
    ] {
        if count > 0 && !issued {
            let detail = "a briefing is given to people once it is issued";
            faults.push(Fault::at(format!("/{list}"), "not_allowed", detail));
        }
        if count > MOST {
            let detail = format!("are more than {MOST}");
            faults.push(Fault::at(format!("/{list}"), "too_many", detail));
        }
    }
    faults
}
