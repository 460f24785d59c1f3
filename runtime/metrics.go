// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// runtime/metrics: values computed when somebody reads them.

package runtime

import (
	"internal/runtime/gc"
	"unsafe"
)

type metricSample struct {
	name  string
	value metricValue
}

type metricValue struct {
	kind    int
	scalar  uint64
	pointer unsafe.Pointer
}

const (
	metricBad = iota
	metricUint64
	metricFloat64
	metricHistogram
)

type float64Histogram struct {
	counts  []uint64
	buckets []float64
}

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(p unsafe.Pointer, len, cap int) {
	samples := unsafe.Slice((*metricSample)(p), len)
	st := new(MemStats)
	ReadMemStats(st)
	for i := range samples {
		s := &samples[i]
		readMetric(s.name, &s.value, st)
	}
}

func (v *metricValue) u(n uint64) {
	v.kind = metricUint64
	v.scalar = n
}

func (v *metricValue) f(x float64) {
	v.kind = metricFloat64
	v.scalar = float64bits(x)
}

// hist sets an empty histogram over the given bounds, or one with counts.
func (v *metricValue) hist(buckets []float64, counts []uint64) {
	h := (*float64Histogram)(v.pointer)
	if v.kind != metricHistogram || h == nil {
		h = new(float64Histogram)
		v.pointer = unsafe.Pointer(h)
	}
	v.kind = metricHistogram
	h.buckets = buckets
	h.counts = counts
}

func timeBuckets() ([]float64, []uint64) {
	b := make([]float64, 0, 64)
	b = append(b, float64frombits(0xfff0000000000000), 0)
	x := 64e-9
	for i := 0; i < 40; i++ {
		b = append(b, x)
		x *= 2
	}
	b = append(b, float64frombits(0x7ff0000000000000))
	return b, make([]uint64, len(b)-1)
}

func sizeBuckets(count *[gc.NumSizeClasses]uint64) ([]float64, []uint64) {
	b := make([]float64, 0, gc.NumSizeClasses+1)
	c := make([]uint64, 0, gc.NumSizeClasses)
	b = append(b, 1)
	for i := 1; i < gc.NumSizeClasses; i++ {
		b = append(b, float64(gc.SizeClassToSize[i]+1))
		c = append(c, count[i])
	}
	b = append(b, float64frombits(0x7ff0000000000000))
	c = append(c, count[0])
	return b, c
}

func pauseHistogram(v *metricValue) {
	b, c := timeBuckets()
	n := int(gcState.cycles)
	if n > 256 {
		n = 256
	}
	for i := 0; i < n; i++ {
		x := float64(gcState.pauseNs[i]) / 1e9
		for j := range c {
			if x >= b[j] && x < b[j+1] {
				c[j]++
				break
			}
		}
	}
	v.hist(b, c)
}

func countGs(status uint32) uint64 {
	n := uint64(0)
	for _, gp := range allgs {
		if readgstatus(gp) == status && !gp.isSystem {
			n++
		}
	}
	return n
}

// readMetric computes one metric; unknown names give kind bad.
func readMetric(name string, v *metricValue, st *MemStats) {
	if readMetricGC(name, v, st) || readMetricMemory(name, v, st) || readMetricSched(name, v) {
		return
	}
	const pre = "/godebug/non-default-behavior/"
	if hasPrefix(name, pre) {
		for m := godebugMetrics.list; m != nil; m = m.next {
			if name == m.name {
				v.u(m.read())
				return
			}
		}
		v.u(0)
		return
	}
	v.kind = metricBad
	v.scalar = 0
	v.pointer = nil
}

