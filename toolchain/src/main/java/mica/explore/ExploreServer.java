// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * Serves the explorer's page and the facts that it asks for, to this machine only. What keeps others out:
 *
 * <ul>
 * <li>it listens on a loopback address;
 * <li>the Host header must name that address and port, so that a name that resolves to it (DNS rebinding) gets nothing;
 * <li>an Origin header must be the page's own, and Sec-Fetch-Site must not say otherwise;
 * <li>whatever tells or does something is a POST with the header {@code X-Mica-Token}: a secret that stands in the fragment of the
 *     printed URL, which browsers do not send. No cookie takes part, so a forged request has nothing to ride on, and a header of that
 *     name makes browsers ask for permission that is never given;
 * <li>the page's policy allows its own script and style and no other source of anything.
 * </ul>
 */
public final class ExploreServer {
    private static final int MAX_BODY = 4 << 20;
    private static final int TOKEN_BYTES = 24;

    private final Api api;
    private final HttpServer server;
    private final String token;
    private final Set<String> hosts;
    private final String url;

    /** What the page can ask for; each writes its answer, one JSON text a line. */
    interface Api {
        /** @param query of the request @param body its text @param out takes lines */
        void answer(String what, Map<String, String> query, String body, Lines out) throws IOException;

        /** Whether there is something of this name to ask for. */
        boolean knows(String what);
    }

    /** Where an answer's lines go. */
    interface Lines {
        void line(String json) throws IOException;
    }

    /**
     * @param address a loopback address; port 0 takes a free one
     * @throws IOException if the address cannot be listened on, or is not a loopback address
     */
    ExploreServer(InetSocketAddress address, Api api) throws IOException {
        InetAddress a = address.getAddress();
        if (a == null || !a.isLoopbackAddress()) {
            throw new IOException(address.getHostString() + " is not a loopback address");
        }
        this.api = api;
        this.server = HttpServer.create(address, 0);
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
        int port = server.getAddress().getPort();
        String literal = a.getHostAddress().contains(":") ? "[" + shortest(a.getHostAddress()) + "]" : a.getHostAddress();
        this.hosts = Set.of(literal + ":" + port, "localhost:" + port);
        this.url = "http://" + literal + ":" + port + "/#" + token;
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    private static String shortest(String ipv6) {
        return ipv6.equals("0:0:0:0:0:0:0:1") ? "::1" : ipv6;
    }

    void start() {
        server.start();
    }

    void stop() {
        server.stop(0);
    }

    /** The address of the page, its secret included. */
    String url() {
        return url;
    }

    private void handle(HttpExchange x) throws IOException {
        try (x) {
            protect(x.getResponseHeaders());
            String path = x.getRequestURI().getRawPath();
            if (!allowed(x.getRequestHeaders())) {
                text(x, 403, "mica explore: this request does not come from its page");
            } else if (path.startsWith("/api/")) {
                call(x, path.substring("/api/".length()));
            } else {
                file(x, path);
            }
        } catch (IOException e) {
            // The other side is gone: nobody is left to tell.
        }
    }

    /** Where the request comes from: names of this server only, and no page of another origin. */
    private boolean allowed(Headers h) {
        String host = single(h, "Host");
        if (host == null || !hosts.contains(host)) {
            return false;
        }
        String origin = single(h, "Origin");
        if (h.containsKey("Origin") && !("http://" + host).equals(origin)) {
            return false;
        }
        String site = h.getFirst("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static String single(Headers h, String name) {
        return h.get(name) == null || h.get(name).size() != 1 ? null : h.getFirst(name);
    }

    private static void protect(Headers h) {
        h.set("Cache-Control", "no-store");
        h.set("X-Content-Type-Options", "nosniff");
        h.set("Referrer-Policy", "no-referrer");
        h.set("Cross-Origin-Resource-Policy", "same-origin");
        h.set("Cross-Origin-Opener-Policy", "same-origin");
        h.set("X-Frame-Options", "DENY");
        h.set("Content-Security-Policy", "default-src 'none'");
    }

    // The page itself: the same for everybody, without a secret in it.

    private void file(HttpExchange x, String path) throws IOException {
        if (!x.getRequestMethod().equals("GET")) {
            text(x, 405, "mica explore: GET only");
            return;
        }
        switch (path) {
            case "/" -> page(x);
            case "/explorer.js" -> send(x, 200, "text/javascript", Page.resource("explorer.js"));
            case "/style.css" -> send(x, 200, "text/css", Page.resource("style.css"));
            default -> text(x, 404, "mica explore: no such page");
        }
    }

    private static void page(HttpExchange x) throws IOException {
        byte[] b = new byte[16];
        new SecureRandom().nextBytes(b);
        // The editor makes a style element, which must carry this.
        String nonce = HexFormat.of().formatHex(b);
        x.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce
                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        send(x, 200, "text/html", """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/style.css">
                <title>Mica explorer</title>
                </head>
                <body>
                <script src="/explorer.js" nonce="NONCE"></script>
                </body>
                </html>
                """.replace("NONCE", nonce));
    }

    // Facts and actions.

    private void call(HttpExchange x, String what) throws IOException {
        if (!x.getRequestMethod().equals("POST")) {
            text(x, 405, "mica explore: POST only");
            return;
        }
        String given = single(x.getRequestHeaders(), "X-Mica-Token");
        if (given == null || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            text(x, 403, "mica explore: open the address that mica explore printed");
            return;
        }
        if (!api.knows(what)) {
            text(x, 404, "mica explore: no such question");
            return;
        }
        byte[] body;
        try (InputStream in = x.getRequestBody()) {
            body = in.readNBytes(MAX_BODY + 1);
        }
        if (body.length > MAX_BODY) {
            text(x, 413, "mica explore: the text is too long");
            return;
        }
        Map<String, String> query = query(x.getRequestURI().getRawQuery());
        if (query == null) {
            text(x, 400, "mica explore: malformed question");
            return;
        }
        x.getResponseHeaders().set("Content-Type", "application/x-ndjson; charset=utf-8");
        x.sendResponseHeaders(200, 0);
        try (OutputStream out = x.getResponseBody()) {
            api.answer(what, query, new String(body, StandardCharsets.UTF_8), json -> {
                out.write(json.replace('\n', ' ').trim().getBytes(StandardCharsets.UTF_8));
                out.write('\n');
                out.flush();
            });
        }
    }

    /** Names and values of a query; null if it is malformed. */
    private static Map<String, String> query(String raw) {
        Map<String, String> out = new HashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            int eq = part.indexOf('=');
            if (eq > 0) {
                try {
                    out.put(part.substring(0, eq), URLDecoder.decode(part.substring(eq + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
        }
        return out;
    }

    private static void text(HttpExchange x, int status, String text) throws IOException {
        send(x, status, "text/plain", text + "\n");
    }

    private static void send(HttpExchange x, int status, String type, String text) throws IOException {
        byte[] b = text.getBytes(StandardCharsets.UTF_8);
        x.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        x.sendResponseHeaders(status, b.length);
        try (OutputStream out = x.getResponseBody()) {
            out.write(b);
        }
    }
}
