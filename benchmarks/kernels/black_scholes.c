// Prices of European calls; see black_scholes.py.
#include "check.h"

static double normal(double x) { return 0.5 * erfc(-x * 0.7071067811865476); }

static int one(const double *spot, int64_t n, const double *strike, const double *years, double rate, double volatility,
               double *price, int64_t i) {
  double t = years[AT(i, n)], s = spot[AT(i, n)], k = strike[AT(i, n)];
  double spread = volatility * sqrt(t);
  double d1 = (log(s / k) + (rate + 0.5 * volatility * volatility) * t) / spread;
  price[AT(i, n)] = s * normal(d1) - k * exp(-rate * t) * normal(d1 - spread);
  return 0;
}

int run(const double *spot, int64_t n, const double *strike, int64_t n1, const double *years, int64_t n2, double rate,
        double volatility, double *price, int64_t n3) {
  int failed = 0;
#pragma omp parallel for reduction(| : failed)
  for (int64_t i = 0; i < n; i++)
    failed |= one(spot, n, strike, years, rate, volatility, price, i);
  return failed;
}
