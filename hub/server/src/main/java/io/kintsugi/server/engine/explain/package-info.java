/** Why things are as they are, and were: pairs, values, origins, goldens at an earlier instant. Reads only. */
package io.kintsugi.server.engine.explain;
