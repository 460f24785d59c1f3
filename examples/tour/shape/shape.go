// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Package shape has things with an area.
package shape

// Shape is what has an area.
type Shape interface {
	Area() int
}

// Square is a square by its side.
type Square struct{ Side int }

// Area is the side times itself.
func (s Square) Area() int { return s.Side * s.Side }

// Rect is a rectangle.
type Rect struct{ W, H int }

// Area is the product of the sides.
func (r Rect) Area() int { return r.W * r.H }

// Unit was made before main began.
var Unit = newUnit()

//go:noinline
func newUnit() *Square { return &Square{1} }

// Sum adds up areas.
func Sum(shapes []Shape) int {
	total := 0
	for _, s := range shapes {
		total += s.Area()
	}
	return total
}
