//! Writes a briefing as Markdown. What people wrote is text there, never markup. Pure.

use std::fmt::Write as _;

use entity::impact::MoneyRange;
use entity::vocabulary::BriefingSection;
use entity::{Timestamp, impact::ImpactQuantity};
use iso_currency::Currency;

use super::content::{
    BriefedAction, BriefedDuration, BriefedEvent, BriefedFinding, BriefedImpact, BriefedObligation,
    BriefedRecommendation, BriefingContent,
};

/// The briefing as Markdown (CommonMark with tables).
pub fn markdown(content: &BriefingContent) -> String {
    let mut out = String::new();
    head(&mut out, content);
    list(&mut out, "Key messages", &content.key_messages);
    list(&mut out, "Decisions wanted", &content.decisions_wanted);
    for section in &content.sections {
        if let Some(told) = section_of(*section, content) {
            let _ = write!(out, "\n## {}\n\n{told}", section.label());
        }
    }
    if !content.omitted.is_empty() {
        out.push_str("\n## Left out\n\n");
        for one in &content.omitted {
            let _ = writeln!(
                out,
                "- {}: {}",
                one.section.label(),
                one.reason.description()
            );
        }
    }
    out
}

fn head(out: &mut String, content: &BriefingContent) {
    let _ = writeln!(out, "# {}\n", text(&content.headline));
    let privilege = if content.legal_privilege {
        " · **Privileged and confidential**"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "**{}**{privilege} · For: {}\n",
        content.tlp.label(),
        content.audience.label(),
    );
    let _ = writeln!(
        out,
        "{}: {} · Severity: {} · Review: {} · As of {}",
        content.review_key,
        text(&content.review_title),
        content.severity.label(),
        content.review_status.label(),
        moment(content.as_of),
    );
}

fn list(out: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = write!(out, "\n## {title}\n\n");
    for item in items {
        let _ = writeln!(out, "- {}", text(item));
    }
}

/// What a part says; nothing when it was not chosen or is left out.
fn section_of(section: BriefingSection, content: &BriefingContent) -> Option<String> {
    use BriefingSection as Section;
    match section {
        Section::Summary => content.summary.as_deref().map(paragraphs),
        Section::Timeline => content.timeline.as_deref().map(|all| bullets(all, event)),
        Section::Durations => content
            .durations
            .as_deref()
            .map(|all| bullets(all, duration)),
        Section::Impact => content.impact.as_deref().map(|all| bullets(all, impact)),
        Section::Causes => content.causes.as_deref().map(|all| bullets(all, finding)),
        Section::Strengths => content
            .strengths
            .as_deref()
            .map(|all| bullets(all, |one| text(&one.statement))),
        Section::Gaps => content.gaps.as_deref().map(|all| bullets(all, finding)),
        Section::Assessments => content.assessments.as_deref().map(|all| {
            bullets(all, |one| {
                let judged = format!("**{}**: {}", one.dimension.label(), one.rating.label());
                with_text(judged, one.summary.as_deref())
            })
        }),
        Section::Recommendations => content
            .recommendations
            .as_deref()
            .map(|all| bullets(all, recommendation)),
        Section::Actions => content.actions.as_deref().map(actions),
        Section::Lessons => content.lessons.as_deref().map(|all| {
            bullets(all, |one| {
                format!("{} ({})", text(&one.statement), one.status.label())
            })
        }),
        Section::Obligations => content
            .obligations
            .as_deref()
            .map(|all| bullets(all, obligation)),
    }
}

fn bullets<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    if all.is_empty() {
        return "Nothing is recorded.\n".to_owned();
    }
    all.iter().fold(String::new(), |mut out, one| {
        let _ = writeln!(out, "- {}", line(one));
        out
    })
}

fn with_text(line: String, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{line}. {}", text(more)),
        None => line,
    }
}

fn event(one: &BriefedEvent) -> String {
    let marks: Vec<&str> = one.marks.iter().map(|mark| mark.label()).collect();
    let marks = if marks.is_empty() {
        String::new()
    } else {
        format!(" ({})", marks.join(", "))
    };
    let when = moment(one.occurred_at);
    format!("**{when}**{marks}: {}", text(&one.summary))
}

