// A sum of products; see dot.py.
#include "check.h"

int run(const double *a, int64_t n, const double *b, int64_t m, double *result) {
  double total = 0.0;
  for (int64_t i = 0; i < n; i++)
    total += a[AT(i, n)] * b[AT(i, m)];
  *result = total;
  return 0;
}
