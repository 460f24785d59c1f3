// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package mica.syntax;

/** Statements. {@link #kind} tells the class. */
public abstract sealed class Stmt extends Node {
    public static final Stmt[] NONE = new Stmt[0];

    /** One constant per class. */
    public enum Kind {
        BAD,
        EMPTY,
        EXPR,
        SEND,
        INC_DEC,
        ASSIGN,
        GO,
        DEFER,
        RETURN,
        BRANCH,
        BLOCK,
        IF,
        SWITCH,
        TYPE_SWITCH,
        SELECT,
        CASE_CLAUSE,
        COMM_CLAUSE,
        FOR,
        RANGE,
        LABELED,
        DECL
    }

    public final Kind kind;

    Stmt(Kind kind, int pos) {
        super(pos);
        this.kind = kind;
    }

    @Override
    public final int start() {
        return switch (kind) {
            case EXPR -> ((ExprStmt) this).x.start();
            case SEND -> ((Send) this).chan.start();
            case INC_DEC -> ((IncDec) this).x.start();
            case ASSIGN -> ((Assign) this).lhs[0].start();
            case LABELED -> ((Labeled) this).label.pos;
            default -> pos;
        };
    }

    /** Where a syntax error left nothing usable. */
    public static final class Bad extends Stmt {
        public Bad(int pos) {
            super(Kind.BAD, pos);
        }
    }

    /** Nothing; position: the semicolon or what follows. */
    public static final class Empty extends Stmt {
        public Empty(int pos) {
            super(Kind.EMPTY, pos);
        }
    }

    /** An expression as a statement; position: the expression's. */
    public static final class ExprStmt extends Stmt {
        public final Expr x;

        public ExprStmt(int pos, Expr x) {
            super(Kind.EXPR, pos);
            this.x = x;
        }
    }

    /** {@code ch <- x}; position: the arrow. */
    public static final class Send extends Stmt {
        public final Expr chan;
        public final Expr value;

        public Send(int pos, Expr chan, Expr value) {
            super(Kind.SEND, pos);
            this.chan = chan;
            this.value = value;
        }
    }

    /** {@code x++} or {@code x--}; position: the operator. */
    public static final class IncDec extends Stmt {
        public final Expr x;
        public final boolean inc;

        public IncDec(int pos, Expr x, boolean inc) {
            super(Kind.INC_DEC, pos);
            this.x = x;
            this.inc = inc;
        }
    }

    /** {@code a, b = c, d}, {@code a := c} or {@code a op= c}; position: the operator. */
    public static final class Assign extends Stmt {
        public final Expr[] lhs;
        public final Expr[] rhs;
        /** The operator of {@code op=}, else null. */
        public final Operator op;
        /** Whether it is {@code :=}. */
        public final boolean define;

        public Assign(int pos, Expr[] lhs, Operator op, boolean define, Expr[] rhs) {
            super(Kind.ASSIGN, pos);
            this.lhs = lhs;
            this.op = op;
            this.define = define;
            this.rhs = rhs;
        }
    }

    /** {@code go call}; position: {@code go}. */
    public static final class Go extends Stmt {
        /** Any expression; the checker demands a call. */
        public final Expr call;

        public Go(int pos, Expr call) {
            super(Kind.GO, pos);
            this.call = call;
        }
    }

    /** {@code defer call}; position: {@code defer}. */
    public static final class Defer extends Stmt {
        /** Any expression; the checker demands a call. */
        public final Expr call;

        public Defer(int pos, Expr call) {
            super(Kind.DEFER, pos);
            this.call = call;
        }
    }

    /** {@code return a, b}; position: {@code return}. */
    public static final class Return extends Stmt {
        public final Expr[] results;

        public Return(int pos, Expr[] results) {
            super(Kind.RETURN, pos);
            this.results = results;
        }
    }

    /** Kinds of branches. */
    public enum Jump {
        BREAK("break"),
        CONTINUE("continue"),
        GOTO("goto"),
        FALLTHROUGH("fallthrough");

        public final String text;

        Jump(String text) {
            this.text = text;
        }
    }

    /** {@code break}, {@code continue}, {@code goto}, {@code fallthrough}; position: the keyword. */
    public static final class Branch extends Stmt {
        public final Jump jump;
        /** Or null. */
        public final Expr.Name label;
        /**
         * Set by the parser's branch check: for break and continue the statement meant (for, range, switch, type switch,
         * select), for goto the {@link Labeled} statement; null for fallthrough and after an error.
         */
        public Stmt target;

        public Branch(int pos, Jump jump, Expr.Name label) {
            super(Kind.BRANCH, pos);
            this.jump = jump;
            this.label = label;
        }
    }

    /** {@code {...}}; position: the brace. */
    public static final class Block extends Stmt {
        public final Stmt[] stmts;
        public final int rbrace;

        public Block(int pos, Stmt[] stmts, int rbrace) {
            super(Kind.BLOCK, pos);
            this.stmts = stmts;
            this.rbrace = rbrace;
        }
    }

    /** {@code if init; cond {} else ...}. */
    public static final class If extends Stmt {
        /** Or null. */
        public final Stmt init;
        public final Expr cond;
        public final Block then;
        /** A {@link Block}, an {@link If} or null. */
        public final Stmt otherwise;

