// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out who forbids ptrace. */
final class Forbidden {
    private Forbidden() {}

    /** The message for a ptrace request that the kernel refused with {@code errno}. */
    static String message(Host host, String command, int errno) {
        String text = "mica " + command + ": ptrace: " + host.message(errno);
        String why = errno == Host.EPERM || errno == Host.EACCES ? reason() : errno == 38 ? "this kernel has no ptrace" : "";
        return why.isEmpty() ? text : text + " (" + why + ")";
    }

    private static String reason() {
        String scope = read("/proc/sys/kernel/yama/ptrace_scope").strip();
        if (scope.equals("3")) {
            return "/proc/sys/kernel/yama/ptrace_scope is 3: nobody may trace";
        }
        String seccomp = Proc.field(read("/proc/thread-self/status"), "Seccomp");
        if (!seccomp.isEmpty() && !seccomp.equals("0")) {
            return "a seccomp filter is active, as in a container: allow ptrace there, for example by --cap-add=SYS_PTRACE";
        }
        if (scope.equals("1") || scope.equals("2")) {
            return "/proc/sys/kernel/yama/ptrace_scope is " + scope + ": only " + (scope.equals("1") ? "children" : "processes of the administrator's")
                    + " may be traced";
        }
        return "";
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
