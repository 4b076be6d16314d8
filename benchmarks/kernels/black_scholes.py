"""Prices of European calls: logarithm, exponential and error function per item, in parallel."""

import math

from numir import njit, prange


@njit
def normal(x):
    """The cumulative normal distribution."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@njit(parallel=True)
def run(spot, strike, years, rate, volatility, price):
    """Fill `price`."""
    for i in prange(len(spot)):
        spread = volatility * math.sqrt(years[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / spread
        price[i] = spot[i] * normal(d1) - strike[i] * math.exp(-rate * years[i]) * normal(d1 - spread)
