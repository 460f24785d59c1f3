// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mica.syntax.Decl;
import mica.syntax.Expr;
import mica.syntax.Field;
import mica.syntax.File;

/** Enters the names that files declare into the package's scope and theirs, loads imports, hands methods to their types. */
final class Collect extends Part {
    /** All package-level objects in source order, methods and blank ones included. */
    final List<Obj> objects = new ArrayList<>();
    private final List<PkgName> imports = new ArrayList<>();
    /** Names of file scopes that a dot import brought in: which import declaration it was. */
    private final Map<Scope, Map<String, PkgName>> dotImports = new HashMap<>();
    private final List<Scope> fileScopes = new ArrayList<>();
    private final List<Func> methods = new ArrayList<>();
    private final TreeMap<String, Pkg> imported = new TreeMap<>();

    Collect(Checker c) {
        super(c);
    }

    void run() {
        for (File f : c.pkg.files) {
            file(f);
        }
        c.pkg.imports = new ArrayList<>(imported.values());
        checkFileScopes();
        for (Func m : methods) {
            attach(m);
        }
    }

    private void file(File f) {
        if (c.pkg.name == null || c.pkg.name.isEmpty()) {
            c.pkg.name = f.packageName.name;
        }
        if (f.packageName.isBlank()) {
            error(f.packageName.pos, "invalid package name _");
        } else if (!f.packageName.name.equals(c.pkg.name)) {
            error(f.packageName.pos, "package " + f.packageName.name + "; expected package " + c.pkg.name);
            return;
        }
        Scope scope = new Scope(c.pkg.scope);
        fileScopes.add(scope);
        int version = Versions.ofFile(c.pkg.goVersion, f.goVersion);
        String fileVersion = f.goVersion == null || f.goVersion.isEmpty() ? null : f.goVersion;
        for (Decl d : f.decls) {
            switch (d.kind) {
                case IMPORT -> importDecl((Decl.Import) d, scope, version);
                case CONST -> constDecl((Decl.Const) d, scope, version, fileVersion);
                case TYPE -> typeDecl((Decl.Type) d, scope, version, fileVersion);
                case VAR -> varDecl((Decl.Var) d, scope, version, fileVersion);
                case FUNC -> funcDecl((Decl.Func) d, scope, version, fileVersion);
                default -> { }
            }
        }
    }

    private DeclInfo info(Obj o, Scope scope, int version, String fileVersion) {
        DeclInfo d = new DeclInfo(o, scope, version, fileVersion);
        d.order = objects.size();
        o.info = d;
        objects.add(o);
        return d;
    }

    private void enter(Expr.Name id, Obj o) {
        id.obj = o;
        if (o.name.equals("init")) {
            error(id.pos, "cannot declare init - must be func");
            return;
        }
        if (o.name.equals("main") && c.pkg.name.equals("main")) {
            error(id.pos, "cannot declare main - must be func");
            return;
        }
        c.declare(c.pkg.scope, id, o);
    }

    // ---- imports ----

    private void importDecl(Decl.Import d, Scope scope, int version) {
        if (d.path.isEmpty()) {
            return;
        }
        Pkg p = load(d);
        if (p == null) {
            return;
        }
        if (!p.fake) {
            imported.put(p.path, p);
        }
        String name = d.local != null ? d.local.name : p.name;
        if (name.equals("init")) {
            error(d.pos, "cannot import package as init - init must be a func");
            return;
        }
        PkgName pn = new PkgName(name, c.pkg, d.local != null ? d.local.pos : d.pathLit.pos, p);
        if (d.local != null) {
            d.local.obj = pn;
        } else {
            d.implicit = pn;
        }
        pn.declaredName = d.local != null;
        if (p.fake) {
            pn.used = true;
        }
        if (name.equals("_")) {
            return;
        }
        imports.add(pn);
        if (name.equals(".")) {
            dotImport(pn, p, scope);
        } else {
            Obj old = scope.insert(pn);
            if (old != null) {
                c.redeclared(pn.pos, name, old);
            }
        }
    }

