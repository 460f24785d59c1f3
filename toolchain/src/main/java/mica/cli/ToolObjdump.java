// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import mica.build.BuildException;
import mica.inspect.ObjectFiles;
import mica.inspect.Executable;
import mica.inspect.Objdump;
import mica.inspect.RelocationView;
import mica.obj.Elf;
import mica.obj.FormatException;

/** {@code mica tool objdump}: the instructions of executables and objects. */
final class ToolObjdump extends Command {
    ToolObjdump() {
        super("objdump", "tool objdump [-S] [-gnu] [-r] [-json] [-s symregexp] binary [start end]", "disassemble", """
                Objdump disassembles the functions of an executable, of an object (ELF, or of the standard compiler) or of all
                objects of an archive, in Go's assembly syntax. In objects of the standard compiler, what the linker will patch
                stands behind each instruction.

                	-s REGEXP     only functions whose name matches
                	-S            print Go source lines between the instructions
                	-gnu          print GNU assembly next to Go assembly
                	-r            print relocations instead: type, symbol, addend, the psABI's formula (S symbol,
                	              A addend, P place), its value, and the bytes in the file (of the
                	              standard compiler's objects Go's types, without formula); executables
                	              have them if they were built with -ldflags=-emit-relocs
                	-json         print facts, one function a line

                A start and an end address (hexadecimal, with or without 0x) restrict the output to the functions that
                have code between them.
                """);
    }

    @Override
    void declare(Flags flags) {
        flags.bools("S", "gnu", "json", "r").strings("s");
    }

    @Override
    int run(Context context, Flags flags) throws BuildException {
        int n = flags.rest.size();
        if (n != 1 && n != 3) {
            return misused(context);
        }
        String file = flags.rest.get(0);
        try {
            String s = flags.string("s", "");
            Pattern symbols = s.isEmpty() ? null : Pattern.compile(s);
            long from = n == 3 ? address(flags.rest.get(1), "start") : 0;
            long to = n == 3 ? address(flags.rest.get(2), "end") : Long.MAX_VALUE;
            BufferedOutputStream out = new BufferedOutputStream(context.out, 1 << 16);
            for (ObjectFiles.Entry e : ToolNm.openAll(context, "objdump", file)) {
                if (flags.bool("r")) {
                    relocations(context, flags, file, e, symbols);
                    continue;
                }
                Objdump dump = e.go != null ? new Objdump(e.go) : new Objdump(e.exe);
                dump.symbols = symbols;
                dump.source = flags.bool("S");
                dump.goroot = context.env.getOrDefault("GOROOT", "");
                dump.gnu = flags.bool("gnu");
                dump.from = from;
                dump.to = to;
                if (flags.bool("json")) {
                    dump.json(out);
                } else {
                    dump.print(out);
                }
            }
            out.flush();
        } catch (FormatException e) {
            throw new BuildException("objdump: disassemble " + file + ": " + e.getMessage());
        } catch (PatternSyntaxException e) {
            throw new BuildException("objdump: invalid -s regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
        } catch (IOException e) {
            throw new BuildException("objdump: cannot write: " + e.getMessage());
        }
        return 0;
    }

    private static void relocations(Context context, Flags flags, String file, ObjectFiles.Entry entry, Pattern symbols) throws FormatException, BuildException {
        StringBuilder b = new StringBuilder();
        if (entry.go != null) {
            if (flags.bool("json")) {
                entry.go.relocationsJson(symbols, b);
            } else {
                entry.go.relocations(symbols, b);
            }
            context.out.print(b);
            return;
        }
        Executable exe = entry.exe;
        int n = flags.bool("json") ? RelocationView.json(exe.elf, symbols, b) : RelocationView.text(exe.elf, symbols, b);
        if (n == 0 && symbols == null && exe.elf.fileType != Elf.ET_REL) {
            throw new BuildException("objdump: " + file + " keeps no relocations: build it with -ldflags=-emit-relocs");
        }
        context.out.print(b);
    }

    private static long address(String s, String what) throws BuildException {
        String digits = s.startsWith("0x") ? s.substring(2) : s;
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            throw new BuildException("objdump: invalid " + what + " PC: strconv.ParseUint: parsing \"" + digits + "\": invalid syntax");
        }
    }
}