func readMetricGC(name string, v *metricValue, st *MemStats) bool {
	switch name {
	case "/cgo/go-to-c-calls:calls":
		v.u(0)
	case "/gc/cleanups/executed:cleanups":
		v.u(cleanq.ran)
	case "/gc/cleanups/queued:cleanups":
		v.u(cleanq.queued)
	case "/gc/finalizers/executed:finalizers":
		v.u(finq.ran)
	case "/gc/finalizers/queued:finalizers":
		v.u(finq.queued)
	case "/gc/cycles/automatic:gc-cycles":
		v.u(uint64(gcState.cycles - gcState.forced))
	case "/gc/cycles/forced:gc-cycles":
		v.u(uint64(gcState.forced))
	case "/gc/cycles/total:gc-cycles":
		v.u(uint64(gcState.cycles))
	case "/gc/heap/allocs:bytes":
		v.u(st.TotalAlloc)
	case "/gc/heap/allocs:objects":
		v.u(st.Mallocs - memstatTiny)
	case "/gc/heap/frees:bytes":
		v.u(memstatFreed)
	case "/gc/heap/frees:objects":
		v.u(memstatFrees)
	case "/gc/heap/tiny/allocs:objects":
		v.u(memstatTiny)
	case "/gc/gogc:percent":
		if gcState.percent < 0 {
			v.u(^uint64(0))
		} else {
			v.u(uint64(gcState.percent))
		}
	case "/gc/gomemlimit:bytes":
		v.u(uint64(gcState.memLimit))
	case "/gc/heap/goal:bytes":
		v.u(gcTrigger)
	case "/gc/heap/live:bytes":
		v.u(gcState.marked)
	case "/gc/heap/objects:objects":
		v.u(st.HeapObjects)
	case "/gc/limiter/last-enabled:gc-cycle":
		v.u(0)
	case "/gc/scan/globals:bytes":
		v.u(gcState.globalScan)
	case "/gc/scan/heap:bytes":
		v.u(gcState.marked)
	case "/gc/scan/stack:bytes":
		v.u(gcState.stackScan)
	case "/gc/scan/total:bytes":
		v.u(gcState.marked + gcState.globalScan + gcState.stackScan)
	case "/gc/stack/starting-size:bytes":
		v.u(stackMin)
	case "/gc/heap/allocs-by-size:bytes":
		v.hist(sizeBuckets(&sizeMallocs))
	case "/gc/heap/frees-by-size:bytes":
		v.hist(sizeBuckets(&sizeFrees))
	case "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds", "/sched/pauses/stopping/gc:seconds":
		pauseHistogram(v)
	case "/sched/latencies:seconds", "/sched/pauses/stopping/other:seconds", "/sched/pauses/total/other:seconds":
		v.hist(timeBuckets())
	default:
		return false
	}
	return true
}

func readMetricMemory(name string, v *metricValue, st *MemStats) bool {
	switch name {
	case "/memory/classes/heap/free:bytes":
		v.u(st.HeapIdle - st.HeapReleased)
	case "/memory/classes/heap/objects:bytes":
		v.u(st.HeapAlloc)
	case "/memory/classes/heap/released:bytes":
		v.u(st.HeapReleased)
	case "/memory/classes/heap/stacks:bytes":
		v.u(st.StackInuse)
	case "/memory/classes/heap/unused:bytes":
		v.u(st.HeapInuse - st.HeapAlloc)
	case "/memory/classes/metadata/mcache/free:bytes":
		v.u(0)
	case "/memory/classes/metadata/mcache/inuse:bytes":
		v.u(st.MCacheInuse)
	case "/memory/classes/metadata/mspan/free:bytes":
		v.u(st.MSpanSys - st.MSpanInuse)
	case "/memory/classes/metadata/mspan/inuse:bytes":
		v.u(st.MSpanInuse)
	case "/memory/classes/metadata/other:bytes":
		v.u(st.GCSys)
	case "/memory/classes/os-stacks:bytes":
		v.u(0)
	case "/memory/classes/other:bytes":
		v.u(st.OtherSys)
	case "/memory/classes/profiling/buckets:bytes":
		v.u(0)
	case "/memory/classes/total:bytes":
		v.u(st.Sys)
	default:
		return false
	}
	return true
}

func readMetricSched(name string, v *metricValue) bool {
	cpu := float64(nanotime()-startTime) * float64(gomaxprocs) / 1e9
	gcs := float64(gcState.cpuNs) / 1e9
	switch name {
	case "/sched/goroutines-created:goroutines":
		v.u(sched.goidgen)
	case "/sched/gomaxprocs:threads":
		v.u(uint64(gomaxprocs))
	case "/sched/goroutines:goroutines":
		v.u(uint64(NumGoroutine()))
	case "/sched/goroutines/not-in-go:goroutines":
		v.u(countGs(_Gsyscall))
	case "/sched/goroutines/runnable:goroutines":
		v.u(countGs(_Grunnable))
	case "/sched/goroutines/running:goroutines":
		v.u(countGs(_Grunning))
	case "/sched/goroutines/waiting:goroutines":
		v.u(countGs(_Gwaiting))
	case "/sched/threads/total:threads":
		v.u(uint64(sched.mcount))
	case "/cpu/classes/gc/mark/assist:cpu-seconds", "/cpu/classes/gc/mark/idle:cpu-seconds",
		"/cpu/classes/gc/mark/dedicated:cpu-seconds", "/cpu/classes/idle:cpu-seconds",
		"/cpu/classes/scavenge/assist:cpu-seconds", "/cpu/classes/scavenge/background:cpu-seconds",
		"/cpu/classes/scavenge/total:cpu-seconds", "/sync/mutex/wait/total:seconds":
		v.f(0)
	case "/cpu/classes/gc/pause:cpu-seconds", "/cpu/classes/gc/total:cpu-seconds":
		v.f(gcs)
	case "/cpu/classes/total:cpu-seconds":
		v.f(cpu)
	case "/cpu/classes/user:cpu-seconds":
		v.f(cpu - gcs)
	default:
		return false
	}
	return true
}

//go:linkname readMetricNames runtime/metrics_test.runtime_readMetricNames
func readMetricNames() []string {
	var names []string
	for m := godebugMetrics.list; m != nil; m = m.next {
		names = append(names, m.name)
	}
	return names
}
