//! The response over time: the days, weeks, months and quarters of a time zone.

use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::close;
use super::incidents::{CONTAIN, RESPONSE, asked, behind, incidents};

both_databases!(
    a_series_has_the_days_of_the_time_zone_when_clocks_change,
    a_bucket_is_empty_or_cut_short_and_there_all_the_same,
);

/// The points of the only metric's series: date, first instant, end, how many, cut short.
fn points(answer: &Value) -> Vec<Value> {
    let series = answer["metrics"][0]["series"].as_array();
    let fields = ["date", "from", "to", "n", "partial"];
    let series = series.expect("a series").iter();
    series
        .map(|point| fields.iter().map(|field| point[field].clone()).collect())
        .collect()
}

async fn a_series_has_the_days_of_the_time_zone_when_clocks_change(app: App) {
    incidents(&app).await;
    let reader = app.reader();
    // In Dublin, the 25th of October 2026 has 25 hours.
    let query = "interval=day&from=2026-10-22T23:00:00Z&to=2026-10-27T00:00:00Z";
    let dublin = format!("{CONTAIN}&{query}&time_zone=Europe/Dublin");
    let dublin = asked(&reader, &dublin).await;
    assert_eq!(dublin["time_zone"], "Europe/Dublin");
    let expected = [
        json!([
            "2026-10-23",
            "2026-10-22T23:00:00Z",
            "2026-10-23T23:00:00Z",
            0,
            false
        ]),
        json!([
            "2026-10-24",
            "2026-10-23T23:00:00Z",
            "2026-10-24T23:00:00Z",
            1,
            false
        ]),
        json!([
            "2026-10-25",
            "2026-10-24T23:00:00Z",
            "2026-10-26T00:00:00Z",
            2,
            false
        ]),
        json!([
            "2026-10-26",
            "2026-10-26T00:00:00Z",
            "2026-10-27T00:00:00Z",
            1,
            false
        ]),
    ];
    assert_eq!(points(&dublin), expected);
    let long = &dublin["metrics"][0]["series"][2];
    assert_eq!(
        (&long["min"], &long["max"]),
        (&json!(7_200), &json!(36_000))
    );
    close(&long["mean"], 21_600.0);
    for point in points(&dublin) {
        let [from, to] = [1, 2].map(|at| point[at].as_str().expect("an instant").to_owned());
        let list = format!("{RESPONSE}/records?{CONTAIN}&standing=measured&from={from}&to={to}");
        assert_eq!(point[3], behind(&reader, &list).await.len(), "{list}");
    }
    let days = "interval=day&from=2026-10-24T00:00:00Z&to=2026-10-27T00:00:00Z";
    let utc = asked(&reader, &format!("{CONTAIN}&{days}")).await;
    let counts: Vec<_> = points(&utc).iter().map(|point| point[3].clone()).collect();
    assert_eq!(counts, [2, 1, 1]);
}

async fn a_bucket_is_empty_or_cut_short_and_there_all_the_same(app: App) {
    incidents(&app).await;
    let reader = app.reader();
    for (query, expected) in [
        (
            "interval=week&from=2026-10-24T00:00:00Z&to=2026-11-10T00:00:00Z&time_zone=Europe/Dublin",
            vec![
                json!([
                    "2026-10-19",
                    "2026-10-18T23:00:00Z",
                    "2026-10-26T00:00:00Z",
                    3,
                    true
                ]),
                json!([
                    "2026-10-26",
                    "2026-10-26T00:00:00Z",
                    "2026-11-02T00:00:00Z",
                    3,
                    false
                ]),
                json!([
                    "2026-11-02",
                    "2026-11-02T00:00:00Z",
                    "2026-11-09T00:00:00Z",
                    0,
                    false
                ]),
                json!([
                    "2026-11-09",
                    "2026-11-09T00:00:00Z",
                    "2026-11-16T00:00:00Z",
                    0,
                    true
                ]),
            ],
        ),
        (
            "interval=month&from=2026-09-30T23:00:00Z&time_zone=Europe/Dublin",
            vec![
                json!([
                    "2026-10-01",
                    "2026-09-30T23:00:00Z",
                    "2026-11-01T00:00:00Z",
                    6,
                    false
                ]),
                json!([
                    "2026-11-01",
                    "2026-11-01T00:00:00Z",
                    "2026-12-01T00:00:00Z",
                    0,
                    true
                ]),
            ],
        ),
        (
            "interval=quarter&from=2026-07-01T00:00:00Z&to=2027-01-01T00:00:00Z",
            vec![
                json!([
                    "2026-07-01",
                    "2026-07-01T00:00:00Z",
                    "2026-10-01T00:00:00Z",
                    0,
                    false
                ]),
                json!([
                    "2026-10-01",
                    "2026-10-01T00:00:00Z",
                    "2027-01-01T00:00:00Z",
                    6,
                    true
                ]),
            ],
        ),
    ] {
        let answer = asked(&reader, &format!("{CONTAIN}&{query}")).await;
        assert_eq!(points(&answer), expected, "{query}");
    }
    let empty = "interval=day&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    let empty = asked(&reader, &format!("{CONTAIN}&{empty}")).await;
    let point = &empty["metrics"][0]["series"][0];
    assert_eq!(
        (&point["n"], &point["low_sample"]),
        (&json!(0), &json!(true))
    );
    for field in ["median", "min", "max", "mean"] {
        assert_eq!(point[field], Value::Null, "{field}");
    }
}
