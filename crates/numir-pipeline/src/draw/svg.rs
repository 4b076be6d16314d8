//! The schedule as a picture that needs no other program: bands from top to bottom, within each the steps from left to right.

use super::layout::{Layout, Size, Spot, layout};
use super::{Band, arrows, bands, gives, list, orders, reduced, summary};
use crate::pass::Anchor;
use crate::property::Property;
use crate::schedule::{Schedule, Step};
use std::fmt::Write;

const MARGIN: f64 = 24.0;
const HEADER: f64 = 62.0;
const GUTTER: f64 = 118.0;
const PADDING: f64 = 16.0;
const BAND_GAP: f64 = 16.0;
const EMPTY_BAND: f64 = 14.0;
const LEGEND: f64 = 34.0;
const NAME_SIZE: f64 = 13.0;
const SMALL_SIZE: f64 = 10.5;
const LINE: f64 = 15.0;

/// Colours of a band: its ground, its name and strong lines.
const COLOURS: &[(&str, &str)] = &[
    ("#eef4ff", "#2f5fd0"),
    ("#eefaf3", "#1b7f4b"),
    ("#fff6e9", "#b4690e"),
    ("#f6f1fe", "#6f42c1"),
    ("#fdeff2", "#bf2f52"),
    ("#eefafb", "#0f7c86"),
];

/// The text of one box.
struct Card {
    name: String,
    lines: Vec<String>,
    stage: Option<Property>,
}

/// A band with what is in it.
struct Drawn {
    cards: Vec<Card>,
    /// Between steps of this band, numbered within it.
    arrows: Vec<(usize, usize)>,
    layout: Layout,
}

