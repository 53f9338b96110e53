//! What counting time comes to: the examples of the documentation, the awkward days, and that it
//! agrees with counting minute by minute.

use proptest::prelude::*;

use super::*;
use DurationUnit::{BusinessDays, BusinessHours, CalendarDays, CalendarHours, CalendarMonths};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn office(zone: Tz) -> WorkCalendar {
    let day = vec![(9 * 60, 17 * 60)];
    WorkCalendar {
        zone,
        week: [
            day.clone(),
            day.clone(),
            day.clone(),
            day.clone(),
            day,
            Vec::new(),
            Vec::new(),
        ],
        holidays: BTreeSet::new(),
    }
}

fn always(zone: Tz) -> WorkCalendar {
    WorkCalendar {
        week: std::array::from_fn(|_| vec![(0, 1440)]),
        ..office(zone)
    }
}

fn period(amount: i32, unit: DurationUnit) -> Period {
    Period { amount, unit }
}

/// When a period ends in a calendar, as text.
fn ends(calendar: &WorkCalendar, from: &str, amount: i32, unit: DurationUnit) -> String {
    let end = calendar.after(at(from), period(amount, unit));
    end.expect("an end").to_string()
}

#[test]
fn five_business_days_from_friday_at_four_end_next_friday_at_close() {
    // 2026-11-27 is a Friday.
    let mut calendar = office(Tz::UTC);
    for from in [
        "2026-11-27T16:00:00Z",
        "2026-11-27T08:00:00Z",
        "2026-11-27T23:59:59Z",
        "2026-11-28T11:00:00Z",
        "2026-11-29T23:00:00Z",
    ] {
        let end = ends(&calendar, from, 5, BusinessDays);
        assert_eq!(end, "2026-12-04T17:00:00Z", "{from}");
    }
    let holiday = NaiveDate::from_ymd_opt(2026, 12, 2).expect("a date");
    calendar.holidays.insert(holiday);
    let end = ends(&calendar, "2026-11-27T16:00:00Z", 5, BusinessDays);
    assert_eq!(end, "2026-12-07T17:00:00Z", "Wednesday does not count");
    let end = ends(&calendar, "2026-12-02T10:00:00Z", 1, BusinessDays);
    assert_eq!(end, "2026-12-03T17:00:00Z", "from the holiday itself");
}

