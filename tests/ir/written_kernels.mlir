// Kernels as a program writes them: shared, local and dynamic memory, barriers, what warps do, atomics. tests/python/test_ptx.py has ptxas assemble them.
module attributes {numir.device} {
  func.func @main(%a: !numeric.array<1xf32, C>, %c: !numeric.array<1xui32, C>, %d: !numeric.array<1xf64, C>, %n: index, %bytes: index)
      attributes {numeric.entry, numeric.python_name = "main"} {
    %one = numeric.constant 1 : index
    %threads = numeric.constant 256 : index
    numeric.launch @transposed(%n, %one, %one, %threads, %one, %one, %bytes) args(%a, %n : !numeric.array<1xf32, C>, index)
    numeric.launch @reduced(%n, %one, %one, %threads, %one, %one, %bytes) args(%a : !numeric.array<1xf32, C>)
    numeric.launch @lanes(%n, %one, %one, %threads, %one, %one, %bytes) args(%d, %c : !numeric.array<1xf64, C>, !numeric.array<1xui32, C>)
    numeric.launch @counted(%n, %one, %one, %threads, %one, %one, %bytes) args(%a, %c, %d : !numeric.array<1xf32, C>, !numeric.array<1xui32, C>, !numeric.array<1xf64, C>)
    numeric.launch @checked(%n, %one, %one, %threads, %one, %one, %bytes) args(%d : !numeric.array<1xf64, C>)
    return
  }

  // A tile of 16 by 16 items, with a column more so that no two lanes meet in a bank of memory.
  func.func private @transposed(%a: !numeric.array<1xf32, C>, %n: index) attributes {numeric.python_name = "transposed"} {
    %tile = numeric.device_array "shared" [16, 17] : !numeric.array<2xf32, C>
    %sixteen = numeric.constant 16 : index
    %t = gpu.thread_id x
    %i = func.call @place() : () -> index
    %row = numeric.floordiv %t, %sixteen : index
    %column = numeric.mod %t, %sixteen : index
    %x = numeric.load %a[%i] : !numeric.array<1xf32, C>
    numeric.store %x, %tile[%row, %column] : !numeric.array<2xf32, C>
    numeric.barrier "block"() : () -> ()
    %y = numeric.load %tile[%column, %row] : !numeric.array<2xf32, C>
    numeric.store %y, %a[%i] : !numeric.array<1xf32, C>
    return
  }

  // A tree of additions in the memory that the launch sizes, as the books have it.
  func.func private @reduced(%a: !numeric.array<1xf32, C>) attributes {numeric.python_name = "reduced"} {
    %zero = numeric.constant 0 : index
    %one = numeric.constant 1 : index
    %eight = numeric.constant 8 : index
    %half = numeric.constant 128 : si64
    %sums = numeric.device_array "dynamic" [0] : !numeric.array<1xf32, C>
    %t = gpu.thread_id x
    %i = func.call @place() : () -> index
    %x = numeric.load %a[%i] : !numeric.array<1xf32, C>
    numeric.store %x, %sums[%t] : !numeric.array<1xf32, C>
    numeric.barrier "block"() : () -> ()
    scf.for %step = %zero to %eight step %one {
      %shift = numeric.cast %step : index to si64
      %number = numeric.shr %half, %shift : si64
      %span = numeric.cast %number : si64 to index
      %is_one = numeric.cmp lt, %t, %span : index
      scf.if %is_one {
        %j = numeric.add %t, %span : index
        %own = numeric.load %sums[%t] : !numeric.array<1xf32, C>
        %other = numeric.load %sums[%j] : !numeric.array<1xf32, C>
        %sum = numeric.add %own, %other : f32
        numeric.store %sum, %sums[%t] : !numeric.array<1xf32, C>
      }
      numeric.barrier "block"() : () -> ()
    }
    %first = numeric.cmp eq, %t, %zero : index
    scf.if %first {
      %total = numeric.load %sums[%zero] : !numeric.array<1xf32, C>
      numeric.store %total, %a[%i] : !numeric.array<1xf32, C>
    }
    return
  }

