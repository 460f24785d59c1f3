// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * The command line.
 *
 * <p>In: arguments, current directory, environment, two streams. Out: what the command prints, and an exit status as the go
 * command's: 0, 1 for what went wrong with the input, 2 for a wrong use of the command.
 *
 * <p>Invariants: a class per command; no command knows how anything is done; no Java stack trace reaches a user.
 *
 * <p>Start reading at {@link mica.cli.Main}.
 */
package mica.cli;
