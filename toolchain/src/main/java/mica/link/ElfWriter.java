// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.List;
import mica.base.Fault;
import mica.obj.Bytes;
import mica.obj.Elf;

/** Headers of the executable: ELF header, program headers, section headers. */
final class ElfWriter {
    private static final int PROGRAM_HEADERS = 5;

    private ElfWriter() {}

    /** Bytes at the start of the file: ELF header and program headers. */
    static int headerSize() {
        return Elf.EHDR_SIZE + PROGRAM_HEADERS * Elf.PHDR_SIZE;
    }

    /** Writes both headers at the start of the image. */
    static void headers(byte[] image, LinkOptions o, Layout l, long entry, long sectionHeaders, int sectionCount, int names) {
        Bytes b = new Bytes(headerSize());
        b.put32(0x464c457f);
        b.put8(2); // 64 bits
        b.put8(1); // little endian
        b.put8(1); // version
        b.zeros(9);
        b.put16(Elf.ET_EXEC);
        b.put16(o.machine);
        b.put32(1);
        b.put64(entry);
        b.put64(Elf.EHDR_SIZE);
        b.put64(sectionHeaders);
        b.put32(0);
        b.put16(Elf.EHDR_SIZE);
        b.put16(Elf.PHDR_SIZE);
        b.put16(PROGRAM_HEADERS);
        b.put16(Elf.SHDR_SIZE);
        b.put16(sectionCount);
        b.put16(names);
        for (int i = 0; i < l.segments.length; i++) {
            Section[] seg = l.segments[i];
            long start = l.segmentStart(i);
            long offset = i == 0 ? 0 : seg[0].fileOffset;
            long fileSize = 0;
            for (Section s : seg) {
                if (s.type != Elf.SHT_NOBITS) {
                    fileSize = s.fileOffset + s.size - offset;
                }
            }
            program(b, Elf.PT_LOAD, Layout.SEGMENT_FLAGS[i], offset, start, fileSize, l.segmentEnd(i) - start, Layout.PAGE);
        }
        long notes = l.gnuBuildIdNote.end() - l.buildIdNote.address;
        program(b, Elf.PT_NOTE, Elf.PF_R, l.buildIdNote.fileOffset, l.buildIdNote.address, notes, notes, 4);
        program(b, Elf.PT_GNU_STACK, Elf.PF_R | Elf.PF_W, 0, 0, 0, 0, 16);
        if (b.size() != headerSize()) {
            throw new Fault("link: headers", "reserved " + headerSize() + " bytes, written " + b.size());
        }
        System.arraycopy(b.raw(), 0, image, 0, b.size());
    }

    private static void program(Bytes b, int type, int flags, long offset, long address, long fileSize, long memSize, int align) {
        b.put32(type);
        b.put32(flags);
        b.put64(offset);
        b.put64(address);
        b.put64(address);
        b.put64(fileSize);
        b.put64(memSize);
        b.put64(align);
    }

    /** Section headers, the null one first; {@code nameOffsets} into .shstrtab. */
    static byte[] sectionHeaders(List<Section> sections, int[] nameOffsets) {
        Bytes b = new Bytes((sections.size() + 1) * Elf.SHDR_SIZE);
        b.zeros(Elf.SHDR_SIZE);
        for (int i = 0; i < sections.size(); i++) {
            Section s = sections.get(i);
            b.put32(nameOffsets[i]);
            b.put32(s.type);
            b.put64(s.flags);
            b.put64(s.address);
            b.put64(s.fileOffset);
            b.put64(s.size);
            b.put32(s.link);
            b.put32(s.info);
            b.put64(s.align);
            b.put64(s.entrySize);
        }
        return b.toArray();
    }
}
