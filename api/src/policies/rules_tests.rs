//! Which policy applies, case by case, and that there is always one order.

use entity::JsonColumn;
use entity::organization::OrganizationId;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn policy(number: u8) -> Model {
    let rules = built_in();
    Model {
        id: Uuid::from_u128(number.into()),
        organization_id: OrganizationId(Uuid::nil()),
        name: format!("policy {number}"),
        description: None,
        severities: JsonColumn(Vec::new()),
        categories: JsonColumn(Vec::new()),
        kinds: JsonColumn(Vec::new()),
        rank: 0,
        requirement: rules.requirement,
        rules: JsonColumn(rules),
        calendar_id: None,
        archived_at: None,
        search_text: String::new(),
        version: 1,
        created_at: Timestamp::from_micros(i64::from(number)).expect("in range"),
        created_by: String::new(),
        updated_at: Timestamp::from_micros(0).expect("in range"),
    }
}

fn defined(body: serde_json::Value) -> DefinePolicy {
    serde_json::from_value(body).expect("a policy")
}

fn critical_ransomware() -> Situation {
    Situation {
        severity: Some(Severity::Critical),
        categories: vec![IncidentCategory::MaliciousCode],
        kind: Some(ReviewKind::Incident),
    }
}

fn names(policies: Vec<Model>, situation: &Situation) -> Vec<String> {
    let matching = matching(policies, situation);
    matching.into_iter().map(|one| one.name).collect()
}

#[test]
fn a_policy_matches_what_it_names_and_all_where_it_names_nothing() {
    let severe = Model {
        severities: JsonColumn(vec![Severity::Critical, Severity::High]),
        ..policy(1)
    };
    let exercise = Model {
        kinds: JsonColumn(vec![ReviewKind::Exercise]),
        ..policy(1)
    };
    let malware = Model {
        categories: JsonColumn(vec![
            IncidentCategory::MaliciousCode,
            IncidentCategory::Fraud,
        ]),
        ..policy(1)
    };
    let archived = Model {
        archived_at: Some(policy(1).created_at),
        ..policy(1)
    };
    let unsaid = Situation::default();
    let several = Situation {
        categories: vec![IncidentCategory::Other, IncidentCategory::Fraud],
        ..critical_ransomware()
    };
    let low = Situation {
        severity: Some(Severity::Low),
        ..critical_ransomware()
    };
    let table = [
        (policy(1), critical_ransomware(), true),
        (policy(1), unsaid.clone(), true),
        (severe.clone(), critical_ransomware(), true),
        (severe.clone(), low, false),
        (severe, unsaid.clone(), false),
        (exercise.clone(), critical_ransomware(), false),
        (exercise, unsaid.clone(), false),
        (malware.clone(), critical_ransomware(), true),
        (malware.clone(), several, true),
        (malware, unsaid, false),
        (archived, critical_ransomware(), false),
    ];
    for (number, (policy, situation, expected)) in table.into_iter().enumerate() {
        assert_eq!(matches(&policy, &situation), expected, "case {number}");
    }
}

#[test]
fn rank_comes_before_specificity_and_that_before_age() {
    let any = policy(1);
    let older = policy(2);
    let one = Model {
        severities: JsonColumn(vec![Severity::Critical, Severity::High]),
        ..policy(3)
    };
    let narrower = Model {
        severities: JsonColumn(vec![Severity::Critical]),
        ..policy(4)
    };
    let two = Model {
        kinds: JsonColumn(vec![ReviewKind::Incident, ReviewKind::NearMiss]),
        ..Model {
            severities: JsonColumn(vec![Severity::Critical, Severity::High]),
            ..policy(5)
        }
    };
    let ranked = Model {
        rank: 1,
        ..policy(6)
    };
    let last = Model {
        rank: -1,
        ..Model {
            categories: JsonColumn(vec![IncidentCategory::MaliciousCode]),
            ..two.clone()
        }
    };
    let last = Model {
        name: "policy 7".to_owned(),
        ..last
    };
    let all = vec![last, any, older, one, narrower, two, ranked];
    assert_eq!(
        names(all, &critical_ransomware()),
        [6, 5, 4, 3, 1, 2, 7].map(|number| format!("policy {number}"))
    );
}

#[test]
fn what_a_policy_leaves_out_is_said_by_its_requirement_and_the_defaults() {
    let bare = json!({ "name": "x", "requirement": "optional" });
    let optional = resolved(&defined(bare));
    let expected = PolicyRules {
        requirement: Requirement::Optional,
        open_automatically: true,
        ..built_in()
    };
    assert_eq!(optional, expected);
    let bare = json!({ "name": "x", "requirement": "mandatory" });
    let mandatory = resolved(&defined(bare));
    assert!(mandatory.workshop_required);
    assert_eq!(mandatory.required_functions, MANDATORY_FUNCTIONS);
    let own = json!({
        "name": "x", "requirement": "mandatory", "workshop_required": false,
        "required_functions": [], "workshop_due": { "amount": 2, "unit": "business_days" },
    });
    let own = resolved(&defined(own));
    assert!(!own.workshop_required && own.required_functions.is_empty());
    // Whoever says one period for all means all.
    assert_eq!(own.workshop_due_for(Severity::Critical).amount, 2);
}

#[test]
fn the_built_in_deadlines_are_those_of_the_design() {
    let rules = built_in();
    let of = |period: Period| (period.amount, period.unit);
    let critical = rules.workshop_due_for(Severity::Critical);
    assert_eq!(of(critical), (3, DurationUnit::CalendarDays));
    let high = rules.workshop_due_for(Severity::High);
    assert_eq!(of(high), (5, DurationUnit::BusinessDays));
    assert_eq!(of(rules.publish_due), (14, DurationUnit::CalendarDays));
    assert_eq!(rules.chronology_shared_before_workshop_hours, 24);
    let days = rules.action_due_days;
    assert_eq!(
        (days.critical, days.high, days.medium, days.low),
        (15, 30, 90, 180)
    );
}

#[test]
fn a_term_that_is_named_twice_is_a_fault() {
    let twice = json!({
        "name": "x", "requirement": "optional", "severities": ["high", "high"],
        "kinds": ["exercise", "incident", "exercise"], "required_functions": ["it", "it"],
        "required_assessments": ["detection", "detection"],
    });
    let pointers: Vec<_> = check(&defined(twice))
        .into_iter()
        .filter_map(|fault| fault.pointer)
        .collect();
    assert_eq!(
        pointers,
        [
            "/severities/1",
            "/kinds/2",
            "/required_functions/1",
            "/required_assessments/1"
        ]
    );
}

proptest! {
    #[test]
    fn the_policy_that_applies_does_not_depend_on_the_order_they_are_read_in(
        seeds in proptest::collection::vec((0..3_i32, 0..3_usize, any::<bool>()), 1..8), turn in 0..8_usize
    ) {
        let policies: Vec<Model> = seeds
            .iter()
            .enumerate()
            .map(|(at, (rank, severities, kind))| Model {
                rank: *rank,
                severities: JsonColumn([Severity::Critical, Severity::Low][..*severities].to_vec()),
                kinds: JsonColumn(if *kind { vec![ReviewKind::Incident] } else { Vec::new() }),
                ..policy(u8::try_from(at).expect("few"))
            })
            .collect();
        let mut turned = policies.clone();
        turned.rotate_left(turn % policies.len());
        prop_assert_eq!(names(policies, &critical_ransomware()), names(turned, &critical_ransomware()));
    }
}
