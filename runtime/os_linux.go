// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the runtime asks of Linux: memory, threads, futexes, clocks, the auxiliary vector.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// syscall6 makes a system call: the kernel's result, -errno on error.
//
//go:noescape
func syscall6(nr, a1, a2, a3, a4, a5, a6 uintptr) int

//go:noescape
func exit(code int32)

//go:noescape
func exitThread(wait *uint32)

//go:noescape
func clone(flags uintptr, stk unsafe.Pointer, gp *g, tidp *uint32) int

//go:noescape
func vdsoCall(fn, a, b, sp uintptr) int

const (
	sys_read              = 0
	sys_write             = 1
	sys_open              = 2
	sys_close             = 3
	sys_mmap              = 9
	sys_mprotect          = 10
	sys_munmap            = 11
	sys_rt_sigaction      = 13
	sys_rt_sigprocmask    = 14
	sys_pread64           = 17
	sys_madvise           = 28
	sys_mincore           = 27
	sys_setitimer         = 38
	sys_getpid            = 39
	sys_fcntl             = 72
	sys_sigaltstack       = 131
	sys_prctl             = 157
	sys_gettid            = 186
	sys_tkill             = 200
	sys_futex             = 202
	sys_sched_getaffinity = 204
	sys_clock_gettime     = 228
	sys_tgkill            = 234
	sys_pipe2             = 293
	sys_getrandom         = 318
	sys_nanosleep         = 35
	sys_sched_yield       = 24
	sys_epoll_pwait2      = 441
	sys_kill              = 62

	_EINTR     = 4
	_EAGAIN    = 11
	_ENOMEM    = 12
	_EINVAL    = 22
	_ENOSYS    = 38
	_EPERM     = 1
	_EPIPE     = 32
	_ETIMEDOUT = 110

	_PROT_NONE     = 0
	_PROT_READ     = 1
	_PROT_WRITE    = 2
	_MAP_PRIVATE   = 2
	_MAP_FIXED     = 0x10
	_MAP_ANON      = 0x20
	_MAP_NORESERVE = 0x4000

	_MADV_DONTNEED   = 4
	_MADV_HUGEPAGE   = 14
	_MADV_NOHUGEPAGE = 15
	_MADV_COLLAPSE   = 25
)

//go:nosplit
func write1(fd uintptr, p unsafe.Pointer, n int32) int32 {
	return int32(syscall6(sys_write, fd, uintptr(p), uintptr(n), 0, 0, 0))
}

// write is pulled by internal/godebug and syscall.
//
//go:nosplit
//go:linkname write
func write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	return write1(fd, p, n)
}

//go:nosplit
func read(fd int32, p unsafe.Pointer, n int32) int32 {
	return int32(syscall6(sys_read, uintptr(fd), uintptr(p), uintptr(n), 0, 0, 0))
}

//go:nosplit
func open(name *byte, mode, perm int32) int32 {
	return int32(syscall6(sys_open, uintptr(unsafe.Pointer(name)), uintptr(mode), uintptr(perm), 0, 0, 0))
}

//go:nosplit
func closefd(fd int32) int32 {
	return int32(syscall6(sys_close, uintptr(fd), 0, 0, 0, 0, 0))
}

// fcntl is pulled by internal/syscall/unix.
//
//go:nosplit
//go:linkname fcntl
func fcntl(fd, cmd, arg int32) (ret int32, errno int32) {
	r := int32(syscall6(sys_fcntl, uintptr(fd), uintptr(cmd), uintptr(arg), 0, 0, 0))
	if r < 0 {
		return -1, -r
	}
	return r, 0
}

//go:nosplit
func mmap(addr uintptr, n uintptr, prot, flags uintptr) (uintptr, int) {
	r := syscall6(sys_mmap, addr, n, prot, flags, ^uintptr(0), 0)
	if r < 0 && r > -4096 {
		return 0, -r
	}
	return uintptr(r), 0
}

//go:nosplit
func mprotect(addr, n, prot uintptr) int {
	return syscall6(sys_mprotect, addr, n, prot, 0, 0, 0)
}

//go:nosplit
func munmap(addr, n uintptr) int {
	return syscall6(sys_munmap, addr, n, 0, 0, 0, 0)
}

//go:nosplit
func madvise(addr, n uintptr, advice uintptr) int {
	return syscall6(sys_madvise, addr, n, advice, 0, 0, 0)
}

// sysAlloc maps n fresh zeroed bytes, or throws.
func sysAlloc(n uintptr) unsafe.Pointer {
	p, err := mmap(0, n, _PROT_READ|_PROT_WRITE, _MAP_PRIVATE|_MAP_ANON)
	if err != 0 {
		throw("runtime: cannot allocate memory")
	}
	memstatSys += uint64(n)
	return unsafe.Pointer(p)
}

