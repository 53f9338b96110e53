//! What reviews can have in common: the traits of their findings, each kind with its values. Pure.

use std::collections::HashMap;

use entity::finding::Control;
use entity::vocabulary::{CauseCategory, ControlState, FactorArea, FindingKind, GapCategory};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an incident can share with an earlier review.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "gap")]
pub enum LearningTrait {
    /// The category of a root cause.
    RootCause,
    /// The category of a contributing factor, with its area behind a colon where that is known.
    Factor,
    /// The category of a gap.
    Gap,
    /// A control that did not work, by its id, else by its name.
    Control,
    /// An ATT&CK technique of a finding or of the incident.
    Technique,
}

impl LearningTrait {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 5] = [
        Self::RootCause,
        Self::Factor,
        Self::Gap,
        Self::Control,
        Self::Technique,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RootCause => "root_cause",
            Self::Factor => "factor",
            Self::Gap => "gap",
            Self::Control => "control",
            Self::Technique => "technique",
        }
    }
}

/// A finding as far as traits are concerned.
#[derive(Clone, Debug)]
pub(super) struct Traced {
    pub(super) kind: FindingKind,
    pub(super) cause_category: Option<CauseCategory>,
    pub(super) factor_area: Option<FactorArea>,
    pub(super) gap_category: Option<GapCategory>,
    pub(super) control: Option<Control>,
    pub(super) attack_techniques: Vec<String>,
}

/// The number that stands for one value of one kind.
pub(super) type TraitId = usize;

/// Every trait that occurs, each with a number.
#[derive(Debug, Default)]
pub(super) struct Traits {
    wanted: Vec<LearningTrait>,
    numbers: HashMap<(LearningTrait, String), TraitId>,
    names: Vec<(LearningTrait, String)>,
}

impl Traits {
    /// Traits of these kinds; of all when none is named.
    pub(super) fn of(wanted: &[LearningTrait]) -> Self {
        Self {
            wanted: wanted.to_vec(),
            ..Self::default()
        }
    }

    /// Kind and value of a trait.
    pub(super) fn name(&self, id: TraitId) -> (LearningTrait, &str) {
        let (kind, value) = &self.names[id];
        (*kind, value)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    fn add(&mut self, kind: LearningTrait, value: &str, found: &mut Vec<TraitId>) {
        if !self.wanted.is_empty() && !self.wanted.contains(&kind) {
            return;
        }
        let next = self.names.len();
        // In any letter case: people write the names of controls.
        let id = *self
            .numbers
            .entry((kind, value.to_lowercase()))
            .or_insert(next);
        if id == next {
            self.names.push((kind, value.to_owned()));
        }
        found.push(id);
    }

    /// Adds the traits of a finding.
    pub(super) fn add_finding(&mut self, finding: &Traced, found: &mut Vec<TraitId>) {
        match (finding.kind, finding.cause_category) {
            (FindingKind::RootCause, Some(category)) => {
                self.add(LearningTrait::RootCause, category.as_str(), found);
            }
            (FindingKind::ContributingFactor, Some(category)) => {
                let value = match finding.factor_area {
                    Some(area) => format!("{category}:{area}"),
                    None => category.to_string(),
                };
                self.add(LearningTrait::Factor, &value, found);
            }
            _ => {}
        }
        if let Some(category) = finding.gap_category {
            self.add(LearningTrait::Gap, category.as_str(), found);
        }
        if let Some(control) = &finding.control
            && control.state != ControlState::Worked
            && let Some(name) = control.id.as_deref().or(control.name.as_deref())
        {
            self.add(LearningTrait::Control, name, found);
        }
        self.add_techniques(&finding.attack_techniques, found);
    }

    /// Adds techniques.
    pub(super) fn add_techniques(&mut self, techniques: &[String], found: &mut Vec<TraitId>) {
        for technique in techniques {
            self.add(LearningTrait::Technique, technique, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::ControlFunction;

    fn finding(kind: FindingKind) -> Traced {
        Traced {
            kind,
            cause_category: None,
            factor_area: None,
            gap_category: None,
            control: None,
            attack_techniques: Vec::new(),
        }
    }

    fn control(id: Option<&str>, name: Option<&str>, state: ControlState) -> Control {
        Control {
            id: id.map(str::to_owned),
            name: name.map(str::to_owned),
            function: ControlFunction::Detective,
            state,
        }
    }

    fn traits(of: &Traced, wanted: &[LearningTrait]) -> Vec<(LearningTrait, String)> {
        let (mut traits, mut found) = (Traits::of(wanted), Vec::new());
        traits.add_finding(of, &mut found);
        let named = found.into_iter().map(|id| traits.name(id));
        named
            .map(|(kind, value)| (kind, value.to_owned()))
            .collect()
    }

    #[test]
    fn each_kind_of_finding_has_its_traits() {
        use LearningTrait as T;
        let cause = Some(CauseCategory::ProcessFailure);
        let root = Traced {
            cause_category: cause,
            ..finding(FindingKind::RootCause)
        };
        assert_eq!(
            traits(&root, &[]),
            [(T::RootCause, "process_failure".to_owned())]
        );
        let factor = Traced {
            cause_category: cause,
            ..finding(FindingKind::ContributingFactor)
        };
        assert_eq!(
            traits(&factor, &[]),
            [(T::Factor, "process_failure".to_owned())]
        );
        let factor = Traced {
            factor_area: Some(FactorArea::Organisation),
            ..factor
        };
        assert_eq!(
            traits(&factor, &[]),
            [(T::Factor, "process_failure:organisation".to_owned())]
        );
        let gap = Traced {
            gap_category: Some(GapCategory::Policy),
            control: Some(control(
                Some("A.8.7"),
                Some("Endpoint protection"),
                ControlState::Missing,
            )),
            attack_techniques: vec!["T1486".to_owned()],
            ..finding(FindingKind::Gap)
        };
        let expected = [
            (T::Gap, "policy".to_owned()),
            (T::Control, "A.8.7".to_owned()),
            (T::Technique, "T1486".to_owned()),
        ];
        assert_eq!(traits(&gap, &[]), expected);
        assert_eq!(traits(&gap, &[T::Control]), expected[1..2]);
        assert_eq!(traits(&finding(FindingKind::Observation), &[]), []);
    }

    #[test]
    fn a_control_that_worked_is_no_weakness_and_names_are_alike_in_any_case() {
        let worked = Traced {
            control: Some(control(Some("A.8.7"), None, ControlState::Worked)),
            ..finding(FindingKind::Strength)
        };
        assert_eq!(traits(&worked, &[]), []);
        let (mut all, mut found) = (Traits::of(&[]), Vec::new());
        for name in ["MFA", "mfa", "EDR"] {
            let one = Traced {
                control: Some(control(None, Some(name), ControlState::Missing)),
                ..finding(FindingKind::Gap)
            };
            all.add_finding(&one, &mut found);
        }
        assert_eq!(found, [0, 0, 1]);
        assert_eq!(all.name(0), (LearningTrait::Control, "MFA"));
    }
}
