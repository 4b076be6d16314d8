"""Products of matrices on tensor cores, of float16, bfloat16 and float32 of 19 bits (tf32), added up as float32.

A block of four warps computes 128 rows and columns of the result, and each warp 64 by 64 of them, which its lanes keep in registers. Tiles of the factors, 64 bytes
deep, come to shared memory by copies that go on while the warps multiply: two tiles are on their way, a third is worked on, and one barrier a tile is all
that threads wait for. A row of a tile is stored in pieces of 16 bytes whose order depends on the row, so that the eight rows that `ldmatrix` reads
at once lie in different banks.

The kernel sees the factors as bits: rows of uint16 or uint32, side by side, that begin at multiples of 16 bytes. Factors that lie otherwise are copied first, which is
little beside the product. An address on the device has the remainder by 16 of the one on the host.
"""

import numpy as np
from _cuda_places import ceiling, place_of_block
from numir import cuda
from numir.intrinsics import await_copies, constant, copy_async, item_at, launch, load_matrix, mma, put_at

THREADS = 128
SIDE = 128
STAGES = 3
TWO = (0, 1)
FOUR = (0, 1, 2, 3)
EIGHT = (0, 1, 2, 3, 4, 5, 6, 7)


def tensor_products(results, a, b, form: constant):
    """The products of two stacks of matrices, into a third; `form` is that of the factors on the tensor cores."""
    count, rows, columns = results.shape
    blocks = ceiling(rows, SIDE) * ceiling(columns, SIDE)
    if blocks == 0:
        return
    left, right = _as_bits(a, form), _as_bits(b, form)
    for first in range(0, count, 65535):
        last = min(first + 65535, count)
        work = (results[first:last], left[first:last], right[first:last], form)
        launch(_tiles, (blocks, 1, last - first, THREADS, 1, 1, 0), work)


def _as_bits(a, form: constant):
    """The bits of a stack of matrices as the kernel needs them."""
    if form == "bf16":
        return _packed(a.view(np.uint32), np.uint16)
    bits = a.view(np.uint16) if form == "f16" else a.view(np.uint32)
    begins = bits.ctypes.data % 16 == 0 and bits.strides[0] % 16 == 0 and bits.strides[1] % 16 == 0
    return bits if begins and bits.strides[2] == bits.itemsize else _packed(bits, bits.dtype)


def _packed(bits, dtype):
    """A copy whose rows begin at multiples of 16 bytes."""
    count, rows, columns = bits.shape
    per_piece = 16 // dtype(0).itemsize
    wide = np.empty((count, rows, ceiling(columns, per_piece) * per_piece), dtype)
    size = wide.size
    if size > 0:
        launch(_pack, (ceiling(size, 256), 1, 1, 256, 1, 1, 0), (wide, bits))
    return wide[:, :, :columns]


def _pack(wide, bits):
    place = 256 * cuda.blockIdx.x + cuda.threadIdx.x
    if place >= wide.size:
        return
    rest, column = place // wide.shape[2], place % wide.shape[2]
    member, row = rest // wide.shape[1], rest % wide.shape[1]
    item = item_at(bits, (member, row, column)) if column < bits.shape[2] else bits.dtype(0)
    put_at(wide, (member, row, column), wide.dtype(item) if wide.dtype == bits.dtype else _rounded(item))


def _rounded(word):
    """The upper half of a float32, rounded to nearest even; of a NaN another NaN."""
    word = int(word)
    if word & 0x7FFFFFFF > 0x7F800000:
        return np.uint16(word >> 16 | 0x40)
    return np.uint16((word + 0x7FFF + (word >> 16 & 1)) >> 16)


