// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.arch.amd64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.TreeMap;
import mica.base.Fault;
import org.junit.jupiter.api.Test;

/** Random instructions: what is encoded decodes to something that encodes to the same bytes. */
class RoundTripTest {
    private static final int COUNT = Integer.getInteger("mica.test.random", 200_000);

    @Test
    void encodeDecodeEncodeIsAFixedPoint() {
        RandomOperands r = new RandomOperands(20261123);
        Amd64Code code = new Amd64Code(Amd64Table.all());
        Amd64Decoder decoder = new Amd64Decoder();
        Amd64Inst inst = new Amd64Inst();
        TreeMap<String, String> bad = new TreeMap<>();
        int done = 0;
        for (int i = 0; i < COUNT; i++) {
            code.reset();
            if (!r.next(code)) {
                continue;
            }
            try {
                if (code.suffixProblem(r.op, r.suffix, r.operands, r.n) != null
                        || code.tryEmit(r.op, r.suffix, r.operands, r.n) < 0) {
                    continue;
                }
            } catch (Fault e) {
                // AH with REX.
                continue;
            }
            code.finish();
            byte[] bytes = code.toBytes();
            String text = code.print(0);
            done++;
            String hex = HexFormat.of().formatHex(bytes);
            if (!decoder.decode(bytes, 0, bytes.length, inst)) {
                bad.putIfAbsent(r.op.name(), hex + " " + text + ": not decoded");
                continue;
            }
            String again = Amd64Printer.print(inst, 0, 0, a -> null);
            if (inst.length != bytes.length) {
                bad.putIfAbsent(r.op.name(), hex + " " + text + ": decoded " + inst.length + " bytes: " + again);
                continue;
            }
            code.reset();
            for (int k = 0; k < inst.operandCount; k++) {
                if (Amd64.kind(inst.operands[k]) == Amd64.IMM64) {
                    inst.operands[k] = code.imm64(inst.valueOf(inst.operands[k]));
                }
            }
            if (code.tryEmit(inst.op, inst.suffix, inst.operands, inst.operandCount) < 0) {
                bad.putIfAbsent(r.op.name(), hex + " " + text + ": decoded form does not encode: " + again);
                continue;
            }
            code.finish();
            String hex2 = HexFormat.of().formatHex(code.toBytes());
            if (!hex.equals(hex2)) {
                bad.putIfAbsent(r.op.name(), hex + " " + text + ": decoded " + again + ": encoded " + hex2);
            }
        }
        assertTrue(done > COUNT / 2, "most random instructions exist");
        assertEquals("", String.join("\n", bad.values()), bad.size() + " mnemonics");
    }
}
