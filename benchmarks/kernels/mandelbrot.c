// The Mandelbrot set; see mandelbrot.py.
#include "check.h"

static int line(int64_t *image, int64_t height, int64_t width, int64_t limit, int64_t row) {
  double y = -1.25 + 2.5 * (double)row / (double)height;
  for (int64_t column = 0; column < width; column++) {
    double x = -2.0 + 2.5 * (double)column / (double)width, u = 0.0, v = 0.0;
    int64_t steps = limit;
    for (int64_t step = 0; step < limit; step++) {
      double uu = u * u, vv = v * v;
      if (uu + vv > 4.0) {
        steps = step;
        break;
      }
      v = 2.0 * u * v + y;
      u = uu - vv + x;
    }
    ITEM(image, row, height, column, width) = steps;
  }
  return 0;
}

int run(int64_t *image, int64_t height, int64_t width, int64_t limit) {
  int failed = 0;
#pragma omp parallel for schedule(dynamic) reduction(| : failed)
  for (int64_t row = 0; row < height; row++)
    failed |= line(image, height, width, limit, row);
  return failed;
}
