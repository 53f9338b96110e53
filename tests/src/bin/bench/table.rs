//! The one table that a run prints.

/// Whether a figure has to reach its bound or to stay within it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Printed for comparison.
    None,
}

/// What was measured so far.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<[String; 5]>);

impl Table {
    /// Adds a line: what was measured, how, the figure with its unit and its bound.
    pub(crate) fn add(&mut self, what: &str, how: String, figure: f64, unit: &str, bound: Bound) {
        let shown = if figure >= 1_000.0 {
            format!("{figure:.0} {unit}")
        } else {
            format!("{figure:.2} {unit}")
        };
        let (wanted, kept) = match bound {
            Bound::AtLeast(least) => (format!("≥ {least} {unit}"), mark(figure >= least)),
            Bound::AtMost(most) => (format!("≤ {most} {unit}"), mark(figure <= most)),
            Bound::None => (String::new(), ""),
        };
        eprintln!("{what}: {shown} ({how})");
        self.0
            .push([what.to_owned(), how, shown, wanted, kept.to_owned()]);
    }

    /// The table as Markdown, its columns aligned.
    pub(crate) fn markdown(&self) -> String {
        let head = ["what", "measured", "figure", "wanted", "kept"].map(str::to_owned);
        let mut lines: Vec<&[String; 5]> = vec![&head];
        lines.extend(&self.0);
        let widths: [usize; 5] = std::array::from_fn(|column| {
            let cells = lines.iter().map(|line| line[column].chars().count());
            cells.max().unwrap_or(0)
        });
        let rule = widths.each_ref().map(|width| "-".repeat(*width));
        lines.insert(1, &rule);
        let rows = lines.iter().map(|line| {
            let cells = line.iter().zip(widths);
            let cells: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("| {} |\n", cells.join(" | "))
        });
        rows.collect()
    }
}

fn mark(kept: bool) -> &'static str {
    if kept { "yes" } else { "NO" }
}
