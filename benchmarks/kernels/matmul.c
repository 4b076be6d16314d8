// A product of matrices; see matmul.py.
#include "check.h"

int run(const double *a, int64_t n, int64_t inner, const double *b, int64_t rows, int64_t m, double *c, int64_t c0,
        int64_t c1) {
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < m; j++)
      ITEM(c, i, c0, j, c1) = 0.0;
    for (int64_t k = 0; k < inner; k++) {
      double factor = ITEM(a, i, n, k, inner);
      for (int64_t j = 0; j < m; j++)
        ITEM(c, i, c0, j, c1) += factor * ITEM(b, k, rows, j, m);
    }
  }
  return 0;
}
