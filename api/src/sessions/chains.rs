//! Why-chains written as trees from the top. Pure.

use std::collections::{HashMap, HashSet};

use entity::finding::Model;
use uuid::Uuid;

use super::body::{WhyChain, WhyStep};

/// The chains of the findings that stand: each finding that has reasons and is none itself, with
/// everything below it. Reasons of one finding keep their order.
pub fn of(findings: &[Model]) -> Vec<WhyChain> {
    let standing: Vec<&Model> = findings
        .iter()
        .filter(|one| one.retracted_at.is_none())
        .collect();
    let known: HashSet<Uuid> = standing.iter().map(|one| one.id).collect();
    let mut reasons: HashMap<Uuid, Vec<&Model>> = HashMap::new();
    let mut roots = Vec::new();
    for finding in &standing {
        match finding.parent_id.filter(|parent| known.contains(parent)) {
            Some(parent) => reasons.entry(parent).or_default().push(finding),
            None => roots.push(*finding),
        }
    }
    let explained = roots
        .into_iter()
        .filter(|root| reasons.contains_key(&root.id));
    explained
        .map(|root| WhyChain {
            finding_id: root.id,
            steps: steps(root, &reasons),
        })
        .collect()
}

fn steps(root: &Model, reasons: &HashMap<Uuid, Vec<&Model>>) -> Vec<WhyStep> {
    let mut steps = Vec::new();
    let mut next = vec![(root, 0)];
    while let Some((finding, depth)) = next.pop() {
        steps.push(WhyStep {
            finding_id: finding.id,
            parent_id: finding.parent_id.filter(|_| depth > 0),
            depth,
            kind: finding.kind,
            statement: finding.statement.clone(),
        });
        let own = reasons.get(&finding.id).into_iter().flatten();
        next.extend(own.rev().map(|reason| (*reason, depth + 1)));
    }
    steps
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::{Confidence, FindingKind};
    use entity::{JsonColumn, Timestamp};

    use super::*;

    fn finding(id: u128, parent: Option<u128>, stands: bool) -> Model {
        let at = Timestamp::parse("2026-11-23T12:00:00Z").expect("an instant");
        Model {
            id: Uuid::from_u128(id),
            organization_id: entity::organization::OrganizationId(Uuid::nil()),
            review_id: Uuid::nil(),
            kind: FindingKind::Observation,
            statement: id.to_string(),
            description: None,
            cause_category: None,
            cause_detail: None,
            factor_kind: None,
            factor_area: None,
            gap_category: None,
            confidence: Confidence::Unknown,
            event_ids: JsonColumn(vec![]),
            evidence: JsonColumn(vec![]),
            parent_id: parent.map(Uuid::from_u128),
            control: None,
            control_state: None,
            attack_techniques: JsonColumn(vec![]),
            likelihood: None,
            severity_score: None,
            risk_score: None,
            no_recommendation_reason: None,
            retracted_at: (!stands).then_some(at),
            retracted_by: None,
            retraction_reason: None,
            search_text: String::new(),
            version: 1,
            created_at: at,
            created_by: String::new(),
            updated_at: at,
        }
    }

    #[test]
    fn reasons_stand_below_what_they_explain_in_their_order() {
        let findings = [
            finding(1, None, true),
            finding(2, Some(1), true),
            finding(3, Some(1), true),
            finding(4, Some(2), true),
            finding(5, None, true),
            finding(6, Some(3), false),
            finding(7, Some(6), true),
            finding(8, Some(7), true),
        ];
        let found: Vec<Vec<(String, usize)>> = of(&findings)
            .into_iter()
            .map(|chain| {
                let steps = chain.steps.into_iter();
                steps.map(|step| (step.statement, step.depth)).collect()
            })
            .collect();
        let step = |name: &str, depth| (name.to_owned(), depth);
        assert_eq!(
            found,
            [
                vec![step("1", 0), step("2", 1), step("4", 2), step("3", 1)],
                // What hung on a retracted finding is a chain of its own.
                vec![step("7", 0), step("8", 1)],
            ]
        );
    }

    #[test]
    fn a_finding_alone_is_no_chain() {
        assert_eq!(of(&[finding(1, None, true)]), []);
        assert_eq!(of(&[]), []);
    }
}
