// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// strings, strconv, sort, slices and maps.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

type person struct {
	name string
	age  int
}

type byAge []person

func (a byAge) Len() int           { return len(a) }
func (a byAge) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a byAge) Less(i, j int) bool { return a[i].age < a[j].age }

func main() {
	s := "The quick brown fox jumps over the lazy dog"
	fmt.Println(strings.Fields(s), len(strings.Split(s, " ")))
	fmt.Println(strings.ToUpper(s), strings.Title("go tool"), strings.Repeat("ab", 3))
	fmt.Println(strings.Contains(s, "fox"), strings.Index(s, "jumps"), strings.LastIndex(s, "o"), strings.Count(s, "o"))
	fmt.Println(strings.Replace(s, "o", "0", 2), strings.ReplaceAll(s, "the", "a"), strings.TrimSpace("  x \n"))
	fmt.Println(strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, "Straße Ωmega"))
	before, after, ok := strings.Cut("key=value=x", "=")
	fmt.Println(before, after, ok, strings.EqualFold("Go", "GO"))
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintf(&b, "%d,", i)
	}
	fmt.Println(strings.TrimSuffix(b.String(), ","), strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<b>"))
	for part := range strings.SplitSeq("a-b-c", "-") {
		fmt.Print(part, " ")
	}
	fmt.Println()

	i, err := strconv.Atoi("-42")
	fmt.Println(i, err)
	_, err = strconv.Atoi("4x2")
	fmt.Println(err)
	_, err = strconv.ParseInt("999999999999999999999", 10, 64)
	fmt.Println(err)
	f, _ := strconv.ParseFloat("6.02214076e23", 64)
	fmt.Println(f, strconv.FormatFloat(0.1+0.2, 'g', -1, 64), strconv.FormatInt(-255, 16), strconv.Quote("tab\t\"q\" é\x00"))
	u, _ := strconv.ParseUint("ff", 16, 64)
	t, _ := strconv.ParseBool("true")
	fmt.Println(u, t, strconv.AppendInt(nil, 77, 2))

	people := []person{{"Ann", 31}, {"Bob", 25}, {"Cid", 40}, {"Dee", 25}}
	sort.Stable(byAge(people))
	fmt.Println(people)
	sort.Slice(people, func(i, j int) bool { return people[i].name > people[j].name })
	fmt.Println(people)
	slices.SortStableFunc(people, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name))
	})
	fmt.Println(people)
	ints := []int{5, 2, 8, 1, 9, 3}
	sort.Ints(ints)
	fmt.Println(ints, sort.SearchInts(ints, 8))
	slices.Reverse(ints)
	k, found := slices.BinarySearchFunc(ints, 3, func(a, b int) int { return b - a })
	fmt.Println(ints, k, found, slices.Max(ints), slices.Contains(ints, 7), slices.Index(ints, 2))
	fmt.Println(slices.Compact([]int{1, 1, 2, 2, 2, 3, 1}), slices.Insert([]int{1, 4}, 1, 2, 3), slices.Delete([]int{0, 1, 2, 3}, 1, 3))
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	delete(m, "two")
	m["four"] = 4
	fmt.Println(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)), len(m))
	v, ok := m["two"]
	fmt.Println(v, ok, m)
	big := map[int]string{}
	for i := range 1000 {
		big[i*7919%1009] = strconv.Itoa(i)
	}
	sum := 0
	for k, v := range big {
		n, _ := strconv.Atoi(v)
		sum += k ^ n
	}
	fmt.Println(len(big), sum)
	clone := maps.Clone(m)
	clear(m)
	fmt.Println(len(m), len(clone), maps.Equal(m, clone))
	for chunk := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(chunk)
	}
	fmt.Println()
	type key struct {
		a string
		b int
	}
	grid := map[key][]int{{"x", 1}: {1}, {"y", 2}: {2, 2}}
	grid[key{"x", 1}] = append(grid[key{"x", 1}], 9)
	fmt.Println(grid)
}
