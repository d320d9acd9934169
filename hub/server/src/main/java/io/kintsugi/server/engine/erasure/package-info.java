/** Things erased for good, in the systems and then in the hub. */
package io.kintsugi.server.engine.erasure;