  func.func private @lanes(%d: !numeric.array<1xf64, C>, %c: !numeric.array<1xui32, C>) attributes {numeric.python_name = "lanes"} {
    %mask = numeric.constant 4294967295 : ui32
    %width = numeric.constant 32 : si32
    %step = numeric.constant 1 : si32
    %zero = numeric.constant 0 : index
    %own = numeric.device_array "local" [4] : !numeric.array<1xf64, C>
    %i = func.call @place() : () -> index
    %x = numeric.load %d[%i] : !numeric.array<1xf64, C>
    %y, %there = numeric.warp "shuffle_down"(%mask, %x, %step, %width) : (ui32, f64, si32, si32) -> (f64, i1)
    %z, %here = numeric.warp "shuffle_xor"(%mask, %y, %step, %width) : (ui32, f64, si32, si32) -> (f64, i1)
    numeric.store %z, %own[%zero] : !numeric.array<1xf64, C>
    numeric.barrier "warp"(%mask) : (ui32) -> ()
    %all = numeric.warp "all"(%mask, %there) : (ui32, i1) -> i1
    %any = numeric.warp "any"(%mask, %all) : (ui32, i1) -> i1
    %equal = numeric.warp "equal"(%mask, %any) : (ui32, i1) -> i1
    %votes = numeric.warp "ballot"(%mask, %equal) : (ui32, i1) -> ui32
    %same = numeric.warp "match_any"(%mask, %x) : (ui32, f64) -> ui32
    %group, %is = numeric.warp "match_all"(%mask, %votes) : (ui32, ui32) -> (ui32, i1)
    %active = numeric.warp "active"() : () -> ui32
    %count = numeric.barrier "count"(%is) : (i1) -> ui32
    %both = numeric.barrier "and"(%same) : (ui32) -> ui32
    %one = numeric.add %votes, %group : ui32
    %two = numeric.add %active, %count : ui32
    %three = numeric.add %one, %two : ui32
    %four = numeric.add %three, %both : ui32
    numeric.store %four, %c[%i] : !numeric.array<1xui32, C>
    %w = numeric.load %own[%zero] : !numeric.array<1xf64, C>
    numeric.store %w, %d[%i] : !numeric.array<1xf64, C>
    return
  }

  func.func private @counted(%a: !numeric.array<1xf32, C>, %c: !numeric.array<1xui32, C>, %d: !numeric.array<1xf64, C>)
      attributes {numeric.python_name = "counted"} {
    %i = func.call @place() : () -> index
    %zero = numeric.constant 0 : index
    %x = numeric.load %d[%i] : !numeric.array<1xf64, C>
    %y = numeric.load %a[%i] : !numeric.array<1xf32, C>
    %most = numeric.constant 100 : ui32
    %0 = numeric.atomic "add" %d[%zero], %x : !numeric.array<1xf64, C>, f64
    %1 = numeric.atomic "max" %d[%zero], %x : !numeric.array<1xf64, C>, f64
    %2 = numeric.atomic "nanmin" %a[%zero], %y : !numeric.array<1xf32, C>, f32
    %3 = numeric.atomic "inc" %c[%zero], %most : !numeric.array<1xui32, C>, ui32
    %4 = numeric.atomic "max" %c[%zero], %3 : !numeric.array<1xui32, C>, ui32
    %5 = numeric.atomic "exchange" %c[%zero], %4 : !numeric.array<1xui32, C>, ui32
    %6 = numeric.compare_exchange %c[%zero], %5, %most : !numeric.array<1xui32, C>, ui32
    numeric.fence "block"
    %7 = numeric.compare_exchange %d[%zero], %x, %1 : !numeric.array<1xf64, C>, f64
    numeric.fence "device"
    numeric.store %6, %c[%i] : !numeric.array<1xui32, C>
    numeric.fence "system"
    return
  }

  func.func private @checked(%d: !numeric.array<1xf64, C>) attributes {numeric.python_name = "checked"} {
    %i = func.call @place() : () -> index
    %extent = numeric.dim %d, 0 : !numeric.array<1xf64, C>
    numeric.check_index %i, %extent axis 0
    %x = numeric.load %d[%i] : !numeric.array<1xf64, C>
    numeric.barrier "block"() : () -> ()
    %y = numeric.add %x, %x : f64
    numeric.store %y, %d[%i] : !numeric.array<1xf64, C>
    return
  }

  func.func private @place() -> index attributes {numeric.python_name = "place"} {
    %t = gpu.thread_id x
    %b = gpu.block_id x
    %d = gpu.block_dim x
    %before = numeric.mul %b, %d : index
    %i = numeric.add %before, %t : index
    return %i : index
  }
}