    private void dotImport(PkgName pn, Pkg p, Scope scope) {
        Map<String, PkgName> names = dotImports.computeIfAbsent(scope, s -> new HashMap<>());
        for (Obj o : p.scope.all()) {
            if (!o.exported()) {
                continue;
            }
            Obj old = scope.insert(o);
            if (old != null) {
                c.redeclared(pn.pos, o.name, old);
            } else {
                names.put(o.name, pn);
            }
        }
    }

    private Pkg load(Decl.Import d) {
        int before = c.diags.count();
        Pkg p = c.program.find(c.pkg, d.path);
        if (p == null) {
            if (c.diags.count() == before) {
                error(d.pathLit.pos, "could not import " + d.path + " (package not found)");
            }
            c.failed = true;
            Pkg fake = new Pkg(d.path, lastElement(d.path));
            fake.fake = true;
            return fake;
        }
        if (p == c.pkg || c.program.underWay(p)) {
            error(d.pathLit.pos, "import cycle not allowed");
            return null;
        }
        return c.program.check(p);
    }

    private static String lastElement(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Notes that a name which a dot import brought into a file scope was used. */
    void dotUsed(Scope scope, String name) {
        Map<String, PkgName> names = dotImports.get(scope);
        PkgName p = names == null ? null : names.get(name);
        if (p != null) {
            p.used = true;
        }
    }

    void unusedImports() {
        for (PkgName p : imports) {
            if (p.used) {
                continue;
            }
            String path = p.imported.path;
            String elem = lastElement(path);
            if (p.name.equals(elem) && !p.declaredName || p.name.equals(".") || p.name.isEmpty() || p.name.equals(elem)) {
                error(p.pos, '"' + path + "\" imported and not used");
            } else {
                error(p.pos, '"' + path + "\" imported as " + p.name + " and not used");
            }
        }
    }

    /** A file must not import what the package declares. */
    private void checkFileScopes() {
        for (Scope s : fileScopes) {
            for (Obj o : s.all()) {
                Obj mine = c.pkg.scope.here(o.name);
                if (mine == null) {
                    continue;
                }
                if (o instanceof PkgName p) {
                    error(mine.pos, mine.name + " already declared through import of package " + p.imported.name + " (\"" + p.imported.path + "\")"
                            + c.otherDeclaration(p));
                    p.used = true;
                } else {
                    error(mine.pos, mine.name + " already declared through dot-import of package " + o.pkg.name + " (\"" + o.pkg.path + "\")");
                    dotUsed(s, o.name);
                }
            }
        }
    }

    // ---- declarations ----

    private void constDecl(Decl.Const d, Scope scope, int version, String fileVersion) {
        Decl.Const from = d.inherited != null ? d.inherited : d;
        for (int i = 0; i < d.names.length; i++) {
            Expr.Name n = d.names[i];
            Const o = new Const(n.name, c.pkg, n.pos, null, null);
            DeclInfo in = info(o, scope, version, fileVersion);
            in.typeExpr = from.typeExpr;
            in.init = i < from.values.length ? from.values[i] : null;
            in.iota = d.iota;
            in.inherited = d.inherited != null;
            enter(n, o);
        }
        arity(d.pos, d.names, from.values, d.inherited != null, true);
    }

    /** Numbers of names and values must agree. */
    void arity(int pos, Expr.Name[] names, Expr[] values, boolean inherited, boolean constant) {
        int l = names.length;
        int r = values.length;
        if (l < r) {
            if (inherited) {
                error(pos, "extra init expr at " + c.program.sources.format(Places.start(values[l])));
            } else {
                error(values[l], "extra init expr " + text(values[l]));
            }
        } else if (l > r && (constant || r != 1)) {
            error(names[r].pos, "missing init expr for " + names[r].name);
        }
    }

    private void varDecl(Decl.Var d, Scope scope, int version, String fileVersion) {
        Var[] vars = new Var[d.names.length];
        for (int i = 0; i < vars.length; i++) {
            Expr.Name n = d.names[i];
            vars[i] = new Var(n.name, c.pkg, n.pos, null, Var.Role.PACKAGE);
            vars[i].decl = d;
            DeclInfo in = info(vars[i], scope, version, fileVersion);
            in.typeExpr = d.typeExpr;
            if (d.values.length == d.names.length) {
                in.init = d.values[i];
            } else if (d.values.length == 1) {
                in.init = d.values[0];
                in.together = vars;
            } else if (i < d.values.length) {
                in.init = d.values[i];
            }
            c.pkg.vars.add(vars[i]);
            enter(n, vars[i]);
        }
        if (d.typeExpr == null || d.values.length > 0) {
            arity(d.pos, d.names, d.values, false, false);
        }
    }

    private void typeDecl(Decl.Type d, Scope scope, int version, String fileVersion) {
        TypeName o = new TypeName(d.name.name, c.pkg, d.name.pos, null);
        info(o, scope, version, fileVersion).typeDecl = d;
        c.pkg.typeNames.add(o);
        enter(d.name, o);
    }

    private void funcDecl(Decl.Func d, Scope scope, int version, String fileVersion) {
        Func f = new Func(d.name.name, c.pkg, d.name.pos, null);
        f.decl = d;
        f.order = c.pkg.funcs.size();
        c.pkg.funcs.add(f);
        info(f, scope, version, fileVersion).funcDecl = d;
        d.name.obj = f;
        if (d.recv != null) {
            methods.add(f);
            return;
        }
        boolean isMain = f.name.equals("main") && c.pkg.name.equals("main");
        if (f.name.equals("init") || isMain) {
            if (d.typeExpr.typeParams.length > 0) {
                error(d.typeExpr.typeParams[0].pos, "func " + f.name + " must have no type parameters");
            }
            if (d.typeExpr.params.length > 0 || d.typeExpr.results.length > 0) {
                error(d.name.pos, "func " + f.name + " must have no arguments and no return values");
            }
        }
        if (f.name.equals("init")) {
            f.parent = c.pkg.scope;
            if (d.body == null) {
                error(d.pos, "func init must have a body");
            }
            return;
        }
        c.declare(c.pkg.scope, d.name, f);
    }

    /** Finds the declared type that a method belongs to, and hands the method to it. */
    private void attach(Func m) {
        Expr e = m.decl.recv.typeExpr;
        boolean[] ptr = new boolean[1];
        Expr.Name n = baseName(e, ptr);
        if (n == null || m.name.equals("_")) {
            return;
        }
        TypeName base = baseType(n, ptr[0]);
        if (base != null) {
            base.info.addMethod(m);
        }
    }

    static Expr.Name baseName(Expr e, boolean[] ptr) {
        for (; ; ) {
            switch (e.kind) {
                case PAREN -> e = ((Expr.Paren) e).x;
                case STAR -> {
                    ptr[0] = true;
                    e = ((Expr.Star) e).x;
                }
                case INDEX -> e = ((Expr.Index) e).x;
                case NAME -> {
                    return (Expr.Name) e;
                }
                default -> {
                    return null;
                }
            }
        }
    }

    /** The declared type that a receiver's type name stands for, aliases followed by their syntax alone. */
    private TypeName baseType(Expr.Name n, boolean ptr) {
        for (int steps = 0; steps < 100; steps++) {
            if (!(c.pkg.scope.here(n.name) instanceof TypeName t) || t.info == null || t.info.typeDecl == null) {
                return null;
            }
            Decl.Type d = t.info.typeDecl;
            if (!d.alias) {
                return t;
            }
            boolean[] p = new boolean[1];
            n = baseName(d.typeExpr, p);
            if (n == null || p[0] && ptr) {
                return null;
            }
            ptr |= p[0];
        }
        return null;
    }

    static boolean hasNames(Field[] fields) {
        return fields.length > 0 && fields[0].name != null;
    }
}
