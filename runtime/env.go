// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// GODEBUG, GOTRACEBACK and their changes while the program runs; random numbers.

package runtime

import (
	"internal/chacha8rand"
	"unsafe"
)

// debug holds the settings of GODEBUG that the runtime acts upon.
var debug struct {
	asyncpreemptoff    int32
	gcshrinkstackoff   int32
	gcstoptheworld     int32
	gctrace            int32
	inittrace          int32
	madvdontneed       int32
	panicnil           int32
	schedtrace         int32
	scheddetail        int32
	gctorture          int32
	dontfreezetheworld int32
	tracebackancestors int32
	containermaxprocs  int32
	updatemaxprocs     int32
}

// godebugDefault is set by the linker from //go:debug lines.
var godebugDefault string

func parseEnv() {
	debug.containermaxprocs = 1
	debug.updatemaxprocs = 1
	parseGodebug(godebugDefault)
	parseGodebug(gogetenv("GODEBUG"))
	if s := gogetenv("GOTRACEBACK"); s != "" {
		tracebackCache = parseTraceback(s)
		tracebackEnv = tracebackCache
	}
	if debug.inittrace != 0 || debug.gctrace != 0 {
		startTime = nanotime()
	}
}

func parseGodebug(s string) {
	for s != "" {
		i := 0
		for i < len(s) && s[i] != ',' {
			i++
		}
		field := s[:i]
		if i < len(s) {
			i++
		}
		s = s[i:]
		for j := 0; j < len(field); j++ {
			if field[j] == '=' {
				if n, ok := atoi32(field[j+1:]); ok {
					setGodebug(field[:j], n)
				}
				break
			}
		}
	}
}

func setGodebug(key string, n int32) {
	switch key {
	case "asyncpreemptoff":
		debug.asyncpreemptoff = n
	case "gcshrinkstackoff":
		debug.gcshrinkstackoff = n
	case "gcstoptheworld":
		debug.gcstoptheworld = n
	case "gctrace":
		debug.gctrace = n
	case "inittrace":
		debug.inittrace = n
	case "madvdontneed":
		debug.madvdontneed = n
	case "panicnil":
		debug.panicnil = n
	case "schedtrace":
		debug.schedtrace = n
	case "scheddetail":
		debug.scheddetail = n
	case "gctorture":
		debug.gctorture = n
	case "dontfreezetheworld":
		debug.dontfreezetheworld = n
	case "tracebackancestors":
		debug.tracebackancestors = n
	case "containermaxprocs":
		debug.containermaxprocs = n
	case "updatemaxprocs":
		debug.updatemaxprocs = n
	}
}

// internal/godebug's hooks.

var (
	godebugUpdate    func(string, string)
	godebugEnv       string
	godebugEnvSet    bool
	newIncNonDefault func(string) func()
)

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	godebugNotify(false)
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(f func(string) func()) { newIncNonDefault = f }

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	lock(&godebugMetrics.lock)
	m := &godebugMetric{name, read, godebugMetrics.list}
	godebugMetrics.list = m
	unlock(&godebugMetrics.lock)
}

type godebugMetric struct {
	name string
	read func() uint64
	next *godebugMetric
}

var godebugMetrics struct {
	lock mutex
	list *godebugMetric
}

func godebugNotify(changed bool) {
	env := godebugEnv
	if !godebugEnvSet {
		env = gogetenv("GODEBUG")
	}
	if changed {
		debug.panicnil = 0
		parseGodebug(godebugDefault)
		parseGodebug(env)
	}
	if godebugUpdate != nil {
		godebugUpdate(godebugDefault, env)
	}
}

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		godebugEnv = value
		godebugEnvSet = true
		godebugNotify(true)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if key == "GODEBUG" {
		godebugEnv = ""
		godebugEnvSet = true
		godebugNotify(true)
	}
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	if _, ok := env["GODEBUG"]; ok {
		syscall_runtimeUnsetenv("GODEBUG")
	}
}

// Random numbers: one ChaCha8 generator, seeded when first used, behind a lock of its own per call; and a fast, weak one
// per thread for the scheduler.

var globalRand struct {
	lock  mutex
	ready bool
	state chacha8rand.State
}

func randinit() {
	var seed [32]byte
	n := syscall6(sys_getrandom, uintptr(unsafe.Pointer(&seed)), 32, 1, 0, 0, 0)
	if n != 32 {
		// early in the life of a machine: what the kernel passed at start, and the time
		if startupRandom != nil {
			copy(seed[:16], (*[16]byte)(startupRandom)[:])
		}
		t := uint64(nanotime())
		for i := 16; i < 24; i++ {
			seed[i] ^= byte(t)
			t >>= 8
		}
		t = uint64(cputicks())
		for i := 24; i < 32; i++ {
			seed[i] ^= byte(t)
			t >>= 8
		}
	}
	globalRand.state.Init(seed)
	globalRand.ready = true
}

// rand is pulled by many packages: 64 random bits.
//
//go:linkname rand
func rand() uint64 {
	lock(&globalRand.lock)
	if !globalRand.ready {
		randinit()
	}
	for {
		x, ok := globalRand.state.Next()
		if ok {
			unlock(&globalRand.lock)
			return x
		}
		globalRand.state.Refill()
	}
}

//go:linkname bootstrapRand
func bootstrapRand() uint64 {
	// the seed of the map hashes: the kernel's bytes will do, without the generator
	if startupRandom != nil {
		p := (*[2]uint64)(startupRandom)
		bootstrapCount++
		x := p[0] + bootstrapCount*c0
		x ^= x >> 32
		x *= c1
		x ^= x >> 29
		return x ^ p[1]
	}
	return rand()
}

var bootstrapCount uint64

func rand32() uint32 { return uint32(rand() >> 32) }

//go:linkname randn
func randn(n uint32) uint32 { return uint32(uint64(rand32()) * uint64(n) >> 32) }

// cheaprand is a fast generator for decisions of no consequence.
//
//go:nosplit
func cheaprand() uint32 {
	mp := getg().m
	x := mp.rng
	if x == 0 {
		x = uint64(cputicks()) | 1
	}
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	mp.rng = x
	return uint32(x >> 32)
}

func cheaprandn(n uint32) uint32 { return uint32(uint64(cheaprand()) * uint64(n) >> 32) }

//go:linkname cheaprand64
func cheaprand64() int64 { return int64(cheaprand())<<31 ^ int64(cheaprand()) }

//go:linkname legacy_fastrand runtime.fastrand
func legacy_fastrand() uint32 { return uint32(rand()) }

//go:linkname legacy_fastrandn runtime.fastrandn
func legacy_fastrandn(n uint32) uint32 { return randn(n) }

//go:linkname legacy_fastrand64 runtime.fastrand64
func legacy_fastrand64() uint64 { return rand() }