// Memory that is never given back: structures of the runtime outside of the collected heap. The first block lies in the
// image's zeroed data, beside other pages that are in use anyhow.
var persistent struct {
	lock   mutex
	pos    uintptr
	end    uintptr
	chunks uintptr // the last mapping's persistentChunk, 0 = none
}

// persistentChunk ends each mapping of persistentalloc. It is there for tools that look at the process from outside.
type persistentChunk struct {
	prev  uintptr // the one before it
	start uintptr // of the mapping
}

var persistentFirst [12 << 10]byte

// persistentalloc returns n zeroed bytes, aligned to align (a power of two, 0 = 8).
func persistentalloc(n, align uintptr) unsafe.Pointer {
	if align == 0 {
		align = 8
	}
	if n >= 64<<10 {
		n = alignUp(n+unsafe.Sizeof(persistentChunk{}), physPageSize)
		p := sysAlloc(n)
		lock(&persistent.lock)
		persistentNote(uintptr(p), n)
		unlock(&persistent.lock)
		return p
	}
	lock(&persistent.lock)
	if persistent.end == 0 {
		persistent.pos = uintptr(unsafe.Pointer(&persistentFirst))
		persistent.end = persistent.pos + unsafe.Sizeof(persistentFirst)
	}
	p := alignUp(persistent.pos, align)
	if p+n > persistent.end {
		const chunk = 256 << 10
		start := uintptr(sysAlloc(chunk))
		persistent.end = persistentNote(start, chunk)
		p = alignUp(start, align)
	}
	persistent.pos = p + n
	unlock(&persistent.lock)
	return unsafe.Pointer(p)
}

// persistentNote puts a mapping of n bytes into the list and returns where its persistentChunk is. persistent.lock is held.
//
//go:noinline
func persistentNote(start, n uintptr) uintptr {
	end := start + n - unsafe.Sizeof(persistentChunk{})
	*(*persistentChunk)(unsafe.Pointer(end)) = persistentChunk{persistent.chunks, start}
	persistent.chunks = end
	return end
}

func alignUp(n, a uintptr) uintptr    { return (n + a - 1) &^ (a - 1) }
func alignDown(n, a uintptr) uintptr  { return n &^ (a - 1) }
func divRoundUp(n, a uintptr) uintptr { return (n + a - 1) / a }

// Futexes.

const (
	_FUTEX_WAIT_PRIVATE = 128
	_FUTEX_WAKE_PRIVATE = 129
)

type timespec struct {
	sec  int64
	nsec int64
}

// futexsleep waits while *addr == val, at most ns nanoseconds (ns < 0: for ever). It may return early.
//
//go:nosplit
func futexsleep(addr *uint32, val uint32, ns int64) {
	if ns < 0 {
		syscall6(sys_futex, uintptr(unsafe.Pointer(addr)), _FUTEX_WAIT_PRIVATE, uintptr(val), 0, 0, 0)
		return
	}
	var ts timespec
	ts.sec = ns / 1000000000
	ts.nsec = ns % 1000000000
	syscall6(sys_futex, uintptr(unsafe.Pointer(addr)), _FUTEX_WAIT_PRIVATE, uintptr(val), uintptr(unsafe.Pointer(&ts)), 0, 0)
}

//go:nosplit
func futexwakeup(addr *uint32, n uint32) {
	syscall6(sys_futex, uintptr(unsafe.Pointer(addr)), _FUTEX_WAKE_PRIVATE, uintptr(n), 0, 0, 0)
}

//go:nosplit
func usleep(us uint32) {
	var ts timespec
	ts.sec = int64(us / 1000000)
	ts.nsec = int64(us%1000000) * 1000
	syscall6(sys_nanosleep, uintptr(unsafe.Pointer(&ts)), 0, 0, 0, 0, 0)
}

//go:nosplit
func osyield() {
	syscall6(sys_sched_yield, 0, 0, 0, 0, 0, 0)
}

// Threads.

const cloneFlags = 0x100 | // VM
	0x200 | // FS
	0x400 | // FILES
	0x800 | // SIGHAND
	0x10000 | // THREAD
	0x40000 | // SYSVSEM
	0x100000 // PARENT_SETTID

// newosproc starts a thread that runs mstart on mp's g0.
func newosproc(mp *m) {
	var old sigset
	sigprocmask(_SIG_SETMASK, &sigsetAll, &old)
	r := clone(cloneFlags, unsafe.Pointer(mp.g0.stack.hi), mp.g0, &mp.tid)
	for tries := 0; r == -_EAGAIN && tries < 20; tries++ {
		usleep(uint32(tries+1) * 1000)
		r = clone(cloneFlags, unsafe.Pointer(mp.g0.stack.hi), mp.g0, &mp.tid)
	}
	sigprocmask(_SIG_SETMASK, &old, nil)
	if r < 0 {
		print("runtime: failed to create new OS thread (have ", mcount(), " already; errno=", -r, ")\n")
		if r == -_EAGAIN {
			print("runtime: may need to increase max user processes (ulimit -u)\n")
		}
		throw("newosproc")
	}
}

