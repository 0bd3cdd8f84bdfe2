/** For tests of chat models: a scripted byte server, recorded streams, and the contract as a suite. */
@NullMarked
package dev.aistream.test;

import org.jspecify.annotations.NullMarked;
