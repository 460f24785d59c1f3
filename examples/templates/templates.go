// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// text/template.
package main

import (
	"fmt"
	"os"
	"strings"
	"text/template"
)

type item struct {
	Name  string
	Price float64
	Tags  []string
}

func (i item) Discount(pct int) float64 { return i.Price * float64(100-pct) / 100 }

const page = `{{define "tag"}}<{{.}}>{{end -}}
Order for {{.Customer | upper | printf "%-10s"}}|
{{- range $i, $it := .Items}}
{{$i | inc}}. {{$it.Name}}{{if gt $it.Price 10.0}} (dear){{else if eq $it.Price 0.0}} (free){{end}}: {{printf "%.2f" ($it.Discount 10)}}
{{- range .Tags}} {{template "tag" .}}{{else}} no tags{{end}}
{{- end}}
{{with .Note}}Note: {{.}}{{else}}No note{{end}}
{{len .Items}} items, first {{(index .Items 0).Name}}, {{index .Map "k"}}, {{and true .Customer}} {{not true}} {{slice "abcdef" 1 3}}
{{- /* a comment */ -}}
{{range $k, $v := .Map}} {{$k}}={{$v}}{{end}}
{{html "<a&b>"}} {{js "it's"}} {{urlquery "a b&c"}} {{print 1 2 "x"}} {{"quoted" | printf "%q"}}
{{range 3}}{{.}}{{if eq . 1}}{{continue}}{{end}},{{end}}
`

func main() {
	t := template.Must(template.New("page").Funcs(template.FuncMap{
		"upper": strings.ToUpper,
		"inc":   func(i int) int { return i + 1 },
	}).Parse(page))
	err := t.Execute(os.Stdout, map[string]any{
		"Customer": "ada",
		"Items":    []item{{"pen", 1.5, []string{"blue", "small"}}, {"desk", 250, nil}, {"idea", 0, nil}},
		"Map":      map[string]int{"k": 1, "b": 2},
		"Note":     "",
	})
	fmt.Println(err)
	_, err = template.New("bad").Parse("{{if}}")
	fmt.Println(err)
	err = template.Must(template.New("fail").Parse("{{.Missing.Field}}\n")).Execute(os.Stdout, item{})
	fmt.Println(err)
}