/// An svg document.
pub fn svg(title: &str, schedule: &Schedule) -> String {
    let bands = bands(schedule);
    let arrows = reduced(arrows(schedule));
    let orders = orders(schedule);
    let drawn: Vec<Drawn> = bands
        .iter()
        .map(|band| {
            let within = |(from, to): (usize, usize)| {
                let inside = band.steps.contains(&from) && band.steps.contains(&to);
                inside.then(|| (from - band.steps.start, to - band.steps.start))
            };
            let local: Vec<_> = arrows.iter().filter_map(|arrow| within((arrow.from, arrow.to))).collect();
            let unseen: Vec<_> = orders.iter().copied().filter_map(within).collect();
            let cards: Vec<_> = band.steps.clone().map(|index| card(schedule, &arrows, band, index)).collect();
            let sizes: Vec<_> = cards.iter().map(size).collect();
            let layout = layout(&sizes, &local, &unseen);
            Drawn { cards, arrows: local, layout }
        })
        .collect();
    let inner = drawn.iter().map(|drawn| drawn.layout.width).fold(420.0, f64::max);
    let width = MARGIN * 2.0 + GUTTER + inner + PADDING * 2.0;
    let mut body = String::new();
    let mut y = MARGIN + HEADER;
    for (number, (band, Drawn { cards, arrows, layout })) in bands.iter().zip(&drawn).enumerate() {
        let height = layout.height.max(EMPTY_BAND) + PADDING * 2.0;
        let frame = Frame { y, width: width - MARGIN * 2.0, height, colour: colour_of(&bands, &band.name) };
        frame.draw(&mut body, band, number + 1 == bands.len());
        let origin = Spot { x: MARGIN + GUTTER + PADDING, y: y + (height - layout.height) / 2.0 };
        draw_arrows(&mut body, layout, cards, arrows, origin);
        for (card, (spot, index)) in cards.iter().zip(layout.spots.iter().zip(band.steps.clone())) {
            let at = Spot { x: origin.x + spot.x, y: origin.y + spot.y };
            draw_card(&mut body, card, &schedule.steps[index], at, frame.colour, &bands);
        }
        y += height + BAND_GAP;
    }
    draw_legend(&mut body, y);
    let height = y + LEGEND;
    let header = format!(
        "<text class=\"title\" x=\"{MARGIN}\" y=\"{}\">{}</text>\n<text class=\"small\" x=\"{MARGIN}\" y=\"{}\">{}</text>\n",
        MARGIN + 18.0,
        escaped(title),
        MARGIN + 38.0,
        escaped(&summary(schedule))
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n\
         <style>\n\
         text {{ font-family: ui-sans-serif, 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1d2433; }}\n\
         .title {{ font-size: 19px; font-weight: 600; }}\n\
         .name {{ font-size: {NAME_SIZE}px; font-weight: 600; }}\n\
         .small {{ font-size: {SMALL_SIZE}px; fill: #5b6472; }}\n\
         .stage {{ font-size: 16px; font-weight: 700; }}\n\
         .pill {{ font-size: {SMALL_SIZE}px; font-weight: 700; fill: #ffffff; }}\n\
         </style>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0,0.8 L7.2,4 L0,7.2 z\" fill=\"#7a8494\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{header}{body}</svg>\n"
    )
}

/// The colours of a stage; a band between two stages has those of the second.
fn colour_of(bands: &[Band], name: &str) -> (&'static str, &'static str) {
    let stage = name.strip_prefix("to ").unwrap_or(name);
    let mut stages: Vec<&str> = Vec::new();
    for band in bands {
        let stage = band.name.strip_prefix("to ").unwrap_or(&band.name);
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    let number = stages.iter().position(|other| *other == stage).unwrap_or(0);
    COLOURS[number % COLOURS.len()]
}

/// The ground of a band.
struct Frame {
    y: f64,
    width: f64,
    height: f64,
    colour: (&'static str, &'static str),
}

impl Frame {
    fn draw(&self, body: &mut String, band: &Band, last: bool) {
        let Self { y, width, height, colour: (ground, strong) } = self;
        let between = band.name.starts_with("to ");
        let dashes = if between { " stroke-dasharray=\"5 4\"" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            body,
            "<rect x=\"{MARGIN}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"10\" fill=\"{ground}\" \
             stroke=\"{strong}\" stroke-opacity=\"0.35\"{dashes}/>"
        );
        let middle = y + height / 2.0;
        let x = MARGIN + PADDING;
        let count = match (band.steps.len(), last) {
            (0, true) => "reached".to_owned(),
            (1, _) => "1 pass".to_owned(),
            (count, _) => format!("{count} passes"),
        };
        let _ = writeln!(
            body,
            "<text class=\"stage\" x=\"{x}\" y=\"{:.1}\" style=\"fill:{strong}\">{}</text>\n\
             <text class=\"small\" x=\"{x}\" y=\"{:.1}\">{count}</text>",
            middle,
            escaped(&band.name),
            middle + 15.0
        );
    }
}

/// What is written in the box of a step: what it gives, and what it takes from other bands, with the number of the giver.
fn card(schedule: &Schedule, arrows: &[super::Arrow], band: &Band, index: usize) -> Card {
    let step = &schedule.steps[index];
    let (stage, others) = gives(step);
    let mut lines = Vec::new();
    let from_elsewhere = arrows.iter().filter(|arrow| arrow.to == index && !band.steps.contains(&arrow.from));
    lines.extend(from_elsewhere.map(|arrow| format!("needs {} from {}", list(&arrow.properties), arrow.from + 1)));
    if !others.is_empty() {
        lines.push(format!("gives {}", list(&others)));
    }
    let again = if step.again { " (again)" } else { "" };
    Card { name: format!("{}  {}{again}", index + 1, step.entry.name()), lines, stage }
}

/// An upper bound of the width of `text` in the fonts of the style sheet, in pixels.
fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.62
}

fn pill_width(stage: Property) -> f64 {
    text_width(&format!("→ {}", stage.name()), SMALL_SIZE) + 14.0
}

fn size(card: &Card) -> Size {
    let pill = card.stage.map_or(0.0, |stage| pill_width(stage) + 10.0);
    let lines = card.lines.iter().map(|line| text_width(line, SMALL_SIZE));
    let text = lines.fold(text_width(&card.name, NAME_SIZE) + pill, f64::max);
    Size { width: text + 24.0, height: 30.0 + LINE * card.lines.len() as f64 }
}

fn draw_card(body: &mut String, card: &Card, step: &Step, at: Spot, colour: (&str, &str), bands: &[Band]) {
    let Size { width, height } = size(card);
    let (x, y) = (at.x, at.y);
    let dashes = if step.optional { " stroke-dasharray=\"4 3\"" } else { "" };
    let round = if step.entry.anchor() == Anchor::Module { 4.0 } else { 14.0 };
    let hover = format!(
        "{}\nrequires: {}\nestablishes: {}\nends: {}",
        step.entry.summary(),
        list(step.entry.requires()),
        list(step.entry.establishes()),
        list(step.entry.invalidates())
    );
    // Writing to a string cannot fail.
    let _ = writeln!(
        body,
        "<g><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round}\" \
         fill=\"#ffffff\" stroke=\"{}\" stroke-width=\"1.3\"{dashes}/>",
        escaped(&hover),
        colour.1
    );
    let _ = writeln!(
        body,
        "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        x + 12.0,
        y + 19.5,
        escaped(&card.name)
    );
    for (row, line) in card.lines.iter().enumerate() {
        let y = y + 20.0 + LINE * (row + 1) as f64;
        let _ = writeln!(body, "<text class=\"small\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>", x + 12.0, escaped(line));
    }
    if let Some(stage) = card.stage {
        let wide = pill_width(stage);
        let (x, y) = (x + width - wide - 8.0, y + 7.0);
        let strong = colour_of(bands, stage.name()).1;
        let _ = writeln!(
            body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"17\" rx=\"8.5\" fill=\"{strong}\"/>\
             <text class=\"pill\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" style=\"fill:#ffffff\">→ {}</text>",
            x + wide / 2.0,
            y + 12.3,
            escaped(stage.name())
        );
    }
    body.push_str("</g>\n");
}

/// Arrows leave boxes in the middle of their right side and enter them in the middle of the left one.
fn draw_arrows(body: &mut String, layout: &Layout, cards: &[Card], arrows: &[(usize, usize)], origin: Spot) {
    for ((from, to), bends) in arrows.iter().zip(&layout.bends) {
        let (start, end) = (layout.spots[*from], layout.spots[*to]);
        let (from, to) = (size(&cards[*from]), size(&cards[*to]));
        let first = Spot { x: start.x + from.width, y: start.y + from.height / 2.0 };
        let last = Spot { x: end.x, y: end.y + to.height / 2.0 };
        let mut path = format!("M{:.1},{:.1}", origin.x + first.x, origin.y + first.y);
        let mut at = first;
        for next in bends.iter().chain([&last]) {
            let pull = (next.x - at.x) * 0.5;
            // Writing to a string cannot fail.
            let _ = write!(
                path,
                " C{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}",
                origin.x + at.x + pull,
                origin.y + at.y,
                origin.x + next.x - pull,
                origin.y + next.y,
                origin.x + next.x,
                origin.y + next.y
            );
            at = *next;
        }
        let _ = writeln!(
            body,
            "<path d=\"{path}\" fill=\"none\" stroke=\"#7a8494\" stroke-width=\"1.4\" marker-end=\"url(#tip)\"/>"
        );
    }
}

fn draw_legend(body: &mut String, y: f64) {
    let entries =
        [(4.0, "", "on the module"), (9.0, "", "on each function"), (4.0, " stroke-dasharray=\"4 3\"", "optional")];
    let mut x = MARGIN;
    for (round, dashes, text) in entries {
        // Writing to a string cannot fail.
        let _ = writeln!(
            body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"26\" height=\"18\" rx=\"{round}\" fill=\"#ffffff\" stroke=\"#5b6472\"{dashes}/>\
             <text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
            x + 33.0,
            y + 12.8
        );
        x += 33.0 + text_width(text, SMALL_SIZE) + 24.0;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
