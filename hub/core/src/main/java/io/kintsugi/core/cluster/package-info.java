/** From links and verdicts to clusters. The only user of JGraphT. */
package io.kintsugi.core.cluster;
