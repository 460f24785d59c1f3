// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.explore;

import java.util.List;

/**
 * How a user names a function: by its link name ({@code fmt.(*pp).doPrintf}), with the package path shortened to its last element or left
 * out, with type arguments as {@code [...]} or none at all ({@code inner.(*Stack).Push}).
 */
final class FunctionName {
    /** A name of another function. */
    static final int NONE = Integer.MAX_VALUE;
    private static final int WHOLE = 0;
    /** The package that the user named is left out. */
    private static final int NAMED_PACKAGE = 1;
    /** A package of the same program is left out that is not of the standard library. */
    private static final int OWN_PACKAGE = 2;
    private static final int SHORT_PATH = 3;
    private static final int NO_PACKAGE = 4;

    final String text;
    /** What stands before names of the packages that the user named, and of all that are not of the standard library. */
    private List<String> named = List.of("main.");
    private List<String> own = List.of();

    FunctionName(String text) {
        this.text = text;
    }

    /** @param namedPaths link paths of packages that the user named @param ownPaths and of all that are not of the standard library */
    void packages(List<String> namedPaths, List<String> ownPaths) {
        named = namedPaths.stream().map(p -> p + ".").toList();
        own = ownPaths.stream().map(p -> p + ".").toList();
    }

    /** How well the name fits: the smaller the better, {@link #NONE} not at all. */
    int rank(String linkName, String shownName) {
        int best = Math.min(rank(linkName), rank(shownName));
        return best == NONE && text.indexOf('[') < 0 && shownName.indexOf('[') >= 0 ? rank(shownName.replace("[...]", "")) : best;
    }

    private int rank(String name) {
        if (name.equals(text)) {
            return WHOLE;
        }
        int start = name.length() - text.length();
        if (start <= 0 || text.isEmpty() || !name.endsWith(text)) {
            return NONE;
        }
        String before = name.substring(0, start);
        if (named.contains(before) || own.contains(before)) {
            return named.contains(before) ? NAMED_PACKAGE : OWN_PACKAGE;
        }
        if (before.indexOf('[') >= 0 || before.indexOf('(') >= 0) {
            return NONE;
        }
        char last = before.charAt(start - 1);
        return last == '/' ? SHORT_PATH : last == '.' && before.indexOf('.', before.lastIndexOf('/') + 1) == start - 1 ? NO_PACKAGE : NONE;
    }
}
