// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionNameTest {
    private static int rank(String wanted, String link, String shown) {
        FunctionName n = new FunctionName(wanted);
        n.packages(List.of("main", "example.com/a/geo"), List.of("main", "example.com/a/geo", "example.com/a/text"));
        return n.rank(link, shown);
    }

    private static int rank(String wanted, String name) {
        return rank(wanted, name, name);
    }

    @Test
    void theFullerNameFitsBetter() {
        String name = "example.com/a/text.(*T).M";
        int[] ranks = {rank(name, name), rank("(*T).M", name), rank("text.(*T).M", name)};
        assertTrue(ranks[0] < ranks[1] && ranks[1] < ranks[2] && ranks[2] < FunctionName.NONE);
    }

    @Test
    void packagesThatTheUserNamedComeFirst() {
        assertTrue(rank("Total", "example.com/a/geo.Total") < rank("Total", "example.com/a/text.Total"));
        assertTrue(rank("f", "main.f") < rank("f", "fmt.f"));
        assertTrue(rank("Total", "example.com/a/text.Total") < rank("Total", "fmt.Total"));
    }

    @Test
    void typeArgumentsMayBeLeftOut() {
        for (String wanted : List.of("(*Stack[...]).Push", "(*Stack).Push", "inner.(*Stack).Push", "(*Stack[a/b.T]).Push")) {
            assertTrue(rank(wanted, "x/inner.(*Stack[a/b.T]).Push", "x/inner.(*Stack[...]).Push") < FunctionName.NONE, wanted);
        }
    }

    @Test
    void partsOfNamesFitNothing() {
        for (String wanted : List.of("", "Push", "ush", "T]).Push", ".Push", "func1", "b.T]).Push")) {
            assertEquals(FunctionName.NONE, rank(wanted, "x/inner.(*Stack[a/b.T]).Push", "x/inner.(*Stack[...]).Push"), wanted);
        }
        assertEquals(FunctionName.NONE, rank("func1", "x/y.f.func1"));
        assertEquals(FunctionName.NONE, rank("M", "x/y.T.M"));
    }
}
