// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mica.base.OutputFile;
import mica.obj.LinkGraph;
import mica.obj.Symbol;

/** A linked executable: the bytes of the file, and what lies where, for the views. */
public final class Image {
    /** Contents of the file. */
    public byte[] bytes;
    public final List<Section> sections = new ArrayList<>();
    /** Every reached symbol; folded ones point to the one that stands for them. */
    public List<Symbol> symbols;
    /** Why they are there; null unless the file has a symbol table, or it was asked for. */
    public LinkGraph graph;
    public long entry;
    public String buildId;
    /** Names of the link's phases and nanoseconds each took. */
    public final List<String> phaseNames = new ArrayList<>();
    public final List<Long> phaseNanos = new ArrayList<>();
    /** What each dealt with, such as {@code 12 symbols folded}. */
    public final List<String> phaseCounts = new ArrayList<>();

    /** Writes the file beside its place and renames it, so that a half-written one never appears; mode 0755. */
    public void write(Path file) throws IOException {
        OutputFile.write(file, bytes, true);
    }
}
