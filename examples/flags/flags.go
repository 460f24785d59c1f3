// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Flags and os.Args. Run with: flags -n 3 -name=Mica -v one two
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	n := flag.Int("n", 1, "how many times")
	name := flag.String("name", "world", "whom to greet")
	verbose := flag.Bool("v", false, "say more")
	wait := flag.Duration("wait", 1500*time.Millisecond, "a duration")
	flag.Parse()
	for i := range *n {
		fmt.Printf("%d: hello, %s\n", i+1, *name)
	}
	if *verbose {
		fmt.Println("args:", flag.Args(), "of", len(os.Args)-1, "wait:", *wait)
	}
	flag.VisitAll(func(f *flag.Flag) { fmt.Printf("-%s=%s (%s)\n", f.Name, f.Value, f.DefValue) })
	if _, err := os.Stat("/no/such/file"); err != nil {
		fmt.Println(err)
	}
}
