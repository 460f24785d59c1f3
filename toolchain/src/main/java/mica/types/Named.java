// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.concurrent.ConcurrentHashMap;

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
    /** The right side of the declaration as written; null until known. The checker's. */
    Type rhs;
    /** Of an instance: where it was first written; 0 if nowhere. The checker's, for messages. */
    int instancePos;
    /** The body that declares a local type. The checker's. */
    BodyInfo localIn;
    /** Declared methods (of a generic origin: generic signatures); instances substitute lazily through {@link #method}. */
    public Func[] methods = {};
    /** For types declared inside functions: a number that makes link names unique, from 1; 0 = package level. */
    public int localIndex;
    /**
     * Type parameters of the functions around a type that is declared inside a generic function or method (receiver's first),
     * set by the checker: such a type is another one in each instance of the function.
     */
    public TypeParam[] outerParams = NO_PARAMS;
    /** What stands for {@link #outerParams} in an instance made by substitution; else empty. */
    public final Type[] outerArgs;
    /** Of a generic origin: its instances. */
    private ConcurrentHashMap<InstanceKey, Named> instances;
    private Func[] instanceMethods;

    /** A declared type; the checker fills in the rest. */
    public Named(TypeName obj) {
        this.obj = obj;
        this.origin = this;
        this.typeArgs = NO_ARGS;
        this.outerArgs = NO_ARGS;
        if (obj.type == null) {
            obj.type = this;
        }
    }

    /** Whether {@link #setUnderlying} was called (or an instance expanded). */
    public boolean hasUnderlying() {
        return under != null;
    }

    /** An instance; use {@link Instances#named}, which keeps one instance per origin and arguments. */
    Named(Named origin, Type[] outerArgs, Type[] typeArgs) {
        this.obj = origin.obj;
        this.origin = origin;
        this.typeArgs = typeArgs;
        this.outerArgs = outerArgs;
        this.typeParams = origin.typeParams;
    }

    public void setUnderlying(Type t) {
        under = t;
    }

    /** Makes a type that contains itself invalid, and all instances. */
    void invalidate() {
        setUnderlying(Universe.INVALID);
        if (instances != null) {
            instances.values().forEach(n -> n.setUnderlying(Universe.INVALID));
        }
    }

    public boolean isInstance() {
        return origin != this;
    }

    /** The number of {@link #localIndex}, of instances too. */
    public int localIndex() {
        return origin.localIndex;
    }

    synchronized ConcurrentHashMap<InstanceKey, Named> instances() {
        if (instances == null) {
            instances = new ConcurrentHashMap<>();
        }
        return instances;
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
        Func generic = origin.methods[i];
        if (generic.type == null && generic.pkg.completer != null) {
            generic.pkg.completer.complete(generic);
        }
        if (origin == this) {
            return generic;
        }
        synchronized (this) {
            if (instanceMethods != null && i < instanceMethods.length && instanceMethods[i] != null) {
                return instanceMethods[i];
            }
        }
        // Outside the lock, as it may ask other types for theirs.
        Func f = Instances.expandMethod(this, generic);
        synchronized (this) {
            if (instanceMethods == null || instanceMethods.length < origin.methods.length) {
                Func[] old = instanceMethods;
                instanceMethods = new Func[origin.methods.length];
                System.arraycopy(old == null ? instanceMethods : old, 0, instanceMethods, 0, old == null ? 0 : old.length);
            }
            if (instanceMethods[i] == null) {
                instanceMethods[i] = f;
            }
            return instanceMethods[i];
        }
    }

    @Override
    public Kind kind() {
        return Kind.NAMED;
    }
}
