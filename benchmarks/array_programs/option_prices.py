"""Black and Scholes for many options, with the error function by a polynomial."""

import numpy as np


def arguments(random):
    return random.uniform(5, 30, 400_000), random.uniform(1, 100, 400_000), random.uniform(0.25, 10, 400_000), 0.02, 0.3


def program(price, strike, years, rate, volatility):
    root = volatility * np.sqrt(years)
    d1 = (np.log(price / strike) + (rate + 0.5 * volatility * volatility) * years) / root
    d2 = d1 - root
    discounted = strike * np.exp(-rate * years)
    k1 = 1.0 / (1.0 + 0.2316419 * np.abs(d1))
    k2 = 1.0 / (1.0 + 0.2316419 * np.abs(d2))
    p1 = k1 * (0.31938153 + k1 * (-0.356563782 + k1 * (1.781477937 + k1 * (-1.821255978 + k1 * 1.330274429))))
    p2 = k2 * (0.31938153 + k2 * (-0.356563782 + k2 * (1.781477937 + k2 * (-1.821255978 + k2 * 1.330274429))))
    n1 = 0.3989422804 * np.exp(-0.5 * d1 * d1) * p1
    n2 = 0.3989422804 * np.exp(-0.5 * d2 * d2) * p2
    n1 = np.where(d1 > 0, 1.0 - n1, n1)
    n2 = np.where(d2 > 0, 1.0 - n2, n2)
    return price * n1 - discounted * n2