//go:nosplit
func gettid() uint32 {
	return uint32(syscall6(sys_gettid, 0, 0, 0, 0, 0, 0))
}

//go:nosplit
func getpid() int {
	return syscall6(sys_getpid, 0, 0, 0, 0, 0, 0)
}

// getproccount is the number of processors this process may run on.
func getproccount() int32 {
	var mask [1024 / 8]byte
	r := syscall6(sys_sched_getaffinity, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)), 0, 0, 0)
	if r < 0 {
		return 1
	}
	n := int32(0)
	for i := 0; i < r && i < len(mask); i++ {
		for b := mask[i]; b != 0; b &= b - 1 {
			n++
		}
	}
	if n == 0 {
		n = 1
	}
	return n
}

// Arguments, environment, auxiliary vector: noted at entry, turned into Go values when somebody asks.

var (
	argc          int32
	argv          **byte
	auxv          []uintptr
	vdsoBase      uintptr
	startupRandom unsafe.Pointer // 16 bytes from the kernel
)

const (
	_AT_NULL         = 0
	_AT_PAGESZ       = 6
	_AT_HWCAP        = 16
	_AT_SECURE       = 23
	_AT_RANDOM       = 25
	_AT_SYSINFO_EHDR = 33
)

func argvAt(i int32) *byte {
	return *(**byte)(add(unsafe.Pointer(argv), uintptr(i)*8))
}

func sysargs(c int32, v **byte) {
	argc = c
	argv = v
	n := argc + 1
	for p := argvAt(n); p != nil; p = argvAt(n) {
		if *p == 'M' {
			bootEnv(p)
		}
		n++
	}
	n++
	auxp := (*[1 << 20]uintptr)(add(unsafe.Pointer(argv), uintptr(n)*8))
	i := 0
	for ; auxp[i] != _AT_NULL; i += 2 {
		tag, val := auxp[i], auxp[i+1]
		switch tag {
		case _AT_PAGESZ:
			physPageSize = val
		case _AT_RANDOM:
			startupRandom = unsafe.Pointer(val)
		case _AT_SECURE:
			secureMode = val == 1
		case _AT_SYSINFO_EHDR:
			vdsoBase = val
		}
	}
	auxv = auxp[:i:i]
}

var secureMode bool

//go:linkname getAuxv
func getAuxv() []uintptr { return auxv }

var (
	argslice []string
	envslice []string
	argsDone bool
	envsDone bool
)

func gostringnocopy(p *byte) string {
	ss := stringStruct{str: unsafe.Pointer(p), len: findnull(p)}
	return *(*string)(unsafe.Pointer(&ss))
}

func findnull(p *byte) int {
	if p == nil {
		return 0
	}
	n := 0
	for *(*byte)(add(unsafe.Pointer(p), uintptr(n))) != 0 {
		n++
	}
	return n
}

func goargs() {
	s := make([]string, argc)
	for i := int32(0); i < argc; i++ {
		s[i] = gostringnocopy(argvAt(i))
	}
	argslice = s
	argsDone = true
}

func goenvs() {
	n := int32(0)
	for argvAt(argc+1+n) != nil {
		n++
	}
	s := make([]string, n)
	for i := int32(0); i < n; i++ {
		s[i] = gostringnocopy(argvAt(argc + 1 + i))
	}
	envslice = s
	envsDone = true
}

// gogetenv looks a name up in the environment the process was started with, without allocating.
func gogetenv(key string) string {
	for i := int32(0); ; i++ {
		p := argvAt(argc + 1 + i)
		if p == nil {
			return ""
		}
		j := 0
		for j < len(key) && *(*byte)(add(unsafe.Pointer(p), uintptr(j))) == key[j] {
			j++
		}
		if j == len(key) && *(*byte)(add(unsafe.Pointer(p), uintptr(j))) == '=' {
			return gostringnocopy((*byte)(add(unsafe.Pointer(p), uintptr(j)+1)))
		}
	}
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string {
	if !argsDone {
		goargs()
	}
	return append([]string{}, argslice...)
}

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string {
	if !envsDone {
		goenvs()
	}
	return append([]string{}, envslice...)
}

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return int(physPageSize) }

//go:linkname syscall_Exit syscall.Exit
//go:nosplit
func syscall_Exit(code int) { exit(int32(code)) }

// Clocks, through the vDSO once somebody asks for the time.

var (
	vdsoClockGettime uintptr
	vdsoGettimeofday uintptr
	vdsoLooked       uint32
)

// vdsoGettimeofdaySym is jumped through by syscall's assembly.
var vdsoGettimeofdaySym uintptr

