// All threads of a grid wait for each other: the blocks must all run at once, which the launch asks the driver for.
module attributes {numir.device} {
  func.func @main(%a: !numeric.array<1xf64, C>, %n: index) attributes {numeric.entry, numeric.python_name = "main"} {
    %zero = numeric.constant 0 : index
    %one = numeric.constant 1 : index
    %threads = numeric.constant 128 : index
    numeric.launch @together(%n, %one, %one, %threads, %one, %one, %zero) args(%a : !numeric.array<1xf64, C>)
    return
  }

  func.func private @together(%a: !numeric.array<1xf64, C>) attributes {numeric.python_name = "together"} {
    %t = gpu.thread_id x
    %b = gpu.block_id x
    %d = gpu.block_dim x
    %g = gpu.grid_dim x
    %before = numeric.mul %b, %d : index
    %i = numeric.add %before, %t : index
    %x = numeric.load %a[%i] : !numeric.array<1xf64, C>
    numeric.barrier "grid"() : () -> ()
    %one = numeric.constant 1 : index
    %count = numeric.mul %g, %d : index
    %last = numeric.sub %count, %one : index
    %j = numeric.sub %last, %i : index
    numeric.store %x, %a[%j] : !numeric.array<1xf64, C>
    return
  }
}
