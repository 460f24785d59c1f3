// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// GODEBUG=gctrace=1 and inittrace=1: lines in the formats that package runtime documents.

package runtime

import "unsafe"

// printMS prints nanoseconds as milliseconds with two significant digits below ten.
func printMS(ns int64) {
	if ns >= 10000000 {
		print(ns / 1000000)
		return
	}
	x, decimals := ns/1000, 3 // microseconds
	if x == 0 {
		print("0")
		return
	}
	for x >= 100 {
		x /= 10
		decimals--
	}
	var buf [8]byte
	i := len(buf)
	for d := 0; x > 0 || d <= decimals; d++ {
		if d == decimals && d > 0 {
			i--
			buf[i] = '.'
		}
		i--
		buf[i] = byte('0' + x%10)
		x /= 10
	}
	print(unsafe.String(&buf[i], len(buf)-i))
}

// gcPrintTrace prints the line of a cycle. The mark phase is what takes place between the two stops elsewhere; here the
// world is stopped during all of it.
func gcPrintTrace(t0, start, end int64, live0 uint64, forced bool) {
	p := int64(gomaxprocs)
	printlock()
	print("gc ", gcState.cycles, " @")
	ms := (t0 - startTime) / 1000000
	print(ms/1000, ".", ms/100%10, ms/10%10, ms%10, "s ", gcState.cpuNs*100/((end-startTime)*p+1), "%: ")
	printMS(start - t0)
	print("+")
	printMS(end - start)
	print("+0 ms clock, ")
	printMS((start - t0) * p)
	print("+0/")
	printMS((end - start) * p)
	print("/0+0 ms cpu, ", live0>>20, "->", live0>>20, "->", gcState.marked>>20, " MB, ", gcTrigger>>20, " MB goal, ",
		stackInUse>>20, " MB stacks, ", gcState.globalScan>>20, " MB globals, ", gomaxprocs, " P")
	if forced {
		print(" (forced)")
	}
	print("\n")
	printunlock()
}

// initTrace is what the initialization of a package is measured against.
type initTrace struct {
	time  int64
	bytes uint64
	n     uint64
}

func initTraceNow() initTrace {
	mp := acquirem()
	mp.p.mcache.releaseAll() // so that the counts are right
	t := initTrace{nanotime(), memstatAlloc, memstatMallocs + memstatTiny}
	releasem(mp)
	return t
}

func (t initTrace) print(pkg string) {
	end := initTraceNow()
	print("init ", pkg, " @")
	printMS(t.time - startTime)
	print(" ms, ")
	printMS(end.time - t.time)
	print(" ms clock, ", end.bytes-t.bytes, " bytes, ", end.n-t.n, " allocs\n")
}

// startedAt finds out late when the program began: not later than it has used processor time.
func startedAt() int64 {
	const clockProcess = 2
	var ts timespec
	syscall6(sys_clock_gettime, clockProcess, uintptr(unsafe.Pointer(&ts)), 0, 0, 0, 0)
	return nanotime() - ts.sec*1000000000 - ts.nsec
}
