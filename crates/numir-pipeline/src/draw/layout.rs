//! A small layered layout for one band: columns by longest path, and an order within them that keeps arrows from crossing.
//!
//! An arrow over several columns gets a slot in each column between, so that it runs between the boxes and not behind them.

use std::collections::BTreeMap;

/// A box to place.
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
}

/// A placed box: its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spot {
    pub x: f64,
    pub y: f64,
}

/// What a band looks like.
pub(super) struct Layout {
    /// The boxes, in the order given.
    pub spots: Vec<Spot>,
    /// For each arrow, in the order given: the points between its ends, from left to right.
    pub bends: Vec<Vec<Spot>>,
    pub width: f64,
    pub height: f64,
}

const COLUMN_GAP: f64 = 44.0;
const ROW_GAP: f64 = 14.0;
/// More boxes than this in a column look like a wall; the rest moves on to the next.
const ROWS: usize = 4;
const SLOT: f64 = 6.0;
const SWEEPS: usize = 8;

/// One place in a column: a box, or the passage of an arrow.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Box(usize),
    Bend { arrow: usize, column: usize },
}

/// Places boxes that are numbered in a topological order of the arrows. `orders` keep boxes in order like arrows do, unseen.
pub(super) fn layout(sizes: &[Size], arrows: &[(usize, usize)], orders: &[(usize, usize)]) -> Layout {
    let column = columns(sizes.len(), &[arrows, orders].concat());
    let count = column.iter().max().map_or(0, |last| last + 1);
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); count];
    for (index, column) in column.iter().enumerate() {
        cells[*column].push(Cell::Box(index));
    }
    for (arrow, (from, to)) in arrows.iter().enumerate() {
        let between = cells.iter_mut().enumerate().take(column[*to]).skip(column[*from] + 1);
        between.for_each(|(column, cells)| cells.push(Cell::Bend { arrow, column }));
    }
    sort_columns(&mut cells, &column, arrows);
    place(&cells, sizes, arrows.len())
}

/// One column behind the last of what a box waits for, or later where that one is full.
fn columns(count: usize, arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut column = vec![0; count];
    let mut filled: Vec<usize> = Vec::new();
    for index in 0..count {
        let sources = arrows.iter().filter(|(_, to)| *to == index).map(|(from, _)| column[*from] + 1);
        let mut at = sources.max().unwrap_or(0);
        while filled.get(at).is_some_and(|rows| *rows >= ROWS) {
            at += 1;
        }
        filled.resize(filled.len().max(at + 1), 0);
        filled[at] += 1;
        column[index] = at;
    }
    column
}

/// Sorts each column by the mean row of the neighbours, to and fro.
fn sort_columns(cells: &mut [Vec<Cell>], column: &[usize], arrows: &[(usize, usize)]) {
    let left_of = |cell: Cell| neighbours(cell, column, arrows, -1);
    let right_of = |cell: Cell| neighbours(cell, column, arrows, 1);
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for step in 1..cells.len() {
            let (at, fixed) = if forward { (step, step - 1) } else { (cells.len() - 1 - step, cells.len() - step) };
            let rows: Vec<Cell> = cells[fixed].clone();
            let mut keyed: Vec<(f64, Cell)> = cells[at]
                .iter()
                .enumerate()
                .map(|(row, cell)| {
                    let around = if forward { left_of(*cell) } else { right_of(*cell) };
                    let around = around.iter().filter_map(|other| rows.iter().position(|row| row == other));
                    let (sum, count) = around.fold((0.0, 0.0), |(sum, count), row| (sum + row as f64, count + 1.0));
                    (if count == 0.0 { row as f64 } else { sum / count }, *cell)
                })
                .collect();
            keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
            cells[at] = keyed.into_iter().map(|(_, cell)| cell).collect();
        }
    }
}

/// The cells of the next column on one side that a cell is joined to.
fn neighbours(cell: Cell, column: &[usize], arrows: &[(usize, usize)], side: isize) -> Vec<Cell> {
    let at = match cell {
        Cell::Box(index) => column[index],
        Cell::Bend { column, .. } => column,
    };
    let Some(beside) = at.checked_add_signed(side) else { return Vec::new() };
    let touches = |(arrow, (from, to)): (usize, &(usize, usize))| {
        let mine = match cell {
            Cell::Box(index) => index == if side < 0 { *to } else { *from },
            Cell::Bend { arrow: own, .. } => own == arrow,
        };
        let end = if side < 0 { *from } else { *to };
        let reaches = if side < 0 { column[*from] <= beside } else { column[*to] >= beside };
        (mine && reaches)
            .then(|| if column[end] == beside { Cell::Box(end) } else { Cell::Bend { arrow, column: beside } })
    };
    arrows.iter().enumerate().filter_map(touches).collect()
}

fn place(cells: &[Vec<Cell>], sizes: &[Size], arrows: usize) -> Layout {
    let height = |cell: &Cell| match cell {
        Cell::Box(index) => sizes[*index].height,
        Cell::Bend { .. } => SLOT,
    };
    let width = |cell: &Cell| match cell {
        Cell::Box(index) => sizes[*index].width,
        Cell::Bend { .. } => 0.0,
    };
    let gaps = |column: &[Cell]| ROW_GAP * column.len().saturating_sub(1) as f64;
    let total = |column: &Vec<Cell>| column.iter().map(height).sum::<f64>() + gaps(column);
    let full = cells.iter().map(total).fold(0.0, f64::max);
    let mut spots = vec![Spot::default(); sizes.len()];
    let mut bends: BTreeMap<usize, Vec<Spot>> = BTreeMap::new();
    let mut x = 0.0;
    for column in cells {
        let wide = column.iter().map(width).fold(0.0, f64::max);
        let mut y = (full - total(column)) / 2.0;
        for cell in column {
            match cell {
                Cell::Box(index) => spots[*index] = Spot { x, y },
                Cell::Bend { arrow, .. } => {
                    let passage = [Spot { x, y: y + SLOT / 2.0 }, Spot { x: x + wide, y: y + SLOT / 2.0 }];
                    bends.entry(*arrow).or_default().extend(passage);
                }
            }
            y += height(cell) + ROW_GAP;
        }
        x += wide + COLUMN_GAP;
    }
    let bends = (0..arrows).map(|arrow| bends.remove(&arrow).unwrap_or_default()).collect();
    Layout { spots, bends, width: (x - COLUMN_GAP).max(0.0), height: full }
}