#[test]
fn business_hours_stop_at_night_at_weekends_and_on_holidays() {
    let mut calendar = office(Tz::UTC);
    for (from, hours, end) in [
        ("2026-11-27T16:00:00Z", 5, "2026-11-30T13:00:00Z"),
        // All that is left of the day: due at the close, not at the next opening.
        ("2026-11-27T16:00:00Z", 1, "2026-11-27T17:00:00Z"),
        ("2026-11-27T17:00:00Z", 1, "2026-11-30T10:00:00Z"),
        ("2026-11-28T03:00:00Z", 8, "2026-11-30T17:00:00Z"),
        ("2026-11-30T08:00:00Z", 40, "2026-12-04T17:00:00Z"),
        ("2026-11-30T09:00:00.5Z", 8, "2026-12-01T09:00:00.500Z"),
    ] {
        assert_eq!(ends(&calendar, from, hours, BusinessHours), end, "{from}");
    }
    calendar
        .holidays
        .insert(NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date"));
    let end = ends(&calendar, "2026-11-27T16:00:00Z", 5, BusinessHours);
    assert_eq!(end, "2026-12-01T13:00:00Z");
}

#[test]
fn a_lunch_break_is_no_working_time() {
    let mut calendar = office(Tz::UTC);
    calendar.week[0] = vec![(8 * 60, 12 * 60), (13 * 60, 17 * 60)];
    let end = ends(&calendar, "2026-11-30T11:00:00Z", 2, BusinessHours);
    assert_eq!(end, "2026-11-30T14:00:00Z");
}

#[test]
fn calendar_time_knows_no_holiday_and_keeps_the_wall_clock() {
    let berlin = office(Tz::Europe__Berlin);
    for (from, amount, unit, end) in [
        // Clocks go forward on 2026-03-29: the same hour, one hour less between.
        (
            "2026-03-27T16:00:00Z",
            3,
            CalendarDays,
            "2026-03-30T15:00:00Z",
        ),
        (
            "2026-03-27T16:00:00Z",
            72,
            CalendarHours,
            "2026-03-30T16:00:00Z",
        ),
        // 02:30 does not occur on that day; 03:00 is the first instant after it.
        (
            "2026-03-28T01:30:00Z",
            1,
            CalendarDays,
            "2026-03-29T01:00:00Z",
        ),
        // 02:30 occurs twice on 2026-10-25; the first counts.
        (
            "2026-10-24T00:30:00Z",
            1,
            CalendarDays,
            "2026-10-25T00:30:00Z",
        ),
        // On to a Sunday.
        (
            "2026-11-27T16:00:00Z",
            2,
            CalendarDays,
            "2026-11-29T16:00:00Z",
        ),
    ] {
        assert_eq!(ends(&berlin, from, amount, unit), end, "{from} {unit}");
    }
}

#[test]
fn a_month_ends_on_the_same_day_or_the_last() {
    let utc = office(Tz::UTC);
    for (from, months, end) in [
        ("2027-01-31T10:00:00Z", 1, "2027-02-28T10:00:00Z"),
        ("2028-01-31T10:00:00Z", 1, "2028-02-29T10:00:00Z"),
        ("2027-02-28T10:00:00Z", 1, "2027-03-28T10:00:00Z"),
        ("2026-11-15T10:00:00Z", 3, "2027-02-15T10:00:00Z"),
    ] {
        assert_eq!(ends(&utc, from, months, CalendarMonths), end, "{from}");
    }
    // The day of the month is that of the time zone: it is February there already.
    let auckland = office(Tz::Pacific__Auckland);
    let end = ends(&auckland, "2027-01-31T12:00:00Z", 1, CalendarMonths);
    assert_eq!(end, "2027-02-28T12:00:00Z");
}

#[test]
fn working_hours_are_those_of_the_time_zone() {
    let new_york = office(Tz::America__New_York);
    // 18:00 in Dublin is 13:00 there: three hours are left until 16:00.
    let end = ends(&new_york, "2026-11-27T18:00:00Z", 3, BusinessHours);
    assert_eq!(end, "2026-11-27T21:00:00Z");
    let tokyo = office(Tz::Asia__Tokyo);
    // Friday evening in UTC is Saturday there.
    let end = ends(&tokyo, "2026-11-27T16:00:00Z", 1, BusinessDays);
    assert_eq!(end, "2026-11-30T08:00:00Z");
}

#[test]
fn a_night_on_which_clocks_change_has_another_number_of_hours() {
    let berlin = always(Tz::Europe__Berlin);
    let end = ends(&berlin, "2026-10-24T22:00:00Z", 25, BusinessHours);
    assert_eq!(end, "2026-10-25T23:00:00Z", "the day has 25 hours");
    let mut night = office(Tz::Europe__Berlin);
    night.week[6] = vec![(0, 6 * 60)];
    let end = ends(&night, "2026-10-24T20:00:00Z", 7, BusinessHours);
    assert_eq!(end, "2026-10-25T05:00:00Z", "00:00 to 06:00 has 7 hours");
    let end = ends(&night, "2026-03-28T20:00:00Z", 5, BusinessHours);
    assert_eq!(end, "2026-03-29T04:00:00Z", "and 5 in spring");
}

#[test]
fn a_day_that_a_zone_skipped_is_passed_over() {
    // Samoa had no 2011-12-30.
    let apia = always(Tz::Pacific__Apia);
    let end = ends(&apia, "2011-12-29T20:00:00Z", 1, CalendarDays);
    assert_eq!(end, "2011-12-30T10:00:00Z", "midnight of the 31st");
    let end = ends(&apia, "2011-12-29T20:00:00Z", 24, BusinessHours);
    assert_eq!(end, "2011-12-30T20:00:00Z");
}

#[test]
fn what_lies_beyond_the_calendar_has_no_end() {
    let utc = office(Tz::UTC);
    for unit in [
        CalendarHours,
        CalendarDays,
        CalendarMonths,
        BusinessHours,
        BusinessDays,
    ] {
        let end = utc.after(at("9999-12-31T23:00:00Z"), period(1000, unit));
        assert_eq!(end, None, "{unit}");
    }
    let idle = WorkCalendar {
        week: std::array::from_fn(|_| Vec::new()),
        ..utc
    };
    let end = idle.after(at("2026-11-27T16:00:00Z"), period(1, BusinessHours));
    assert_eq!(end, None);
}

fn zones() -> impl Strategy<Value = Tz> {
    prop_oneof![
        Just(Tz::UTC),
        Just(Tz::Europe__Berlin),
        Just(Tz::America__New_York),
        Just(Tz::America__Santiago),
        Just(Tz::Australia__Lord_Howe),
        Just(Tz::Asia__Kathmandu),
        Just(Tz::Pacific__Auckland),
    ]
}

/// Working days whose stretches keep clear of the hours at which clocks change.
fn calendars() -> impl Strategy<Value = WorkCalendar> {
    let day = proptest::collection::btree_set(4 * 60..23 * 60_u32, 0..=3).prop_map(|bounds| {
        let bounds: Vec<u32> = bounds.into_iter().collect();
        let pairs = bounds.chunks_exact(2);
        pairs.map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    });
    let week = proptest::collection::vec(day, 7);
    let holidays = proptest::collection::btree_set(0..400_u64, 0..40);
    (zones(), week, holidays).prop_map(|(zone, week, holidays)| {
        let mut week: [Vec<Minutes>; 7] = week.try_into().expect("seven days");
        if week.iter().all(Vec::is_empty) {
            week[2] = vec![(10 * 60, 15 * 60)];
        }
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
        let holidays = holidays.into_iter().map(|days| first + Days::new(days));
        WorkCalendar {
            zone,
            week,
            holidays: holidays.collect(),
        }
    })
}

/// An instant of 2026, on the minute.
fn instants() -> impl Strategy<Value = Timestamp> {
    (0..365 * 1440_i64).prop_map(|minute| at("2026-01-01T00:00:00Z").plus_seconds(minute * 60))
}

/// Whether there is work in the minute that begins at an instant, by what the clock shows.
fn works(calendar: &WorkCalendar, minute: Timestamp) -> bool {
    let local = minute.0.with_timezone(&calendar.zone).naive_local();
    let passed = u32::try_from((local - local.date().and_time(NaiveTime::MIN)).num_minutes())
        .expect("a day is short");
    let weekday = local.weekday().num_days_from_monday() as usize;
    !calendar.holidays.contains(&local.date())
        && calendar.week[weekday]
            .iter()
            .any(|(from, to)| (*from..*to).contains(&passed))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn business_hours_agree_with_counting_minutes(
        calendar in calendars(), from in instants(), hours in 1..20_i32
    ) {
        let end = calendar.after(from, period(hours, BusinessHours)).expect("an end");
        let mut minute = from;
        let mut worked = 0;
        while worked < hours * 60 {
            worked += i32::from(works(&calendar, minute));
            minute = minute.plus_seconds(60);
        }
        prop_assert_eq!(end, minute);
    }

    #[test]
    fn as_many_working_days_lie_behind_as_were_counted(
        calendar in calendars(), from in instants(), days in 1..30_i32
    ) {
        let end = calendar.after(from, period(days, BusinessDays)).expect("an end");
        let date = |at: Timestamp| at.0.with_timezone(&calendar.zone).date_naive();
        let mut day = date(from);
        let mut counted = 0;
        while day < date(end) {
            day = day.succ_opt().expect("a next day");
            counted += i32::from(!calendar.stretches(day).is_empty());
        }
        prop_assert_eq!(counted, days);
        prop_assert!(works(&calendar, end.plus_seconds(-60)), "it ends with its working hours");
        prop_assert!(!works(&calendar, end));
    }

    #[test]
    fn what_begins_later_never_ends_earlier(
        calendar in calendars(), from in instants(), later in 0..5000_i64, amount in 1..15_i32,
        unit in prop_oneof![Just(CalendarHours), Just(BusinessHours), Just(BusinessDays)]
    ) {
        let end = calendar.after(from, period(amount, unit));
        prop_assert!(end <= calendar.after(from.plus_seconds(later * 60), period(amount, unit)));
    }

    #[test]
    fn what_lasts_longer_ends_later(
        calendar in calendars(), from in instants(), amount in 1..15_i32,
        unit in prop_oneof![
            Just(CalendarHours), Just(CalendarDays), Just(CalendarMonths),
            Just(BusinessHours), Just(BusinessDays),
        ]
    ) {
        let end = calendar.after(from, period(amount, unit));
        prop_assert!(end > Some(from));
        prop_assert!(end < calendar.after(from, period(amount + 1, unit)));
    }

    #[test]
    fn two_periods_of_business_time_are_one(
        calendar in calendars(), from in instants(), a in 1..15_i32, b in 1..15_i32,
        unit in prop_oneof![Just(CalendarHours), Just(BusinessHours), Just(BusinessDays)]
    ) {
        let first = calendar.after(from, period(a, unit)).expect("an end");
        prop_assert_eq!(
            calendar.after(first, period(b, unit)),
            calendar.after(from, period(a + b, unit))
        );
    }

    #[test]
    fn where_work_never_stops_business_hours_are_hours(
        zone in zones(), from in instants(), hours in 1..1000_i32
    ) {
        let calendar = always(zone);
        prop_assert_eq!(
            calendar.after(from, period(hours, BusinessHours)),
            calendar.after(from, period(hours, CalendarHours))
        );
    }
}
