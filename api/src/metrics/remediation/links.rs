//! Addresses of the lists behind remediation numbers. A number whose actions no filter of the
//! list tells apart has none.

use std::str::FromStr;

use entity::Timestamp;
use entity::vocabulary::{ActionStatus, ActionType, Priority, Severity, StakeholderFunction};
use serde::Serialize;
use uuid::Uuid;

use super::body::{ActionFilter, RemediationGroupBy};
use crate::actions::facts::date;
use crate::metrics::groups::Key;
use crate::metrics::link::Link;

/// The filter that leads to some actions, if one does.
#[derive(Clone, Debug)]
pub(super) struct Records {
    filter: ActionFilter,
    unowned: bool,
}

impl Records {
    /// Those of a filter at present; the list knows no past.
    pub(super) fn of(filter: &ActionFilter, past: bool) -> Option<Self> {
        (!past).then(|| Self {
            filter: filter.clone(),
            unowned: false,
        })
    }

    /// Those with one value of a field; `None` stands for no value. None when the filter excludes
    /// the value.
    pub(super) fn with(mut self, field: RemediationGroupBy, value: Option<&str>) -> Option<Self> {
        let filter = &mut self.filter;
        match (field, value) {
            (RemediationGroupBy::Severity, Some(text)) => {
                narrow(&mut filter.severity, read(text)?)?;
            }
            (RemediationGroupBy::Priority, Some(text)) => {
                narrow(&mut filter.priority, read(text)?)?;
            }
            (RemediationGroupBy::Type, Some(text)) => narrow(&mut filter.action_type, read(text)?)?,
            (RemediationGroupBy::Function, Some(text)) => {
                narrow(&mut filter.function, read(text)?)?;
            }
            (RemediationGroupBy::Owner, Some(text)) => narrow(&mut filter.owner, text.to_owned())?,
            (RemediationGroupBy::Owner, None) => self.unowned = true,
            (_, None) => return None,
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

    fn link(&self) -> Link {
        let link = Link::to("/api/v1/actions").with_all(&ListFilter::of(&self.filter));
        if self.unowned {
            link.with("unowned", "true")
        } else {
            link
        }
    }

    /// Their address.
    pub(super) fn url(&self) -> String {
        self.link().into_string()
    }

    /// The address of those that are overdue; the list reckons in UTC, as the numbers must.
    pub(super) fn overdue(&self) -> String {
        self.link().with("overdue", "true").into_string()
    }

    /// The address of those that nobody owns.
    pub(super) fn unowned(&self) -> String {
        let unowned = Self {
            unowned: true,
            ..self.clone()
        };
        unowned.url()
    }

    /// The address of those due from a date until so many days later.
    pub(super) fn due_within(&self, today: i32, days: i32) -> String {
        self.link()
            .with("due_on_from", &date(today).to_string())
            .with(
                "due_on_to",
                &date(today.saturating_add(days + 1)).to_string(),
            )
            .into_string()
    }
}

/// The filter in the words of the list, where an action has no severity or function of its own.
#[derive(Serialize)]
struct ListFilter<'a> {
    review_id: &'a [Uuid],
    review_severity: &'a [Severity],
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
            open.map(|open| open.overdue()).as_deref(),
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
        assert!(records.with(RemediationGroupBy::Function, None).is_none());
        assert!(Records::of(&filter, true).is_none());
    }

    #[test]
    fn what_is_due_within_days_has_a_first_and_a_last_date() {
        let records = Records::of(&ActionFilter::default(), false).expect("the present");
        assert_eq!(
            records.due_within(20_454, 7),
            "/api/v1/actions?due_on_from=2026-01-01&due_on_to=2026-01-09"
        );
    }
}
