; What compiled code calls where an error leaves a thread of a kernel. The runtime's functions of these names make an error pending; on the
; device they write it down, once, for the runtime to find when it waits for the kernel: the error of the thread with the smallest number.
; `%Failure` is `numir_runtime::device::Failure`.

%Operand = type { i64, [2 x i64] }
%Failure = type { i32, i32, i64, i64, [8 x %Operand], i64, [16 x ptr] }

@numir_failure = addrspace(1) global %Failure zeroinitializer, align 8

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.tid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.tid.z()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.ntid.z()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()

; The number of the thread in the grid, blocks one after the other.
define private i64 @numir.thread() nounwind {
  %tid.x.32 = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %tid.x = zext i32 %tid.x.32 to i64
  %tid.y.32 = call i32 @llvm.nvvm.read.ptx.sreg.tid.y()
  %tid.y = zext i32 %tid.y.32 to i64
  %tid.z.32 = call i32 @llvm.nvvm.read.ptx.sreg.tid.z()
  %tid.z = zext i32 %tid.z.32 to i64
  %ntid.x.32 = call i32 @llvm.nvvm.read.ptx.sreg.ntid.x()
  %ntid.x = zext i32 %ntid.x.32 to i64
  %ntid.y.32 = call i32 @llvm.nvvm.read.ptx.sreg.ntid.y()
  %ntid.y = zext i32 %ntid.y.32 to i64
  %ntid.z.32 = call i32 @llvm.nvvm.read.ptx.sreg.ntid.z()
  %ntid.z = zext i32 %ntid.z.32 to i64
  %ctaid.x.32 = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %ctaid.x = zext i32 %ctaid.x.32 to i64
  %ctaid.y.32 = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()
  %ctaid.y = zext i32 %ctaid.y.32 to i64
  %ctaid.z.32 = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()
  %ctaid.z = zext i32 %ctaid.z.32 to i64
  %nctaid.x.32 = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()
  %nctaid.x = zext i32 %nctaid.x.32 to i64
  %nctaid.y.32 = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()
  %nctaid.y = zext i32 %nctaid.y.32 to i64
  %nctaid.z.32 = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()
  %nctaid.z = zext i32 %nctaid.z.32 to i64
  %block.zy = mul i64 %ctaid.z, %nctaid.y
  %block.zy.y = add i64 %block.zy, %ctaid.y
  %block.zyx = mul i64 %block.zy.y, %nctaid.x
  %block = add i64 %block.zyx, %ctaid.x
  %area = mul i64 %ntid.x, %ntid.y
  %volume = mul i64 %area, %ntid.z
  %first = mul i64 %block, %volume
  %thread.zy = mul i64 %tid.z, %ntid.y
  %thread.zy.y = add i64 %thread.zy, %tid.y
  %thread.zyx = mul i64 %thread.zy.y, %ntid.x
  %within = add i64 %thread.zyx, %tid.x
  %thread = add i64 %first, %within
  ret i64 %thread
}

define private void @numir.lock() nounwind {
  br label %try
try:
  %taken = cmpxchg ptr addrspace(1) @numir_failure, i32 0, i32 1 acquire monotonic, align 8
  %is.ours = extractvalue { i32, i1 } %taken, 1
  br i1 %is.ours, label %done, label %try
done:
  ret void
}

define private void @numir.unlock() nounwind {
  store atomic i32 0, ptr addrspace(1) @numir_failure release, align 8
  ret void
}

; Under the lock: whether the error of `thread` is the one to be kept. If so, it is the one that is written down from now on.
define private i1 @numir.is_first(i64 %thread) nounwind {
  %used.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 1
  %thread.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 2
  %used = load i32, ptr addrspace(1) %used.at
  %best = load i64, ptr addrspace(1) %thread.at
  %is.free = icmp eq i32 %used, 0
  %is.smaller = icmp ult i64 %thread, %best
  %is.first = or i1 %is.free, %is.smaller
  br i1 %is.first, label %first, label %done
first:
  store i32 1, ptr addrspace(1) %used.at
  store i64 %thread, ptr addrspace(1) %thread.at
  br label %done
done:
  ret i1 %is.first
}

define void @numir_raise(ptr %site, i64 %count, ptr %operands) nounwind cold noinline {
  %thread = call i64 @numir.thread()
  call void @numir.lock()
  %is.first = call i1 @numir.is_first(i64 %thread)
  br i1 %is.first, label %first, label %done
first:
  %count.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 3
  store i64 %count, ptr addrspace(1) %count.at
  %frames.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 5
  store i64 1, ptr addrspace(1) %frames.at
  %site.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 6, i64 0
  store ptr %site, ptr addrspace(1) %site.at
  %kept = call i64 @llvm.smin.i64(i64 %count, i64 8)
  br label %next
next:
  %number = phi i64 [ 0, %first ], [ %after, %copy ]
  %more = icmp slt i64 %number, %kept
  br i1 %more, label %copy, label %done
copy:
  %from = getelementptr %Operand, ptr %operands, i64 %number
  %to = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 4, i64 %number
  %operand = load %Operand, ptr %from
  store %Operand %operand, ptr addrspace(1) %to
  %after = add i64 %number, 1
  br label %next
done:
  call void @numir.unlock()
  ret void
}

; An index error has three integers, for which the runtime has words.
define void @numir_raise_index(ptr %site, i64 %index, i64 %axis, i64 %size) nounwind cold noinline {
  %operands = alloca [3 x %Operand], align 8
  %index.tag = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 0, i32 0
  store i64 4, ptr %index.tag
  %index.at = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 0, i32 1, i64 0
  store i64 %index, ptr %index.at
  %axis.tag = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 1, i32 0
  store i64 4, ptr %axis.tag
  %axis.at = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 1, i32 1, i64 0
  store i64 %axis, ptr %axis.at
  %size.tag = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 2, i32 0
  store i64 4, ptr %size.tag
  %size.at = getelementptr [3 x %Operand], ptr %operands, i32 0, i64 2, i32 1, i64 0
  store i64 %size, ptr %size.at
  call void @numir_raise(ptr %site, i64 3, ptr %operands)
  ret void
}

define void @numir_traceback(ptr %site) nounwind cold noinline {
  %thread = call i64 @numir.thread()
  call void @numir.lock()
  %thread.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 2
  %best = load i64, ptr addrspace(1) %thread.at
  %frames.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 5
  %frames = load i64, ptr addrspace(1) %frames.at
  %is.ours = icmp eq i64 %thread, %best
  %has.room = icmp slt i64 %frames, 16
  %is.kept = and i1 %is.ours, %has.room
  br i1 %is.kept, label %kept, label %done
kept:
  %site.at = getelementptr %Failure, ptr addrspace(1) @numir_failure, i32 0, i32 6, i64 %frames
  store ptr %site, ptr addrspace(1) %site.at
  %after = add i64 %frames, 1
  store i64 %after, ptr addrspace(1) %frames.at
  br label %done
done:
  call void @numir.unlock()
  ret void
}

declare i64 @llvm.smin.i64(i64, i64)
