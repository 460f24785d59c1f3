// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mica.base.Fault;
import mica.obj.FuncInfo;
import mica.obj.MethodEntry;
import mica.obj.RelocType;
import mica.obj.SymKind;
import mica.obj.Symbol;

/**
 * Finds every symbol that the program needs, and has those defined that are not yet: compile what is reached.
 *
 * <p>First the closure: workers take reached symbols from a queue, define them in parallel, and scan their relocations one at a
 * time (scanning is cheap, defining is not). A closure does not depend on the order in which it is computed. Some rules
 * are conditional, and each keeps what still waits for its condition:
 * <ul>
 * <li>what a type descriptor refers to is reached only as far as somebody can look at it ({@link TypeEdges}): most descriptors
 *     only serve allocation and comparison of types, those of types that can be in an interface ({@link #IFACE}) are complete;
 * <li>being such a type spreads from a type to the types it is made of, as reflection can walk there;
 * <li>a method of such a type is reached once its key is called through some interface, or reflection can name it;
 * <li>a package variable's initializer without other effects is reached once the variable is.
 * </ul>
 * Then one thread walks the finished graph breadth first from the roots: that walk gives the order of symbols and who
 * referred to each one first, both independent of timing.
 */
final class Reach {
    /** {@link Symbol#linkFlags}: in the closure. */
    static final int REACHED = 1;
    /** A type whose methods may be called through interfaces and reflection. */
    static final int IFACE = 2;
    /** Visited by the ordering walk. */
    static final int ORDERED = 4;
    /** The closure has looked at its relocations. */
    static final int SCANNED = 8;
    /** Assembly refers to it. */
    static final int FROM_ASSEMBLY = 16;
    /** A type by which maps compare keys. */
    static final int MAP_KEY = 32;
    /** In the list of reached types; its methods take part in the method rule. */
    private static final int LISTED_TYPE = 64;
    private static final int METHODS_OPEN = 128;

    private final LinkOptions options;
    private final ArrayDeque<Symbol> queue = new ArrayDeque<>();
    private int active;
    /** What went wrong while symbols were defined, by name, so that the report does not depend on timing. */
    private final TreeMap<String, Throwable> faults = new TreeMap<>();

    // The method rule.
    private final Set<String> calledKeys = new HashSet<>();
    private final Set<String> calledNames = new HashSet<>();
    private boolean reflectMethods;
    final TypeEdges edges = new TypeEdges();
    private final List<Symbol> types = new ArrayList<>();
    private final Map<String, List<MethodEntry>> waitingByKey = new HashMap<>();
    private final List<Symbol> ifaceTypes = new ArrayList<>();

    // Initializers that wait for a variable.
    private final Map<Symbol, List<InitTask.Step>> waitingSteps = new HashMap<>();

    /** Every reached symbol, in the order of the walk. */
    final List<Symbol> symbols = new ArrayList<>();

    Reach(LinkOptions options) {
        this.options = options;
    }

    void run(List<Symbol> roots) {
        for (InitTask t : options.initTasks) {
            for (InitTask.Step s : t.steps) {
                addStep(s);
            }
        }
        for (Symbol s : roots) {
            mark(s);
        }
        closure();
        listMethods();
        closure();
        if (!faults.isEmpty()) {
            throw fault();
        }
        order(roots);
    }

    /** The first fault; the others of the run are its suppressed ones. */
    private Fault fault() {
        Fault first = null;
        for (Map.Entry<String, Throwable> e : faults.entrySet()) {
            Throwable t = e.getValue();
            Fault f = new Fault("defining " + e.getKey(), t instanceof Fault ? t.getMessage() : String.valueOf(t), t);
            if (first == null) {
                first = f;
            } else {
                first.addSuppressed(f);
            }
        }
        return first;
    }

