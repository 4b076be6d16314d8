; How the threads of a whole grid wait for each other: those of a block first, of which one then counts the block among those that have come and
; waits until the others are there. The count goes round: the first block adds what makes its highest bit change when all have come, so nothing
; is to be set back. Who has `@numir_grid_barrier` is launched so that all blocks run at once (`cuda/modules.rs`).

@numir_grid_barrier = addrspace(1) global i64 0, align 8

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.tid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.tid.z()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()
declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)

define void @numir_grid_wait() convergent nounwind {
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %tid.x = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %tid.y = call i32 @llvm.nvvm.read.ptx.sreg.tid.y()
  %tid.z = call i32 @llvm.nvvm.read.ptx.sreg.tid.z()
  %tid.xy = or i32 %tid.x, %tid.y
  %tid = or i32 %tid.xy, %tid.z
  %leads = icmp eq i32 %tid, 0
  br i1 %leads, label %come, label %end

come:
  %ctaid.x = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %ctaid.y = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()
  %ctaid.z = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()
  %ctaid.xy = or i32 %ctaid.x, %ctaid.y
  %ctaid = or i32 %ctaid.xy, %ctaid.z
  %is.first = icmp eq i32 %ctaid, 0
  %nctaid.x = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()
  %nctaid.y = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()
  %nctaid.z = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()
  %blocks.xy = mul i32 %nctaid.x, %nctaid.y
  %blocks = mul i32 %blocks.xy, %nctaid.z
  %rest = sub i32 -2147483647, %blocks
  %step = select i1 %is.first, i32 %rest, i32 1
  fence syncscope("device") seq_cst
  %before = atomicrmw add ptr addrspace(1) @numir_grid_barrier, i32 %step syncscope("device") monotonic
  br label %wait

wait:
  %now = load atomic volatile i32, ptr addrspace(1) @numir_grid_barrier syncscope("device") monotonic, align 8
  %change = xor i32 %before, %now
  %waits = icmp sge i32 %change, 0
  br i1 %waits, label %wait, label %passed

passed:
  fence syncscope("device") seq_cst
  br label %end

end:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  ret void
}
