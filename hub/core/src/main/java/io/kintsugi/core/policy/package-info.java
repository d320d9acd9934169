/** Validated configuration values: what people decide without code. */
package io.kintsugi.core.policy;
