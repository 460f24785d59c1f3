// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.ssa.pass;

/**
 * What the services of package runtime do with pointers into the caller's frame, where looking at their code would not tell: they
 * call deep into the runtime. Maps, channels and what they hold are on the heap always, so only what is put into them counts; strings
 * that lie in a frame are copied before they become a part of a result (package runtime, string.go).
 */
public final class RuntimeSummaries {
    private static final int SELF = EscapeSummary.SELF;
    private static final int CONTENTS = EscapeSummary.CONTENTS | EscapeSummary.DEEP | EscapeSummary.STORED;
    private static final int WRITES = EscapeSummary.WRITES;

    private RuntimeSummaries() {}

    /**
     * The summary of a service, by the words of its operands.
     *
     * @param name without the package
     * @return null if its code has to be looked at
     */
    public static EscapeSummary of(String name) {
        switch (name) {
            case "concatbytes", "concatbyte2", "concatbyte3", "concatbyte4", "concatbyte5", "concatstrings", "concatstring2", "concatstring3", "concatstring4", "concatstring5", "slicebytetostring", "stringtoslicebyte",
                    "stringtoslicerune", "slicerunetostring", "intstring", "decoderune":
                // read, and copied
                return EscapeSummary.NOTHING;
            case "makeslice", "makemap", "makemap_small", "makechan", "closechan", "chanlen", "chancap", "assertE2I", "assertE2I2":
                // descriptors and heap objects only
                return EscapeSummary.NOTHING;
            case "memmove":
                return of(CONTENTS | WRITES, CONTENTS);
            case "memequal", "cmpstring", "efaceeq", "ifaceeq", "printstring", "printslice", "printpointer":
                return EscapeSummary.NOTHING;
            case "mapaccess1", "mapaccess2", "mapaccess1_fast32", "mapaccess2_fast32", "mapaccess1_fast64", "mapaccess2_fast64",
                    "mapaccess1_faststr", "mapaccess2_faststr", "mapdelete", "mapdelete_fast32", "mapdelete_fast64", "mapdelete_faststr",
                    "mapclear":
                // the key is hashed and compared
                return EscapeSummary.NOTHING;
            case "mapassign":
                // type, map, key: the key is copied into the map
                return of(0, 0, CONTENTS);
            case "mapassign_fast32", "mapassign_fast64":
                return EscapeSummary.NOTHING;
            case "mapassign_fast64ptr", "mapassign_faststr":
                return of(0, 0, SELF | CONTENTS, 0);
            case "mapIterStart":
                // type, map, iterator
                return of(0, 0, CONTENTS);
            case "mapIterNext":
                return of(CONTENTS);
            case "chansend1", "selectnbsend", "chanrecv1", "chanrecv2":
                // channel, element: what is sent or received is copied
                return of(0, CONTENTS);
            case "selectnbrecv":
                return of(CONTENTS, 0);
            case "growslice", "growsliceBuf":
                // the elements are copied to the heap
                return of(CONTENTS, 0, 0, 0, 0);
            default:
                return null;
        }
    }

    private static EscapeSummary of(int... flags) {
        byte[] b = new byte[flags.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) flags[i];
        }
        return new EscapeSummary(b, (byte) 0);
    }
}
