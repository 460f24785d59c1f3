// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// select: look at the cases in random order; when none is ready, queue with all channels.

package runtime

import "unsafe"

// scase is one case of a select: sends come first in the array.
type scase struct {
	c    *hchan
	elem unsafe.Pointer
}

// block is select{}.
func block() {
	gopark(nil, nil, waitReasonSelectNoCases)
}

// sellock locks all channels in the order of their addresses.
func sellock(scases []scase, order []uint16) {
	var last *hchan
	for _, o := range order {
		c := scases[o].c
		if c != last {
			last = c
			lock(&c.lock)
		}
	}
}

func selunlock(scases []scase, order []uint16) {
	for i := len(order) - 1; i >= 0; i-- {
		c := scases[order[i]].c
		if i > 0 && c == scases[order[i-1]].c {
			continue
		}
		unlock(&c.lock)
	}
}

// selparkcommit runs on g0: releases the channels in lock order, which the sudogs are linked in.
func selparkcommit(gp *g, _ unsafe.Pointer) bool {
	var last *hchan
	for s := gp.waiting; s != nil; {
		next := s.waitlink
		if s.c != last && last != nil {
			unlock(&last.lock)
		}
		last = s.c
		// after the last unlock the sudogs may be gone
		s = next
	}
	if last != nil {
		unlock(&last.lock)
	}
	return true
}

// selectgo implements select. cas0 points to nsends+nrecvs cases, order0 to twice as many uint16. pc0 is not used.
// Results: the case chosen (-1: default), and whether a receive got a value.
func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool) {
	gp := getg()
	ncases := nsends + nrecvs
	scases := unsafe.Slice(cas0, ncases)
	orders := unsafe.Slice(order0, 2*ncases)
	pollorder := orders[:ncases:ncases]
	lockorder := orders[ncases:]

	// random order of polling; nil channels never are ready
	n := 0
	allBubbled := gp.syncGroup != nil
	for i := range scases {
		c := scases[i].c
		if c == nil {
			scases[i].elem = nil
			continue
		}
		if c.bubble != nil {
			checkBubble(c, "select on synctest channel from outside bubble")
		} else {
			allBubbled = false
		}
		if c.timer != nil {
			c.timer.maybeRunChan()
		}
		j := int(cheaprandn(uint32(n + 1)))
		pollorder[n] = pollorder[j]
		pollorder[j] = uint16(i)
		n++
	}
	pollorder = pollorder[:n]
	lockorder = lockorder[:n]
	sortCases(scases, pollorder, lockorder)
	sellock(scases, lockorder)

	for _, i := range pollorder {
		cas := &scases[i]
		c := cas.c
		if int(i) >= nsends {
			if s := c.sendq.dequeue(); s != nil {
				recvFromSender(c, s, cas.elem)
				gs := s.g
				selunlock(scases, lockorder)
				wakeSudog(gs, s)
				return int(i), true
			}
			if c.qcount > 0 {
				q := c.slot(c.recvx)
				if cas.elem != nil {
					memmove(cas.elem, q, uintptr(c.elemsize))
				}
				memclrNoHeapPointers(q, uintptr(c.elemsize))
				c.recvx++
				if c.recvx == c.dataqsiz {
					c.recvx = 0
				}
				c.qcount--
				selunlock(scases, lockorder)
				return int(i), true
			}
			if c.closed != 0 {
				selunlock(scases, lockorder)
				if cas.elem != nil {
					memclrNoHeapPointers(cas.elem, uintptr(c.elemsize))
				}
				return int(i), false
			}
		} else {
			if c.closed != 0 {
				selunlock(scases, lockorder)
				panic(plainError("send on closed channel"))
			}
			if s := c.recvq.dequeue(); s != nil {
				if s.elem != nil {
					memmove(s.elem, cas.elem, uintptr(c.elemsize))
					s.elem = nil
				}
				gs := s.g
				selunlock(scases, lockorder)
				wakeSudog(gs, s)
				return int(i), false
			}
			if c.qcount < c.dataqsiz {
				memmove(c.slot(c.sendx), cas.elem, uintptr(c.elemsize))
				c.sendx++
				if c.sendx == c.dataqsiz {
					c.sendx = 0
				}
				c.qcount++
				selunlock(scases, lockorder)
				return int(i), false
			}
		}
	}
	if !block {
		selunlock(scases, lockorder)
		return -1, false
	}
	if n == 0 {
		gopark(nil, nil, waitReasonSelectNoCases)
	}

	// queue with every channel
	gp.selectDone = 0
	var first, last *sudog
	for _, i := range lockorder {
		cas := &scases[i]
		c := cas.c
		s := acquireSudog()
		s.g = gp
		s.isSelect = true
		s.elem = cas.elem
		s.c = c
		if last == nil {
			first = s
		} else {
			last.waitlink = s
		}
		last = s
		if int(i) >= nsends {
			c.recvq.enqueue(s)
		} else {
			c.sendq.enqueue(s)
		}
	}
	gp.waiting = first
	gp.param = nil
	reason := waitReasonSelect
	if allBubbled {
		reason = waitReasonSynctestSelect
	}
	gopark(selparkcommit, nil, reason)

	sellock(scases, lockorder)
	gp.selectDone = 0
	won := (*sudog)(gp.param)
	gp.param = nil
	chosen := -1
	ok := false
	s := gp.waiting
	gp.waiting = nil
	for _, i := range lockorder {
		c := scases[i].c
		if s == won {
			chosen = int(i)
			ok = s.success
		} else if int(i) >= nsends {
			c.recvq.remove(s)
		} else {
			c.sendq.remove(s)
		}
		next := s.waitlink
		releaseSudog(s)
		s = next
	}
	if chosen < 0 {
		throw("selectgo: bad wakeup")
	}
	selunlock(scases, lockorder)
	if chosen < nsends {
		if !ok {
			panic(plainError("send on closed channel"))
		}
		return chosen, false
	}
	return chosen, ok
}

