// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// nbody: five gravitating bodies, kick-drift-kick leapfrog, float64.
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
)

type body struct {
	px, py, pz float64
	vx, vy, vz float64
	m          float64
}

func size(def int) int {
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err == nil {
			return n
		}
	}
	return def
}

// setup puts four light bodies on slightly tilted circles round a heavy one
// and gives the heavy one the momentum that makes the total zero.
func setup() []body {
	bs := make([]body, 5)
	bs[0].m = 40
	for i := 1; i < 5; i++ {
		r := 2.5 * float64(i*i+1)
		v := math.Sqrt(bs[0].m / r)
		b := &bs[i]
		b.m = 0.004 * float64(6-i)
		if i%2 == 0 {
			b.px, b.vy = r, v
		} else {
			b.py, b.vx = r, -v
		}
		b.pz = 0.01 * r
	}
	var x, y, z float64
	for i := range bs {
		x += bs[i].vx * bs[i].m
		y += bs[i].vy * bs[i].m
		z += bs[i].vz * bs[i].m
	}
	bs[0].vx, bs[0].vy, bs[0].vz = -x/bs[0].m, -y/bs[0].m, -z/bs[0].m
	return bs
}

func energy(bs []body) float64 {
	e := 0.0
	for i := range bs {
		a := &bs[i]
		e += 0.5 * a.m * (a.vx*a.vx + a.vy*a.vy + a.vz*a.vz)
		for j := i + 1; j < len(bs); j++ {
			b := &bs[j]
			dx, dy, dz := a.px-b.px, a.py-b.py, a.pz-b.pz
			e -= a.m * b.m / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return e
}

func step(bs []body, dt float64) {
	for i := 0; i < len(bs); i++ {
		a := &bs[i]
		for j := i + 1; j < len(bs); j++ {
			b := &bs[j]
			dx, dy, dz := a.px-b.px, a.py-b.py, a.pz-b.pz
			d2 := dx*dx + dy*dy + dz*dz
			f := dt / (d2 * math.Sqrt(d2))
			fb, fa := b.m*f, a.m*f
			a.vx -= dx * fb
			a.vy -= dy * fb
			a.vz -= dz * fb
			b.vx += dx * fa
			b.vy += dy * fa
			b.vz += dz * fa
		}
	}
	for i := range bs {
		a := &bs[i]
		a.px += dt * a.vx
		a.py += dt * a.vy
		a.pz += dt * a.vz
	}
}

func main() {
	n := size(10000000)
	bs := setup()
	fmt.Printf("start %.9f\n", energy(bs))
	for i := 0; i < n; i++ {
		step(bs, 0.002)
	}
	fmt.Printf("end %.9f\n", energy(bs))
}
