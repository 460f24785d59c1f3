// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

public final class MapType extends Type {
    public final Type key;
    public final Type elem;

    public MapType(Type key, Type elem) {
        this.key = key;
        this.elem = elem;
    }

    @Override
    public Kind kind() {
        return Kind.MAP;
    }
}
