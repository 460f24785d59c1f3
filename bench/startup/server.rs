// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// server: answers every request on the port given with 200 OK and "hello";
// keep-alive, one thread for each connection, std only.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

fn serve(mut c: TcpStream) {
    let mut buf = [0u8; 4096];
    let mut have = 0;
    loop {
        match c.read(&mut buf[have..]) {
            Ok(k) if k > 0 => have += k,
            _ => return,
        }
        while let Some(at) = buf[..have].windows(4).position(|w| w == b"\r\n\r\n") {
            if c.write_all(ANSWER).is_err() {
                return;
            }
            buf.copy_within(at + 4..have, 0);
            have -= at + 4;
        }
        if have == buf.len() {
            return;
        }
    }
}

fn main() {
    let port = std::env::args().nth(1).expect("port");
    let l = TcpListener::bind(format!("127.0.0.1:{port}")).expect("bind");
    for c in l.incoming().flatten() {
        std::thread::spawn(move || serve(c));
    }
}