        public If(int pos, Stmt init, Expr cond, Block then, Stmt otherwise) {
            super(Kind.IF, pos);
            this.init = init;
            this.cond = cond;
            this.then = then;
            this.otherwise = otherwise;
        }
    }

    /** {@code switch init; tag {...}}. */
    public static final class Switch extends Stmt {
        /** Or null. */
        public final Stmt init;
        /** Or null. */
        public final Expr tag;
        public final CaseClause[] clauses;
        public final int lbrace;
        public final int rbrace;
        public Labeled label;

        public Switch(int pos, Stmt init, Expr tag, CaseClause[] clauses, int lbrace, int rbrace) {
            super(Kind.SWITCH, pos);
            this.init = init;
            this.tag = tag;
            this.clauses = clauses;
            this.lbrace = lbrace;
            this.rbrace = rbrace;
        }
    }

    /** {@code switch init; v := x.(type) {...}}. */
    public static final class TypeSwitch extends Stmt {
        /** Or null. */
        public final Stmt init;
        /** The variable, or null; what each clause declares is its {@link CaseClause#implicit}. */
        public final Expr.Name binding;
        public final Expr x;
        /** Position of the guard: its dot. */
        public final int guardPos;
        public final CaseClause[] clauses;
        public final int lbrace;
        public final int rbrace;
        public Labeled label;

        public TypeSwitch(
                int pos, Stmt init, Expr.Name binding, Expr x, int guardPos, CaseClause[] clauses, int lbrace, int rbrace) {
            super(Kind.TYPE_SWITCH, pos);
            this.init = init;
            this.binding = binding;
            this.x = x;
            this.guardPos = guardPos;
            this.clauses = clauses;
            this.lbrace = lbrace;
            this.rbrace = rbrace;
        }
    }

    /** {@code select {...}}. */
    public static final class Select extends Stmt {
        public final CommClause[] clauses;
        public final int lbrace;
        public final int rbrace;
        public Labeled label;

        public Select(int pos, CommClause[] clauses, int lbrace, int rbrace) {
            super(Kind.SELECT, pos);
            this.clauses = clauses;
            this.lbrace = lbrace;
            this.rbrace = rbrace;
        }
    }

    /** {@code case a, b:} or {@code default:}; position: the keyword. */
    public static final class CaseClause extends Stmt {
        public static final CaseClause[] NONE_CASES = new CaseClause[0];

        /** Expressions or types; empty for default. */
        public final Expr[] cases;
        public final boolean isDefault;
        public final int colon;
        public final Stmt[] body;
        /** The variable that a type switch with a binding declares here. */
        public ObjSlot implicit;

        public CaseClause(int pos, Expr[] cases, boolean isDefault, int colon, Stmt[] body) {
            super(Kind.CASE_CLAUSE, pos);
            this.cases = cases;
            this.isDefault = isDefault;
            this.colon = colon;
            this.body = body;
        }
    }

    /** {@code case comm:} or {@code default:} of a select; position: the keyword. */
    public static final class CommClause extends Stmt {
        public static final CommClause[] NONE_COMMS = new CommClause[0];

        /** A send, a receive (expression statement, assignment or definition), or null for default. */
        public final Stmt comm;
        public final int colon;
        public final Stmt[] body;

        public CommClause(int pos, Stmt comm, int colon, Stmt[] body) {
            super(Kind.COMM_CLAUSE, pos);
            this.comm = comm;
            this.colon = colon;
            this.body = body;
        }
    }

    /** {@code for init; cond; post {...}}; each of the three may be null. */
    public static final class For extends Stmt {
        public final Stmt init;
        public final Expr cond;
        public final Stmt post;
        public final Block body;
        public Labeled label;

        public For(int pos, Stmt init, Expr cond, Stmt post, Block body) {
            super(Kind.FOR, pos);
            this.init = init;
            this.cond = cond;
            this.post = post;
            this.body = body;
        }
    }

    /** {@code for k, v := range x {...}}; position: {@code for}. */
    public static final class Range extends Stmt {
        /** Zero to two, or more after an error that the checker reports. */
        public final Expr[] lhs;
        public final boolean define;
        public final Expr x;
        /** Position of {@code range}. */
        public final int rangePos;
        public final Block body;
        public Labeled label;
        /** Types of what is ranged over and of the iteration values, written by the checker; null if none. */
        public TypeSlot overType;
        public TypeSlot keyType;
        public TypeSlot valueType;
        /** For range over a function: the body as a closure. */
        public BodySlot info;

        public Range(int pos, Expr[] lhs, boolean define, Expr x, int rangePos, Block body) {
            super(Kind.RANGE, pos);
            this.lhs = lhs;
            this.define = define;
            this.x = x;
            this.rangePos = rangePos;
            this.body = body;
        }
    }

    /** {@code L: stmt}; position: the colon. */
    public static final class Labeled extends Stmt {
        public final Expr.Name label;
        public final Stmt stmt;
        /** Whether a branch names it. */
        public boolean used;

        public Labeled(int pos, Expr.Name label, Stmt stmt) {
            super(Kind.LABELED, pos);
            this.label = label;
            this.stmt = stmt;
        }
    }

    /** Local declarations; position: the keyword. */
    public static final class DeclStmt extends Stmt {
        public final Decl[] decls;

        public DeclStmt(int pos, Decl[] decls) {
            super(Kind.DECL, pos);
            this.decls = decls;
        }
    }
}
