// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

/** What is declared before any package: predeclared types, constants, functions, and package unsafe. */
public final class Universe {
    public static final Scope SCOPE = new Scope(null);

    public static final Basic INVALID = new Basic(Basic.Id.INVALID, 0, "invalid type");
    public static final Basic BOOL = basic(Basic.Id.BOOL, Basic.BOOLEAN, "bool");
    public static final Basic INT = basic(Basic.Id.INT, Basic.INTEGER, "int");
    public static final Basic INT8 = basic(Basic.Id.INT8, Basic.INTEGER, "int8");
    public static final Basic INT16 = basic(Basic.Id.INT16, Basic.INTEGER, "int16");
    public static final Basic INT32 = basic(Basic.Id.INT32, Basic.INTEGER, "int32");
    public static final Basic INT64 = basic(Basic.Id.INT64, Basic.INTEGER, "int64");
    public static final Basic UINT = basic(Basic.Id.UINT, Basic.INTEGER | Basic.UNSIGNED, "uint");
    public static final Basic UINT8 = basic(Basic.Id.UINT8, Basic.INTEGER | Basic.UNSIGNED, "uint8");
    public static final Basic UINT16 = basic(Basic.Id.UINT16, Basic.INTEGER | Basic.UNSIGNED, "uint16");
    public static final Basic UINT32 = basic(Basic.Id.UINT32, Basic.INTEGER | Basic.UNSIGNED, "uint32");
    public static final Basic UINT64 = basic(Basic.Id.UINT64, Basic.INTEGER | Basic.UNSIGNED, "uint64");
    public static final Basic UINTPTR = basic(Basic.Id.UINTPTR, Basic.INTEGER | Basic.UNSIGNED, "uintptr");
    public static final Basic FLOAT32 = basic(Basic.Id.FLOAT32, Basic.FLOAT, "float32");
    public static final Basic FLOAT64 = basic(Basic.Id.FLOAT64, Basic.FLOAT, "float64");
    public static final Basic COMPLEX64 = basic(Basic.Id.COMPLEX64, Basic.COMPLEX, "complex64");
    public static final Basic COMPLEX128 = basic(Basic.Id.COMPLEX128, Basic.COMPLEX, "complex128");
    public static final Basic STRING = basic(Basic.Id.STRING, Basic.STRING, "string");
    /** Identical to UINT8 and INT32, but messages show the name that was written. */
    public static final Basic BYTE = basic(Basic.Id.UINT8, Basic.INTEGER | Basic.UNSIGNED, "byte");
    public static final Basic RUNE = basic(Basic.Id.INT32, Basic.INTEGER, "rune");
    public static final Basic UNTYPED_BOOL = new Basic(Basic.Id.UNTYPED_BOOL, Basic.BOOLEAN | Basic.UNTYPED, "untyped bool");
    public static final Basic UNTYPED_INT = new Basic(Basic.Id.UNTYPED_INT, Basic.INTEGER | Basic.UNTYPED, "untyped int");
    public static final Basic UNTYPED_RUNE = new Basic(Basic.Id.UNTYPED_RUNE, Basic.INTEGER | Basic.UNTYPED, "untyped rune");
    public static final Basic UNTYPED_FLOAT = new Basic(Basic.Id.UNTYPED_FLOAT, Basic.FLOAT | Basic.UNTYPED, "untyped float");
    public static final Basic UNTYPED_COMPLEX = new Basic(Basic.Id.UNTYPED_COMPLEX, Basic.COMPLEX | Basic.UNTYPED, "untyped complex");
    public static final Basic UNTYPED_STRING = new Basic(Basic.Id.UNTYPED_STRING, Basic.STRING | Basic.UNTYPED, "untyped string");
    public static final Basic UNTYPED_NIL = new Basic(Basic.Id.UNTYPED_NIL, Basic.UNTYPED, "untyped nil");

    public static final Pkg UNSAFE = new Pkg("unsafe", "unsafe");
    public static final Basic UNSAFE_POINTER = new Basic(Basic.Id.UNSAFE_POINTER, 0, "Pointer");

    /** interface{}. */
    public static final Interface EMPTY_INTERFACE = new Interface(new Func[0], new Type[0], new int[0]);
    public static final Alias ANY = declareAny();
    public static final Named ERROR = declareError();
    public static final Named COMPARABLE = declareComparable();
    public static final Const TRUE = constant("true", UNTYPED_BOOL, Constant.of(true));
    public static final Const FALSE = constant("false", UNTYPED_BOOL, Constant.of(false));
    /** Its value is 0 here; the checker puts the specification's index in its place. */
    public static final Const IOTA = constant("iota", UNTYPED_INT, Constant.of(0));
    public static final Nil NIL = new Nil(UNTYPED_NIL);

    static {
        SCOPE.insert(NIL);
        declareBuiltins();
        declareUnsafe();
    }

    private Universe() {}

    private static Basic basic(Basic.Id id, int info, String name) {
        Basic t = new Basic(id, info, name);
        SCOPE.insert(new TypeName(name, null, 0, t));
        return t;
    }

    private static Const constant(String name, Type t, Constant v) {
        Const c = new Const(name, null, 0, t, v);
        SCOPE.insert(c);
        return c;
    }

    private static Alias declareAny() {
        TypeName name = new TypeName("any", null, 0, null);
        Alias a = new Alias(name, EMPTY_INTERFACE);
        SCOPE.insert(name);
        return a;
    }

    /** {@code type error interface { Error() string }} */
    private static Named declareError() {
        TypeName name = new TypeName("error", null, 0, null);
        Named n = new Named(name);
        Var result = new Var("", null, 0, STRING, Var.Role.RESULT);
        Var recv = new Var("", null, 0, n, Var.Role.RECEIVER);
        Signature sig = new Signature(recv, null, Tuple.EMPTY, new Tuple(new Var[] {result}), false);
        n.setUnderlying(new Interface(new Func[] {new Func("Error", null, 0, sig)}, new Type[0], new int[0]));
        SCOPE.insert(name);
        return n;
    }

    /** comparable is an interface whose type set is marked; there is no way to write it. */
    private static Named declareComparable() {
        TypeName name = new TypeName("comparable", null, 0, null);
        Named n = new Named(name);
        Interface i = new Interface(new Func[0], new Type[0], new int[0]);
        i.typeSet = new TypeSet(new Func[0], null, true);
        n.setUnderlying(i);
        SCOPE.insert(name);
        return n;
    }

    private static void declareBuiltins() {
        for (Builtin.Id id : Builtin.Id.values()) {
            if (id.ordinal() < Builtin.Id.UNSAFE_ADD.ordinal()) {
                SCOPE.insert(new Builtin(id.name().toLowerCase(java.util.Locale.ROOT), null, id));
            }
        }
    }

    private static void declareUnsafe() {
        UNSAFE.unsafePkg = true;
        UNSAFE.scope.insert(new TypeName("Pointer", UNSAFE, 0, UNSAFE_POINTER));
        String[] names = {"Add", "Alignof", "Offsetof", "Sizeof", "Slice", "SliceData", "String", "StringData"};
        for (int i = 0; i < names.length; i++) {
            UNSAFE.scope.insert(new Builtin(names[i], UNSAFE, Builtin.Id.values()[Builtin.Id.UNSAFE_ADD.ordinal() + i]));
        }
    }
}
