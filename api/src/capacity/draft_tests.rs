//! Tests of what can be planned, of how much work it is, and of what is kept out.

use entity::JsonColumn;
use entity::vocabulary::{Priority, StakeholderFunction};
use serde_json::json;

use super::*;

fn asked(body: serde_json::Value) -> PlanCapacity {
    serde_json::from_value(body).expect("a request")
}

fn row(number: u128, owner: Option<(&str, Option<&str>)>, depends_on: &[u128]) -> Row {
    Row {
        id: Uuid::from_u128(number),
        review_id: Uuid::nil(),
        review_key: "PIR-2026-0001".to_owned(),
        title: format!("action {number}"),
        owner_name: owner.map(|(name, _)| name.to_owned()),
        owner_subject: owner.and_then(|(_, subject)| subject.map(str::to_owned)),
        owner_function: owner.map(|_| StakeholderFunction::It),
        due_on: None,
        effort_days: Some(2.0),
        percent: None,
        priority: Priority::High,
        priority_score: 12.5,
        depends_on: JsonColumn(depends_on.iter().copied().map(Uuid::from_u128).collect()),
        finding_ids: JsonColumn(Vec::new()),
    }
}

#[test]
fn what_waits_for_what_is_not_planned_is_kept_out_too() {
    use NotPlannableReason as R;
    let asked = asked(json!({ "weeks": 2, "capacity": [{ "name": "Ada", "days_per_week": 2 }] }));
    let from = entity::time::parse_date("2026-11-30").expect("a date");
    let ada = Some(("Ada", None));
    let mut rows = vec![
        row(1, ada, &[]),
        row(2, None, &[]),
        row(3, ada, &[2, 1]),
        row(4, ada, &[3]),
        row(5, Some(("Kim", None)), &[]),
        row(6, ada, &[99, 98]),
        row(7, ada, &[1]),
    ];
    rows[4].effort_days = None;
    let unfinished = HashSet::from([Uuid::from_u128(99)]);
    let draft = draft(&asked, from, &rows, &unfinished);
    assert_eq!(draft.rows, [0, 6]);
    assert_eq!(
        draft.problem.jobs[1].after,
        [0],
        "by its place among the jobs"
    );
    let found: Vec<_> = draft
        .obstacles
        .iter()
        .map(|one| {
            let waits_for: Vec<u128> = one.waits_for.iter().map(Uuid::as_u128).collect();
            (one.row, one.reasons.clone(), waits_for)
        })
        .collect();
    let expected = [
        (1, vec![R::NoOwner], vec![]),
        (2, vec![R::DependencyNotPlanned], vec![2]),
        (3, vec![R::DependencyNotPlanned], vec![3]),
        (4, vec![R::NoEffort, R::NoCapacity], vec![]),
        (5, vec![R::DependencyNotPlanned], vec![99]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_assignment_says_who_and_from_when() {
    let id = Uuid::from_u128(1);
    let asked = asked(json!({
        "weeks": 2,
        "capacity": [
            { "name": "Ada", "days_per_week": 2 },
            { "name": "Kim", "days_per_week": 5, "exceptions": [{ "week": 2, "days": 2.5 }] },
        ],
        "assignments": [{ "action_id": id, "to": { "name": "Kim" }, "not_before": "2026-12-02" }],
    }));
    let from = entity::time::parse_date("2026-11-30").expect("a date");
    let rows = [row(1, Some(("Ada", None)), &[])];
    let problem = draft(&asked, from, &rows, &HashSet::new()).problem;
    assert_eq!((problem.jobs[0].owner, problem.jobs[0].release), (1, 2000));
    assert_eq!(
        (problem.owners[1].capacity(0), problem.owners[1].total()),
        (5000, 7500)
    );
    assert_eq!(problem.jobs[0].weight, 12_500);
}

#[test]
fn what_is_done_already_is_no_work_any_more() {
    let left = |effort_days, percent| {
        remaining(&Row {
            effort_days,
            percent,
            ..row(1, None, &[])
        })
    };
    assert_eq!(left(None, Some(50)), None);
    assert_eq!(left(Some(2.5), None), Some(2500));
    assert_eq!(left(Some(2.5), Some(40)), Some(1500));
    assert_eq!(left(Some(2.5), Some(100)), Some(1), "never nothing");
    assert_eq!(left(Some(0.0), None), Some(1));
    assert_eq!(left(Some(10_000.0), Some(0)), Some(10_000_000));
}

#[test]
fn rows_matter_by_score_then_due_date_then_id() {
    let date = |text: &str| entity::time::parse_date(text);
    let mut rows = vec![
        row(1, None, &[]),
        row(2, None, &[]),
        row(3, None, &[]),
        row(4, None, &[]),
    ];
    rows[1].due_on = date("2026-12-02");
    rows[2].due_on = date("2026-12-01");
    rows[3].priority_score = 50.0;
    sort(&mut rows);
    let order: Vec<u128> = rows.iter().map(|row| row.id.as_u128()).collect();
    assert_eq!(order, [4, 3, 2, 1]);
}
