// Items fetched by indices; see gather.py.
#include "check.h"

int run(const double *source, int64_t n, const int64_t *index, int64_t m, double *target, int64_t k) {
  for (int64_t i = 0; i < m; i++)
    target[AT(i, k)] = source[AT(index[AT(i, m)], n)];
  return 0;
}
