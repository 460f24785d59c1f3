// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Cancellation, deadlines and values with package context.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type keyType struct{}

func worker(ctx context.Context, id int, out chan<- string) {
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			out <- fmt.Sprintf("worker %d: %v, %v", id, ctx.Err(), context.Cause(ctx))
			return
		case <-time.After(time.Millisecond):
		}
	}
}

func main() {
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), keyType{}, "value"))
	out := make(chan string)
	go worker(ctx, 1, out)
	cancel(errors.New("enough"))
	fmt.Println(<-out)
	fmt.Println(ctx.Value(keyType{}), ctx.Value("other"))

	ctx2, cancel2 := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel2()
	go worker(ctx2, 2, out)
	fmt.Println(<-out)
	fmt.Println(errors.Is(ctx2.Err(), context.DeadlineExceeded))
	_, hasDeadline := ctx2.Deadline()
	fmt.Println(hasDeadline, ctx2.Err())

	parent, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for range 20 {
		child, c := context.WithCancel(parent)
		defer c()
		wg.Go(func() {
			<-child.Done()
			mu.Lock()
			n++
			mu.Unlock()
		})
	}
	stop()
	wg.Wait()
	fmt.Println(n, "children cancelled")
	ran := make(chan bool)
	context.AfterFunc(parent, func() { ran <- true })
	fmt.Println(<-ran)
	fmt.Println(context.WithoutCancel(parent).Err(), parent)
}
