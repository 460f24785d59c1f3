// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageTest {
    private static int count(String text, String part) {
        int n = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            n++;
        }
        return n;
    }

    @Test
    void factsCannotLeaveTheirElement() {
        String evil = "{\"view\":\"ssa\",\"func\":\"</script><script>alert(1)</script><!--\u2028\u2029&amp;\"}";
        String page = Page.of("ssa", "</title><b>\"'&", evil);
        assertFalse(page.contains("alert(1)</script>"));
        assertFalse(page.contains("</title><b>"));
        assertFalse(page.contains("\u2028"));
        assertFalse(page.contains("\u2029"));
        // One element of facts and one script: nothing that a function's name holds adds another.
        assertEquals(2, count(page.toLowerCase(java.util.Locale.ROOT), "</script"));
        assertTrue(page.contains("\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
    }

    @Test
    void escapesOnlyWhatItMust() {
        assertEquals("{\"a\":[1,\"x\"]}", Page.embeddable("{\"a\":[1,\"x\"]}"));
        assertEquals("\"a\\u003cb\\u2028c\"", Page.embeddable("\"a<b\u2028c\""));
    }

    @Test
    void bundlesStandInScriptElements() {
        for (String name : new String[] {"views.js", "explorer.js"}) {
            String js = Page.resource(name).toLowerCase(java.util.Locale.ROOT);
            assertFalse(js.contains("</script"), name);
            assertFalse(js.contains("<!--"), name);
        }
        assertFalse(Page.resource("style.css").contains("</style"));
    }

    @Test
    void pagesLoadNothing() {
        String page = Page.of("size", "x", "{}");
        assertTrue(page.contains("default-src 'none'"));
        String rest = page.replace(Page.resource("views.js"), "").replace(Page.resource("style.css"), "");
        assertFalse(rest.contains("http:") || rest.contains("https:") || rest.contains("src="), rest);
        assertFalse(Page.resource("style.css").contains("url("));
    }
}
