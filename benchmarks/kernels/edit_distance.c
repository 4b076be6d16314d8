// The distance of two words; see edit_distance.py.
#include "check.h"

int run(const uint8_t *a, int64_t n, const uint8_t *b, int64_t m, int64_t *above, int64_t width, int64_t *here,
        int64_t width2, int64_t *result) {
  for (int64_t j = 0; j <= m; j++)
    above[AT(j, width)] = j;
  for (int64_t i = 1; i <= n; i++) {
    here[AT(0, width)] = i;
    for (int64_t j = 1; j <= m; j++) {
      int64_t best = above[AT(j - 1, width)];
      if (a[AT(i - 1, n)] != b[AT(j - 1, m)])
        best++;
      int64_t up = above[AT(j, width)] + 1, left = here[AT(j - 1, width)] + 1;
      best = up < best ? up : best;
      best = left < best ? left : best;
      here[AT(j, width)] = best;
    }
    int64_t *swap = above;
    above = here;
    here = swap;
  }
  *result = above[AT(m, width)];
  return 0;
}
