// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.build.BuildException;
import mica.build.BuildOptions;
import mica.link.LinkOptions;

/** The flags that build and run share. */
final class BuildFlags {
    private BuildFlags() {}

    static void declare(Flags flags) {
        flags.bools("v", "a", "trimpath", "work", "x", "modcacherw")
                .autos("buildvcs")
                .ints("p")
                .strings("C", "tags", "mod", "buildmode", "compiler", "pgo", "pkgdir", "installsuffix")
                .lists("gcflags", "ldflags", "asmflags")
                .refused("race", "msan", "asan", "cover", "covermode", "coverpkg", "n", "json", "overlay", "modfile", "toolexec")
                .refused("linkshared", "gccgoflags");
    }

    /** The current folder; -C was taken from the command line's start, and anywhere else it is an error. */
    static Path directory(Context context, Flags flags) throws BuildException {
        if (flags.given("C")) {
            throw new BuildException("invalid value \"" + flags.string("C", "") + "\" for flag -C: -C flag must be first flag on command line", 2);
        }
        return context.cwd;
    }

    static BuildOptions options(Flags flags) throws BuildException {
        if (!List.of("default", "exe").contains(flags.string("buildmode", "default"))) {
            boolean known = List.of("archive", "c-archive", "c-shared", "pie", "plugin", "shared").contains(flags.string("buildmode", ""));
            throw new BuildException((known ? "-" : "") + "buildmode=" + flags.string("buildmode", "") + " not supported" + (known ? " by mica" : ""));
        }
        demand(flags, "compiler", "gc", "mica");
        BuildOptions o = new BuildOptions();
        o.mod = flags.string("mod", "");
        if (!List.of("", "readonly", "vendor", "mod").contains(o.mod)) {
            throw new BuildException("-mod=" + o.mod + " not supported (can be '', 'mod', 'readonly', or 'vendor')");
        }
        o.cacheWords = flags.words("C", "a", "exec", "o", "p", "v", "work", "x");
        o.cacheWords.add("--");
        o.always = flags.bool("a");
        for (String name : new String[] {"asmflags", "gcflags", "ldflags"}) {
            // The number of workers changes no byte.
            o.recorded.put("-" + name, String.join(" ", flags.list(name)).replaceAll("(^|\\s)-c=\\d+(?=\\s|$)", "").strip());
        }
        o.recorded.put("-tags", flags.string("tags", ""));
        o.verbose = flags.bool("v");
        o.work = flags.bool("work");
        o.trimPath = flags.bool("trimpath");
        if (flags.string("tags", "").contains(" ") && flags.string("tags", "").contains(",")) {
            throw new BuildException("mica: -tags space-separated list contains comma", 2);
        }
        for (String t : flags.string("tags", "").split("[, ]")) {
            if (!t.isEmpty()) {
                o.tags.add(t);
            }
        }
        for (String s : flags.list("gcflags")) {
            compilerFlags(o, words(s, "gcflags"));
        }
        for (String s : flags.list("ldflags")) {
            linkerFlags(o, words(s, "ldflags"));
        }
        return o;
    }

    static void demand(Flags flags, String name, String... values) throws BuildException {
        String v = flags.string(name, values[0]);
        if (!List.of(values).contains(v)) {
            throw new BuildException("-" + name + "=" + v + " not supported by mica");
        }
    }

