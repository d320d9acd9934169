/** Commands of the executable. */
package io.kintsugi.server.cli;
