//! What a calendar must hold, and the one that counts where an organisation has none. Pure.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use entity::calendar::{Holiday, WorkingHours, WorkingInterval};
use entity::policy::CountingCalendar;

use super::arithmetic::{Minutes, WorkCalendar};
use crate::kernel::error::Fault;

/// The least that is worked in a week, so that counting comes to an end.
const LEAST_MINUTES: u32 = 60;

/// Name of the calendar that counts where an organisation has none of its own.
pub const BUILT_IN: &str = "Monday to Friday, 09:00 to 17:00 UTC";

/// A calendar that counts: which it is, and ready to be counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counting {
    /// Which it is.
    pub calendar: CountingCalendar,
    /// When there is work.
    pub work: WorkCalendar,
}

/// Monday to Friday, 09:00 to 17:00.
pub fn office_hours() -> WorkingHours {
    let day = || {
        vec![WorkingInterval {
            from: "09:00".to_owned(),
            to: "17:00".to_owned(),
        }]
    };
    WorkingHours {
        monday: day(),
        tuesday: day(),
        wednesday: day(),
        thursday: day(),
        friday: day(),
        ..WorkingHours::default()
    }
}

/// The calendar that counts where an organisation has none of its own.
pub fn built_in() -> Counting {
    let (week, _) = read_week(&office_hours());
    Counting {
        calendar: CountingCalendar {
            id: None,
            name: BUILT_IN.to_owned(),
            time_zone: Tz::UTC.name().to_owned(),
        },
        work: WorkCalendar {
            zone: Tz::UTC,
            week,
            holidays: BTreeSet::new(),
        },
    }
}

/// Reads a calendar, or tells every fault that its schema cannot show.
pub fn read(
    time_zone: &str,
    hours: &WorkingHours,
    holidays: &[Holiday],
) -> Result<WorkCalendar, Vec<Fault>> {
    let mut faults = Vec::new();
    let zone: Option<Tz> = time_zone.parse().ok();
    if zone.is_none() {
        faults.push(Fault::at(
            "/time_zone",
            "unknown_time_zone",
            "is not the name of an IANA time zone, such as Europe/Dublin",
        ));
    }
    let (week, wrong) = read_week(hours);
    faults.extend(wrong);
    let mut days = BTreeSet::new();
    for (at, holiday) in holidays.iter().enumerate() {
        if !days.insert(holiday.date) {
            let detail = "is a holiday already";
            let pointer = format!("/holidays/{at}/date");
            faults.push(Fault::at(pointer, "repeated_item", detail));
        }
    }
    match zone {
        Some(zone) if faults.is_empty() => Ok(WorkCalendar {
            zone,
            week,
            holidays: days,
        }),
        _ => Err(faults),
    }
}

fn read_week(hours: &WorkingHours) -> ([Vec<Minutes>; 7], Vec<Fault>) {
    let mut faults = Vec::new();
    let mut total = 0;
    let week = hours.days().map(|(day, intervals)| {
        let mut read: Vec<Minutes> = Vec::with_capacity(intervals.len());
        for (at, interval) in intervals.iter().enumerate() {
            let pointer = format!("/working_hours/{day}/{at}");
            let (from, to) = (minute(&interval.from), minute(&interval.to));
            if from >= to {
                let detail = "must be after from";
                faults.push(Fault::at(format!("{pointer}/to"), "before_from", detail));
            } else if read.last().is_some_and(|(_, before)| from < *before) {
                let detail = "must not begin before the interval before it ends";
                faults.push(Fault::at(format!("{pointer}/from"), "overlaps", detail));
            } else {
                total += to - from;
                read.push((from, to));
            }
        }
        read
    });
    if faults.is_empty() && total < LEAST_MINUTES {
        faults.push(Fault::at(
            "/working_hours",
            "too_little",
            "must have one working hour in the week at least",
        ));
    }
    (week, faults)
}

/// The minute of the day that `HH:MM` is; the schema has judged its form.
fn minute(text: &str) -> u32 {
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "0"));
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    number(hours) * 60 + number(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: &str, to: &str) -> WorkingInterval {
        WorkingInterval {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn codes(hours: &WorkingHours) -> Vec<(String, String)> {
        let faults = read("UTC", hours, &[]).err().unwrap_or_default();
        let named = |fault: Fault| (fault.pointer.unwrap_or_default(), fault.code);
        faults.into_iter().map(named).collect()
    }

    #[test]
    fn office_hours_are_read_as_minutes() {
        let built_in = built_in().work;
        assert_eq!(built_in.week[0], [(540, 1020)]);
        assert!(built_in.week[5].is_empty() && built_in.week[6].is_empty());
        let night = WorkingHours {
            sunday: vec![interval("00:00", "06:30"), interval("06:30", "24:00")],
            ..WorkingHours::default()
        };
        let read = read("Asia/Kathmandu", &night, &[]).expect("a calendar");
        assert_eq!(read.week[6], [(0, 390), (390, 1440)]);
    }

    #[test]
    fn every_fault_of_a_calendar_is_told_at_once() {
        let hours = WorkingHours {
            monday: vec![interval("17:00", "09:00"), interval("10:00", "10:00")],
            friday: vec![interval("09:00", "12:00"), interval("11:59", "17:00")],
            ..WorkingHours::default()
        };
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            codes(&hours),
            [
                at("/working_hours/monday/0/to", "before_from"),
                at("/working_hours/monday/1/to", "before_from"),
                at("/working_hours/friday/1/from", "overlaps"),
            ]
        );
        let idle = WorkingHours {
            monday: vec![interval("09:00", "09:59")],
            ..WorkingHours::default()
        };
        assert_eq!(codes(&idle), [at("/working_hours", "too_little")]);
        let twice: Vec<Holiday> = ["Christmas Day", "Yule"]
            .map(|name| Holiday {
                date: chrono::NaiveDate::from_ymd_opt(2026, 12, 25).expect("a date"),
                name: name.to_owned(),
            })
            .into();
        let faults = read("Dublin", &office_hours(), &twice).expect_err("two faults");
        let codes: Vec<_> = faults.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(codes, ["unknown_time_zone", "repeated_item"]);
    }
}
