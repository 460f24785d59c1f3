// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mica.base.SourceFile;

/**
 * Carries out #include, #define, #undef, #ifdef, #ifndef, #else, #endif and #line, and expands macros. Sources are a
 * stack: files and the
 * token lists of expanded macros, the innermost on top; what an expansion yields is looked at again for macros.
 */
final class Preprocessor {
    private static final int MAX_DEPTH = 1000;

    /** A macro; parameters null = none and no parentheses. */
    private static final class Macro {
        final String name;
        final List<String> parameters;
        final List<Token> body;

        Macro(String name, List<String> parameters, List<Token> body) {
            this.name = name;
            this.parameters = parameters;
            this.body = body;
        }
    }

    private static final class Source {
        final AsmLexer lexer;
        final List<Token> list;
        int at;

        Source(AsmLexer lexer, List<Token> list) {
            this.lexer = lexer;
            this.list = list;
        }
    }

    private final AsmOptions options;
    private final AsmErrors errors;
    private final Map<String, Macro> macros = new HashMap<>();
    private final ArrayList<Source> stack = new ArrayList<>();
    /** For each open #ifdef: 1 = its text counts, 0 = it does not, -1 = it lies in text that does not count. */
    private final ArrayList<Integer> conditions = new ArrayList<>();
    private boolean beginningOfLine = true;
    private Token peeked;

