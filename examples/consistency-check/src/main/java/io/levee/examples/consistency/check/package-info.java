/**
 * Says whether a history keeps the promise of docs/consistency.md. Pure functions over data. Begin with {@code Checker}; what each rule
 * excuses is in {@code Promise}.
 */
package io.levee.examples.consistency.check;
