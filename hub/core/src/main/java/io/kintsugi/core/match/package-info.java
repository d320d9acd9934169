/** Standardises values, finds block keys, and scores pairs of records with their evidence. Pure and free of the data it sees. */
package io.kintsugi.core.match;
