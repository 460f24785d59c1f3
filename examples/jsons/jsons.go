// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// JSON round trip.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

type address struct {
	Street string `json:"street"`
	Zip    int    `json:"zip,omitempty"`
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte(fmt.Sprintf("level-%d", int(l))), nil }
func (l *level) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "level-%d", (*int)(l))
	return err
}

type base struct {
	ID      int       `json:"id"`
	Created time.Time `json:"created"`
}

type user struct {
	base
	Name    string             `json:"name"`
	Tags    []string           `json:"tags"`
	Scores  map[string]float64 `json:"scores"`
	Home    *address           `json:"home"`
	Work    *address           `json:"work,omitempty"`
	Level   level              `json:"level"`
	Extra   any                `json:"extra"`
	Raw     json.RawMessage    `json:"raw"`
	Data    []byte             `json:"data"`
	private int
}

func main() {
	u := user{
		base: base{7, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, Name: "Ada \"L\" <x>", Tags: []string{"a", "ü"},
		Scores: map[string]float64{"go": 1.5, "c": 1e30, "asm": -0.25}, Home: &address{"Main St", 0}, Level: 3,
		Extra: []any{1, "two", nil, true}, Raw: json.RawMessage(`{"k":[1,2]}`), Data: []byte{0, 255, 16},
	}
	b, err := json.Marshal(u)
	fmt.Println(string(b), err)
	var back user
	err = json.Unmarshal(b, &back)
	fmt.Printf("%v %+v %+v\n", err, back.Home, back.base)
	again, _ := json.Marshal(back)
	fmt.Println(string(again) == string(b))
	var v any
	err = json.Unmarshal([]byte(`{"n": 12.5, "s": "x\u00e9\n", "a": [1, {"b": null}], "t": true}`), &v)
	fmt.Println(v, err)
	pretty, _ := json.MarshalIndent(v, "", "  ")
	fmt.Println(string(pretty))
	for _, bad := range []string{`{"name": 5}`, `{"name": "x"`, `[1,2`, `{"level": "x"}`, `nope`} {
		fmt.Println(json.Unmarshal([]byte(bad), &back))
	}
	dec := json.NewDecoder(strings.NewReader(`{"id": 1} {"id": 2} {"unknown": 3}`))
	dec.DisallowUnknownFields()
	for dec.More() {
		var x struct{ ID int }
		if err := dec.Decode(&x); err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(x.ID)
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	enc.Encode(map[string]any{"z": "<>", "a": []int(nil), "m": map[int]bool{2: true, 1: false}})
	fmt.Println(json.Valid([]byte(`{"a":1}`)), json.Valid([]byte(`{a:1}`)))
}
