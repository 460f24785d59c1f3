// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.util.List;

/** The flag -C: as in the go command it stands before or right behind the command's name, and holds for all that follows. */
final class ChangeDirectory {
    private ChangeDirectory() {}

    /** Removes the flag from the command line; its folder, or null if it is not there. */
    static String take(List<String> args) {
        for (int i = 0; i < Math.min(2, args.size()); i++) {
            String a = args.get(i).startsWith("--") ? args.get(i).substring(1) : args.get(i);
            if (a.startsWith("-C=")) {
                args.remove(i);
                return a.substring("-C=".length());
            }
            if (a.equals("-C") && i + 1 < args.size()) {
                args.remove(i);
                return args.remove(i);
            }
            if (args.get(i).equals("help")) {
                return null;
            }
        }
        return null;
    }
}