    /** {@code [pattern=]words}, split at blanks, with quotes. The pattern (which packages) may only be one that is for all. */
    static List<String> words(String s, String flag) throws BuildException {
        int eq = s.indexOf('=');
        if (!s.isEmpty() && s.charAt(0) != '-' && s.charAt(0) != '\'' && s.charAt(0) != '"' && s.charAt(0) != ' ' && eq > 0) {
            String pattern = s.substring(0, eq);
            if (!pattern.equals("all") && !pattern.equals("./...") && !pattern.equals("main")) {
                throw new BuildException("mica: -" + flag + "=" + s + ": a pattern of packages is not supported (all=... is)");
            }
            s = s.substring(eq + 1);
        }
        List<String> out = new ArrayList<>();
        int i = 0;
        while (i < s.length()) {
            char c = s.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n') {
                i++;
                continue;
            }
            int end;
            if (c == '\'' || c == '"') {
                end = s.indexOf(c, i + 1);
                if (end < 0) {
                    throw new BuildException("invalid value \"" + s + "\" for flag -" + flag + ": unterminated " + c + " string");
                }
                out.add(s.substring(i + 1, end));
                i = end + 1;
            } else {
                end = i;
                while (end < s.length() && s.charAt(end) != ' ' && s.charAt(end) != '\t' && s.charAt(end) != '\n') {
                    end++;
                }
                out.add(s.substring(i, end));
                i = end;
            }
        }
        return out;
    }

    /** Flags of {@code mica tool compile}, as -gcflags gives them. */
    static void compilerFlags(BuildOptions o, List<String> words) throws BuildException {
        for (int i = 0; i < words.size(); i++) {
            String w = words.get(i).startsWith("--") ? words.get(i).substring(1) : words.get(i);
            switch (w) {
                case "-S" -> o.assembly = true;
                case "-N" -> o.noOptimization = true;
                case "-l" -> o.noInlining = true;
                case "-m" -> o.decisions++;
                case "-e" -> o.allErrors = true;
                case "-C" -> o.noColumns = true;
                case "-live" -> o.live = true;
                case "-shared", "-dwarf=false", "-dwarf", "-trimpath", "-std", "-+", "-complete" -> {}
                case "-B" -> o.noBounds = true;
                case "-d" -> {
                    if (++i == words.size()) {
                        throw new BuildException("mica: flag needs an argument: -d");
                    }
                    o.debug.addAll(List.of(words.get(i).split(",")));
                }
                default -> {
                    if (w.startsWith("-d=")) {
                        o.debug.addAll(List.of(w.substring(3).split(",")));
                    } else if (w.matches("-c=[0-9]{1,3}") && !w.matches("-c=0+")) {
                        o.workers = Integer.parseInt(w.substring(3));
                    } else if (w.matches("-m=[0-9]")) {
                        o.decisions = w.charAt(3) - '0';
                    } else if (w.startsWith("-lang=")) {
                        o.language = w.substring(6);
                    } else if (w.startsWith("-l=")) {
                        o.noInlining = !w.equals("-l=0") && !w.equals("-l=4");
                    } else if (w.startsWith("-p=") || w.startsWith("-spectre=") || w.startsWith("-json=")) {
                        throw new BuildException("mica: compiler flag " + w + " is not supported");
                    } else {
                        throw new BuildException("flag provided but not defined: " + w);
                    }
                }
            }
        }
    }

    private static void linkerFlags(BuildOptions o, List<String> words) throws BuildException {
        for (int i = 0; i < words.size(); i++) {
            String w = words.get(i).startsWith("--") ? words.get(i).substring(1) : words.get(i);
            switch (w) {
                case "-s" -> {
                    o.noSymbols = true;
                    o.noDwarf = true;
                }
                case "-w" -> o.noDwarf = true;
                case "-X" -> {
                    if (++i == words.size()) {
                        throw new BuildException("mica: flag needs an argument: -X");
                    }
                    setString(o, words.get(i));
                }
                case "-v" -> o.linkVerbose = true;
                case "-emit-relocs", "-emit-relocs=true" -> o.keepRelocations = true;
                case "-Map" -> {
                    if (++i == words.size()) {
                        throw new BuildException("mica: flag needs an argument: -Map");
                    }
                    o.linkMap = words.get(i);
                }
                case "-B" -> {
                    if (++i == words.size()) {
                        throw new BuildException("mica: flag needs an argument: -B");
                    }
                    setBuildId(o, words.get(i));
                }
                default -> {
                    if (w.startsWith("-X=")) {
                        setString(o, w.substring(3));
                    } else if (w.startsWith("-B=")) {
                        setBuildId(o, w.substring(3));
                    } else if (w.startsWith("-buildid=")) {
                        o.buildId = w.substring(9);
                    } else if (w.startsWith("-Map=") && w.length() > 5) {
                        o.linkMap = w.substring(5);
                    } else if (w.startsWith("-cut=") && w.indexOf("=>") > 5) {
                        o.cut = w.substring(5);
                    } else if (!w.equals("-w=0") && !w.equals("-s=0") && !w.equals("-linkmode=internal")) {
                        throw new BuildException("mica: linker flag " + w + " is not supported");
                    }
                }
            }
        }
    }

    private static void setBuildId(BuildOptions o, String text) throws BuildException {
        LinkOptions link = new LinkOptions();
        String error = link.setGnuBuildId(text);
        if (error != null) {
            throw new BuildException(error);
        }
        o.gnuBuildId = link.gnuBuildId;
    }

    static void setString(BuildOptions o, String s) throws BuildException {
        int eq = s.indexOf('=');
        int dot = s.lastIndexOf('.', eq < 0 ? s.length() : eq);
        if (eq < 0 || dot < 0) {
            throw new BuildException("-X flag requires argument of the form importpath.name=value");
        }
        o.strings.put(s.substring(0, eq), s.substring(eq + 1));
    }
}
