// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The number of processors that a control group allows.

package runtime

import "internal/runtime/cgroup"

var cgroupScratch [cgroup.ScratchSize]byte

// cgroupLimit is n, or less when the control group's CPU limit says so (rounded up, at least 2 of several).
func cgroupLimit(n int32) int32 {
	if debug.containermaxprocs == 0 {
		return n
	}
	c, err := cgroup.OpenCPU(cgroupScratch[:])
	if err != nil {
		return n
	}
	limit, ok, err := cgroup.ReadCPULimit(c)
	c.Close()
	if err != nil || !ok {
		return n
	}
	k := int32(limit)
	if float64(k) < limit {
		k++
	}
	if k < 2 {
		k = 2
	}
	if k < n {
		return k
	}
	return n
}
