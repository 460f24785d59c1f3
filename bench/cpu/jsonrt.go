// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// jsonrt: encoding/json there and back, by struct and by interface.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

func size(def int) int {
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err == nil {
			return n
		}
	}
	return def
}

type item struct {
	SKU   string   `json:"sku"`
	Count int      `json:"count"`
	Price float64  `json:"price"`
	Tags  []string `json:"tags,omitempty"`
}

type order struct {
	ID      int64             `json:"id"`
	Who     string            `json:"who"`
	Note    string            `json:"note"`
	Paid    bool              `json:"paid"`
	Items   []item            `json:"items"`
	Attrs   map[string]string `json:"attrs"`
	Parent  *order            `json:"parent,omitempty"`
	Scores  []float64         `json:"scores"`
	private int
}

func mk(i int, deep bool) order {
	o := order{ID: int64(i) * 104729, Who: "user-" + strconv.Itoa(i%1000), Note: "line \"" + strconv.Itoa(i) + "\"\n<b>é☃</b>", Paid: i%2 == 0,
		Attrs: map[string]string{"a": "1", "zone": strconv.Itoa(i % 7), "k" + strconv.Itoa(i%3): "v"}}
	for j := 0; j < 4; j++ {
		it := item{SKU: "S" + strconv.Itoa(i+j), Count: j + 1, Price: float64(i%500) + float64(j)/4}
		if j%2 == 1 {
			it.Tags = []string{"red", "t" + strconv.Itoa(j)}
		}
		o.Items = append(o.Items, it)
		o.Scores = append(o.Scores, float64(i*j)/3)
	}
	if deep {
		p := mk(i+1, false)
		o.Parent = &p
	}
	return o
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	n := size(24000)
	h := uint64(14695981039346656037)
	bytesOut, sum := 0, 0
	for i := 0; i < n; i++ {
		o := mk(i, i%2 == 0)
		b, err := json.Marshal(&o)
		must(err)
		var back order
		must(json.Unmarshal(b, &back))
		b2, err := json.Marshal(back)
		must(err)
		if !bytes.Equal(b, b2) {
			panic("round trip differs")
		}
		bytesOut += len(b)
		sum += len(back.Items) + len(back.Attrs)
		for _, c := range b {
			h = (h ^ uint64(c)) * 1099511628211
		}
		if i%4 == 0 {
			var v interface{}
			must(json.Unmarshal(b, &v))
			m := v.(map[string]interface{})
			sum += len(m["note"].(string))
			b3, err := json.MarshalIndent(v, "", "  ")
			must(err)
			bytesOut += len(b3)
			h = (h ^ uint64(len(b3))) * 1099511628211
		}
	}
	fmt.Printf("%d %d %016x\n", bytesOut, sum, h)
}
