//! Which items the iterations of a prange loop touch: whether those of two iterations are surely different.
//!
//! An index is taken as a polynomial in the names that the loop leaves alone, linear in the loop's variable; the variable of
//! an inner loop, and a slice, as a span between two of them. Names that the body binds once stand for what they are bound to.

use super::names::{self, Effects, is_name};
use num_traits::ToPrimitive;
use rustpython_parser::ast::{self, Constant, Expr, Operator, Stmt, UnaryOp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How deep names are looked through, and how many terms a polynomial may have.
const DEPTH: usize = 12;
const TERMS: usize = 16;

/// The factors that stand for the number of the iteration and for the variable in the first.
const ITERATION: &str = "%iteration";
const START: &str = "%start";

/// A polynomial: a coefficient for each product of factors.
#[derive(Clone, Debug, Default, PartialEq)]
struct Polynomial(BTreeMap<Vec<String>, i128>);

impl Polynomial {
    fn constant(value: i128) -> Self {
        Self(BTreeMap::from([(Vec::new(), value)])).without_zeros()
    }

    fn factor(name: &str) -> Self {
        Self(BTreeMap::from([(vec![name.to_owned()], 1)]))
    }

    fn without_zeros(mut self) -> Self {
        self.0.retain(|_, coefficient| *coefficient != 0);
        self
    }

    fn plus(&self, other: &Self, sign: i128) -> Option<Self> {
        let mut sum = self.clone();
        for (product, coefficient) in &other.0 {
            let entry = sum.0.entry(product.clone()).or_insert(0);
            *entry = entry.checked_add(coefficient.checked_mul(sign)?)?;
        }
        Some(sum.without_zeros())
    }

    fn times(&self, other: &Self) -> Option<Self> {
        if self.0.len() * other.0.len() > TERMS {
            return None;
        }
        let mut all = Self::default();
        for (left, a) in &self.0 {
            for (right, b) in &other.0 {
                let mut product: Vec<String> = left.iter().chain(right).cloned().collect();
                product.sort();
                let entry = all.0.entry(product).or_insert(0);
                *entry = entry.checked_add(a.checked_mul(*b)?)?;
            }
        }
        Some(all.without_zeros())
    }

    fn as_constant(&self) -> Option<i128> {
        match self.0.len() {
            0 => Some(0),
            1 => self.0.get(&Vec::new()).copied(),
            _ => None,
        }
    }

    /// The factor of the iteration's number, and the rest; None where it is not linear in it.
    fn linear(&self) -> Option<(Self, Self)> {
        let (mut slope, mut rest) = (Self::default(), Self::default());
        for (product, coefficient) in &self.0 {
            let others: Vec<String> = product.iter().filter(|factor| *factor != ITERATION).cloned().collect();
            match product.len() - others.len() {
                0 => rest.0.insert(others, *coefficient),
                1 => slope.0.insert(others, *coefficient),
                _ => return None,
            };
        }
        Some((slope, rest))
    }
}

/// Positions from any of the lows up to, but without, any of the highs.
struct Extent {
    lows: Vec<Polynomial>,
    highs: Vec<Polynomial>,
}

/// What a name stands for that the body of the loop binds once.
enum Single<'p> {
    Value(&'p Expr),
    Range(&'p [Expr]),
}

/// The names of a prange loop, as far as indices depend on them.
pub(super) struct Footprint<'p> {
    variable: &'p str,
    /// The loop's variable: where it starts, and by how much it moves per iteration.
    value: Polynomial,
    bound: BTreeSet<&'p str>,
    singles: HashMap<&'p str, Single<'p>>,
}

impl<'p> Footprint<'p> {
    /// Of a loop; None where its target is no name, or is bound again in the body. `step` is that of its range, where it is
    /// known.
    pub(super) fn of(node: &'p ast::StmtFor, step: Option<i128>) -> Option<Self> {
        let Expr::Name(variable) = &*node.target else { return None };
        let variable = variable.id.as_str();
        let bound = Effects::of(&node.body).names;
        if bound.contains(variable) {
            return None;
        }
        let mut footprint = Self { variable, value: Polynomial::default(), bound, singles: HashMap::new() };
        let written = || match range_arguments(&node.iter)? {
            [_, _, step] => footprint.polynomial(step, DEPTH),
            _ => None,
        };
        // Of an unknown step it is only known that the variable moves, by one at least.
        let step = step.map(Polynomial::constant).or_else(written).unwrap_or(Polynomial::constant(1));
        footprint.value = step.times(&Polynomial::factor(ITERATION))?.plus(&Polynomial::factor(START), 1)?;
        footprint.singles = singles(&node.body);
        Some(footprint)
    }

    /// Whether no two iterations touch the same item, where each touches what these indices name.
    pub(super) fn is_own(&self, indices: &[&'p Expr]) -> bool {
        let parts: Vec<&[Expr]> = indices.iter().map(|index| parts(index)).collect();
        let axes = parts.iter().map(|parts| parts.len()).min().unwrap_or(0);
        (0..axes)
            .take_while(|axis| parts.iter().all(|parts| !moves_axes(&parts[*axis])))
            .any(|axis| self.is_apart(&parts.iter().map(|parts| &parts[axis]).collect::<Vec<_>>()))
    }

    fn is_apart(&self, parts: &[&'p Expr]) -> bool {
        self.points_apart(parts).unwrap_or(false) || self.spans_apart(parts).unwrap_or(false)
    }

    /// Single positions `a * i + b` with one a, whose b never differ by a multiple of what an iteration moves them.
    fn points_apart(&self, parts: &[&'p Expr]) -> Option<bool> {
        let mut common: Option<(i128, Polynomial)> = None;
        for part in parts {
            let (slope, rest) = self.polynomial(part, DEPTH)?.linear()?;
            let slope = slope.as_constant().filter(|slope| *slope != 0)?;
            let (first, base) = common.get_or_insert_with(|| (slope, rest.clone()));
            let offset = rest.plus(base, -1)?.as_constant()?;
            if *first != slope || (offset != 0 && offset % slope == 0) {
                return Some(false);
            }
        }
        Some(common.is_some())
    }

    /// Spans within `a * i + b .. a * i + b + a`; where a is not positive, they are empty.
    fn spans_apart(&self, parts: &[&'p Expr]) -> Option<bool> {
        let extents: Option<Vec<Extent>> = parts.iter().map(|part| self.extent(part, DEPTH)).collect();
        let extents = extents?;
        let holds = |start: &Polynomial, slope: &Polynomial| {
            let end = start.plus(slope, 1)?;
            let ahead = |of: &Polynomial, than: &Polynomial| {
                let (left, right) = (of.linear()?, than.linear()?);
                let same = left.0 == right.0;
                left.1.plus(&right.1, -1)?.as_constant().filter(|distance| same && *distance >= 0)
            };
            Some(extents.iter().all(|extent| {
                extent.lows.iter().any(|low| ahead(low, start).is_some())
                    && extent.highs.iter().any(|high| ahead(&end, high).is_some())
            }))
        };
        let starts = extents.iter().flat_map(|extent| &extent.lows);
        Some(starts.into_iter().any(|start| {
            let slope = start.linear().map(|(slope, _)| slope);
            slope.filter(|slope| !slope.0.is_empty()).and_then(|slope| holds(start, &slope)).unwrap_or(false)
        }))
    }

    fn extent(&self, part: &'p Expr, depth: usize) -> Option<Extent> {
        if let Some(point) = self.polynomial(part, depth) {
            let high = point.plus(&Polynomial::constant(1), 1)?;
            return Some(Extent { lows: vec![point], highs: vec![high] });
        }
        let depth = depth.checked_sub(1)?;
        let shifted = |extent: Extent, by: &Polynomial, sign: i128| {
            let all =
                |bounds: Vec<Polynomial>| bounds.iter().map(|bound| bound.plus(by, sign)).collect::<Option<Vec<_>>>();
            Some(Extent { lows: all(extent.lows)?, highs: all(extent.highs)? })
        };
        match part {
            Expr::Slice(slice) if slice.step.is_none() => Some(Extent {
                lows: self.bounds(slice.lower.as_deref()?, "max", depth),
                highs: self.bounds(slice.upper.as_deref()?, "min", depth),
            }),
            Expr::Name(name) => match self.singles.get(name.id.as_str())? {
                Single::Value(value) => self.extent(value, depth),
                Single::Range([stop]) => {
                    Some(Extent { lows: vec![Polynomial::constant(0)], highs: self.bounds(stop, "min", depth) })
                }
                Single::Range([start, stop]) => {
                    Some(Extent { lows: self.bounds(start, "max", depth), highs: self.bounds(stop, "min", depth) })
                }
                // With another step it goes elsewhere.
                Single::Range(_) => None,
            },
            Expr::BinOp(node) if matches!(node.op, Operator::Add | Operator::Sub) => {
                let sign = if matches!(node.op, Operator::Add) { 1 } else { -1 };
                if let Some(by) = self.polynomial(&node.right, depth) {
                    return shifted(self.extent(&node.left, depth)?, &by, sign);
                }
                let by = self.polynomial(&node.left, depth).filter(|_| sign == 1)?;
                shifted(self.extent(&node.right, depth)?, &by, 1)
            }
            _ => None,
        }
    }

    /// The polynomials that bound an expression: itself, or each argument of a min or max.
    fn bounds(&self, bound: &'p Expr, function: &str, depth: usize) -> Vec<Polynomial> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        match bound {
            Expr::Call(call) if is_name(&call.func, function) => {
                call.args.iter().flat_map(|argument| self.bounds(argument, function, depth)).collect()
            }
            Expr::Name(name) => match self.singles.get(name.id.as_str()) {
                Some(Single::Value(value)) => self.bounds(value, function, depth),
                _ => self.polynomial(bound, depth).into_iter().collect(),
            },
            other => self.polynomial(other, depth).into_iter().collect(),
        }
    }

    fn polynomial(&self, expression: &'p Expr, depth: usize) -> Option<Polynomial> {
        let depth = depth.checked_sub(1)?;
        match expression {
            Expr::Constant(node) => match &node.value {
                Constant::Int(value) => value.to_i64().map(|value| Polynomial::constant(value.into())),
                _ => None,
            },
            Expr::Name(name) if name.id.as_str() == self.variable => Some(self.value.clone()),
            Expr::Name(name) if !self.bound.contains(name.id.as_str()) => Some(Polynomial::factor(name.id.as_str())),
            Expr::Name(name) => match self.singles.get(name.id.as_str())? {
                Single::Value(value) => self.polynomial(value, depth),
                Single::Range(_) => None,
            },
            Expr::UnaryOp(node) if matches!(node.op, UnaryOp::USub) => {
                Polynomial::default().plus(&self.polynomial(&node.operand, depth)?, -1)
            }
            Expr::BinOp(node) => {
                let (left, right) = (self.polynomial(&node.left, depth)?, self.polynomial(&node.right, depth)?);
                match node.op {
                    Operator::Add => left.plus(&right, 1),
                    Operator::Sub => left.plus(&right, -1),
                    Operator::Mult => left.times(&right),
                    _ => None,
                }
            }
            other => self.extent_of_array(other).map(|name| Polynomial::factor(&name)),
        }
    }

    /// `len(a)` and `a.shape[0]` of an array that the loop does not bind: the same in all iterations.
    fn extent_of_array(&self, expression: &Expr) -> Option<String> {
        let fixed = |expression: &Expr| match expression {
            Expr::Name(name) if !self.bound.contains(name.id.as_str()) => Some(name.id.to_string()),
            _ => None,
        };
        match expression {
            Expr::Call(call) if is_name(&call.func, "len") => match call.args.as_slice() {
                [array] => fixed(array).map(|name| format!("{name}.shape[0]")),
                _ => None,
            },
            Expr::Subscript(node) => match (&*node.value, &*node.slice) {
                (Expr::Attribute(shape), Expr::Constant(axis)) if shape.attr.as_str() == "shape" => match &axis.value {
                    Constant::Int(axis) => fixed(&shape.value).map(|name| format!("{name}.shape[{axis}]")),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// The parts of an index, one per axis.
fn parts(index: &Expr) -> &[Expr] {
    match index {
        Expr::Tuple(tuple) => &tuple.elts,
        one => std::slice::from_ref(one),
    }
}

/// Whether the parts after this one do not stand for the axis that they stand at.
fn moves_axes(part: &Expr) -> bool {
    match part {
        Expr::Constant(node) => matches!(node.value, Constant::Ellipsis | Constant::None),
        Expr::Attribute(node) => node.attr.as_str() == "newaxis",
        Expr::Starred(_) => true,
        _ => false,
    }
}

/// The names that statements bind at one place only, by a plain assignment or as the variable of a loop over a range.
fn singles(body: &[Stmt]) -> HashMap<&str, Single<'_>> {
    let mut found: HashMap<&str, Single<'_>> = HashMap::new();
    let mut several: BTreeSet<&str> = BTreeSet::new();
    names::each_statement(body, &mut |statement| {
        let single = match statement {
            Stmt::Assign(node) => match node.targets.as_slice() {
                [Expr::Name(name)] => Some((name.id.as_str(), Single::Value(&node.value))),
                _ => None,
            },
            Stmt::For(node) => match (&*node.target, range_arguments(&node.iter)) {
                (Expr::Name(name), Some(arguments)) => Some((name.id.as_str(), Single::Range(arguments))),
                _ => None,
            },
            _ => None,
        };
        let mut others = Effects::default();
        match statement {
            Stmt::Assign(_) | Stmt::For(_) if single.is_some() => {}
            Stmt::Assign(node) => node.targets.iter().for_each(|target| others.target(target)),
            Stmt::For(node) => others.target(&node.target),
            Stmt::If(_) | Stmt::While(_) => {}
            other => others.statements(std::slice::from_ref(other)),
        }
        names::statement_expressions(statement, &mut |expression| others.expression(expression));
        several.extend(others.names);
        if let Some((name, single)) = single
            && found.insert(name, single).is_some()
        {
            several.insert(name);
        }
    });
    found.retain(|name, _| !several.contains(name));
    found
}

/// The arguments of a call of range or prange.
fn range_arguments(iterable: &Expr) -> Option<&[Expr]> {
    let Expr::Call(call) = iterable else { return None };
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(node) => node.attr.as_str(),
        _ => return None,
    };
    (matches!(name, "range" | "prange") && call.keywords.is_empty()).then_some(&call.args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_parser::Parse;

    /// Whether the indices of the updates of `b` in a prange loop with this head and body are each iteration's own.
    fn is_own(head: &str, body: &str) -> bool {
        let body = body.replace('\n', "\n    ");
        let source = crate::source::Source::new("test.py".into(), format!("for {head}:\n    {body}\n"));
        let suite = ast::Suite::parse(&source.text, "test.py").unwrap_or_else(|error| panic!("{error}"));
        let Some(Stmt::For(node)) = suite.first() else { panic!("a loop is needed") };
        let updates = super::super::updates::updates(&node.body, &source);
        matches!(
            super::super::updates::verdict(node, None, "b", &updates["b"], &source),
            super::super::updates::Verdict::Own
        )
    }

    #[test]
    fn an_index_of_the_iteration_is_its_own() {
        for update in [
            "b[i] += 1",
            "b[i + 1] += 1",
            "b[n - i] += 1",
            "b[2 * i + 1] += 1\nb[2 * i] += 1",
            "b[i, j] += 1",
            "b[j, 0, i] += 1",
            "b[i][j] += 1",
            "b[i, ...] += 1",
            "k = 3 * i\nb[k] += 1\nb[k + 1] += b[k]\nb[k + 2] += b[k]",
            "for j in range(n):\n    b[i, j] += 1",
            "b[len(a) - 1 - i] += 1",
            "b[i + a.shape[0]] *= 2",
        ] {
            assert!(is_own("i in prange(n)", update), "{update}");
        }
    }

    #[test]
    fn blocks_do_not_overlap() {
        for update in [
            "for j in range(i * size, (i + 1) * size):\n    b[j] += 1",
            "for j in range(i * size, min((i + 1) * size, n)):\n    b[j] += 1",
            "lo = i * size\nhi = min(lo + size, n)\nfor j in range(lo, hi):\n    b[j] += 1",
            "for j in range(size * i, size * i + size - 1):\n    b[j + 1] += 1",
            "b[i * size : (i + 1) * size] += 1",
            "for j in range(max(0, 4 * i), 4 * i + 4):\n    b[j] += 1",
        ] {
            assert!(is_own("i in prange(n)", update), "{update}");
        }
        let stepped = "for j in range(i, min(i + size, n)):\n    b[j] += 1";
        assert!(is_own("i in prange(0, n, size)", stepped));
        assert!(!is_own("i in prange(0, n)", stepped));
        assert!(is_own("i in prange(0, n, 2)", "b[i] += 1\nb[i + 1] += 1"));
    }

    #[test]
    fn what_iterations_may_share_is_not_own() {
        for update in [
            "b[0] += 1",
            "b[k] += 1",
            "b[i % 5] += 1",
            "b[i // 2] += 1",
            "b[i * k] += 1",
            "b[a[i]] += 1",
            "b[i] += 1\nb[i + 1] += 1",
            "b[2 * i] += 1\nb[2 * i + 2] += 1",
            "b[i] += 1\nb[-i] += 1",
            "b[..., i] += 1\nb[i, 0] += 1",
            "b[i, 0] += 1\nb[0, i] += 1",
            "i = i % 3\nb[i] += 1",
            "k = i\nk = 0\nb[k] += 1",
            "for j in range(n):\n    b[j] += 1",
            "for j in range(i * size, (i + 1) * size):\n    b[j + size] += 1\n    b[j] += 1",
            "for j in range(i * size, (i + 1) * size + 1):\n    b[j] += 1",
            "b[i * size : (i + 2) * size] += 1",
            "b[i * size] += 1",
        ] {
            assert!(!is_own("i in prange(n)", update), "{update}");
        }
    }
}
