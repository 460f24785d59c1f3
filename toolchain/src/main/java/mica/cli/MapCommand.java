// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import mica.build.BuildException;
import mica.trace.MapReport;
import mica.trace.ProcessMap;
import mica.trace.ProcessMapper;
import mica.trace.TraceException;

/** {@code mica map}: who owns the resident memory of a running program. */
final class MapCommand extends Command {
    private static final int MOST = 8;

    MapCommand() {
        super("map", "map [-json] [-all] pid", "print what a running program's memory is for", """
                Map stops a running program that Mica built for some milliseconds and prints who owns each
                resident byte of it: sections and symbols of the executable, heap spans by size class, stacks of
                goroutines and threads, what the collector and the scheduler keep, the kernel's parts. The sum is
                the resident size that the kernel reports.

                	-all     all owners, not only the largest of each group
                	-json    every range with its owner (docs/json.md)
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json", "all");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() != 1) {
            return misused(context);
        }
        int pid;
        try {
            pid = Integer.parseInt(flags.rest.get(0));
        } catch (NumberFormatException e) {
            throw new BuildException("mica map: \"" + flags.rest.get(0) + "\" is not the number of a process");
        }
        try {
            ProcessMap map = ProcessMapper.read(pid);
            if (flags.bool("json")) {
                MapReport.json(map, context.out);
            } else {
                context.out.print(MapReport.text(map, flags.bool("all") ? Integer.MAX_VALUE : MOST));
            }
            return 0;
        } catch (TraceException e) {
            throw new BuildException(e.getMessage());
        }
    }
}
