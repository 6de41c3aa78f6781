/** Levee's annotations for methods of Spring beans: the method is the loader of a cache. */
package io.levee.cache.spring.annotation;
