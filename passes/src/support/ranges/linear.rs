//! Sums of integer multiples of symbols, and of products of two symbols, plus a constant: the terms in which indices, extents and
//! what is known of them are stated. Numbers are mathematical integers; what would grow out of bounds is given up (None).

/// An integer that is not known before the program runs. A smaller number stands for a value that is defined earlier.
pub(crate) type Symbol = u32;

/// A symbol, or a product of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Monomial {
    later: Symbol,
    other: Option<Symbol>,
}

impl Monomial {
    fn product(self, with: Self) -> Option<Self> {
        match (self.other, with.other) {
            (None, None) => Some(Self { later: self.later.max(with.later), other: Some(self.later.min(with.later)) }),
            _ => None,
        }
    }

    /// Its factors.
    pub(crate) fn factors(self) -> impl Iterator<Item = Symbol> {
        std::iter::once(self.later).chain(self.other)
    }

    /// What is left of it without one factor `symbol`.
    fn without(self, symbol: Symbol) -> Option<Option<Symbol>> {
        match self.other {
            Some(other) if other == symbol => Some(Some(self.later)),
            other => (self.later == symbol).then_some(other),
        }
    }
}

/// `constant + Σ coefficient · monomial`, the monomials in rising order, no coefficient zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Linear {
    terms: Vec<(Monomial, i128)>,
    constant: i128,
}

/// Sums with more terms than this are given up.
const MOST_TERMS: usize = 8;
/// Coefficients and constants are less than this, so that products of two fit.
const LIMIT: i128 = 1 << 66;

impl Linear {
    /// A constant.
    pub(crate) fn constant(constant: i128) -> Self {
        Self { terms: Vec::new(), constant }
    }

    /// A symbol.
    pub(crate) fn symbol(symbol: Symbol) -> Self {
        Self { terms: vec![(Monomial { later: symbol, other: None }, 1)], constant: 0 }
    }

    /// Its value, where no symbol is in it.
    pub(crate) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The symbol that it is, where it is nothing else.
    pub(crate) fn as_symbol(&self) -> Option<Symbol> {
        match self.terms.as_slice() {
            [(Monomial { later, other: None }, 1)] if self.constant == 0 => Some(*later),
            _ => None,
        }
    }

    /// The monomials and their coefficients.
    pub(crate) fn terms(&self) -> &[(Monomial, i128)] {
        &self.terms
    }

    /// The part without symbols.
    pub(crate) fn offset(&self) -> i128 {
        self.constant
    }

