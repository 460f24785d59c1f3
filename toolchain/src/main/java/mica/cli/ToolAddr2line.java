// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import mica.base.JsonWriter;
import mica.build.BuildException;
import mica.inspect.GoObject;
import mica.inspect.ObjectFiles;
import mica.inspect.Pcln;
import mica.obj.FormatException;

/** {@code mica tool addr2line}: addresses on standard input become functions and source lines. */
final class ToolAddr2line extends Command {
    ToolAddr2line() {
        super("addr2line", "tool addr2line [-json] binary", "find source lines of addresses", """
                Addr2line reads hexadecimal addresses from standard input, one a line with optional 0x, and prints for
                each the name of the function and, on a second line, file:line.

                	-json    print an object a line instead
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("json");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        if (flags.rest.size() != 1) {
            return misused(context);
        }
        ObjectFiles.Entry opened = ToolNm.openAll(context, "addr2line", flags.rest.get(0)).get(0);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Pcln pcln = opened.go != null ? null : opened.exe.pcln();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String s = line.trim();
                if (s.contains(":") && !flags.bool("json")) {
                    context.out.println("!reverse translation not implemented");
                    continue;
                }
                String name = "?";
                String file = "?";
                int number = 0;
                try {
                    long address = Long.parseUnsignedLong(s.startsWith("0x") || s.startsWith("0X") ? s.substring(2)
                            : s, 16);
                    GoObject.Place p = opened.go != null ? opened.go.place(address) : place(pcln, address);
                    if (p != null) {
                        name = p.function();
                        file = p.file();
                        number = p.line();
                    }
                } catch (NumberFormatException e) {
                    // Not an address: it is answered with question marks, as the standard tool does.
                }
                if (flags.bool("json")) {
                    new JsonWriter(context.out).beginObject().field("version", 1).field("address", s).field("function", name).field("file", file)
                            .field("line", number).endObject().end();
                } else {
                    context.out.println(name + "\n" + file + ":" + number);
                }
            }
        } catch (IOException e) {
            throw new BuildException("addr2line: " + e.getMessage());
        } catch (FormatException e) {
            throw new BuildException("addr2line: " + e.getMessage());
        }
        return 0;
    }

    private static GoObject.Place place(Pcln pcln, long address) throws FormatException {
        Pcln.Func f = pcln == null ? null : pcln.find(address);
        String file = f == null ? null : pcln.file(f, address);
        return file == null ? null : new GoObject.Place(f.name, file, pcln.line(f, address));
    }
}
