//! What the criteria look at in a review. What was retracted is not among it.

use entity::vocabulary::{
    ActionStatus, ActionType, AssessmentDimension, CauseCategory, ControlFunction, Disposition,
    FactorKind, FindingKind, GapCategory, ImpactDimension, ImpactRating, ImpactSnapshot,
    ProcedureAnswer, ReviewStatus,
};
use uuid::Uuid;

/// An incident that the review is about.
#[derive(Clone, Debug)]
pub struct IncidentFact {
    /// Its id.
    pub id: Uuid,
    /// Whether it is known when it was detected.
    pub has_detection: bool,
    /// Whether it is known when it was contained, eradicated or recovered from, or ended.
    pub has_end: bool,
    /// Whether ATT&CK techniques are named.
    pub has_techniques: bool,
}

/// How many events of the chronology there are, all and of some kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// All that stand.
    pub all: usize,
    /// Key events and milestones.
    pub key: usize,
    /// What an adversary did.
    pub adversary: usize,
    /// Alerts, heeded or missed, and detections.
    pub signs: usize,
    /// What was known only in hindsight, and alerts that were missed.
    pub late: usize,
    /// What held the recovery up.
    pub inhibiting: usize,
}

/// A logged decision.
#[derive(Clone, Debug)]
pub struct DecisionFact {
    /// Its id.
    pub id: Uuid,
    /// Whether it says what was known when it was taken.
    pub says_what_was_known: bool,
    /// Whether it says why it was taken.
    pub says_why: bool,
    /// Whether it says how it looks by what is known now.
    pub has_hindsight: bool,
}

/// A logged communication.
#[derive(Clone, Debug)]
pub struct CommunicationFact {
    /// Its id.
    pub id: Uuid,
    /// Whether it crossed the border of the organisation.
    pub is_external: bool,
    /// Whether it came in time, as far as that is judged.
    pub timely: Option<bool>,
    /// Whether it had its effect, as far as that is judged.
    pub effective: Option<bool>,
    /// Whether something is said to have gone wrong with it.
    pub has_issue: bool,
}

/// The assessment of one dimension.
#[derive(Clone, Debug)]
pub struct AssessmentFact {
    /// Its id.
    pub id: Uuid,
    /// What is assessed.
    pub dimension: AssessmentDimension,
    /// From 1 to 5; nothing where the dimension does not apply.
    pub score: Option<u8>,
    /// Whether something is said to have gone badly.
    pub has_weaknesses: bool,
    /// Whether a strength or a weakness names an event that shows it.
    pub names_events: bool,
    /// Whether the procedures were followed.
    pub followed: ProcedureAnswer,
    /// Whether they were adequate.
    pub adequate: ProcedureAnswer,
}

/// An estimate of the impact in one dimension.
#[derive(Clone, Debug)]
pub struct ImpactFact {
    /// Its id.
    pub id: Uuid,
    /// Which estimate it belongs to.
    pub snapshot: ImpactSnapshot,
    /// In which respect.
    pub dimension: ImpactDimension,
    /// How bad it was.
    pub rating: ImpactRating,
}

/// A finding that stands.
#[derive(Clone, Debug)]
pub struct FindingFact {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: FindingKind,
    /// Category of a cause.
    pub cause: Option<CauseCategory>,
    /// How a cause or factor worked.
    pub factor: Option<FactorKind>,
    /// What a gap is in.
    pub gap: Option<GapCategory>,
    /// What the control is for that it is about.
    pub control: Option<ControlFunction>,
    /// The finding that it is a reason for.
    pub parent: Option<Uuid>,
    /// Whether an event that stands or other evidence supports it.
    pub has_evidence: bool,
    /// Whether likelihood and severity are judged.
    pub has_risk: bool,
    /// Whether it says why nothing is done about it.
    pub has_reason_for_none: bool,
    /// Whether ATT&CK techniques are named.
    pub has_techniques: bool,
}

