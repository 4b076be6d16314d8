// Gravity; see nbody.py.
#include "check.h"

#define P(i, axis) ITEM(position, i, rows, axis, columns)

int run(const double *position, int64_t rows, int64_t columns, const double *mass, int64_t count, double *acceleration) {
  for (int64_t i = 0; i < count; i++) {
    double ax = 0.0, ay = 0.0, az = 0.0;
    for (int64_t j = 0; j < count; j++) {
      double dx = P(j, 0) - P(i, 0), dy = P(j, 1) - P(i, 1), dz = P(j, 2) - P(i, 2);
      double square = dx * dx + dy * dy + dz * dz + 1e-9;
      double strength = mass[AT(j, count)] / (square * sqrt(square));
      ax += strength * dx;
      ay += strength * dy;
      az += strength * dz;
    }
    ITEM(acceleration, i, rows, 0, columns) = ax;
    ITEM(acceleration, i, rows, 1, columns) = ay;
    ITEM(acceleration, i, rows, 2, columns) = az;
  }
  return 0;
}
