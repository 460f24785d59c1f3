// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Hashes and ciphers.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"hash/fnv"
)

func main() {
	data := bytes.Repeat([]byte("The quick brown fox. "), 1000)
	fmt.Printf("%x\n%x\n%x\n%x\n", sha256.Sum256(data), sha512.Sum512(data[:100]), sha1.Sum(data), md5.Sum(data))
	fmt.Printf("%x\n", sha3.Sum256(data))
	fmt.Printf("%08x %08x %08x\n", crc32.ChecksumIEEE(data), crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)), adler32.Checksum(data))
	f := fnv.New64a()
	f.Write(data)
	fmt.Println(f.Sum64())
	mac := hmac.New(sha256.New, []byte("key"))
	mac.Write(data)
	fmt.Println(hex.EncodeToString(mac.Sum(nil)))
	block, err := aes.NewCipher(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		fmt.Println(err)
		return
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		fmt.Println(err)
		return
	}
	nonce := make([]byte, gcm.NonceSize())
	sealed := gcm.Seal(nil, nonce, data[:50], []byte("extra"))
	fmt.Println(base64.StdEncoding.EncodeToString(sealed))
	open, err := gcm.Open(nil, nonce, sealed, []byte("extra"))
	fmt.Println(string(open), err)
	sealed[3] ^= 1
	_, err = gcm.Open(nil, nonce, sealed, []byte("extra"))
	fmt.Println(err)
	ctr := make([]byte, 40)
	cipher.NewCTR(block, make([]byte, 16)).XORKeyStream(ctr, data[:40])
	fmt.Printf("%x\n", ctr)
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	sig := ed25519.Sign(key, data)
	fmt.Println(hex.EncodeToString(sig[:16]), ed25519.Verify(key.Public().(ed25519.PublicKey), data, sig))
}
