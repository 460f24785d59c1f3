"""Writes the generated module of the build benchmark: 40 packages in layers,
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
5 files each, some 50,000 lines, under a main that pulls in net/http.

    python3 gen.py DIR

Deterministic; the program prints one line and ends."""
import os
import sys

PACKAGES, FILES, UNITS = 40, 5, 3


def unit(p, f, u):
    n = f"{f}_{u}"
    k = p * 131 + f * 17 + u
    return f"""
// Rec{n} holds one record of group {u}.
type Rec{n} struct {{
	ID    int
	Name  string
	Score float64
	Tags  []string
	next  *Rec{n}
}}

// Add{n} appends a record and gives the new head.
func (r *Rec{n}) Add{n}(id int, name string) *Rec{n} {{
	return &Rec{n}{{ID: id + {k % 97}, Name: name, Score: float64(id) / {k % 7 + 1}, next: r}}
}}

// Len{n} walks the list.
func (r *Rec{n}) Len{n}() int {{
	count := 0
	for x := r; x != nil; x = x.next {{
		count++
		if x.ID%{k % 5 + 2} == 0 {{
			x.Tags = append(x.Tags, strconv.Itoa(x.ID))
		}}
	}}
	return count
}}

func (r *Rec{n}) String() string {{
	if r == nil {{
		return "nil"
	}}
	return r.Name + ":" + strconv.Itoa(r.ID)
}}

// Sort{n} orders records by score, then by number.
func Sort{n}(xs []*Rec{n}) {{
	sort.Slice(xs, func(i, j int) bool {{
		a, b := xs[i], xs[j]
		if a.Score != b.Score {{
			return a.Score < b.Score
		}}
		return a.ID < b.ID
	}})
}}

// Step{n} is a small state machine.
func Step{n}(state, input int) (int, error) {{
	switch state {{
	case 0:
		if input > {k % 50} {{
			return 1, nil
		}}
		return 0, nil
	case 1:
		return (state + input) % 4, nil
	case 2:
		for i := 0; i < input%{k % 9 + 3}; i++ {{
			state ^= i * {k % 13 + 1}
		}}
		return state & 3, nil
	case 3:
		return 0, nil
	}}
	return 0, fmt.Errorf("state %d of {p}.{n}", state)
}}
"""


def package(root, p):
    name = f"p{p:02d}"
    os.makedirs(f"{root}/{name}", exist_ok=True)
    deps = sorted({p - 1, p - 4, p - 9} & set(range(p)))
    for f in range(FILES):
        s = [f"package {name}\n\nimport (\n\t\"fmt\"\n\t\"sort\"\n\t\"strconv\"\n"]
        if f == 0 and deps:
            s.append("\n")
            s += [f"\t\"app/p{d:02d}\"\n" for d in deps]
        s.append(")\n")
        s += [unit(p, f, u) for u in range(UNITS)]
        s.append(f"\n// Run{f} exercises this file.\nfunc Run{f}(n int) int {{\n\tt := 0\n")
        for u in range(UNITS):
            v = f"{f}_{u}"
            s.append(f"\tvar r{u} *Rec{v}\n\tvar xs{u} []*Rec{v}\n\tfor i := 0; i < n; i++ {{\n"
                     f"\t\tr{u} = r{u}.Add{v}(i, \"x\")\n\t\txs{u} = append(xs{u}, r{u})\n"
                     f"\t\ts, err := Step{v}(i&3, t&63)\n\t\tif err != nil {{\n\t\t\tpanic(err)\n\t\t}}\n\t\tt += s\n\t}}\n"
                     f"\tSort{v}(xs{u})\n\tt += r{u}.Len{v}() + len(r{u}.String())\n")
        s.append("\treturn t\n}\n")
        if f == 0:
            s.append("\n// Run exercises this package and those below it.\nfunc Run(n int) int {\n\tt := "
                     + " + ".join(f"Run{i}(n)" for i in range(FILES)) + "\n")
            s += [f"\tt += p{d:02d}.Run0(n)\n" for d in deps]
            s.append("\treturn t\n}\n")
        with open(f"{root}/{name}/f{f}.go", "w") as out:
            out.write("".join(s))


def write(root):
    os.makedirs(root, exist_ok=True)
    with open(f"{root}/go.mod", "w") as out:
        out.write("module app\n\ngo 1.18\n")
    for p in range(PACKAGES):
        package(root, p)
    s = ["package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"net/http\"\n\t\"os\"\n\n"]
    s += [f"\t\"app/p{p:02d}\"\n" for p in range(PACKAGES)]
    s.append(")\n\nconst edit = \"0\"\n\nfunc main() {\n\tt := 0\n")
    s += [f"\tt += p{p:02d}.Run(3)\n" for p in range(PACKAGES)]
    s.append("\tif len(os.Args) > 1 {\n\t\thttp.ListenAndServe(os.Args[1], nil)\n\t}\n"
             "\tb, err := json.Marshal(map[string]int{\"total\": t})\n\tfmt.Println(string(b), err, len(edit) > 0)\n}\n")
    with open(f"{root}/main.go", "w") as out:
        out.write("".join(s))


if __name__ == "__main__":
    write(sys.argv[1])
