//! The weeks of a plan as dates. Any seven days in a row have five working days, Monday to Friday,
//! over which a week's capacity is spread evenly.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// Working days of a week.
pub const WORKING_DAYS: u64 = 5;

/// The weeks of a plan, counted from its first day.
#[derive(Clone, Debug)]
pub struct Calendar {
    from: NaiveDate,
    weeks: usize,
    /// How many days after its week began each working day is.
    offsets: [u64; 5],
}

impl Calendar {
    /// So many weeks from a date.
    pub fn new(from: NaiveDate, weeks: usize) -> Self {
        let is_working = |offset: &u64| {
            let day = from.checked_add_days(Days::new(*offset));
            day.is_some_and(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        };
        let mut offsets = [0; 5];
        for (place, offset) in offsets.iter_mut().zip((0..7).filter(is_working)) {
            *place = offset;
        }
        Self {
            from,
            weeks,
            offsets,
        }
    }

    /// How many weeks there are.
    pub fn weeks(&self) -> usize {
        self.weeks
    }

    /// The first day of a week; of the week behind the last, the day on which the plan is over.
    pub fn begin(&self, week: usize) -> NaiveDate {
        self.date(week as u64 * 7)
    }

    /// The date of a working day, counted from 0.
    pub fn working_day(&self, ordinal: u64) -> NaiveDate {
        self.date(self.days_until(ordinal))
    }

    /// How many days after the plan's first a working day is.
    pub fn days_until(&self, ordinal: u64) -> u64 {
        let within = usize::try_from(ordinal % WORKING_DAYS).unwrap_or_default();
        ordinal / WORKING_DAYS * 7 + self.offsets[within]
    }

    /// The first working day that is not before a date; none when the plan is over by then.
    pub fn not_before(&self, date: NaiveDate) -> Option<u64> {
        let days = u64::try_from(self.days_from_begin(date)).unwrap_or(0);
        let (week, offset) = (days / 7, days % 7);
        let before = self.offsets.iter().filter(|day| **day < offset).count();
        let ordinal = week * WORKING_DAYS + before as u64;
        (ordinal < self.weeks as u64 * WORKING_DAYS).then_some(ordinal)
    }

    /// How many days after the plan's first a date is; negative when it is before.
    pub fn days_from_begin(&self, date: NaiveDate) -> i64 {
        date.signed_duration_since(self.from).num_days()
    }

    fn date(&self, days: u64) -> NaiveDate {
        let date = self.from.checked_add_days(Days::new(days));
        date.unwrap_or(NaiveDate::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        entity::time::parse_date(text).expect("a date")
    }

    #[test]
    fn a_week_has_five_working_days_whatever_day_it_begins_on() {
        for first in 23..30 {
            let from = date(&format!("2026-11-{first}"));
            let calendar = Calendar::new(from, 2);
            let days: Vec<NaiveDate> = (0..10).map(|day| calendar.working_day(day)).collect();
            assert!(days.is_sorted() && days.windows(2).all(|two| two[0] < two[1]));
            assert!(
                days.iter()
                    .all(|day| day.weekday().number_from_monday() <= 5)
            );
            assert!(days[4] < calendar.begin(1) && days[5] >= calendar.begin(1));
        }
        let thursday = Calendar::new(date("2026-11-26"), 1);
        let days: Vec<String> = (0..5)
            .map(|day| thursday.working_day(day).to_string())
            .collect();
        assert_eq!(
            days,
            [
                "2026-11-26",
                "2026-11-27",
                "2026-11-30",
                "2026-12-01",
                "2026-12-02"
            ]
        );
    }

    #[test]
    fn a_date_is_followed_by_its_own_or_the_next_working_day() {
        let calendar = Calendar::new(date("2026-11-26"), 2);
        for (given, expected) in [
            ("2026-11-01", Some(0)),
            ("2026-11-26", Some(0)),
            ("2026-11-27", Some(1)),
            ("2026-11-28", Some(2)),
            ("2026-11-30", Some(2)),
            ("2026-12-03", Some(5)),
            ("2026-12-09", Some(9)),
            ("2026-12-10", None),
            ("9999-12-31", None),
        ] {
            assert_eq!(calendar.not_before(date(given)), expected, "{given}");
        }
    }
}
