"""Gray and Scott: two fields that react and diffuse."""


def arguments(random):
    return random.random((400, 400)), random.random((400, 400)), 10


def program(u_start, v_start, steps):
    u = u_start.copy()
    v = v_start.copy()
    for _ in range(steps):
        a, b = u[1:-1, 1:-1], v[1:-1, 1:-1]
        lu = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * a
        lv = v[:-2, 1:-1] + v[2:, 1:-1] + v[1:-1, :-2] + v[1:-1, 2:] - 4.0 * b
        reaction = a * b * b
        u_next = a + 0.16 * lu - reaction + 0.035 * (1.0 - a)
        v_next = b + 0.08 * lv + reaction - 0.095 * b
        u[1:-1, 1:-1] = u_next
        v[1:-1, 1:-1] = v_next
    return u, v
