// The sum of an array in order; see total.py.
#include "check.h"

int run(const double *a, int64_t n, double *result) {
  double total = 0.0;
  for (int64_t i = 0; i < n; i++)
    total += a[AT(i, n)];
  *result = total;
  return 0;
}