// recvFromSender takes the element of a waiting sender (through the buffer, if there is one). c is locked.
func recvFromSender(c *hchan, s *sudog, ep unsafe.Pointer) {
	if c.dataqsiz == 0 {
		if ep != nil {
			memmove(ep, s.elem, uintptr(c.elemsize))
		}
	} else {
		q := c.slot(c.recvx)
		if ep != nil {
			memmove(ep, q, uintptr(c.elemsize))
		}
		memmove(q, s.elem, uintptr(c.elemsize))
		c.recvx++
		if c.recvx == c.dataqsiz {
			c.recvx = 0
		}
		c.sendx = c.recvx
	}
	s.elem = nil
}

func wakeSudog(gp *g, s *sudog) {
	gp.param = unsafe.Pointer(s)
	s.success = true
	goready(gp)
}

// sortCases sorts the cases by channel address: heap sort, no recursion.
func sortCases(scases []scase, poll, out []uint16) {
	key := func(i uint16) uintptr { return uintptr(unsafe.Pointer(scases[i].c)) }
	for i := range poll {
		j := i
		x := poll[i]
		k := key(x)
		for j > 0 && key(out[(j-1)/2]) < k {
			out[j] = out[(j-1)/2]
			j = (j - 1) / 2
		}
		out[j] = x
	}
	for i := len(out) - 1; i >= 0; i-- {
		x := out[i]
		k := key(x)
		out[i] = out[0]
		j := 0
		for {
			l := 2*j + 1
			if l >= i {
				break
			}
			if l+1 < i && key(out[l]) < key(out[l+1]) {
				l++
			}
			if key(out[l]) <= k {
				break
			}
			out[j] = out[l]
			j = l
		}
		out[j] = x
	}
}

// runtimeSelect is a case as reflect passes it.
type runtimeSelect struct {
	dir uintptr // 1 send, 2 receive, 3 default
	typ unsafe.Pointer
	ch  *hchan
	val unsafe.Pointer
}

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(cases []runtimeSelect) (int, bool) {
	if len(cases) == 0 {
		block()
	}
	sel := make([]scase, len(cases))
	orig := make([]int, len(cases))
	nsends, nrecvs := 0, 0
	dflt := -1
	for i, rc := range cases {
		var j int
		switch rc.dir {
		case 3:
			dflt = i
			continue
		case 1:
			j = nsends
			nsends++
		case 2:
			nrecvs++
			j = len(cases) - nrecvs
		}
		sel[j] = scase{c: rc.ch, elem: rc.val}
		orig[j] = i
	}
	if nsends+nrecvs == 0 {
		return dflt, false
	}
	if nsends+nrecvs < len(cases) {
		copy(sel[nsends:], sel[len(cases)-nrecvs:])
		copy(orig[nsends:], orig[len(cases)-nrecvs:])
	}
	order := make([]uint16, 2*(nsends+nrecvs))
	chosen, recvOK := selectgo(&sel[0], &order[0], nil, nsends, nrecvs, dflt == -1)
	if chosen < 0 {
		return dflt, recvOK
	}
	return orig[chosen], recvOK
}
