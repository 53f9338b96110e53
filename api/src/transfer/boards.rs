//! What the boards of a document and what is on them must be to each other: above all, that what people
//! were promised of their anonymity holds in it. Pure.

use std::collections::HashMap;

use entity::board;
use uuid::Uuid;

use crate::contributions::board::body::is_hidden;
use crate::contributions::groups::service::MOST_GROUPS;
use crate::contributions::rules::MOST_CONTRIBUTIONS;
use crate::kernel::error::Fault;
use crate::whole::rows::Rows;

/// Every fault of the boards.
pub fn faults(rows: &Rows) -> Vec<Fault> {
    let boards = rows.boards.iter().map(|board| (board.workshop_id, board));
    let boards: HashMap<Uuid, &board::Model> = boards.collect();
    let mut faults = Vec::new();
    let mut groups: HashMap<Uuid, Uuid> = HashMap::new();
    let mut sizes: HashMap<(&str, Uuid), usize> = HashMap::new();
    for (at, group) in rows.contribution_groups.iter().enumerate() {
        let pointer = format!("/contribution_groups/{at}");
        groups.insert(group.id, group.workshop_id);
        faults.extend(without_board(&boards, group.workshop_id, &pointer));
        faults.extend(negative(group.votes, &pointer));
        *sizes
            .entry(("contribution_groups", group.workshop_id))
            .or_default() += 1;
    }
    for (at, row) in rows.contributions.iter().enumerate() {
        let pointer = format!("/contributions/{at}");
        faults.extend(without_board(&boards, row.workshop_id, &pointer));
        faults.extend(negative(row.votes, &pointer));
        if let Some(board) = boards.get(&row.workshop_id) {
            let signed = row.author_subject.is_some() || row.author_name.is_some();
            if board.anonymous && signed {
                let detail = "says who contributed to an anonymous board";
                let at = format!("{pointer}/author_subject");
                faults.push(Fault::at(at, "not_anonymous", detail));
            }
            if is_hidden(board) {
                let detail = "is on an anonymous board that collects, where nothing is shown yet";
                faults.push(Fault::at(
                    format!("{pointer}/workshop_id"),
                    "sealed",
                    detail,
                ));
            }
        }
        // A group that is nowhere is told where references are followed.
        let elsewhere = row.group_id.and_then(|group| groups.get(&group));
        if elsewhere.is_some_and(|workshop| *workshop != row.workshop_id) {
            let detail = "is a group of another workshop";
            faults.push(Fault::at(
                format!("{pointer}/group_id"),
                "broken_reference",
                detail,
            ));
        }
        *sizes.entry(("contributions", row.workshop_id)).or_default() += 1;
    }
    faults.extend(too_many(&sizes));
    faults
}

fn without_board(
    boards: &HashMap<Uuid, &board::Model>,
    workshop: Uuid,
    pointer: &str,
) -> Option<Fault> {
    let detail = "is no workshop that has a board";
    let fault = || Fault::at(format!("{pointer}/workshop_id"), "no_board", detail);
    (!boards.contains_key(&workshop)).then(fault)
}

fn negative(votes: Option<i32>, pointer: &str) -> Option<Fault> {
    let fault = |_| {
        Fault::at(
            format!("{pointer}/votes"),
            "out_of_range",
            "must be at least 0",
        )
    };
    votes.filter(|votes| *votes < 0).map(fault)
}

/// Boards that hold more than a board does, each list once.
fn too_many(sizes: &HashMap<(&str, Uuid), usize>) -> Vec<Fault> {
    let bounds = [
        ("contribution_groups", MOST_GROUPS),
        ("contributions", MOST_CONTRIBUTIONS),
    ];
    let over = bounds.iter().filter(|(list, most)| {
        let mut own = sizes.iter().filter(|((of, _), _)| of == list);
        own.any(|(_, size)| size > most)
    });
    over.map(|(list, most)| {
        let detail = format!("are more than {most} of one workshop");
        Fault::at(format!("/{list}"), "too_many", detail)
    })
    .collect()
}
