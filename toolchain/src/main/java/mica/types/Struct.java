// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** Fields in order of declaration; tags parallel to them (null where there is none). */
public final class Struct extends Type {
    public Var[] fields;
    public String[] tags;
    /** Offsets, then size, then alignment; computed by {@link Sizes}. */
    volatile long[] layout;

    public Struct(Var[] fields, String[] tags) {
        this.fields = fields;
        this.tags = tags;
    }

    public String tag(int i) {
        return tags == null || tags[i] == null ? "" : tags[i];
    }

    @Override
    public Kind kind() {
        return Kind.STRUCT;
    }
}
