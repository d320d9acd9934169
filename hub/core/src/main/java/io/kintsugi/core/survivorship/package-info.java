/** Members and authority → golden values with provenance and the losing alternatives. */
package io.kintsugi.core.survivorship;
