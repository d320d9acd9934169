/** Steps 4 to 10 of the flow: pending records become links, clusters, goldens and marks, in one transaction a batch. */
package io.kintsugi.server.engine.resolution;
