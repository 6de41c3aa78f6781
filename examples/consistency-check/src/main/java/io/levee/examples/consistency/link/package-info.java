/** The network between one worker and one node: a proxy that can hold, lose and refuse what passes, and plant a bug in it. */
package io.levee.examples.consistency.link;
