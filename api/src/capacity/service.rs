//! Planning: reads what there is to be done, and says what comes of it.

use std::collections::{HashMap, HashSet};

use entity::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::CapacityPlanBody;
use super::draft::{self, Draft};
use super::input::PlanCapacity;
use super::outcome::Outcome;
use super::rules;
use super::solver::{Solved, solve};
use super::store::{self, Row};
use crate::actions;
use crate::kernel::access::Caller;
use crate::kernel::error::{Error, Fault, Result};

/// How many actions one plan takes.
const MOST: usize = 10_000;

/// What there is to be planned.
#[derive(Debug)]
pub struct Prepared {
    asked: PlanCapacity,
    as_of: Timestamp,
    rows: Vec<Row>,
    draft: Draft,
}

/// Judges what is asked and reads what there is to be done.
pub async fn prepare(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    asked: PlanCapacity,
    now: Timestamp,
) -> Result<Prepared> {
    let mut faults = rules::check(&asked);
    faults.extend(unknown_actions(connection, caller, &asked.filter.action_ids).await?);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let mut rows = store::unfinished(connection, caller, &asked.filter, MOST + 1).await?;
    if rows.len() > MOST {
        let detail = format!("takes more than {MOST} actions; narrow it");
        return Err(Error::invalid(vec![Fault::at(
            "/filter", "too_many", detail,
        )]));
    }
    draft::sort(&mut rows);
    let known: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
    let unknown = asked.assignments.iter().enumerate();
    let unknown = unknown.filter(|(_, one)| !known.contains(&one.action_id));
    let faults: Vec<Fault> = unknown
        .map(|(at, _)| {
            let detail = "is not among the unfinished actions that are to be planned";
            Fault::at(format!("/assignments/{at}/action_id"), "not_found", detail)
        })
        .collect();
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let mut outside: Vec<Uuid> = rows
        .iter()
        .flat_map(|row| row.depends_on.0.iter().copied())
        .filter(|id| !known.contains(id))
        .collect();
    outside.sort_unstable();
    outside.dedup();
    let unfinished = store::still_unfinished(connection, caller.organization, &outside).await?;
    let from = asked.from.unwrap_or_else(|| now.0.date_naive());
    Ok(Prepared {
        draft: draft::draft(&asked, from, &rows, &unfinished),
        asked,
        as_of: now,
        rows,
    })
}

async fn unknown_actions(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<Vec<Fault>> {
    let existing: HashSet<Uuid> = actions::store::existing(connection, caller, ids)
        .await?
        .into_iter()
        .collect();
    let unknown = ids
        .iter()
        .enumerate()
        .filter(|(_, id)| !existing.contains(id));
    let faults = unknown.map(|(at, _)| {
        Fault::at(
            format!("/filter/action_ids/{at}"),
            "not_found",
            "is not an action",
        )
    });
    Ok(faults.collect())
}

impl Prepared {
    /// Plans it, which takes a while: not for a thread that others wait for.
    pub fn solve(self) -> Planned {
        let solved = solve(&self.draft.problem);
        Planned {
            prepared: self,
            solved,
        }
    }
}

/// What was planned, before it is told what is left at risk.
#[derive(Debug)]
pub struct Planned {
    prepared: Prepared,
    solved: Solved,
}

impl Planned {
    /// The plan with what it leaves at risk.
    pub async fn shown(
        self,
        connection: &impl ConnectionTrait,
        caller: &Caller,
    ) -> Result<CapacityPlanBody> {
        let Prepared {
            asked,
            as_of,
            rows,
            draft,
        } = self.prepared;
        let outcome = Outcome {
            asked,
            as_of,
            rows,
            draft,
            solved: self.solved,
        };
        let ids = outcome.findings_left_out();
        let findings = store::findings(connection, caller.organization, &ids).await?;
        let answers = if findings.is_empty() {
            HashMap::new()
        } else {
            store::answers(connection, &ids).await?
        };
        Ok(outcome.body(findings, &answers))
    }
}