def _tiles(results, lefts, rights, form: constant):
    member = cuda.blockIdx.z
    result, a, b = item_at(results, member), item_at(lefts, member), item_at(rights, member)
    rows, depth = a.shape
    columns = b.shape[1]
    per_piece = 16 // a.itemsize
    deep = 4 * per_piece
    left = cuda.shared.array((STAGES, SIDE, deep), a.dtype)
    right = cuda.shared.array((STAGES, deep, SIDE), a.dtype)
    sums = cuda.local.array((4, 8, 4), np.float32)
    for m in FOUR:
        for n in EIGHT:
            for item in FOUR:
                sums[m, n, item] = np.float32(0)

    thread = cuda.threadIdx.x & (THREADS - 1)
    row, column = place_of_block(cuda.blockIdx.x, ceiling(rows, SIDE), ceiling(columns, SIDE))
    row, column = row * SIDE, column * SIDE
    tiles = ceiling(depth, deep)
    for tile in TWO:
        if tiles > 0:
            _fetch(left, right, a, b, (tile, tile * deep, row, column, thread))
        await_copies(2)

    lane = thread & 31
    warp_row, warp_column = 64 * (thread >> 6), 64 * (thread >> 5 & 1)
    x, y = cuda.local.array((4, 4), np.uint32), cuda.local.array((8, 2), np.uint32)
    for tile in range(tiles):
        # Who comes here has what it fetched itself; behind the barrier, all have what all fetched, and nobody reads the tile before.
        await_copies(1)
        cuda.syncthreads()
        _fetch(left, right, a, b, ((tile + 2) % STAGES, (tile + 2) * deep, row, column, thread))
        now = tile % STAGES
        for step in TWO:
            piece = (2 * step + (lane >> 4)) ^ (lane >> 1 & 3)
            for m in FOUR:
                words = load_matrix(left, (now, warp_row + 16 * m + (lane & 15), piece * per_piece))
                for word in FOUR:
                    x[m, word] = _near(words[word], form)
            if form == "tf32":
                for n in EIGHT:
                    for word in TWO:
                        k = 8 * step + 4 * word + (lane & 3)
                        q = warp_column + 8 * n + (lane >> 2)
                        y[n, word] = _near(right[now, k, _turned(k, q // 4, per_piece) * 4 + q % 4], form)
            else:
                for n in FOUR:
                    piece = (warp_column // 8 + 2 * n + (lane >> 4)) ^ (lane & 7)
                    words = load_matrix(right, (now, 16 * step + (lane & 15), piece * per_piece), True)
                    for word in FOUR:
                        y[2 * n + word // 2, word % 2] = words[word]
            for m in FOUR:
                for n in EIGHT:
                    factor = (x[m, 0], x[m, 1], x[m, 2], x[m, 3])
                    before = (sums[m, n, 0], sums[m, n, 1], sums[m, n, 2], sums[m, n, 3])
                    after = mma(form, factor, (y[n, 0], y[n, 1]), before)
                    for item in FOUR:
                        sums[m, n, item] = after[item]

    for m in FOUR:
        for n in EIGHT:
            for item in FOUR:
                r = row + warp_row + 16 * m + 8 * (item // 2) + (lane >> 2)
                q = column + warp_column + 8 * n + item % 2 + 2 * (lane & 3)
                if r < rows and q < columns:
                    put_at(result, (r, q), result.dtype(sums[m, n, item]))


def _near(word, form: constant):
    """A word of a factor. Of a float32 the tensor cores drop bits: half of the last one that they keep is added, but to NaNs."""
    if form != "tf32":
        return word
    return word + (np.uint32(0x1000) if word & np.uint32(0x7FFFFFFF) <= np.uint32(0x7F800000) else np.uint32(0))


def _turned(k, piece, per_piece):
    """Where in its row a piece of the right tile lies."""
    return piece ^ (k & 7) if per_piece == 8 else piece ^ (2 * (k & 3))


def _fetch(left, right, a, b, place):
    """Begins to copy a tile of both factors."""
    stage, start, row, column, thread = place
    per_piece = 16 // a.itemsize
    across = SIDE // per_piece
    for i in FOUR:
        number = thread + THREADS * i
        r, piece = number // 4, number % 4
        to = (stage, r, per_piece * (piece ^ (r >> 1 & 3)))
        _fetch_piece(left, to, a, row + r, start + per_piece * piece)
        k, piece = number // across, number % across
        to = (stage, k, per_piece * _turned(k, piece, per_piece))
        _fetch_piece(right, to, b, start + k, column + per_piece * piece)


def _fetch_piece(tile, to, a, row, column):
    """Sixteen bytes of a row of a matrix, zeros beside it."""
    items = max(min(a.shape[1] - column, 16 // a.itemsize), 0) if row < a.shape[0] else 0
    # Of no items, nothing is read, wherever that would be.
    copy_async(tile, to, a, (row, column), items * a.itemsize)
