// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/**
 * A defined type, or an instance of a generic one. Underlying type and methods of instances are made when first asked for.
 */
public final class Named extends Type {
    private static final TypeParam[] NO_PARAMS = {};
    private static final Type[] NO_ARGS = {};

    public final TypeName obj;
    /** The generic type of an instance; this otherwise. */
    public final Named origin;
    /** Declared type parameters (generic types; instances: their origin's). */
    public TypeParam[] typeParams = NO_PARAMS;
    /** Type arguments of an instance, else empty. */
    public final Type[] typeArgs;
    /** Right-hand side resolved to a non-Named type; null until known. */
    volatile Type under;
    /** Declared methods (of a generic origin: generic signatures); instances substitute lazily through {@link #method}. */
    public Func[] methods = {};
    /** For types declared inside functions: a number that makes link names unique, from 1; 0 = package level. */
    public int localIndex;
    private Func[] instanceMethods;

    /** A declared type; the checker fills in the rest. */
    public Named(TypeName obj) {
        this.obj = obj;
        this.origin = this;
        this.typeArgs = NO_ARGS;
        if (obj.type == null) {
            obj.type = this;
        }
    }

    /** An instance; use {@link Instances#named}, which keeps one instance per origin and arguments. */
    Named(Named origin, Type[] typeArgs) {
        this.obj = origin.obj;
        this.origin = origin;
        this.typeArgs = typeArgs;
    }

    public void setUnderlying(Type t) {
        under = t;
    }

    public boolean isInstance() {
        return origin != this;
    }

    /** The underlying type, substituted for instances; Universe.INVALID after an error. */
    @Override
    public Type underlying() {
        Type u = under;
        return u != null ? u : Instances.expandUnderlying(this);
    }

    public int methodCount() {
        return origin.methods.length;
    }

    /** Method i with this instance's arguments put into its signature. */
    public Func method(int i) {
        if (origin == this) {
            return methods[i];
        }
        synchronized (this) {
            if (instanceMethods == null) {
                instanceMethods = new Func[origin.methods.length];
            }
            if (instanceMethods[i] == null) {
                instanceMethods[i] = Instances.expandMethod(this, origin.methods[i]);
            }
            return instanceMethods[i];
        }
    }

    @Override
    public Kind kind() {
        return Kind.NAMED;
    }
}
