// How often each byte occurs; see histogram.py.
#include "check.h"

int run(const uint8_t *data, int64_t n, int64_t *counts, int64_t bins) {
  for (int64_t value = 0; value < bins; value++)
    counts[AT(value, bins)] = 0;
  for (int64_t i = 0; i < n; i++)
    counts[AT(data[AT(i, n)], bins)] += 1;
  return 0;
}
