// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// An HTTP server and its client on loopback, plain and with TLS and a self-signed certificate, in one process.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

func certificate() (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mica example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool, nil
}

func fetch(c *http.Client, method, url, body string) string {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	resp, err := c.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return fmt.Sprint(resp.Status, " ", resp.Header.Get("X-Mica"), " ", strings.TrimSpace(string(b)), " ", err)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Mica", "yes")
		fmt.Fprintf(w, "hello %s, tls %t", r.PathValue("name"), r.TLS != nil)
	})
	mux.HandleFunc("POST /sum", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		n := 0
		for _, f := range strings.Fields(string(b)) {
			var x int
			fmt.Sscan(f, &x)
			n += x
		}
		fmt.Fprint(w, n)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := &http.Server{Handler: mux}
	go srv.Serve(ln)
	base := "http://" + ln.Addr().String()
	fmt.Println(fetch(http.DefaultClient, "GET", base+"/hello/mica", ""))
	fmt.Println(fetch(http.DefaultClient, "POST", base+"/sum", "1 2 39"))
	fmt.Println(fetch(http.DefaultClient, "GET", base+"/missing", ""))
	fmt.Println(fetch(http.DefaultClient, "DELETE", base+"/sum", ""))
	var wg sync.WaitGroup
	var mu sync.Mutex
	ok := 0
	for i := range 10 {
		wg.Go(func() {
			s := fetch(http.DefaultClient, "GET", fmt.Sprintf("%s/hello/%d", base, i), "")
			if strings.Contains(s, fmt.Sprintf("hello %d,", i)) {
				mu.Lock()
				ok++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(ok)
	srv.Close()

	cert, pool, err := certificate()
	if err != nil {
		fmt.Println(err)
		return
	}
	ln, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	tlsSrv := &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
	go tlsSrv.ServeTLS(ln, "", "")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	fmt.Println(fetch(client, "GET", "https://"+ln.Addr().String()+"/hello/secret", ""))
	tlsSrv.Close()
}
