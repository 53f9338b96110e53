//! Addresses of the lists behind remediation numbers. A number whose actions no filter of the
//! list tells apart has none.

use std::str::FromStr;

use entity::Timestamp;
use entity::vocabulary::{
    ActionStatus, ActionType, DetectionSource, IncidentCategory, Priority, Severity,
    StakeholderFunction,
};
use serde::Serialize;
use uuid::Uuid;

use super::query::{ActionFilter, RemediationGroupBy};
use crate::actions::facts::date;
use crate::actions::list::{ActionStage, Timeliness};
use crate::metrics::groups::Key;
use crate::metrics::link::Link;

/// The filter that leads to some actions, if one does.
#[derive(Clone, Debug)]
pub(super) struct Records {
    filter: ActionFilter,
    /// What the list is asked besides, each once.
    besides: Vec<(&'static str, String)>,
}

impl Records {
    /// Those of a filter at present; the list knows no past.
    pub(super) fn of(filter: &ActionFilter, past: bool) -> Option<Self> {
        (!past).then(|| Self {
            filter: filter.clone(),
            besides: Vec::new(),
        })
    }

    /// Those with one value of a field; `None` stands for no value. None when the filter excludes
    /// the value.
    pub(super) fn with(mut self, field: RemediationGroupBy, value: Option<&str>) -> Option<Self> {
        use RemediationGroupBy as Field;
        let filter = &mut self.filter;
        match (field, value) {
            (Field::Severity, Some(text)) => narrow(&mut filter.severity, read(text)?)?,
            (Field::Category, Some(text)) => narrow(&mut filter.category, read(text)?)?,
            (Field::DetectionSource, Some(text)) => {
                narrow(&mut filter.detection_source, read(text)?)?;
            }
            (Field::Category | Field::DetectionSource, None) => filter.with_incident = Some(false),
            (Field::Tag, Some(text)) => narrow(&mut filter.tag, text.to_owned())?,
            (Field::Tag, None) => filter.tagged = Some(false),
            (Field::Priority, Some(text)) => narrow(&mut filter.priority, read(text)?)?,
            (Field::Type, Some(text)) => narrow(&mut filter.action_type, read(text)?)?,
            (Field::Function, Some(text)) => narrow(&mut filter.function, read(text)?)?,
            (Field::Function, None) => return Some(self.and("with_owner_function", "false")),
            (Field::Owner, Some(text)) => narrow(&mut filter.owner, text.to_owned())?,
            (Field::Owner, None) => return Some(self.unowned()),
            (Field::Severity | Field::Priority | Field::Type, None) => return None,
        }
        Some(self)
    }

    /// Those of a group.
    pub(super) fn of_group(self, fields: &[RemediationGroupBy], key: &Key) -> Option<Self> {
        let mut parts = fields.iter().zip(key);
        parts.try_fold(self, |records, (field, value)| {
            records.with(*field, value.as_deref())
        })
    }

    /// Those in any of these states; none when the filter excludes them all.
    pub(super) fn in_states(mut self, states: &[ActionStatus]) -> Option<Self> {
        let asked = &self.filter.status;
        let both = states
            .iter()
            .copied()
            .filter(|state| asked.is_empty() || asked.contains(state));
        self.filter.status = both.collect();
        (!self.filter.status.is_empty()).then_some(self)
    }

    fn and(mut self, name: &'static str, value: &str) -> Self {
        let one = (name, value.to_owned());
        if !self.besides.contains(&one) {
            self.besides.push(one);
        }
        self
    }

    /// Those that are overdue; the list reckons in UTC, as the numbers must.
    pub(super) fn overdue(self) -> Self {
        self.and("overdue", "true")
    }

    /// Those that nobody owns.
    pub(super) fn unowned(self) -> Self {
        self.and("unowned", "true")
    }

    /// Those that were ever reopened.
    pub(super) fn reopened(self) -> Self {
        self.and("reopened", "true")
    }

    /// Those that were ever done.
    pub(super) fn once_done(self) -> Self {
        self.and("once_done", "true")
    }

    /// Those that were ever found ineffective.
    pub(super) fn ineffective(self) -> Self {
        self.and("ineffective", "true")
    }

    /// Those that have come as far.
    pub(super) fn reached(self, stage: ActionStage) -> Self {
        self.and("reached", stage.as_str())
    }

    /// Those that kept their due date or did not, in any of these ways; the list reckons in UTC.
    pub(super) fn timely(self, ways: &[Timeliness]) -> Self {
        ways.iter()
            .fold(self, |records, way| records.and("timeliness", way.as_str()))
    }

