// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What signals do to a program that did not ask for them, that ignores them, that asked and asked no more, and that was
// started with some ignored or blocked; and what the programs that it starts are given. The program is its own child.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1], os.Args[2:])
		return
	}
	for _, mode := range []string{"plain", "ignore", "notify", "reset", "ignorereset"} {
		fmt.Println("==", mode)
		var signals []int
		last := ""
		for _, sig := range []int{1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 35, 50, 64} {
			result := send(syscall.Signal(sig), exec.Command(os.Args[0], mode, fmt.Sprint(sig)))
			if result != last && last != "" {
				fmt.Println(signals, last)
				signals = nil
			}
			signals = append(signals, sig)
			last = result
		}
		fmt.Println(signals, last)
	}
	fmt.Println("== nohup")
	trap := "trap '' HUP INT TERM USR1 CHLD 40; exec " + os.Args[0]
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGCHLD, 40} {
		plain := send(sig, exec.Command("/bin/sh", "-c", trap+" plain"))
		reset := send(sig, exec.Command("/bin/sh", "-c", trap+" reset "+fmt.Sprint(int(sig))))
		fmt.Printf("%d %s; notified and reset: %s\n", int(sig), plain, reset)
	}
	fmt.Println("== inherited")
	show(exec.Command(os.Args[0], "masks"))
	show(exec.Command("/bin/sh", "-c", trap+" masks"))
	fmt.Println("== pending")
	fmt.Println(send(syscall.SIGUSR1, exec.Command(os.Args[0], "late")))
	fmt.Println("== of a parent that dies")
	c := exec.Command("/bin/true")
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	fmt.Println(status(c.Run()))
	fmt.Println("== pipes")
	for _, fd := range []string{"1", "2", "3"} {
		r, w, _ := os.Pipe()
		r.Close()
		c := exec.Command(os.Args[0], "pipe", fd)
		c.ExtraFiles = []*os.File{w}
		switch fd {
		case "1":
			c.Stdout = w
		case "2":
			c.Stderr = w
		}
		fmt.Println("fd", fd, status(c.Run()))
		w.Close()
	}
}

// send starts a child, sends it the signal when it is ready, ends its input, and says what became of it.
func send(sig syscall.Signal, c *exec.Cmd) string {
	in, _ := c.StdinPipe()
	out, _ := c.StdoutPipe()
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		return err.Error()
	}
	r := bufio.NewReader(out)
	r.ReadString('\n')
	c.Process.Signal(sig)
	c.Process.Signal(syscall.SIGCONT)
	time.Sleep(2 * time.Millisecond)
	in.Close()
	rest, _ := io.ReadAll(r)
	err := c.Wait()
	first, _, _ := strings.Cut(errs.String(), "\n")
	return strings.Join(strings.Fields(fmt.Sprint(status(err), " ", first, " ", string(rest))), " ")
}

func status(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

func show(c *exec.Cmd) {
	out, err := c.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		var mask uint64
		if n, _ := fmt.Sscanf(line, "SigIgn: %x", &mask); n == 1 {
			line = fmt.Sprintf("SigIgn: %x\n", mask&^(7<<31)) // what the C library of a parent uses is its own affair
		}
		fmt.Print(line)
	}
	fmt.Println(status(err))
}

func child(mode string, args []string) {
	var sig syscall.Signal
	if len(args) > 0 {
		fmt.Sscan(args[0], (*int)(&sig))
	}
	got := make(chan os.Signal, 1)
	switch mode {
	case "ignore":
		signal.Ignore(sig)
	case "notify":
		signal.Notify(got, sig)
	case "reset":
		before := signal.Ignored(sig)
		signal.Notify(got, sig)
		during := signal.Ignored(sig)
		signal.Reset(sig)
		if before || during || signal.Ignored(sig) {
			fmt.Fprintln(os.Stderr, "ignored:", before, during, signal.Ignored(sig))
		}
	case "ignorereset":
		signal.Ignore(sig)
		signal.Reset(sig)
	case "late": // a signal before anybody wants it is lost
		fmt.Println("ready")
		io.Copy(io.Discard, os.Stdin)
		signal.Notify(got, syscall.SIGUSR1)
		syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		fmt.Println(<-got, wait(got))
		return
	case "masks":
		signal.Ignore(syscall.SIGUSR2)
		fmt.Println(exec.Command("/bin/true").Run())
		out, _ := exec.Command("/bin/grep", "^Sig[BI]", "/proc/self/status").Output()
		fmt.Printf("%s", out)
		syscall.Kill(os.Getpid(), syscall.SIGPWR)
		fmt.Println(syscall.Exec("/bin/grep", []string{"grep", "^Sig[BI]", "/proc/self/status"}, nil))
		return
	case "pipe":
		var fd int
		fmt.Sscan(args[0], &fd)
		f := []*os.File{1: os.Stdout, 2: os.Stderr, 3: os.NewFile(3, "pipe")}[fd]
		_, err := f.WriteString("hello")
		fmt.Println(err)
		return
	}
	fmt.Println("ready")
	if mode == "notify" && !signal.Ignored(sig) {
		fmt.Println(wait(got))
	}
	io.Copy(io.Discard, os.Stdin)
}

func wait(got chan os.Signal) any {
	select {
	case s := <-got:
		return s
	case <-time.After(100 * time.Millisecond):
		return "nothing"
	}
}