    /// All symbols in it, some of them more than once.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.terms.iter().flat_map(|(monomial, _)| monomial.factors())
    }

    /// The latest symbol in it.
    pub(crate) fn latest(&self) -> Option<Symbol> {
        self.terms.last().map(|(monomial, _)| monomial.later)
    }

    /// Whether no product of symbols is in it.
    pub(crate) fn is_affine(&self) -> bool {
        self.terms.iter().all(|(monomial, _)| monomial.other.is_none())
    }

    /// Whether the product of a symbol with itself is in it.
    pub(crate) fn has_square(&self) -> bool {
        self.terms.iter().any(|(monomial, _)| monomial.other == Some(monomial.later))
    }

    /// The terms that are added, or those that are subtracted, as a sum of added ones.
    pub(crate) fn part(&self, added: bool) -> Self {
        let terms = self.terms.iter().filter(|(_, coefficient)| (*coefficient > 0) == added);
        Self { terms: terms.map(|(monomial, coefficient)| (*monomial, coefficient.abs())).collect(), constant: 0 }
    }

    /// `self + factor · other`.
    pub(crate) fn plus(&self, other: &Self, factor: i128) -> Option<Self> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let (monomial, coefficient) = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some((a, _)), Some((b, _))) if a == b => {
                    let (Some((monomial, a)), Some((_, b))) = (left.next(), right.next()) else { break };
                    (*monomial, a.checked_add(b.checked_mul(factor)?)?)
                }
                (Some((a, _)), Some((b, _))) if a > b => {
                    let Some((monomial, b)) = right.next() else { break };
                    (*monomial, b.checked_mul(factor)?)
                }
                (None, Some(_)) => {
                    let Some((monomial, b)) = right.next() else { break };
                    (*monomial, b.checked_mul(factor)?)
                }
                (Some(_), _) => {
                    let Some((monomial, a)) = left.next() else { break };
                    (*monomial, *a)
                }
            };
            if coefficient != 0 {
                terms.push((monomial, coefficient));
            }
        }
        Self { terms, constant: self.constant.checked_add(other.constant.checked_mul(factor)?)? }.within_limits()
    }

    /// `factor · self`.
    pub(crate) fn scaled(&self, factor: i128) -> Option<Self> {
        Self::default().plus(self, factor)
    }

    /// `self + constant`.
    pub(crate) fn shifted(&self, constant: i128) -> Option<Self> {
        self.plus(&Self::constant(constant), 1)
    }

    /// `self · other`, as long as no product of three symbols comes out.
    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        let mut sum = self.scaled(other.constant)?;
        for (monomial, coefficient) in &other.terms {
            let mut terms = Vec::with_capacity(self.terms.len() + 1);
            for (mine, factor) in &self.terms {
                terms.push((mine.product(*monomial)?, factor.checked_mul(*coefficient)?));
            }
            if self.constant != 0 {
                terms.push((*monomial, self.constant.checked_mul(*coefficient)?));
            }
            terms.sort_unstable_by_key(|(monomial, _)| *monomial);
            sum = sum.plus(&Self { terms, constant: 0 }, 1)?;
        }
        Some(sum)
    }

    /// `(factor, rest)` such that `self` is `factor · symbol + rest`; None where the symbol is squared.
    pub(crate) fn split(&self, symbol: Symbol) -> Option<(Self, Self)> {
        let mut factor = Self::default();
        let mut rest = Self::constant(self.constant);
        for (monomial, coefficient) in &self.terms {
            match monomial.without(symbol) {
                None => rest.terms.push((*monomial, *coefficient)),
                Some(None) => factor.constant = *coefficient,
                Some(Some(other)) if other == symbol => return None,
                Some(Some(other)) => factor.terms.push((Monomial { later: other, other: None }, *coefficient)),
            }
        }
        factor.terms.sort_unstable_by_key(|(monomial, _)| *monomial);
        Some((factor, rest))
    }

    /// Of `self ≥ 0`, the same said with the smallest numbers: integers allow to round the constant.
    pub(crate) fn tightened(mut self) -> Self {
        let divisor = self.terms.iter().fold(0, |divisor, (_, coefficient)| gcd(divisor, coefficient.abs()));
        if divisor > 1 {
            self.terms.iter_mut().for_each(|(_, coefficient)| *coefficient /= divisor);
            self.constant = self.constant.div_euclid(divisor);
        }
        self
    }

    fn within_limits(self) -> Option<Self> {
        let fits = |number: i128| -LIMIT < number && number < LIMIT;
        let all = self.terms.len() <= MOST_TERMS && self.terms.iter().all(|(_, coefficient)| fits(*coefficient));
        (all && fits(self.constant)).then_some(self)
    }
}

fn gcd(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// What the tests of this folder write symbols and sums with.
#[cfg(test)]
pub(super) mod testing {
    use super::{Linear, Symbol};

    /// The bounds of a symbol of which nothing is known.
    pub(crate) const WORD: (i128, i128) = (i64::MIN as i128, i64::MAX as i128);

    /// The sum of coefficients times symbols and a constant.
    pub(crate) fn sum(terms: &[(i128, Symbol)], constant: i128) -> Linear {
        terms.iter().fold(Linear::constant(constant), |sum, (coefficient, symbol)| {
            sum.plus(&Linear::symbol(*symbol), *coefficient).expect("small")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::testing::sum;

    #[test]
    fn sums_are_normal_forms() {
        assert_eq!(sum(&[(1, 3), (2, 1), (-1, 3)], 5), sum(&[(2, 1)], 5));
        assert_eq!(sum(&[(1, 2)], 0).as_symbol(), Some(2));
        assert_eq!(sum(&[(1, 2), (1, 7)], 0).latest(), Some(7));
    }

    #[test]
    fn products_split_again() {
        let product = sum(&[(1, 1)], 1).times(&sum(&[(2, 4), (3, 5)], 0)).expect("of degree two");
        let (factor, rest) = product.split(4).expect("not squared");
        assert_eq!(factor, sum(&[(2, 1)], 2));
        assert_eq!(rest, sum(&[(1, 1)], 1).times(&sum(&[(3, 5)], 0)).expect("of degree two"));
        assert_eq!(product.times(&product), None);
        assert_eq!(sum(&[(1, 1)], 0).times(&sum(&[(1, 1)], 0)).expect("a square").split(1), None);
    }

    #[test]
    fn bounds_are_tightened() {
        assert_eq!(sum(&[(2, 1), (-2, 2)], -1).tightened(), sum(&[(1, 1), (-1, 2)], -1));
    }
}