    /// Those that are due before a date.
    pub(super) fn due_before(self, day: i32) -> Self {
        self.and("due_on_to", &date(day).to_string())
    }

    /// Those due from a date until so many days later.
    pub(super) fn due_within(self, today: i32, days: i32) -> Self {
        self.and("due_on_from", &date(today).to_string())
            .due_before(today.saturating_add(days + 1))
    }

    /// Their address.
    pub(super) fn url(&self) -> String {
        let link = Link::to("/api/v1/actions").with_all(&ListFilter::of(&self.filter));
        let link = self
            .besides
            .iter()
            .fold(link, |link, (name, value)| link.with(name, value));
        link.into_string()
    }
}

/// The filter in the words of the list, where an action has no severity or function of its own.
#[derive(Serialize)]
struct ListFilter<'a> {
    review_id: &'a [Uuid],
    review_severity: &'a [Severity],
    review_tag: &'a [String],
    review_tagged: Option<bool>,
    incident_category: &'a [IncidentCategory],
    detection_source: &'a [DetectionSource],
    with_incident: Option<bool>,
    #[serde(rename = "type")]
    action_type: &'a [ActionType],
    priority: &'a [Priority],
    owner: &'a [String],
    owner_function: &'a [StakeholderFunction],
    status: &'a [ActionStatus],
    created_at_from: Option<Timestamp>,
    created_at_to: Option<Timestamp>,
}

impl<'a> ListFilter<'a> {
    fn of(filter: &'a ActionFilter) -> Self {
        Self {
            review_id: &filter.review_id,
            review_severity: &filter.severity,
            review_tag: &filter.tag,
            review_tagged: filter.tagged,
            incident_category: &filter.category,
            detection_source: &filter.detection_source,
            with_incident: filter.with_incident,
            action_type: &filter.action_type,
            priority: &filter.priority,
            owner: &filter.owner,
            owner_function: &filter.function,
            status: &filter.status,
            created_at_from: filter.created_at_from,
            created_at_to: filter.created_at_to,
        }
    }
}

fn read<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Asks for one value only, unless others were asked for.
fn narrow<T: PartialEq>(asked: &mut Vec<T>, value: T) -> Option<()> {
    let excluded = !asked.is_empty() && !asked.contains(&value);
    *asked = vec![value];
    (!excluded).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_asked_in_its_own_words_and_narrowed_to_the_group() {
        let filter = ActionFilter {
            severity: vec![Severity::High],
            status: vec![ActionStatus::Open, ActionStatus::Verified],
            ..ActionFilter::default()
        };
        let fields = [RemediationGroupBy::Function, RemediationGroupBy::Owner];
        let records = Records::of(&filter, false).expect("the present");
        let open = records
            .clone()
            .of_group(&fields, &vec![Some("it".to_owned()), None])
            .and_then(|records| records.in_states(&[ActionStatus::Open, ActionStatus::Blocked]));
        assert_eq!(
            open.map(|open| open.overdue().unowned().url()).as_deref(),
            Some(
                "/api/v1/actions?review_severity=high&owner_function=it&status=open&unowned=true&overdue=true"
            )
        );
        let nowhere = records.clone().in_states(&[ActionStatus::Declined]);
        assert!(nowhere.is_none());
        let severity = |text| {
            records
                .clone()
                .with(RemediationGroupBy::Severity, Some(text))
        };
        assert!(severity("high").is_some() && severity("critical").is_none());
        assert!(
            records
                .clone()
                .with(RemediationGroupBy::Type, None)
                .is_none()
        );
        let outage = Some("availability");
        let url = |field, value| {
            records
                .clone()
                .with(field, value)
                .map(|records| records.url())
        };
        let of_none =
            "/api/v1/actions?review_severity=high&with_incident=false&status=open&status=verified";
        assert_eq!(
            url(RemediationGroupBy::Category, None).as_deref(),
            Some(of_none)
        );
        assert_eq!(
            url(RemediationGroupBy::Category, outage),
            Some(of_none.replace("with_incident=false", "incident_category=availability"))
        );
        assert!(Records::of(&filter, true).is_none());
    }

    #[test]
    fn what_is_due_within_days_has_a_first_and_a_last_date() {
        let records = Records::of(&ActionFilter::default(), false).expect("the present");
        assert_eq!(
            records.due_within(20_454, 7).url(),
            "/api/v1/actions?due_on_from=2026-01-01&due_on_to=2026-01-09"
        );
    }
}
