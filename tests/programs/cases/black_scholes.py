"""Cases of black_scholes.py."""


def cases(np):
    rng = np.random.default_rng(4)
    spot = rng.uniform(50, 150, 40)
    strike = rng.uniform(50, 150, 40)
    years = rng.uniform(0.1, 3.0, 40)
    return [
        ("normal", (0.3,), 4),
        ("call_price", (100.0, 90.0, 1.5, 0.02, 0.3), 64),
        ("price_all", (spot, strike, years, 0.03, 0.25), 512),
        ("price_all", (spot[::2], strike[::-2], years[:20], 0.03, 0.25), 512),
        ("price_all", (spot, strike[:-1], years, 0.03, 0.25), 0),
        ("implied_volatility", (20.0, 100.0, 95.0, 1.0, 0.01), 1 << 24),
    ]
