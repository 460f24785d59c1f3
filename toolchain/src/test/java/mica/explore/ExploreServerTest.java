// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forged requests: nothing is told and nothing is done unless the page itself asks. */
class ExploreServerTest {
    private final List<String> asked = new ArrayList<>();
    private ExploreServer server;
    private String host;
    private String token;

    @BeforeEach
    void start() throws IOException {
        server = new ExploreServer(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), new ExploreServer.Api() {
            @Override
            public void answer(String what, Map<String, String> query, String body, ExploreServer.Lines out) throws IOException {
                asked.add(what + " " + query.get("name") + " " + body);
                out.line("{\"secret\":\n1}");
            }

            @Override
            public boolean knows(String what) {
                return what.equals("build");
            }
        });
        server.start();
        String url = server.url();
        host = url.substring("http://".length(), url.indexOf("/#"));
        token = url.substring(url.indexOf('#') + 1);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    /** Sends a request as written, with the given header lines; the whole answer. */
    private String send(String line, String body, String... headers) throws IOException {
        int port = Integer.parseInt(host.substring(host.lastIndexOf(':') + 1));
        try (Socket s = new Socket("127.0.0.1", port)) {
            s.setSoTimeout(20000);
            String head = line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + (headers.length > 0 ? "\r\n" : "") + "Connection: close\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            s.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            return new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void refused(int status, String line, String... headers) throws IOException {
        String answer = send(line, "x", headers);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertFalse(answer.contains("secret"), answer);
        assertFalse(answer.contains(token), answer);
        assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control-"), answer);
        assertEquals(List.of(), asked);
    }

    private String secret() {
        return "X-Mica-Token: " + token;
    }

    @Test
    void thePageItselfIsAnswered() throws IOException {
        String answer = send("POST /api/build?name=main.main%20x", "text", "Host: " + host, "Origin: http://" + host, "Sec-Fetch-Site: same-origin", secret());
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("{\"secret\": 1}"), answer);
        assertEquals(List.of("build main.main x text"), asked);
        // Without a browser there is no Origin; the secret alone will do.
        assertTrue(send("POST /api/build", "", "Host: localhost:" + host.substring(host.lastIndexOf(':') + 1), secret()).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aNameThatResolvesHereIsRefused() throws IOException {
        String port = host.substring(host.lastIndexOf(':'));
        for (String forged : new String[] {"evil.example" + port, "evil.example", "127.0.0.1", "127.0.0.1.evil.example" + port, "127.0.0.1:1", "localhost", "[::1]" + port}) {
            refused(403, "POST /api/build", "Host: " + forged, secret());
            refused(403, "GET /", "Host: " + forged);
        }
        refused(403, "GET /", "Host: " + host, "Host: evil.example");
        refused(403, "GET /");
        refused(403, "POST /api/build", secret());
        refused(403, "POST http://" + host + "/api/build", "Host: evil.example", secret());
    }

    @Test
    void otherOriginsAreRefused() throws IOException {
        for (String forged : new String[] {"http://evil.example", "null", "https://" + host, "http://localhost:1", "http://" + host + ".evil.example", ""}) {
            refused(403, "POST /api/build", "Host: " + host, "Origin: " + forged, secret());
        }
        for (String site : new String[] {"cross-site", "same-site"}) {
            refused(403, "POST /api/build", "Host: " + host, "Sec-Fetch-Site: " + site, secret());
            refused(403, "GET /", "Host: " + host, "Sec-Fetch-Site: " + site);
        }
        // What a page elsewhere may send without asking: no header of its own, a form's type.
        refused(403, "POST /api/build", "Host: " + host, "Content-Type: text/plain", "Cookie: token=" + token);
        // A stream of another page's, whose beginning is a GET.
        refused(403, "GET /api/build", "Host: " + host, "Origin: http://evil.example", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        refused(405, "GET /api/build", "Host: " + host, "Accept: text/event-stream");
        // Several origins are none.
        refused(403, "POST /api/build", "Host: " + host, "Origin: http://" + host, "Origin: http://evil.example", secret());
        // Asking for permission is not answered with one.
        refused(405, "OPTIONS /api/build", "Host: " + host, "Access-Control-Request-Headers: x-mica-token");
    }

    @Test
    void withoutTheSecretNothingIsTold() throws IOException {
        refused(403, "POST /api/build", "Host: " + host);
        refused(403, "POST /api/build", "Host: " + host, "X-Mica-Token: ");
        refused(403, "POST /api/build", "Host: " + host, "X-Mica-Token: " + token.substring(1));
        refused(403, "POST /api/build", "Host: " + host, "X-Mica-Token: " + token + "0");
        refused(403, "POST /api/build", "Host: " + host, secret(), secret());
        refused(403, "POST /api/build?token=" + token, "Host: " + host);
        refused(405, "GET /api/build", "Host: " + host, secret());
        refused(404, "POST /api/run", "Host: " + host, secret());
    }

    @Test
    void thePageHoldsNoSecretAndLoadsNothingFromElsewhere() throws IOException {
        String page = send("GET /", "", "Host: " + host);
        assertTrue(page.startsWith("HTTP/1.1 200 "), page);
        assertFalse(page.contains(token));
        String lower = page.toLowerCase(Locale.ROOT);
        assertTrue(lower.contains("content-security-policy: default-src 'none'; script-src 'self';"), page);
        assertTrue(lower.contains("frame-ancestors 'none'"), page);
        assertTrue(lower.contains("cache-control: no-store"), page);
        assertTrue(lower.contains("cross-origin-resource-policy: same-origin"), page);
        assertTrue(lower.contains("x-content-type-options: nosniff"), page);
        assertTrue(send("GET /explorer.js", "", "Host: " + host).startsWith("HTTP/1.1 200 "));
        assertTrue(send("GET /../explorer.js", "", "Host: " + host).startsWith("HTTP/1.1 404 "));
        for (String path : new String[] {"/nothing", "//explorer.js", "/%2e%2e/explorer.js", "/explorer.js/", "/..%2f..%2fetc/passwd", "/explorer.js%00", "/api/../explorer.js"}) {
            String answer = send("GET " + path, "", "Host: " + host);
            assertTrue(answer.startsWith("HTTP/1.1 404 ") || answer.startsWith("HTTP/1.1 405 "), path + ": " + answer);
        }
    }

    @Test
    void largeAndMalformedRequestsAreRefused() throws IOException {
        assertTrue(send("POST /api/build?name=%zz", "", "Host: " + host, secret()).startsWith("HTTP/1.1 400 "));
        assertTrue(send("POST /api/build", "x".repeat((4 << 20) + 1), "Host: " + host, secret()).startsWith("HTTP/1.1 413 "));
        assertEquals(List.of(), asked);
    }

    @Test
    void onlyLoopbackIsListenedOn() {
        for (String address : new String[] {"0.0.0.0", "192.0.2.1", "::"}) {
            assertThrows(IOException.class, () -> new ExploreServer(new InetSocketAddress(InetAddress.getByName(address), 0), null));
        }
    }
}
