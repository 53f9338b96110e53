//! What becomes of a group whose transaction the engine gives up, and of who waits while the lane closes.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use tempfile::TempDir;

use super::*;

fn a_lane_of(patience: Duration) -> (TempDir, Lane) {
    let folder = tempfile::tempdir().expect("a folder");
    let lane = Lane::open(&folder.path().join("lane.db"), true, patience).expect("a lane");
    (folder, lane)
}

/// A lane of its own, whose file has a table.
fn a_lane() -> (TempDir, Lane) {
    let (folder, lane) = a_lane_of(PATIENCE);
    let table = |session: &Session| session.run("CREATE TABLE marks (number INTEGER)");
    lane.writer.with(table).expect("a table");
    (folder, lane)
}

/// Another process, as far as the file knows, which holds it.
fn another_holds(folder: &TempDir) -> Session {
    let other = Session::open(&folder.path().join("lane.db"), true, Purpose::Write);
    let other = other.expect("another");
    other.run("BEGIN IMMEDIATE").expect("it holds the file");
    other
}

async fn mark(tx: &LaneTx, number: u32) -> Result<(), DbErr> {
    let insert = format!("INSERT INTO marks VALUES ({number})");
    tx.execute_unprepared(&insert).await.map(drop)
}

async fn committed(tx: LaneTx) -> Result<(), DbErr> {
    tx.commit(Vec::new(), Vec::new()).await
}

/// How many marks there are.
async fn marks(lane: &Lane) -> i64 {
    let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) AS n FROM marks");
    let found = lane.writer.query_one_raw(count).await.expect("an answer");
    found.expect("a row").try_get("", "n").expect("a number")
}

/// Lets it go on as far as it can; whether it waits for something.
async fn waits<F: Future + Unpin>(operation: &mut F) -> bool {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *operation).poll(context).is_pending())).await
}

/// An operation that has marked and waits for its commit, and the next of its group, which has its turn.
async fn two_of_a_group(lane: &Lane) -> (impl Future<Output = Result<(), DbErr>>, LaneTx) {
    let first = lane.begin().await.expect("a turn");
    mark(&first, 1).await.expect("a mark");
    let next = lane.clone();
    // On this thread, so that it stands in one line with the first.
    let mut second = Box::pin(async move { next.begin().await });
    assert!(waits(&mut second).await);
    let mut first = Box::pin(committed(first));
    assert!(waits(&mut first).await);
    (first, second.await.expect("a turn"))
}

#[tokio::test]
async fn a_transaction_that_the_engine_gave_up_is_told_to_all_of_its_group() {
    for has_savepoint in [false, true] {
        let (_folder, lane) = a_lane();
        let (first, second) = two_of_a_group(&lane).await;
        if has_savepoint {
            mark(&second, 2).await.expect("a mark");
        }
        let give_up = |session: &Session| session.command("ROLLBACK");
        lane.writer.with(give_up).expect("it is given up");
        mark(&second, 3).await.expect_err("nothing goes on alone");
        if has_savepoint {
            committed(second).await.expect_err("it is not committed");
        } else {
            drop(second);
        }
        first.await.expect_err("its mark is gone");
        assert_eq!(marks(&lane).await, 0);
        let next = lane.begin().await.expect("a turn");
        mark(&next, 4).await.expect("a mark");
        committed(next).await.expect("the lane goes on");
        assert_eq!(marks(&lane).await, 1);
    }
}

#[tokio::test]
async fn what_one_undoes_leaves_the_others_of_its_group_alone() {
    let (_folder, lane) = a_lane();
    let (first, second) = two_of_a_group(&lane).await;
    mark(&second, 2).await.expect("a mark");
    drop(second);
    first.await.expect("it is committed");
    assert_eq!(marks(&lane).await, 1);
}

