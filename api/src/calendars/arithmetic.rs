//! How time is counted: hours, days and months of the calendar, hours and days of business. Pure.
//!
//! Wall-clock times are those of the calendar's time zone. One that occurs twice, when clocks go
//! back, means its first occurrence; one that does not occur, when they go forward, means the first
//! instant after it. So hours that are worked are hours that pass: a working night on which clocks
//! go back has one more.

use std::collections::BTreeSet;

use chrono::{
    DateTime, Datelike as _, Days, Duration, MappedLocalTime, Months, NaiveDate, NaiveDateTime,
    NaiveTime, Offset as _, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use entity::Timestamp;
use entity::policy::Period;
use entity::vocabulary::DurationUnit;

/// The longest that is counted: 1,000 business hours at an hour a week, with holidays besides.
const HORIZON_DAYS: u64 = 40 * 366;

/// The most that a wall-clock time can differ from UTC, with room to spare.
const FARTHEST: Duration = Duration::hours(26);

/// A stretch of a day: minutes since its beginning, the end excluded.
pub type Minutes = (u32, u32);

/// When there is work, ready to be counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    /// The time zone of its wall-clock times.
    pub zone: Tz,
    /// The stretches of each day of the week, Monday first, in order and apart from each other.
    pub week: [Vec<Minutes>; 7],
    /// Days without work.
    pub holidays: BTreeSet<NaiveDate>,
}

impl WorkCalendar {
    /// The moment that a period ends which begins at `from`.
    ///
    /// | unit | ends |
    /// | --- | --- |
    /// | calendar hours | that many hours later |
    /// | calendar days | at the same wall-clock time that many days later, also on a holiday |
    /// | calendar months | at the same wall-clock time on the same day of a later month, or on its last day where it has no such day |
    /// | business hours | when that much working time has passed; at the close of a stretch rather than at the opening of the next |
    /// | business days | at the close of the last of that many working days, the first of which is the first after the day of `from` |
    ///
    /// With work from 09:00 to 17:00 on Mondays to Fridays, 5 business days from Friday 16:00 end
    /// on the next Friday at 17:00, or on the Monday after it when one of the days is a holiday;
    /// from Saturday or Sunday they end on that same Friday. 5 business hours from Friday 16:00 end
    /// on Monday at 13:00.
    ///
    /// Nothing when that is beyond what can be told or counted.
    pub fn after(&self, from: Timestamp, period: Period) -> Option<Timestamp> {
        let amount = u32::try_from(period.amount).ok()?;
        let at = match period.unit {
            DurationUnit::CalendarHours => from
                .0
                .checked_add_signed(Duration::hours(i64::from(amount)))?,
            DurationUnit::CalendarDays => {
                let local = self.wall_clock(from);
                self.instant(local.checked_add_days(Days::new(u64::from(amount)))?)?
            }
            DurationUnit::CalendarMonths => {
                let local = self.wall_clock(from);
                self.instant(local.checked_add_months(Months::new(amount))?)?
            }
            DurationUnit::BusinessHours => self.after_business_hours(from, amount)?,
            DurationUnit::BusinessDays => self.after_business_days(from, amount)?,
        };
        ((1..=9999).contains(&at.year())).then_some(Timestamp(at))
    }

    /// What clocks show at an instant.
    fn wall_clock(&self, at: Timestamp) -> NaiveDateTime {
        at.0.with_timezone(&self.zone).naive_local()
    }

    /// The instant at which clocks show a time, or have just passed it.
    fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => {
                Some(at.with_timezone(&Utc))
            }
            MappedLocalTime::None => self.after_gap(local),
        }
    }

    /// The first instant after the gap in which a time lies that clocks never show.
    fn after_gap(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let shows_later = |seconds: i64| {
            let at = DateTime::from_timestamp(seconds, 0)?.naive_utc();
            let offset = self.zone.offset_from_utc_datetime(&at).fix();
            Some(at.checked_add_offset(offset)? > local)
        };
        let near = local.and_utc();
        let mut before = near.checked_sub_signed(FARTHEST)?.timestamp();
        let mut after = near.checked_add_signed(FARTHEST)?.timestamp();
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if shows_later(middle)? {
                after = middle;
            } else {
                before = middle;
            }
        }
        DateTime::from_timestamp(after, 0)
    }

    /// The working stretches of a day; none on a holiday.
    fn stretches(&self, day: NaiveDate) -> &[Minutes] {
        if self.holidays.contains(&day) {
            return &[];
        }
        let weekday = day.weekday().num_days_from_monday();
        usize::try_from(weekday)
            .ok()
            .and_then(|at| self.week.get(at))
            .map_or(&[], Vec::as_slice)
    }

    /// The instant at a minute of a day, of which the 1,440th is the next day's beginning.
    fn at_minute(&self, day: NaiveDate, minute: u32) -> Option<DateTime<Utc>> {
        let midnight = day.and_time(NaiveTime::MIN);
        self.instant(midnight.checked_add_signed(Duration::minutes(i64::from(minute)))?)
    }

    fn after_business_hours(&self, from: Timestamp, hours: u32) -> Option<DateTime<Utc>> {
        let mut remaining = Duration::hours(i64::from(hours));
        let mut day = self.wall_clock(from).date();
        for _ in 0..HORIZON_DAYS {
            for &(begins, ends) in self.stretches(day) {
                let begins = self.at_minute(day, begins)?.max(from.0);
                let worked = self.at_minute(day, ends)? - begins;
                if worked >= remaining && worked > Duration::zero() {
                    return begins.checked_add_signed(remaining);
                }
                remaining -= worked.max(Duration::zero());
            }
            day = day.succ_opt()?;
        }
        None
    }

    fn after_business_days(&self, from: Timestamp, days: u32) -> Option<DateTime<Utc>> {
        let mut remaining = days;
        let mut day = self.wall_clock(from).date();
        for _ in 0..HORIZON_DAYS {
            day = day.succ_opt()?;
            if let Some(&(_, close)) = self.stretches(day).last() {
                remaining = remaining.saturating_sub(1);
                if remaining == 0 {
                    return self.at_minute(day, close);
                }
            }
        }
        None
    }
}

#[cfg(test)]
#[path = "arithmetic_tests.rs"]
mod tests;
