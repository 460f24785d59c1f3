// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.util.List;
import java.util.Locale;

/** A trace as text, part by part. */
public final class TraceText {
    /** Of each group of the memory. */
    private static final int MOST_OWNERS = 3;

    private final StringBuilder out = new StringBuilder();

    private TraceText() {}

    public static String of(Trace t) {
        TraceText x = new TraceText();
        x.maps(t);
        x.boot(t);
        x.calls(t);
        x.faults(t);
        x.memory(t);
        x.threads(t);
        x.signals(t);
        x.end(t);
        return x.out.toString();
    }

    private void line(String format, Object... args) {
        out.append(String.format(Locale.ROOT, format, args)).append('\n');
    }

    private void title(String format, Object... args) {
        if (!out.isEmpty()) {
            out.append('\n');
        }
        line(format, args);
    }

    /** Nanoseconds as microseconds. */
    private static String us(long ns) {
        return ns < 0 ? "?" : String.format(Locale.ROOT, "%.1f", ns / 1000.0);
    }

    private void maps(Trace t) {
        if (t.maps == null) {
            return;
        }
        title("mappings at the entry 0x%x of %s", t.entry, t.path);
        for (Trace.Mapped m : t.maps) {
            String what = m.segment >= 0 ? "segment " + m.segment + " " + String.join(" ", m.sections) : m.mapping.path;
            String note = m.note.isEmpty() ? "" : "  (" + m.note + ")";
            line("  %12x-%-12x %s %5d KiB  %s%s", m.mapping.start, m.mapping.end, m.mapping.permissions, (m.mapping.end - m.mapping.start) / 1024, what,
                    note);
        }
    }

    private void boot(Trace t) {
        if (t.steps == null) {
            return;
        }
        title("boot: microseconds since execve%s", t.bootStops == 0 ? "" : String.format(Locale.ROOT, "; the cost of %d stops at system calls (%s each) is"
                + " subtracted: -boot alone is more exact", t.bootStops, us(t.cost.callWall)));
        line("  %10s %10s", "at", "took");
        for (Trace.Step s : t.steps) {
            boolean last = s == t.steps.getLast();
            boolean over = last && t.bootComplete;
            line("  %10s %10s  %s%s", us(s.begin), over ? "" : us(s.end < 0 ? -1 : s.end - s.begin), s, last && !over ? ": not over" : "");
        }
        if (t.bootCpu >= 0) {
            line("  %s on a processor", us(t.bootCpu));
        }
        for (Trace.Missing m : t.missing) {
            line("  %s: %s", m.name, m.why);
        }
    }

    private void calls(Trace t) {
        if (t.calls == null) {
            return;
        }
        title("system calls: at and duration in microseconds");
        boolean many = t.threads.size() > 1;
        for (Trace.Call c : t.calls) {
            line("  %10s %9s %s%s(%s) = %s", us(c.at), us(c.duration), many ? "[" + c.tid + "] " : "", c.name, String.join(", ", shown(c.args)),
                    c.shown);
        }
        if (t.callsNotShown > 0) {
            line("  and %d more", t.callsNotShown);
        }
    }

    private static List<String> shown(List<String> args) {
        return args.stream().map(a -> a == null ? "?" : a).toList();
    }

    private void faults(Trace t) {
        if (t.pages == null) {
            return;
        }
        title("page faults (minor+major, by the kernel's count) and resident pages by owner");
        line("  %8s %8s %8s", "entry", "main", "exit");
        line("  %8s %8s %8s  faults", faults(t.faultsAtEntry), faults(t.faultsAtMain), faults(t.faultsAtExit));
        for (Trace.Pages p : t.pages) {
            if (p.atEntry > 0 || p.atMain > 0 || p.atExit > 0) {
                line("  %8d %8s %8s  %s", p.atEntry, p.atMain < 0 ? "?" : p.atMain, p.atExit < 0 ? "?" : p.atExit, p.owner);
            }
        }
    }

    private void memory(Trace t) {
        if (t.memory != null) {
            title("memory before the end");
            MapReport.owners(t.memory, MOST_OWNERS, out);
        }
    }

    private static String faults(long[] n) {
        return n == null ? "?" : n[1] == 0 ? Long.toString(n[0]) : n[0] + "+" + n[1];
    }

    private void threads(Trace t) {
        title("threads and processes: microseconds");
        for (Trace.Thread x : t.threads) {
            line("  %d %s%s at %s, ended at %s, %s on a processor", x.tid, x.how, x.parent == 0 ? "" : " by " + x.parent, us(x.at), us(x.end), us(x.cpu));
        }
    }

    private void signals(Trace t) {
        if (t.signals.isEmpty()) {
            return;
        }
        title("signals");
        for (Trace.Signal s : t.signals) {
            line("  %10s [%d] %s", us(s.at), s.tid, s.name);
        }
    }

    private void end(Trace t) {
        String how = t.signal != 0 ? "killed by " + new Constants().one("signal", t.signal) : "exit status " + t.status;
        Trace.Step u = t.unfinished();
        String where = u == null ? "" : u.pkg == null ? " in the boot step " + u.name : " in the initialization of package " + u.pkg;
        title("%s%s after %s us%s", how, where, us(t.end), t.overtime ? ", as its time was over" : "");
    }
}
