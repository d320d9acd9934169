/** Plans for what happens to golden records: resolution, merge, unmerge, delete, revival. Pure. */
package io.kintsugi.core.lifecycle;
