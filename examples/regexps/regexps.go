// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Regular expressions.
package main

import (
	"fmt"
	"regexp"
	"strings"
)

func main() {
	re := regexp.MustCompile(`(?P<user>[\w.+-]+)@(?P<host>[\w-]+(?:\.[\w-]+)+)`)
	text := "Write to ann@example.org, bob.b+tag@mail.example.co.uk or nobody@nowhere."
	fmt.Println(re.MatchString(text), re.FindString(text), re.FindStringIndex(text))
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		fmt.Println(m[re.SubexpIndex("user")], "at", m[2])
	}
	fmt.Println(re.ReplaceAllString(text, "<${host}:$user>"))
	fmt.Println(re.ReplaceAllStringFunc(text, strings.ToUpper))
	fmt.Println(regexp.MustCompile(`a(x*)b(y|z)?c`).FindStringSubmatch("-axxxbyc-"), regexp.QuoteMeta("1+1=2?"))
	fmt.Println(regexp.MustCompile(`\s*[,;]\s*`).Split("a , b;c;  d", -1))
	fmt.Println(regexp.MustCompile(`(?i)straße|größe`).FindAllString("STRAßE und Größe", -1))
	fmt.Println(regexp.MustCompile(`^\d{3,5}$`).MatchString("1234"), regexp.MustCompile(`(?m)^(\w+):`).FindAllString("a: 1\nb: 2", -1))
	fmt.Println(regexp.MustCompile(`(a+)+$`).MatchString(strings.Repeat("a", 2000) + "b"))
	_, err := regexp.Compile(`a(b`)
	fmt.Println(err)
	fmt.Printf("%q\n", regexp.MustCompile(`[^\p{L}]+`).ReplaceAllString("héllo, wörld! 123 日本", "_"))
}