/// A recommendation.
#[derive(Clone, Debug)]
pub struct RecommendationFact {
    /// Its id.
    pub id: Uuid,
    /// What was decided about it.
    pub disposition: Disposition,
    /// The recommendation that says the same.
    pub duplicate_of: Option<Uuid>,
    /// The findings it answers.
    pub findings: Vec<Uuid>,
    /// The actions that carry it out.
    pub actions: Vec<Uuid>,
}

/// An action.
#[derive(Clone, Debug)]
pub struct ActionFact {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: ActionStatus,
    /// What it is meant to do.
    pub kind: ActionType,
    /// Whether it has an owner, a due date and closure criteria.
    pub is_complete: bool,
    /// Whether it says what it takes: an effort in days, or its rating.
    pub has_effort: bool,
    /// The findings it answers.
    pub findings: Vec<Uuid>,
}

/// A lesson.
#[derive(Clone, Debug)]
pub struct LessonFact {
    /// Its id.
    pub id: Uuid,
    /// Whether it rests on a finding.
    pub has_findings: bool,
    /// Whether it is for suppliers or for the industry.
    pub is_shared: bool,
}

/// Everything that the criteria look at in a review.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The review.
    pub review: Uuid,
    /// Where it stands.
    pub status: ReviewStatus,
    /// Its incidents.
    pub incidents: Vec<IncidentFact>,
    /// Its chronology.
    pub events: EventFacts,
    /// Its decision log.
    pub decisions: Vec<DecisionFact>,
    /// Its communication log.
    pub communications: Vec<CommunicationFact>,
    /// How the response is assessed.
    pub assessments: Vec<AssessmentFact>,
    /// What the incident cost.
    pub impacts: Vec<ImpactFact>,
    /// Its findings.
    pub findings: Vec<FindingFact>,
    /// Its recommendations.
    pub recommendations: Vec<RecommendationFact>,
    /// Its actions.
    pub actions: Vec<ActionFact>,
    /// Its lessons.
    pub lessons: Vec<LessonFact>,
}

impl Facts {
    /// A review in which there is nothing yet.
    pub fn of(review: Uuid, status: ReviewStatus) -> Self {
        Self {
            review,
            status,
            incidents: Vec::new(),
            events: EventFacts::default(),
            decisions: Vec::new(),
            communications: Vec::new(),
            assessments: Vec::new(),
            impacts: Vec::new(),
            findings: Vec::new(),
            recommendations: Vec::new(),
            actions: Vec::new(),
            lessons: Vec::new(),
        }
    }

    /// Puts everything in the order in which it was created.
    pub fn put_in_order(&mut self) {
        self.incidents.sort_by_key(|one| one.id);
        self.decisions.sort_by_key(|one| one.id);
        self.communications.sort_by_key(|one| one.id);
        self.assessments.sort_by_key(|one| one.id);
        self.impacts.sort_by_key(|one| one.id);
        self.findings.sort_by_key(|one| one.id);
        self.recommendations.sort_by_key(|one| one.id);
        self.actions.sort_by_key(|one| one.id);
        self.lessons.sort_by_key(|one| one.id);
    }

    /// The assessment of a dimension.
    pub fn assessment(&self, dimension: AssessmentDimension) -> Option<&AssessmentFact> {
        let mut all = self.assessments.iter();
        all.find(|one| one.dimension == dimension)
    }

    /// Whether a dimension of the response is said to have played no part.
    pub fn plays_no_part(&self, dimension: AssessmentDimension) -> bool {
        let found = self.assessment(dimension);
        found.is_some_and(|one| one.score.is_none())
    }

    /// The findings of any of these kinds.
    pub fn findings_of<'a>(
        &'a self,
        kinds: &'a [FindingKind],
    ) -> impl Iterator<Item = &'a FindingFact> + Clone + 'a {
        let all = self.findings.iter();
        all.filter(move |one| kinds.contains(&one.kind))
    }

    /// The root causes and contributing factors.
    pub fn causes(&self) -> impl Iterator<Item = &FindingFact> + Clone {
        self.findings_of(&[FindingKind::RootCause, FindingKind::ContributingFactor])
    }

    /// The gaps.
    pub fn gaps(&self) -> impl Iterator<Item = &FindingFact> + Clone {
        self.findings_of(&[FindingKind::Gap])
    }
}
