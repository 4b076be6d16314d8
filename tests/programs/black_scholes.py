"""Prices of European options by Black and Scholes, and the volatility back from a price."""

import math

import numpy as np
from numir import float64, njit, prange

ROOT_HALF = math.sqrt(0.5)


@njit
def normal(x: float):
    """The cumulative normal distribution."""
    return 0.5 * math.erfc(-x * ROOT_HALF)


@njit
def call_price(spot, strike, years, rate, volatility):
    """The price of the right to buy."""
    spread = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + 0.5 * volatility**2) * years) / spread
    return spot * normal(d1) - strike * math.exp(-rate * years) * normal(d1 - spread)


@njit(parallel=True)
def price_all(spot: float64[:], strike: float64[:], years: float64[:], rate: float, volatility: float):
    """Calls and puts of many options; a put follows from put-call parity."""
    if not spot.size == strike.size == years.size:
        raise ValueError("spot, strike and years differ in length")
    calls = np.empty(spot.size)
    puts = np.empty_like(calls)
    for i in prange(spot.size):
        calls[i] = call_price(spot[i], strike[i], years[i], rate, volatility)
        puts[i] = calls[i] - spot[i] + strike[i] * math.exp(-rate * years[i])
    return calls, puts


@njit
def implied_volatility(price, spot, strike, years, rate, tolerance=1e-10):
    """The volatility at which the call has this price, by bisection."""
    low, high = 1e-6, 5.0
    while high - low > tolerance:
        middle = (low + high) / 2
        if call_price(spot, strike, years, rate, middle) < price:
            low = middle
        else:
            high = middle
    return (low + high) / 2
