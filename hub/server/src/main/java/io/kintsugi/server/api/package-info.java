/**
 * The REST API. {@code openapi.yaml} is the contract: paths, parameters and schemas are written there, and tests hold the code to it.
 * One class per resource; records ending in {@code View} are what a client sees.
 */
package io.kintsugi.server.api;
