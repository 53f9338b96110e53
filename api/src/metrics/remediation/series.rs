//! The burn-up series: how many actions were created, implemented, verified and overdue by the
//! end of each bucket, from one pass over the actions.

use chrono::{NaiveDate, TimeDelta};

use super::body::BurnUpPoint;
use super::history::{History, Stretch};
use super::item::{Item, Moment};
use crate::actions::facts::day;
use crate::metrics::window::Bucket;

/// The ends of the buckets, and what to add at each.
#[derive(Debug)]
pub(super) struct BurnUp<'a> {
    frame: &'a Frame,
    created: Vec<u64>,
    /// How many actions become so, less those that stop being so.
    implemented: Vec<i64>,
    verified: Vec<i64>,
    overdue: Vec<i64>,
}

/// The buckets with their ends.
#[derive(Debug)]
pub(super) struct Frame {
    buckets: Vec<Bucket>,
    /// The first second that no longer counts.
    ends: Vec<i64>,
    /// The last date that counts, in days since the epoch.
    dates: Vec<i32>,
    moment: Moment,
}

impl Frame {
    /// Buckets up to a moment, which cuts the last one short.
    pub(super) fn new(buckets: Vec<Bucket>, moment: Moment) -> Self {
        let ends = buckets
            .iter()
            .map(|bucket| bucket.to.seconds().min(moment.seconds.saturating_add(1)));
        let last_date = |bucket: &Bucket| -> NaiveDate {
            let last = bucket.to.0 - TimeDelta::microseconds(1);
            last.with_timezone(&moment.zone).date_naive()
        };
        let dates = buckets
            .iter()
            .map(|bucket| day(last_date(bucket)).min(moment.today));
        Self {
            ends: ends.collect(),
            dates: dates.collect(),
            buckets,
            moment,
        }
    }

    /// How many buckets there are.
    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// The first bucket by whose end something of that second had happened.
    fn bucket_of(&self, second: i64) -> usize {
        self.ends.partition_point(|end| *end <= second)
    }

    /// The first bucket at whose end a due date had passed.
    fn bucket_past(&self, due_on: i32) -> usize {
        self.dates.partition_point(|date| *date <= due_on)
    }
}

impl<'a> BurnUp<'a> {
    pub(super) fn new(frame: &'a Frame) -> Self {
        let len = frame.len() + 1;
        Self {
            frame,
            created: vec![0; len],
            implemented: vec![0; len],
            verified: vec![0; len],
            overdue: vec![0; len],
        }
    }

    /// Takes one action.
    pub(super) fn add(&mut self, item: &Item) {
        let frame = self.frame;
        let created = frame.bucket_of(item.created_at);
        self.created[created] += 1;
        if let Some(history) = &item.history {
            self.add_history(item, created, history);
            return;
        }
        if let Some(at) = item.implemented_at {
            self.implemented[frame.bucket_of(at)] += 1;
        }
        if let Some(at) = item.verified_at {
            self.verified[frame.bucket_of(at)] += 1;
        }
        let done = [item.implemented_at, item.verified_at, item.ended_at];
        let until = done.into_iter().flatten().min();
        let until = until.map_or(frame.len(), |at| frame.bucket_of(at));
        self.add_overdue(item, created, until);
    }

    /// Takes one action that was taken up again.
    fn add_history(&mut self, item: &Item, created: usize, history: &History) {
        let frame = self.frame;
        let buckets = |(from, until): Stretch| (frame.bucket_of(from), frame.bucket_of(until));
        for (from, until) in history.implemented().into_iter().map(buckets) {
            self.implemented[from] += 1;
            self.implemented[until] -= 1;
        }
        for (from, until) in history.verified().into_iter().map(buckets) {
            self.verified[from] += 1;
            self.verified[until] -= 1;
        }
        let mut unfinished = created;
        for (from, until) in history.finished().into_iter().map(buckets) {
            self.add_overdue(item, unfinished, from);
            unfinished = until;
        }
        self.add_overdue(item, unfinished, frame.len());
    }

    /// Counts an action as overdue while it is unfinished, from a bucket to another.
    fn add_overdue(&mut self, item: &Item, from: usize, until: usize) {
        let Some(due_on) = item.due_on else { return };
        let from = self.frame.bucket_past(due_on).max(from);
        if from < until {
            self.overdue[from] += 1;
            self.overdue[until] -= 1;
        }
    }

    /// The running totals.
    pub(super) fn points(self) -> Vec<BurnUpPoint> {
        let (mut created, mut implemented, mut verified, mut overdue) = (0, 0, 0, 0);
        let points = self.frame.buckets.iter().enumerate().map(|(at, bucket)| {
            created += self.created[at];
            implemented += self.implemented[at];
            verified += self.verified[at];
            overdue += self.overdue[at];
            BurnUpPoint {
                date: bucket.date,
                from: bucket.from,
                to: bucket.to,
                partial: bucket.to.seconds() > self.frame.moment.seconds,
                created,
                implemented: u64::try_from(implemented).unwrap_or_default(),
                verified: u64::try_from(verified).unwrap_or_default(),
                overdue: u64::try_from(overdue).unwrap_or_default(),
            }
        });
        points.collect()
    }
}
