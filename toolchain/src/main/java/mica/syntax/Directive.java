// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** A comment such as {@code //go:noinline} or {@code //export f}; {@code text} is without the slashes. */
public final class Directive {
    public static final Directive[] NONE = new Directive[0];

    public final int pos;
    /** For example {@code go:linkname localname importpath.name}. */
    public final String text;
    /** True if nothing but blanks stands before it on its line. */
    public final boolean ownLine;

    public Directive(int pos, String text, boolean ownLine) {
        this.pos = pos;
        this.text = text;
        this.ownLine = ownLine;
    }

    /** Where the text begins, behind the slashes. */
    public int textPos() {
        return pos + "//".length();
    }

    /** Whether its first word is {@code verb}, for example {@code go:noinline}. */
    public boolean is(String verb) {
        return text.startsWith(verb)
                && (text.length() == verb.length() || text.charAt(verb.length()) == ' ' || text.charAt(verb.length()) == '\t');
    }

    /** What follows the first word, trimmed. */
    public String arguments() {
        int i = 0;
        while (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '\t') {
            i++;
        }
        return text.substring(i).strip();
    }
}