    Preprocessor(SourceFile file, AsmOptions options, AsmErrors errors) {
        this.options = options;
        this.errors = errors;
        for (Map.Entry<String, String> d : options.defines.entrySet()) {
            List<Token> body = new ArrayList<>();
            AsmLexer l = new AsmLexer(options.sources.add("<" + d.getKey() + ">",
                    d.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8)), errors);
            for (Token t = l.next(); t.kind != Token.EOF; t = l.next()) {
                body.add(t);
            }
            macros.put(d.getKey(), new Macro(d.getKey(), null, body));
        }
        stack.add(new Source(new AsmLexer(file, errors), null));
    }

    private Token raw() {
        if (peeked != null) {
            Token t = peeked;
            peeked = null;
            return t;
        }
        for (;;) {
            Source top = stack.get(stack.size() - 1);
            if (top.lexer != null) {
                Token t = top.lexer.next();
                if (t.kind != Token.EOF || stack.size() == 1) {
                    return t;
                }
                stack.remove(stack.size() - 1);
                return new Token(Token.NEWLINE, "\n", t.pos, false);
            }
            if (top.at < top.list.size()) {
                return top.list.get(top.at++);
            }
            stack.remove(stack.size() - 1);
        }
    }

    /** The next token of the expanded program. */
    Token next() {
        for (;;) {
            Token t = raw();
            if (t.kind == '#' && beginningOfLine) {
                directive(t);
                continue;
            }
            if (t.kind == Token.EOF) {
                if (!conditions.isEmpty()) {
                    errors.error(t.pos, "unclosed #ifdef or #ifndef");
                    conditions.clear();
                }
                return t;
            }
            if (!enabled()) {
                beginningOfLine = t.kind == Token.NEWLINE;
                continue;
            }
            if (t.kind == Token.NEWLINE) {
                beginningOfLine = true;
                return t;
            }
            if (t.kind == '#') {
                throw fail(t, "'#' must be first item on line");
            }
            if (t.kind == Token.IDENT) {
                Macro m = macros.get(t.text);
                if (m != null) {
                    if (stack.size() > MAX_DEPTH) {
                        // Nothing sensible can follow: what is left of the expansions would recur, too.
                        errors.error(t.pos, "recursive macro invocation");
                        throw new AsmErrors.Fatal();
                    }
                    if (expand(m, t)) {
                        continue;
                    }
                }
            }
            beginningOfLine = false;
            return t;
        }
    }

    private boolean enabled() {
        return conditions.isEmpty() || conditions.get(conditions.size() - 1) == 1;
    }

    private void directive(Token hash) {
        Token word = raw();
        if (word.kind != Token.IDENT) {
            throw fail(word, "expected identifier after '#'");
        }
        switch (word.text) {
            case "ifdef" -> condition(word, true);
            case "ifndef" -> condition(word, false);
            case "else" -> {
                expectEnd(word, "#else");
                if (conditions.isEmpty()) {
                    throw errors.stop(word.pos, "unmatched #else");
                }
                int top = conditions.size() - 1;
                int c = conditions.get(top);
                conditions.set(top, c < 0 ? c : 1 - c);
            }
            case "endif" -> {
                expectEnd(word, "#endif");
                if (conditions.isEmpty()) {
                    throw errors.stop(word.pos, "unmatched #endif");
                }
                conditions.remove(conditions.size() - 1);
            }
            default -> {
                if (!enabled()) {
                    skipLine();
                    return;
                }
                switch (word.text) {
                    case "define" -> define();
                    case "undef" -> {
                        Token name = macroName();
                        if (macros.remove(name.text) == null) {
                            throw fail(name, "#undef for undefined macro: " + name.text);
                        }
                        expectEnd(name, "#undef");
                    }
                    case "include" -> include();
                    case "line" -> line();
                    default -> throw fail(word, "unexpected token after '#': " + word.text);
                }
            }
        }
    }

    /** Reports, skips the rest of the line and gives up the statement. */
    private AsmErrors.Stop fail(Token at, String text) {
        errors.error(at.pos, text);
        if (at.kind != Token.NEWLINE && at.kind != Token.EOF) {
            skipLine();
        }
        return new AsmErrors.Stop();
    }

    private void skipLine() {
        Token t = raw();
        while (t.kind != Token.NEWLINE && t.kind != Token.EOF) {
            t = raw();
        }
        if (t.kind == Token.EOF) {
            peeked = t;
        }
        beginningOfLine = true;
    }

    private void expectEnd(Token after, String what) {
        Token t = raw();
        if (t.kind == Token.EOF) {
            peeked = t;
        } else if (t.kind != Token.NEWLINE) {
            throw fail(t, "unexpected token after " + what + ": " + t);
        }
        beginningOfLine = true;
    }

    private Token macroName() {
        Token t = raw();
        if (t.kind != Token.IDENT) {
            throw fail(t, "expected identifier after directive");
        }
        return t;
    }

    private void condition(Token word, boolean ifDefined) {
        Token name = macroName();
        expectEnd(name, "#" + word.text);
        if (!enabled()) {
            conditions.add(-1);
        } else {
            conditions.add(macros.containsKey(name.text) == ifDefined ? 1 : 0);
        }
    }

    private void define() {
        Token name = macroName();
        if (macros.containsKey(name.text)) {
            throw fail(name, "redefinition of macro: " + name.text);
        }
        Token t = raw();
        List<String> parameters = null;
        if (t.kind == '(' && !t.spaced) {
            parameters = new ArrayList<>();
            t = raw();
            while (t.kind != ')') {
                if (t.kind != Token.IDENT) {
                    throw fail(t, "bad definition for macro: " + name.text);
                }
                if (parameters.contains(t.text)) {
                    throw fail(t, "duplicate argument " + t.text + " in definition of macro: " + name.text);
                }
                parameters.add(t.text);
                t = raw();
                if (t.kind == ',') {
                    t = raw();
                } else if (t.kind != ')') {
                    throw fail(t, "bad definition for macro: " + name.text);
                }
            }
            t = raw();
        }
        List<Token> body = new ArrayList<>();
        while (t.kind != Token.NEWLINE && t.kind != Token.EOF) {
            if (t.kind == '\\') {
                t = raw();
                if (t.kind != Token.NEWLINE && t.kind != '\\') {
                    throw fail(t, "can only escape \\ or \\n in definition for macro: " + name.text);
                }
            }
            body.add(t);
            t = raw();
        }
        if (t.kind == Token.EOF) {
            peeked = t;
            if (!body.isEmpty()) {
                throw fail(t, "no newline after macro definition");
            }
        }
        beginningOfLine = true;
        macros.put(name.text, new Macro(name.text, parameters, body));
    }

    /** Puts a macro's text in place of its name; false if it wants arguments and none stand there. */
    private boolean expand(Macro m, Token use) {
        if (m.parameters == null) {
            push(m.body, use.pos);
            return true;
        }
        Token t = raw();
        if (t.kind != '(') {
            peeked = t;
            return false;
        }
        List<List<Token>> arguments = new ArrayList<>();
        List<Token> current = new ArrayList<>();
        int depth = 0;
        for (;;) {
            t = raw();
            if (t.kind == Token.EOF || t.kind == Token.NEWLINE) {
                peeked = t;
                throw errors.stop(use.pos, "unterminated arg list invoking macro: " + m.name);
            }
            if (t.kind == '(') {
                depth++;
            } else if (t.kind == ')' && --depth < 0) {
                if (!current.isEmpty() || !arguments.isEmpty()) {
                    arguments.add(current);
                }
                break;
            } else if (t.kind == ',' && depth == 0) {
                arguments.add(current);
                current = new ArrayList<>();
                continue;
            }
            current.add(t);
        }
        if (arguments.size() != m.parameters.size()) {
            if (!(m.parameters.size() == 1 && arguments.isEmpty())) {
                throw errors.stop(use.pos, "too " + (arguments.size() < m.parameters.size() ? "few" : "many")
                        + " arguments for macro: " + m.name);
            }
            arguments.add(new ArrayList<>());
        }
        List<Token> out = new ArrayList<>(m.body.size() + 8);
        for (Token b : m.body) {
            int k = b.kind == Token.IDENT ? m.parameters.indexOf(b.text) : -1;
            if (k >= 0) {
                out.addAll(arguments.get(k));
            } else {
                out.add(b);
            }
        }
        push(out, use.pos);
        return true;
    }

    private void push(List<Token> list, int pos) {
        List<Token> moved = new ArrayList<>(list.size());
        for (Token t : list) {
            moved.add(t.at(pos));
        }
        // A token looked at beyond the macro's use comes after its text.
        if (peeked != null) {
            List<Token> one = new ArrayList<>();
            one.add(peeked);
            peeked = null;
            stack.add(new Source(null, one));
        }
        stack.add(new Source(null, moved));
    }

    private void include() {
        Token name = raw();
        if (name.kind != Token.STRING) {
            throw fail(name, "expected string after #include");
        }
        expectEnd(name, "#include");
        String path = name.text.substring(1, name.text.length() - 1);
        SourceFile f = options.include(path, including());
        if (f == null) {
            errors.error(name.pos, "open " + path + ": no such file or directory");
            throw new AsmErrors.Fatal();
        }
        if (stack.size() > MAX_DEPTH) {
            errors.error(name.pos, "#include nested too deeply");
            throw new AsmErrors.Fatal();
        }
        stack.add(new Source(new AsmLexer(f, errors), null));
    }

    private SourceFile including() {
        for (int i = stack.size() - 1; ; i--) {
            if (stack.get(i).lexer != null) {
                return stack.get(i).lexer.file;
            }
        }
    }

    /** #line N "file": the lines that follow are counted from N in that file. */
    private void line() {
        Token number = raw();
        if (number.kind != Token.INT) {
            throw fail(number, "expected line number after #line");
        }
        Token name = raw();
        if (name.kind != Token.STRING) {
            throw fail(name, "expected file name in #line directive");
        }
        Token end = raw();
        if (end.kind != Token.NEWLINE && end.kind != Token.EOF) {
            throw fail(end, "unexpected token at end of #line");
        }
        if (end.kind == Token.EOF) {
            peeked = end;
        }
        Source top = stack.get(stack.size() - 1);
        if (top.lexer != null) {
            SourceFile f = top.lexer.file;
            f.addLineDirective(end.pos - f.base + 1, name.text.substring(1, name.text.length() - 1),
                    Integer.parseInt(number.text), 0);
        }
        beginningOfLine = true;
    }
}