#[tokio::test]
async fn what_the_first_undoes_leaves_those_who_wait_behind_it_alone() {
    for first_marks in [false, true] {
        let (_folder, lane) = a_lane();
        let first = lane.begin().await.expect("a turn");
        if first_marks {
            mark(&first, 1).await.expect("a mark");
        }
        let [mut second, mut third] = [2, 3].map(|number| {
            let lane = lane.clone();
            Box::pin(async move {
                let tx = lane.begin().await.expect("a turn");
                mark(&tx, number).await.expect("a mark");
                (number == 3).then_some(tx)
            })
        });
        assert!(waits(&mut second).await && waits(&mut third).await);
        drop(first);
        assert!(second.await.is_none(), "it is undone");
        let third = third.await.expect("it has its turn");
        committed(third).await.expect("it is committed");
        assert_eq!(marks(&lane).await, 1);
    }
}

#[tokio::test]
async fn the_first_of_which_the_engine_gave_the_transaction_up_fails_alone() {
    let (_folder, lane) = a_lane();
    let first = lane.begin().await.expect("a turn");
    mark(&first, 1).await.expect("a mark");
    let next = lane.clone();
    let mut second = Box::pin(async move { next.begin().await });
    assert!(waits(&mut second).await);
    let give_up = |session: &Session| session.command("ROLLBACK");
    lane.writer.with(give_up).expect("it is given up");
    let goes_on = async {
        let second = second.await.expect("a turn");
        mark(&second, 2).await?;
        committed(second).await
    };
    let (first, second) = tokio::join!(committed(first), goes_on);
    first.expect_err("its mark is gone");
    second.expect("it had no part in that");
    assert_eq!(marks(&lane).await, 1);
}

/// Commits so many bytes.
async fn much(lane: &Lane, bytes: usize) {
    let tx = lane.begin().await.expect("a turn");
    let insert = format!("INSERT INTO marks VALUES (zeroblob({bytes}))");
    tx.execute_unprepared(&insert).await.expect("a mark");
    committed(tx).await.expect("it is committed");
    // Who comes next waits until what follows the commit is done.
    drop(lane.begin().await.expect("a turn"));
}

#[tokio::test]
async fn a_long_log_is_moved_into_the_file_unless_somebody_reads_what_it_replaces() {
    let (folder, lane) = a_lane();
    let file = folder.path().join("lane.db");
    let length = || std::fs::metadata(&file).expect("a file").len();
    much(&lane, 6_000_000).await;
    assert!(length() < 6_000_000, "it is not long yet");
    much(&lane, 6_000_000).await;
    assert!(length() > 12_000_000);
    let reader = Session::open(&file, true, Purpose::Read).expect("a reader");
    let begin = reader.run("BEGIN; SELECT count(*) FROM marks");
    begin.expect("it reads");
    much(&lane, 10_000_000).await;
    assert!(length() < 20_000_000);
    reader.run("COMMIT").expect("it has read");
    much(&lane, 10_000_000).await;
    assert!(length() > 30_000_000);
}

#[tokio::test]
async fn a_log_is_emptied_between_groups_unless_somebody_reads_what_it_replaces() {
    let (folder, lane) = a_lane();
    let file = folder.path().join("lane.db");
    let log = || {
        std::fs::metadata(folder.path().join("lane.db-wal"))
            .expect("a log")
            .len()
    };
    let (first, second) = two_of_a_group(&lane).await;
    let emptier = lane.clone();
    let mut emptied = Box::pin(async move { emptier.empty_log().await });
    assert!(waits(&mut emptied).await);
    mark(&second, 2).await.expect("a mark");
    let (first, second, emptied) = tokio::join!(first, committed(second), emptied);
    first.expect("it is committed");
    second.expect("so is the other");
    assert_eq!((emptied, log()), (Ok(true), 0));
    let reader = Session::open(&file, true, Purpose::Read).expect("a reader");
    let begin = reader.run("BEGIN; SELECT count(*) FROM marks");
    begin.expect("it reads");
    much(&lane, 10).await;
    assert_eq!(lane.empty_log().await, Ok(false));
    much(&lane, 10).await;
    reader.run("COMMIT").expect("it has read");
    assert_eq!((lane.empty_log().await, log()), (Ok(true), 0));
    assert_eq!(marks(&lane).await, 4);
}

