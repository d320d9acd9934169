/** The hub at work: the loops over all systems. Each part has a folder; parts know one another in one direction only, and none knows the loops. */
package io.kintsugi.server.engine;
