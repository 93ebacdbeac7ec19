//! `update`: a figure that a later report brings up to date.
//!
//! A toll that rose, or the number of those still missing, which falls as others are found, is no conflict if the report
//! with the newer figure is the later one. It is one all the same if the reports' order does not bear it out: an earlier report
//! had the newer figure already, or the tolls beside those missing have not moved.

use stemma_core::{Alignment, Cell, Divergence, DivergenceKind, Figure, Published, Span, Story};

use super::tolls::{Course, toll};
use super::{Side, show};

/// How sure an update is.
const SCORE: f64 = 0.7;

/// Turns figures of `found` that time explains into updates.
pub(super) fn explain(story: &Story, alignment: &Alignment, found: &mut [Divergence]) {
    for divergence in found.iter_mut().filter(|d| d.kind == DivergenceKind::Figure) {
        if let Some(reason) = update(story, alignment, divergence) {
            divergence.kind = DivergenceKind::Update;
            divergence.score = SCORE;
            divergence.reason = reason;
        }
    }
    follow(story, alignment, found);
}

/// Why the later of the two figures of `divergence` takes the place of the earlier.
fn update(story: &Story, alignment: &Alignment, divergence: &Divergence) -> Option<String> {
    let told =
        [0, 1].map(|n| Told::of(story, &alignment.cells[divergence.cells[n]], &divergence.evidence[n]));
    let [Some(x), Some(y)] = told else { return None };
    let (first, second) = (x.side.document.published()?, y.side.document.published()?);
    let (earlier, later) = match (first.is_before(second), second.is_before(first)) {
        (true, _) => (&x, &y),
        (_, true) => (&y, &x),
        _ => return None,
    };
    let plain = earlier.figure.unit.symbol.is_empty();
    if is_known_before(story, alignment, earlier, later) {
        return None;
    }
    let courses = [earlier.course(), later.course()];
    let what = if plain && courses.contains(&Some(Course::Falls)) {
        (!others_stand_still(earlier, later)).then_some("those still sought")
    } else if courses == [Some(Course::Moves); 2] {
        Some("a price or count that moves,")
    } else {
        let grows =
            plain && courses.contains(&Some(Course::Grows)) && later.figure.value > earlier.figure.value;
        grows.then_some("the higher count")
    }?;
    let words = [&x, &y].map(|told| show(told.side.slice(told.figure.span)));
    let gap = gap(earlier.side.document.published()?, later.side.document.published()?);
    Some(format!("{} / {}: {what} in the report that is {gap} later", words[0], words[1]))
}

/// "5 hours", "2 days", or the empty string where the day alone is known of one and it is the same.
fn gap(earlier: Published, later: Published) -> String {
    let hours = match (earlier.instant(), later.instant()) {
        (Some(a), Some(b)) => b.duration_since(a).as_hours(),
        _ => later.date().duration_since(earlier.date()).as_hours(),
    };
    match hours {
        ..1 => "less than an hour".to_owned(),
        1 => "an hour".to_owned(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

/// A figure where a report tells it.
struct Told<'a> {
    side: Side<'a>,
    figure: &'a Figure,
}

impl<'a> Told<'a> {
    fn of(story: &'a Story, cell: &'a Cell, evidence: &[Span]) -> Option<Self> {
        let document = story.document(cell.report);
        let side = Side { report: cell.report, document, cell };
        let figure = side.figures().find(|figure| evidence.contains(&figure.span))?;
        Some(Self { side, figure })
    }

    /// True if it is known to be published before the other.
    fn is_before(&self, other: &Told<'_>) -> bool {
        let published = self.side.document.published().zip(other.side.document.published());
        published.is_some_and(|(own, other)| own.is_before(other))
    }

    fn agrees(&self, other: &Told<'_>) -> bool {
        stemma_core::comparable(self.figure, other.figure)
            && stemma_core::compatible(self.figure, other.figure)
    }

    /// How the words around the figure say that it moves.
    fn course(&self) -> Option<Course> {
        toll(self.side, self.figure).map(|toll| toll.course)
    }

    /// The other counts of the sentence that grow.
    fn others(&self) -> Vec<&'a Figure> {
        let sentences = self.side.sentences();
        let all = self.side.document.layers().figures.items().iter();
        all.filter(|other| sentences.contains(other.span) && other.span != self.figure.span)
            .filter(|other| toll(self.side, other).is_some_and(|toll| toll.course == Course::Grows))
            .collect()
    }
}

/// True if a report before `earlier` gives the figure of `later`: then `earlier` departs from it.
fn is_known_before(story: &Story, alignment: &Alignment, earlier: &Told<'_>, later: &Told<'_>) -> bool {
    let Some(published) = earlier.side.document.published() else { return false };
    alignment.cells.iter().any(|cell| {
        let document = story.document(cell.report);
        let before = document.published().is_some_and(|other| other.is_before(published));
        let side = Side { report: cell.report, document, cell };
        before
            && side.figures().any(|figure| {
                stemma_core::comparable(figure, later.figure) && stemma_core::compatible(figure, later.figure)
            })
    })
}

/// True if a count beside the one is the same beside the other, and none has moved: those missing are fewer only as
/// others are found.
fn others_stand_still(earlier: &Told<'_>, later: &Told<'_>) -> bool {
    let (before, after) = (earlier.others(), later.others());
    let same = |x: &Figure, y: &Figure| stemma_core::comparable(x, y) && stemma_core::compatible(x, y);
    let still = |y: &&Figure| before.iter().any(|x| same(x, y));
    !after.is_empty() && after.iter().all(still)
}

/// Where the figures of two reports are a known update, two others with figures that agree with these are one too, if it is not
/// known which is the earlier: an outlet that gives no time of day repeats the one or the other.
fn follow(story: &Story, alignment: &Alignment, found: &mut [Divergence]) {
    let told = |d: &Divergence| {
        let [x, y] = [0, 1].map(|n| Told::of(story, &alignment.cells[d.cells[n]], &d.evidence[n]));
        x.zip(y)
    };
    let updates: Vec<(Told<'_>, Told<'_>)> =
        found.iter().filter(|d| d.kind == DivergenceKind::Update).filter_map(told).collect();
    for divergence in found.iter_mut().filter(|d| d.kind == DivergenceKind::Figure) {
        let Some((x, y)) = told(divergence) else { continue };
        let in_order = x.is_before(&y) || y.is_before(&x);
        let same =
            |(p, q): &(Told<'_>, Told<'_>)| (x.agrees(p) && y.agrees(q)) || (x.agrees(q) && y.agrees(p));
        if !in_order && updates.iter().any(same) {
            divergence.kind = DivergenceKind::Update;
            divergence.score = SCORE;
            let words = [&x, &y].map(|told| show(told.side.slice(told.figure.span)));
            divergence.reason =
                format!("{} / {}: the one brings the other up to date in other reports", words[0], words[1]);
        }
    }
}