#[tokio::test]
async fn a_lane_closes_behind_those_who_wait_and_refuses_who_comes_later() {
    let (folder, lane) = a_lane();
    let first = lane.begin().await.expect("a turn");
    mark(&first, 1).await.expect("a mark");
    let mut closed = Box::pin(lane.clone().close());
    assert!(waits(&mut closed).await);
    let second = lane.clone();
    let mut second = Box::pin(async move { second.begin().await });
    assert!(waits(&mut second).await);
    let goes_on = async {
        let second = second.await.expect("a turn");
        mark(&second, 2).await.expect("a mark");
        committed(second).await
    };
    let (first, second, ()) = tokio::join!(committed(first), goes_on, closed);
    first.expect("it is committed");
    second.expect("so is the other");
    lane.begin().await.expect_err("the lane is closed");
    let lane = Lane::open(&folder.path().join("lane.db"), true, PATIENCE).expect("a lane");
    assert_eq!(marks(&lane).await, 2);
}

#[tokio::test]
async fn those_who_wait_for_another_process_wait_at_the_same_time() {
    let patience = Duration::from_millis(300);
    let (folder, lane) = a_lane_of(patience);
    let other = another_holds(&folder);
    let asked = Instant::now();
    let begun = join_all((0..20).map(|_| lane.begin())).await;
    assert!(begun.iter().all(Result::is_err));
    // One behind the other, they would wait twenty times as long.
    assert!((patience..patience * 10).contains(&asked.elapsed()));
    let ended = async {
        tokio::time::sleep(patience / 3).await;
        other.run("COMMIT").expect("it lets go");
    };
    let (begun, ()) = tokio::join!(lane.begin(), ended);
    drop(begun.expect("a turn"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nobody_waits_longer_for_another_process_because_others_come() {
    let patience = Duration::from_millis(200);
    let (folder, lane) = a_lane_of(patience);
    let _other = another_holds(&folder);
    let mut all = Vec::new();
    for _ in 0..100 {
        let lane = lane.clone();
        all.push(tokio::spawn(async move {
            let asked = Instant::now();
            let begun = lane.begin().await;
            (begun.is_err(), asked.elapsed())
        }));
        tokio::time::sleep(patience / 5).await;
    }
    for (is_refused, waited) in join_all(all).await.into_iter().flatten() {
        assert!(is_refused);
        assert!(waited < patience * 8, "{waited:?}");
    }
}

#[tokio::test]
async fn whoever_waits_for_the_lane_itself_waits_as_long_as_it_takes() {
    let patience = Duration::from_millis(20);
    let (_folder, lane) = a_lane_of(patience);
    let first = lane.begin().await.expect("a turn");
    let first_ends = async {
        tokio::time::sleep(patience * 20).await;
        drop(first);
    };
    let (second, ()) = tokio::join!(lane.begin(), first_ends);
    drop(second.expect("a turn"));
}

#[tokio::test]
async fn those_behind_one_whose_patience_ended_have_their_turns() {
    let patience = Duration::from_secs(2);
    let (folder, lane) = a_lane_of(patience);
    let other = another_holds(&folder);
    let later = async {
        tokio::time::sleep(patience / 2).await;
        join_all((0..5).map(|_| async { lane.begin().await.map(drop) })).await
    };
    let ended = async {
        tokio::time::sleep(patience + patience / 4).await;
        other.run("COMMIT").expect("it lets go");
    };
    let (first, later, ()) = tokio::join!(lane.begin(), later, ended);
    first.expect_err("it was held up");
    assert!(later.iter().all(Result::is_ok), "{later:?}");
}
