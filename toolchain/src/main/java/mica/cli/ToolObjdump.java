// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import mica.build.BuildException;
import mica.inspect.Objdump;
import mica.obj.FormatException;

/** {@code mica tool objdump}: the instructions of executables and objects. */
final class ToolObjdump extends Command {
    ToolObjdump() {
        super("objdump", "tool objdump [-S] [-json] [-s symregexp] binary [start end]", "disassemble", """
                Objdump disassembles the functions of an executable or object, in Go's assembly syntax.

                	-s REGEXP     only functions whose name matches
                	-S            print Go source lines between the instructions
                	-json         print facts, one function a line

                A start and an end address (in any base, such as 0x401000) restrict the output to that range.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("S", "json").strings("s").refused("gnu");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        int n = flags.rest.size();
        if (n != 1 && n != 3) {
            return misused(context);
        }
        try {
            Objdump dump = new Objdump(ToolNm.open(context, flags.rest.get(0)));
            String s = flags.string("s", "");
            if (!s.isEmpty()) {
                dump.symbols = Pattern.compile(s);
            }
            dump.source = flags.bool("S");
            if (n == 3) {
                dump.from = Long.decode(flags.rest.get(1));
                dump.to = Long.decode(flags.rest.get(2));
            }
            BufferedWriter out = new BufferedWriter(new OutputStreamWriter(context.out, StandardCharsets.UTF_8),
                    1 << 16);
            if (flags.bool("json")) {
                dump.json(out);
            } else {
                dump.print(out);
            }
            out.flush();
        } catch (FormatException e) {
            throw new BuildException(e.getMessage());
        } catch (PatternSyntaxException | NumberFormatException e) {
            throw new BuildException("objdump: " + e.getMessage());
        } catch (IOException e) {
            throw new BuildException("objdump: cannot write: " + e.getMessage());
        }
        return 0;
    }
}
