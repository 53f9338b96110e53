//! What holds for every vocabulary; `representations_agree` is called once per enum by the macro.

use std::{collections::BTreeSet, fmt::Debug};

use sea_orm::{ActiveEnum, Iterable};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use utoipa::ToSchema;

use super::{EventKind, FeedbackAnswer, IncidentSubcategory, Priority, Severity, Vocabulary, all};

pub(super) fn representations_agree<V>()
where
    V: Vocabulary + ActiveEnum<Value = String> + Debug + PartialEq,
    V: Serialize + DeserializeOwned + ToSchema,
{
    let terms = V::terms();
    assert_eq!(V::iter().count(), terms.len(), "{}", V::NAME);
    for (variant, term) in V::iter().zip(terms) {
        let sent = json!(term.value);
        assert_eq!(variant.to_string(), term.value);
        assert_eq!(term.value.parse(), Ok(variant));
        assert_eq!(serde_json::to_value(variant).expect("a string"), sent);
        assert_eq!(serde_json::from_value::<V>(sent).expect("a term"), variant);
        assert_eq!(variant.to_value(), term.value);
        assert_eq!(
            V::try_from_value(&term.value.to_owned()).expect("a term"),
            variant
        );
    }
    let unknown = "no such term".parse::<V>().expect_err("no term");
    assert_eq!(unknown.vocabulary, V::NAME);

    let schema = serde_json::to_value(V::schema()).expect("a schema");
    let values: Vec<_> = terms.iter().map(|term| term.value).collect();
    assert_eq!(schema["type"], "string");
    assert_eq!(schema["enum"], json!(values));
    assert_eq!(schema["example"], json!(values[0]));
    assert_eq!(
        schema["description"],
        json!(format!("{} Source: {}.", V::DESCRIPTION, V::SOURCE))
    );
}

fn is_snake_case(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

#[test]
fn vocabularies_are_listed_by_name_without_repetition() {
    assert!(all().is_sorted_by(|a, b| a.name < b.name));
}

#[test]
fn names_and_values_are_snake_case_and_unique() {
    for entry in all() {
        assert!(is_snake_case(entry.name), "{}", entry.name);
        let mut values = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for term in entry.terms {
            assert!(is_snake_case(term.value), "{} {}", entry.name, term.value);
            assert!(values.insert(term.value), "{} {}", entry.name, term.value);
            assert!(labels.insert(term.label), "{} {}", entry.name, term.label);
        }
    }
}

#[test]
fn every_vocabulary_and_term_is_described_in_a_sentence() {
    let is_sentence = |text: &str| {
        text.starts_with(|c: char| c.is_uppercase())
            && text.ends_with('.')
            && text.trim() == text
            && !text.contains("  ")
    };
    for entry in all() {
        assert!(is_sentence(entry.description), "{}", entry.name);
        assert!(!entry.source.is_empty(), "{}", entry.name);
        for term in entry.terms {
            assert!(
                !term.label.trim().is_empty(),
                "{} {}",
                entry.name,
                term.value
            );
            assert!(
                is_sentence(term.description),
                "{} {}",
                entry.name,
                term.value
            );
        }
    }
}

#[test]
fn a_list_that_may_grow_ends_in_other() {
    let growing: Vec<_> = all()
        .iter()
        .filter(|entry| entry.terms.last().is_some_and(|term| term.value == "other"))
        .map(|entry| entry.name)
        .collect();
    assert_eq!(
        growing,
        [
            "agenda_topic",
            "attack_pattern",
            "communication_channel",
            "content_class",
            "contribution_prompt",
            "data_type",
            "detection_source",
            "event_kind",
            "function",
            "gap_category",
            "incident_subcategory",
            "loss_variety",
            "obligation_trigger",
            "quantity_kind",
        ]
    );
    let elsewhere: Vec<_> = all()
        .iter()
        .filter(|entry| !growing.contains(&entry.name))
        .filter(|entry| entry.terms.iter().any(|term| term.value == "other"))
        .map(|entry| entry.name)
        .collect();
    assert_eq!(
        elsewhere,
        ["incident_category"],
        "there the source puts test last"
    );
}

#[test]
fn the_description_of_an_event_kind_opens_with_its_group() {
    for kind in EventKind::iter() {
        let (opening, _) = kind.description().split_once(':').expect("a group");
        assert_eq!(opening.to_lowercase(), kind.group(), "{kind}");
    }
}

#[test]
fn event_kinds_are_in_the_order_of_their_groups() {
    let mut groups: Vec<_> = EventKind::iter().map(EventKind::group).collect();
    groups.dedup();
    assert_eq!(
        groups,
        ["adversary", "response", "communication", "context"]
    );
}

#[test]
fn subcategories_are_in_the_order_of_their_categories() {
    let mut categories: Vec<_> = IncidentSubcategory::iter()
        .filter(|subcategory| *subcategory != IncidentSubcategory::Other)
        .map(IncidentSubcategory::category)
        .collect();
    categories.dedup();
    assert!(categories.is_sorted());
    assert_eq!(categories.len(), 11);
}

#[test]
fn ranks_and_scores_follow_the_order_of_the_terms() {
    assert!(Severity::iter().map(Severity::rank).eq([5, 4, 3, 2, 1]));
    assert!(Priority::iter().map(Priority::rank).eq([4, 3, 2, 1]));
    assert!(FeedbackAnswer::iter().map(FeedbackAnswer::score).eq([
        Some(1),
        Some(2),
        Some(3),
        Some(4),
        Some(5),
        None
    ]));
}
