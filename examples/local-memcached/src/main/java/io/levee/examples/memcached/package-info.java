/** Real memcached processes on this machine: found or installed, started, killed, hung and restarted at will. */
package io.levee.examples.memcached;