    private void addStep(InitTask.Step s) {
        if (s.onlyIf == null) {
            s.kept = true;
            mark(s.function);
            return;
        }
        for (Symbol v : s.onlyIf) {
            waitingSteps.computeIfAbsent(v, k -> new ArrayList<>()).add(s);
        }
    }

    // ---- the closure ----

    private void closure() {
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < options.workers; i++) {
            Thread t = new Thread(null, this::work, "link-" + i, options.workerStack);
            t.start();
            threads.add(t);
        }
        Thread own = new Thread(null, this::work, "link-0", options.workerStack);
        own.start();
        threads.add(own);
        for (Thread t : threads) {
            join(t);
        }
    }

    private static void join(Thread t) {
        try {
            t.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("link", "interrupted", e);
        }
    }

    private void work() {
        for (; ; ) {
            Symbol s = take();
            if (s == null) {
                return;
            }
            Throwable failed = null;
            try {
                if (!s.isDefined()) {
                    define(s);
                }
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                failed = e;
            }
            finish(s, failed);
        }
    }

    private void define(Symbol s) {
        if (s.definer == null && options.resolver != null) {
            options.resolver.resolve(s);
        }
        Symbol.Definer d = s.definer;
        if (!s.isDefined() && d != null) {
            d.define(s);
            s.definer = null;
        }
    }

    private synchronized Symbol take() {
        while (queue.isEmpty()) {
            if (active == 0) {
                notifyAll();
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        active++;
        return queue.poll();
    }

    private synchronized void finish(Symbol s, Throwable failed) {
        if (failed == null) {
            s.linkFlags |= SCANNED;
            try {
                scan(s);
            } catch (RuntimeException | AssertionError e) {
                failed = e;
            }
        }
        if (failed != null) {
            faults.put(s.name, failed);
        }
        active--;
        if (active == 0 || queue.size() > 1) {
            notifyAll();
        } else if (!queue.isEmpty()) {
            notify();
        }
    }

    /** Only called by one thread at a time: before the workers start, or by the worker that holds the lock. */
    private void mark(Symbol s) {
        if (s == null || (s.linkFlags & REACHED) != 0) {
            return;
        }
        s.linkFlags |= REACHED;
        queue.add(s);
        List<InitTask.Step> steps = waitingSteps.remove(s);
        if (steps != null) {
            for (InitTask.Step step : steps) {
                step.kept = true;
                mark(step.function);
            }
        }
    }

    private void scan(Symbol s) {
        if (s.kind == SymKind.TYPE) {
            scanType(s);
            return;
        }
        mark(s.aliasOf);
        boolean assembly = s.func != null && (s.func.flags & FuncInfo.FLAG_ASM) != 0;
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            if (isCut(s, t)) {
                continue;
            }
            switch (s.relocType[i]) {
                case USE_IFACE -> {
                    mark(t);
                    markType(t, IFACE);
                }
                case USE_IFACE_METHOD -> callKey(t.name);
                case USE_NAMED_METHOD -> callName(t.name);
                case USE_REFLECT_METHOD -> callReflect();
                case WEAK_TYPEOFF, IFACE_TYPEOFF, WEAK_ABS64, METHOD -> {}
                default -> {
                    mark(t);
                    if (assembly && t != null) {
                        t.linkFlags |= FROM_ASSEMBLY;
                    }
                    if (t != null && inInterface(s, i)) {
                        markType(t, IFACE);
                    }
                }
            }
        }
        if (s.func != null) {
            for (Symbol f : s.func.funcdata) {
                mark(f);
            }
            noteReflection(s.name);
            for (FuncInfo.InlinedCall c : s.func.inlined) {
                noteReflection(c.name);
            }
        }
    }

    private boolean isCut(Symbol from, Symbol to) {
        return options.cutFrom != null && to != null && from.name.equals(options.cutFrom) && to.name.equals(options.cutTo);
    }

    private void scanType(Symbol s) {
        if ((s.linkFlags & LISTED_TYPE) == 0) {
            s.linkFlags |= LISTED_TYPE;
            types.add(s);
        }
        boolean iface = (s.linkFlags & IFACE) != 0;
        for (int i = 0; i < s.relocCount; i++) {
            Symbol t = s.relocTarget[i];
            if (isCut(s, t)) {
                continue;
            }
            if (edges.reaches(s, i)) {
                mark(t);
                if (TypeEdges.isMapKey(s, i)) {
                    markType(t, MAP_KEY);
                }
            }
            if (iface && t != null) {
                // Weak edges too: if the pointer type is in the program, reflection can get at it.
                markType(t, IFACE);
            }
        }
        if (iface && s.methods != null) {
            openMethods(s);
        }
    }

    /** What a function of package reflect can get at that the program does not name. */
    enum Reflection {
        NOTHING,
        /** Methods, by names that are not constant. */
        METHODS,
        /** Types of pointers. */
        POINTERS,
        /** Types, by their strings. */
        TYPES
    }

    static Reflection reflection(String name) {
        if (!name.startsWith("reflect.")) {
            return Reflection.NOTHING;
        }
        switch (name) {
            case "reflect.Value.Method", "reflect.Value.MethodByName", "reflect.(*rtype).Method", "reflect.(*rtype).MethodByName":
                return Reflection.METHODS;
            case "reflect.ptrTo", "reflect.(*rtype).ptrTo":
                return Reflection.POINTERS;
            case "reflect.compiledTypelinks", "reflect.typesByString":
                return Reflection.TYPES;
            default:
                return Reflection.NOTHING;
        }
    }

    /** Takes note of functions through which reflection gets at methods and types; {@code name} is linked or was inlined. */
    private void noteReflection(String name) {
        switch (reflection(name)) {
            case METHODS -> callReflect();
            case POINTERS -> {
                edges.makesPointers = true;
                rescanTypes();
            }
            case TYPES -> {
                edges.findsTypes = true;
                rescanTypes();
            }
            case NOTHING -> {}
        }
    }

    boolean reflectsMethods() {
        return reflectMethods;
    }

    /** Whether a method of that key is called through an interface. */
    boolean isCalled(MethodEntry m) {
        return calledKeys.contains(m.key);
    }

    /** Whether reflection looks a method of that name up. */
    boolean isNamed(MethodEntry m) {
        return calledNames.contains(m.name);
    }

    /** Whether reflection can get at the method, if it gets at its type. */
    boolean isReflected(MethodEntry m) {
        return reflectMethods && m.exported || isNamed(m);
    }

    private void rescanTypes() {
        for (int i = 0; i < types.size(); i++) {
            scanType(types.get(i));
        }
    }

    /** An address of a descriptor in static data: the first word of an interface value, as far as one can know. */
    static boolean inInterface(Symbol s, int i) {
        return s.relocType[i] == RelocType.ABS64
                && s.kind != SymKind.TYPE
                && s.kind != SymKind.ITAB
                && s.kind != SymKind.TEXT
                && s.relocTarget[i].name.startsWith("type:");
    }

    /** Sets a mark that makes more of a type's descriptor needed; on other symbols it means nothing. */
    private void markType(Symbol t, int flag) {
        if ((t.linkFlags & flag) != 0) {
            return;
        }
        t.linkFlags |= flag;
        if ((t.linkFlags & SCANNED) != 0 && t.kind == SymKind.TYPE) {
            scanType(t);
        }
    }

    /** Decides which records of method tables stay: those that a call, an assertion or reflection can find. */
    private void listMethods() {
        for (Symbol s : ifaceTypes) {
            for (MethodEntry m : s.methods) {
                if (m.kept || isReached(m.mtyp) || m.exported && reflectMethods) {
                    m.listed = true;
                    mark(m.nameRef);
                }
            }
        }
    }

    static boolean isReached(Symbol s) {
        return s != null && (s.linkFlags & REACHED) != 0;
    }

    private void openMethods(Symbol type) {
        if ((type.linkFlags & METHODS_OPEN) != 0) {
            return;
        }
        type.linkFlags |= METHODS_OPEN;
        ifaceTypes.add(type);
        for (MethodEntry m : type.methods) {
            if (isCalled(m) || isReflected(m)) {
                keep(m);
            } else {
                waitingByKey.computeIfAbsent(m.key, k -> new ArrayList<>()).add(m);
            }
        }
    }

    private void keep(MethodEntry m) {
        if (m.kept) {
            return;
        }
        m.kept = true;
        mark(m.ifn);
        // What reflection can name is decided by the method alone, not by whether it was kept before or after reflection was found.
        if (isReflected(m)) {
            keepType(m);
        }
    }

    /** Reflection may ask for the method as a function of its receiver, for its type, and make values of what that mentions. */
    private void keepType(MethodEntry m) {
        mark(m.tfn);
        mark(m.mtyp);
        markType(m.mtyp, IFACE);
    }

    private void callKey(String key) {
        if (!calledKeys.add(key)) {
            return;
        }
        List<MethodEntry> waiting = waitingByKey.remove(key);
        if (waiting != null) {
            for (MethodEntry m : waiting) {
                keep(m);
            }
        }
    }

    private void callName(String name) {
        if (!calledNames.add(name)) {
            return;
        }
        for (int i = 0; i < ifaceTypes.size(); i++) {
            for (MethodEntry m : ifaceTypes.get(i).methods) {
                if (m.name.equals(name)) {
                    keep(m);
                    keepType(m);
                }
            }
        }
    }

    private void callReflect() {
        if (reflectMethods) {
            return;
        }
        reflectMethods = true;
        for (int i = 0; i < ifaceTypes.size(); i++) {
            for (MethodEntry m : ifaceTypes.get(i).methods) {
                if (m.exported) {
                    keep(m);
                    keepType(m);
                }
            }
        }
    }

    // ---- the order ----

    private void order(List<Symbol> roots) {
        for (Symbol s : roots) {
            visit(s, null);
        }
        int done = walk(0);
        List<InitTask> tasks = new ArrayList<>(options.initTasks);
        tasks.sort(Comparator.comparing((InitTask t) -> t.pkg));
        for (InitTask t : tasks) {
            for (InitTask.Step s : t.steps) {
                if (s.kept) {
                    visit(s.function, null);
                    done = walk(done);
                }
            }
        }
    }

    private void visit(Symbol s, Symbol from) {
        if (s == null || (s.linkFlags & (REACHED | ORDERED)) != REACHED) {
            return;
        }
        s.linkFlags |= ORDERED;
        s.reachedFrom = from;
        s.id = symbols.size();
        symbols.add(s);
    }

    private int walk(int done) {
        for (; done < symbols.size(); done++) {
            Symbol s = symbols.get(done);
            boolean type = s.kind == SymKind.TYPE;
            for (int i = 0; i < s.relocCount; i++) {
                if (type ? edges.reaches(s, i) : reaches(s.relocType[i])) {
                    visit(s.relocTarget[i], s);
                }
            }
            visit(s.aliasOf, s);
            if (s.func != null) {
                for (Symbol f : s.func.funcdata) {
                    visit(f, s);
                }
            }
            if (type && s.methods != null) {
                for (MethodEntry m : s.methods) {
                    if (m.listed) {
                        visit(m.nameRef, s);
                    }
                    if (m.kept) {
                        visit(m.mtyp, s);
                        visit(m.ifn, s);
                        visit(m.tfn, s);
                    }
                }
            }
        }
        return done;
    }

    private static boolean reaches(RelocType t) {
        switch (t) {
            case USE_IFACE_METHOD, USE_NAMED_METHOD, USE_REFLECT_METHOD, WEAK_TYPEOFF, IFACE_TYPEOFF, WEAK_ABS64, METHOD:
                return false;
            default:
                return true;
        }
    }
}