fn duration(one: &BriefedDuration) -> String {
    let long = match (one.seconds, one.days) {
        (Some(seconds), _) => lasting(seconds),
        (None, Some(days)) => format!("{days} d"),
        (None, None) => String::new(),
    };
    let metric = one.metric.as_str().replace('_', " ");
    format!("{}: {metric} {long}", text(&one.incident))
}

fn impact(one: &BriefedImpact) -> String {
    let mut line = format!("**{}**: {}", one.dimension.label(), one.rating.label());
    for quantity in &one.quantities {
        let _ = write!(line, "; {}", counted(quantity));
    }
    for cost in &one.costs {
        let _ = write!(line, "; {}", money(cost));
    }
    let _ = write!(line, " ({} estimate)", one.snapshot.label().to_lowercase());
    with_text(line, one.narrative.as_deref())
}

fn counted(quantity: &ImpactQuantity) -> String {
    let what = quantity.kind.label().to_lowercase();
    let of = quantity.data_type.map_or(String::new(), |data| {
        format!(" of {}", data.label().to_lowercase())
    });
    let label = quantity
        .label
        .as_deref()
        .map_or(String::new(), |label| format!(" ({})", text(label)));
    format!("{what}{of}{label}: {}", quantity.value)
}

fn finding(one: &BriefedFinding) -> String {
    let kind = match one.gap_category {
        Some(category) => category.label(),
        None => one.kind.label(),
    };
    format!("**{kind}**: {}", text(&one.statement))
}

fn recommendation(one: &BriefedRecommendation) -> String {
    let wanted = if one.decision_wanted {
        "decision wanted"
    } else {
        one.disposition.label()
    };
    let line = format!("**{}** ({wanted})", text(&one.title));
    with_text(line, one.rationale.as_deref())
}

fn actions(all: &[BriefedAction]) -> String {
    if all.is_empty() {
        return "Nothing is recorded.\n".to_owned();
    }
    let mut out = String::from("| Action | Priority | Status | Owner | Due |\n");
    out.push_str("| --- | --- | --- | --- | --- |\n");
    for one in all {
        let owner = one.owner.as_deref().map_or_else(|| "–".to_owned(), text);
        let due = one
            .due_on
            .map_or_else(|| "–".to_owned(), |due| due.to_string());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {owner} | {due} |",
            text(&one.title),
            one.priority.label(),
            one.status.label(),
        );
    }
    out
}

fn obligation(one: &BriefedObligation) -> String {
    let submitted = one
        .submitted_at
        .map_or(String::new(), |at| format!(", submitted {}", moment(at)));
    format!(
        "**{}**: {}, due {}{submitted}",
        text(&one.title),
        one.status.label(),
        moment(one.due_at),
    )
}

fn moment(at: Timestamp) -> String {
    at.0.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A length of time by its two largest units.
fn lasting(seconds: i64) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else if hours > 0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {rest} s")
    } else {
        format!("{rest} s")
    }
}

/// A range of money: what is most likely, and between which bounds.
fn money(range: &MoneyRange) -> String {
    let digits = Currency::from_code(&range.currency).and_then(Currency::exponent);
    let amount = |minor: i64| amount(minor, usize::from(digits.unwrap_or_default()));
    if range.min == range.max {
        return format!("{} {}", range.currency, amount(range.likely));
    }
    format!(
        "{} {} ({} to {})",
        range.currency,
        amount(range.likely),
        amount(range.min),
        amount(range.max),
    )
}

/// An amount that is not negative, in units with so many decimal digits.
fn amount(minor: i64, digits: usize) -> String {
    let text = format!("{minor:0>width$}", width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let grouped = whole
        .char_indices()
        .fold(String::new(), |mut out, (at, digit)| {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
            out
        });
    if fraction.is_empty() {
        grouped
    } else {
        format!("{grouped}.{fraction}")
    }
}

/// A text of several lines: each is a paragraph.
fn paragraphs(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let told: Vec<String> = lines.map(text).collect();
    format!("{}\n", told.join("\n\n"))
}

/// What somebody wrote, in one line, with everything escaped that Markdown or HTML would read.
fn text(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    for (at, char) in line.char_indices() {
        let begins = at == 0 && matches!(char, '+' | '-' | '=' | '~' | ':');
        let always = matches!(
            char,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&'
        );
        // "1." and "1)" begin a list.
        let numbers = matches!(char, '.' | ')')
            && at > 0
            && line[..at].bytes().all(|byte| byte.is_ascii_digit());
        if begins || always || numbers {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
