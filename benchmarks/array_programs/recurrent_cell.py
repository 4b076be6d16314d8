"""Steps of a small recurrent network: products with vectors and tanh."""

import numpy as np


def arguments(random):
    return (
        random.standard_normal((100, 64)),
        random.standard_normal((128, 64)),
        0.1 * random.standard_normal((128, 128)),
    )


def program(inputs, w, u):
    state = np.zeros(u.shape[0])
    for t in range(inputs.shape[0]):
        state = np.tanh(np.dot(w, inputs[t]) + np.dot(u, state))
    return state
