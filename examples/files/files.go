// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// File reading and writing, bufio.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	dir, err := os.MkdirTemp("", "mica-example-")
	check(err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "lines.txt")
	f, err := os.Create(name)
	check(err)
	w := bufio.NewWriter(f)
	for i := range 1000 {
		fmt.Fprintf(w, "line %d of the file\n", i)
	}
	check(w.Flush())
	check(f.Close())
	f, err = os.Open(name)
	check(err)
	sc := bufio.NewScanner(f)
	lines, words := 0, 0
	for sc.Scan() {
		lines++
		words += len(strings.Fields(sc.Text()))
	}
	fmt.Println(lines, words, sc.Err())
	_, err = f.Seek(-20, io.SeekEnd)
	check(err)
	rest, err := io.ReadAll(f)
	fmt.Printf("%q %v\n", rest, err)
	st, _ := f.Stat()
	fmt.Println(st.Size(), st.Name(), st.Mode(), st.IsDir())
	f.Close()
	_, err = f.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, os.ErrClosed))
	check(os.WriteFile(filepath.Join(dir, "b"), []byte("second"), 0o600))
	check(os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	check(os.Rename(filepath.Join(dir, "b"), filepath.Join(dir, "sub", "c")))
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		fmt.Println(rel, d.IsDir())
		return err
	})
	data, err := os.ReadFile(filepath.Join(dir, "sub", "c"))
	fmt.Println(string(data), err)
	_, err = os.Open(filepath.Join(dir, "missing"))
	var pe *fs.PathError
	fmt.Println(errors.As(err, &pe), errors.Is(err, fs.ErrNotExist), pe.Op)
	rd := bufio.NewReader(strings.NewReader("first\nsecond\nlast"))
	for {
		s, err := rd.ReadString('\n')
		fmt.Printf("%q %v\n", s, err)
		if err != nil {
			break
		}
	}
	pr, pw := io.Pipe()
	go func() {
		fmt.Fprint(pw, "through a pipe")
		pw.Close()
	}()
	b, _ := io.ReadAll(io.TeeReader(pr, io.Discard))
	fmt.Println(string(b))
	os.Setenv("MICA_EXAMPLE", "set")
	fmt.Println(os.ExpandEnv("$MICA_EXAMPLE-${NOTHING}"), os.Getenv("MICA_EXAMPLE"))
}
