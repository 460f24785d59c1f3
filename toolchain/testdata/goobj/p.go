package p

type T struct{ a, b int }

var v = []string{"x", "y"}

func (t *T) Sum(more ...int) (n int) {
	for _, m := range more {
		n += m
	}
	return n + t.a + t.b
}

func Get(i int) string { return v[i] }

func asm(x int) int
