//! What is to be planned: owners with their capacity, jobs with their effort.
//!
//! A place on an owner's time line is the work that they can have done by then, in thousandths of a
//! day. Between owners a place is told as the part of a week that has passed.

use std::cmp::Ordering;

use super::calendar::{Calendar, WORKING_DAYS};

/// Somebody who works, one action after the other, in a week as much as its capacity.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Thousandths of a day in each week.
    weeks: Vec<u64>,
    /// What can be done before each week begins, and in all of them.
    begins: Vec<u64>,
}

/// A moment: so many weeks, and a part of the next.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    week: usize,
    part: u64,
    whole: u64,
}

impl Moment {
    /// The beginning of a working day.
    pub fn of_day(ordinal: u64) -> Self {
        Self {
            week: usize::try_from(ordinal / WORKING_DAYS).unwrap_or(usize::MAX),
            part: ordinal % WORKING_DAYS,
            whole: WORKING_DAYS,
        }
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        let crosswise = |a: &Self, b: &Self| u128::from(a.part) * u128::from(b.whole);
        let (week, other_week) = (self.week + self.full(), other.week + other.full());
        let part = |one: &Self| Self {
            part: one.part % one.whole,
            ..*one
        };
        week.cmp(&other_week)
            .then_with(|| crosswise(&part(self), other).cmp(&crosswise(&part(other), self)))
    }
}

impl Moment {
    /// 1 when the part is a whole week, which is where the next begins.
    fn full(&self) -> usize {
        usize::from(self.part == self.whole)
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Moment {}

impl Owner {
    /// An owner with so many thousandths of a day in each week.
    pub fn new(weeks: Vec<u64>) -> Self {
        let mut begins = Vec::with_capacity(weeks.len() + 1);
        let mut sum = 0;
        begins.push(sum);
        for week in &weeks {
            sum += week;
            begins.push(sum);
        }
        Self { weeks, begins }
    }

    /// What they can do in a week.
    pub fn capacity(&self, week: usize) -> u64 {
        self.weeks.get(week).copied().unwrap_or_default()
    }

    /// What they can do in all weeks.
    pub fn total(&self) -> u64 {
        self.begins.last().copied().unwrap_or_default()
    }

    /// How much of a stretch of their work lies in a week.
    pub fn within(&self, week: usize, start: u64, end: u64) -> u64 {
        let begin = self.begins[week];
        let over = begin + self.capacity(week);
        end.min(over).saturating_sub(start.max(begin))
    }

    /// When so much is done.
    pub fn ended(&self, place: u64) -> Moment {
        let week = self.begins.partition_point(|begin| *begin < place);
        match week.checked_sub(1) {
            None => Moment {
                week: 0,
                part: 0,
                whole: 1,
            },
            Some(week) => Moment {
                week,
                part: place - self.begins[week],
                whole: self.capacity(week).max(1),
            },
        }
    }

    /// When work goes on after so much is done.
    pub fn begun(&self, place: u64) -> Moment {
        let week = self.begins.partition_point(|begin| *begin <= place) - 1;
        Moment {
            week,
            part: place - self.begins[week],
            whole: self.capacity(week).max(1),
        }
    }

    /// The first place that is not before a moment; beyond all of them when it lies behind the plan.
    pub fn place_at(&self, moment: Moment) -> u64 {
        let Some(begin) = self.begins.get(moment.week) else {
            return u64::MAX;
        };
        let capacity = u128::from(self.capacity(moment.week));
        let part = (u128::from(moment.part) * capacity).div_ceil(u128::from(moment.whole));
        begin + u64::try_from(part).unwrap_or(u64::MAX)
    }

    /// The working day on which so much is done.
    pub fn day_ended(&self, place: u64) -> u64 {
        let Moment { week, part, whole } = self.ended(place);
        week as u64 * WORKING_DAYS + (part * WORKING_DAYS).div_ceil(whole).saturating_sub(1)
    }

    /// The working day on which work goes on after so much is done.
    pub fn day_begun(&self, place: u64) -> u64 {
        let Moment { week, part, whole } = self.begun(place);
        week as u64 * WORKING_DAYS + part * WORKING_DAYS / whole
    }
}

/// An action as far as planning is concerned.
#[derive(Clone, Debug)]
pub struct Job {
    /// Who does it.
    pub owner: usize,
    /// How much work is left, in thousandths of a day; at least one, so that nothing takes no time.
    pub effort: u64,
    /// What it weighs to leave it out, or to be late with it.
    pub weight: u64,
    /// When it is due, in days after the plan's first.
    pub due: Option<i64>,
    /// The first place on its owner's time line at which it may begin.
    pub release: u64,
    /// The jobs that have to be done first.
    pub after: Vec<usize>,
}

/// Owners and jobs. The jobs stand in the order in which they matter.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The weeks.
    pub calendar: Calendar,
    /// Who works.
    pub owners: Vec<Owner>,
    /// What is to be done.
    pub jobs: Vec<Job>,
}

impl Problem {
    /// By how many days a job is late when it is done at a place.
    pub fn days_late(&self, job: &Job, end: u64) -> u64 {
        let Some(due) = job.due else { return 0 };
        let day = self
            .calendar
            .days_until(self.owners[job.owner].day_ended(end));
        let late = i64::try_from(day).unwrap_or(i64::MAX).saturating_sub(due);
        u64::try_from(late).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_days_of_an_owner_with_a_free_week() {
        let owner = Owner::new(vec![2000, 0, 4000]);
        assert_eq!((owner.total(), owner.capacity(1)), (6000, 0));
        assert_eq!(
            [0, 1, 400, 401, 2000].map(|at| owner.day_ended(at)),
            [0, 0, 0, 1, 4]
        );
        assert_eq!(
            [0, 399, 400, 1999].map(|at| owner.day_begun(at)),
            [0, 0, 1, 4]
        );
        // What is done by the end of the first week goes on in the third.
        assert_eq!((owner.day_begun(2000), owner.day_ended(2001)), (10, 10));
        assert_eq!((owner.day_begun(5999), owner.day_ended(6000)), (14, 14));
        assert_eq!(owner.within(0, 1500, 2500), 500);
        assert_eq!(owner.within(2, 1500, 2500), 500);
        assert_eq!(owner.within(1, 1500, 2500), 0);
    }

    #[test]
    fn a_moment_of_one_owner_is_the_next_place_of_another() {
        let (slow, quick) = (Owner::new(vec![1000, 1000]), Owner::new(vec![3000, 3000]));
        assert_eq!(quick.place_at(slow.ended(500)), 1500);
        assert_eq!(slow.place_at(quick.ended(1)), 1, "never before");
        assert_eq!(slow.place_at(quick.ended(3000)), 1000);
        assert_eq!(slow.place_at(Moment::of_day(10)), 2000);
        assert_eq!(slow.place_at(Moment::of_day(15)), u64::MAX);
        assert_eq!(
            slow.ended(1000),
            quick.begun(3000),
            "an end is where the next begins"
        );
        assert!(slow.ended(999) < quick.ended(3000));
        assert!(slow.ended(1001) > quick.ended(3000));
    }
}
