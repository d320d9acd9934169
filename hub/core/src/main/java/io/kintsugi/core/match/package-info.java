/** Standardises values, finds block keys, and scores pairs of records with their evidence. Learns weights from data where asked to. Pure. */
package io.kintsugi.core.match;