func gettimeofdayFallback()

type elfSym struct {
	name  uint32
	info  byte
	other byte
	shndx uint16
	value uintptr
	size  uintptr
}

// vdsoInit finds the clock function in the vDSO's dynamic symbol table.
func vdsoInit() {
	if vdsoBase == 0 {
		atomic.Store(&vdsoLooked, 1)
		return
	}
	base := unsafe.Pointer(vdsoBase)
	phoff := *(*uintptr)(add(base, 32))
	phentsize := uintptr(*(*uint16)(add(base, 54)))
	phnum := uintptr(*(*uint16)(add(base, 56)))
	var dyn unsafe.Pointer
	load := uintptr(0)
	found := false
	for i := uintptr(0); i < phnum; i++ {
		ph := add(base, phoff+i*phentsize)
		switch *(*uint32)(ph) {
		case 1: // LOAD
			if !found {
				found = true
				load = vdsoBase + *(*uintptr)(add(ph, 8)) - *(*uintptr)(add(ph, 16))
			}
		case 2: // DYNAMIC
			dyn = add(base, *(*uintptr)(add(ph, 8)))
		}
	}
	var strtab, symtab, hash, gnuhash uintptr
	for ; dyn != nil && *(*uintptr)(dyn) != 0; dyn = add(dyn, 16) {
		v := *(*uintptr)(add(dyn, 8)) + load
		switch *(*uintptr)(dyn) {
		case 5:
			strtab = v
		case 6:
			symtab = v
		case 4:
			hash = v
		case 0x6ffffef5:
			gnuhash = v
		}
	}
	if strtab != 0 && symtab != 0 {
		n := uint32(0)
		if hash != 0 {
			n = *(*uint32)(unsafe.Pointer(hash + 4))
		} else if gnuhash != 0 {
			n = gnuSymCount(gnuhash)
		}
		for i := uint32(0); i < n; i++ {
			s := (*elfSym)(unsafe.Pointer(symtab + uintptr(i)*24))
			if s.shndx == 0 {
				continue
			}
			name := gostringnocopy((*byte)(unsafe.Pointer(strtab + uintptr(s.name))))
			if name == "__vdso_clock_gettime" {
				vdsoClockGettime = load + s.value
			} else if name == "__vdso_gettimeofday" {
				vdsoGettimeofdaySym = load + s.value
			}
		}
	}
	atomic.Store(&vdsoLooked, 1)
}

// gnuSymCount counts the symbols that a GNU hash table covers.
func gnuSymCount(h uintptr) uint32 {
	nbuckets := *(*uint32)(unsafe.Pointer(h))
	symoff := *(*uint32)(unsafe.Pointer(h + 4))
	bloom := *(*uint32)(unsafe.Pointer(h + 8))
	buckets := h + 16 + uintptr(bloom)*8
	max := uint32(0)
	for i := uint32(0); i < nbuckets; i++ {
		b := *(*uint32)(unsafe.Pointer(buckets + uintptr(i)*4))
		if b > max {
			max = b
		}
	}
	if max < symoff {
		return symoff
	}
	chain := buckets + uintptr(nbuckets)*4
	for *(*uint32)(unsafe.Pointer(chain + uintptr(max-symoff)*4))&1 == 0 {
		max++
	}
	return max + 1
}

// clockGettime reads a clock. C code of the vDSO needs more stack than a goroutine has to offer: it runs on g0's.
//
//go:nosplit
func clockGettime(clock uintptr, ts *timespec) {
	fn := vdsoClockGettime
	if fn == 0 {
		if atomic.Load(&vdsoLooked) == 0 {
			systemstack(vdsoInit)
			fn = vdsoClockGettime
		}
		if fn == 0 {
			syscall6(sys_clock_gettime, clock, uintptr(unsafe.Pointer(ts)), 0, 0, 0, 0)
			return
		}
	}
	gp := getg()
	mp := gp.m
	sp := uintptr(0)
	if mp != nil && gp == mp.curg {
		sp = mp.g0.sched.sp
	}
	r := vdsoCall(fn, clock, uintptr(unsafe.Pointer(ts)), sp)
	if r != 0 {
		syscall6(sys_clock_gettime, clock, uintptr(unsafe.Pointer(ts)), 0, 0, 0, 0)
	}
}

//go:nosplit
//go:linkname nanotime
func nanotime() int64 {
	var ts timespec
	clockGettime(1, &ts)
	return ts.sec*1000000000 + ts.nsec
}

//go:nosplit
func walltime() (sec int64, nsec int32) {
	var ts timespec
	clockGettime(0, &ts)
	return ts.sec, int32(ts.nsec)
}

//go:linkname vgetrandom
func vgetrandom(p []byte, flags uint32) (ret int, supported bool) { return -1, false }
